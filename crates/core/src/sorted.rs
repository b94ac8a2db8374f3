//! A set of few members, kept sorted in a vector. It does for tens of names what a B-tree does, in a tenth of the code that
//! a browser downloads.

use alloc::vec::Vec;

/// Adds a member; `false` when it is there already.
pub(crate) fn insert<T: Ord>(set: &mut Vec<T>, member: T) -> bool {
    match set.binary_search(&member) {
        Ok(_) => false,
        Err(at) => {
            set.insert(at, member);
            true
        }
    }
}

//! Everything that a store says, as text: two that say the same are alike. What an interface leaves open — how full a page is,
//! in which pieces something is told, the order of what has none — is not in it.

use std::fmt::{Debug, Display};

use super::asked::Asked;
use crate::store::Snapshot;

// What a start reads.
mod beginning;

// What is kept beside the log.
mod kept;

// Pages, followed to their ends.
mod lists;

// What is told of the log.
mod logged;

// Sums, by slot and by hour.
mod sums;

// What waits.
mod waits;

/// Questions and answers.
#[derive(Default, PartialEq)]
pub(super) struct Portrait(Vec<(String, String)>);

impl Portrait {
    /// Of what a snapshot shows.
    pub(super) fn of(snapshot: &dyn Snapshot, asked: &Asked) -> Portrait {
        let mut portrait = Portrait::default();
        beginning::ask(&mut portrait, snapshot, asked);
        waits::ask(&mut portrait, snapshot, asked);
        lists::ask(&mut portrait, snapshot, asked);
        logged::ask(&mut portrait, snapshot, asked);
        sums::ask(&mut portrait, snapshot, asked);
        kept::ask(&mut portrait, snapshot, asked);
        portrait
    }

    /// Of what is counted and listed alone: of a log that is long.
    pub(super) fn of_counts(snapshot: &dyn Snapshot, asked: &Asked) -> Portrait {
        let mut portrait = Portrait::default();
        beginning::ask_of_counts(&mut portrait, snapshot);
        sums::ask(&mut portrait, snapshot, asked);
        waits::ask_of_lists(&mut portrait, snapshot, asked);
        portrait
    }

    fn note(&mut self, question: impl Display, answer: impl Debug) {
        self.0.push((question.to_string(), format!("{answer:?}")));
    }

    /// Fails with the first question that is answered otherwise.
    pub(super) fn assert_is(&self, expected: &Portrait) {
        for ((question, found), (same, expected)) in self.0.iter().zip(&expected.0) {
            assert_eq!(question, same);
            assert!(found == expected, "{question}\n   the store: {found}\n    expected: {expected}");
        }
        assert_eq!(self.0.len(), expected.0.len());
    }
}

/// What is asked piece by piece comes to an end.
const PIECES: usize = 2_000;

/// Gathers pieces until one is the last. Each begins where the one before ended.
fn followed<P: Clone, T>(first: P, mut piece: impl FnMut(P) -> (Vec<T>, Option<P>)) -> Vec<T> {
    let (mut all, mut next) = (Vec::new(), Some(first));
    for _ in 0..PIECES {
        let Some(place) = next.take() else { return all };
        let (more, after) = piece(place);
        all.extend(more);
        next = after;
    }
    panic!("there is no end to it");
}

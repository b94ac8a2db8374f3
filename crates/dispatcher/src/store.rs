//! The store, as those above see it: what is written goes into it as plain data, a group at a time, and what is asked comes
//! out as rows. It decides nothing. [`sqlite`] is the one that there is; what every store has to keep to stands in its laws
//! (`laws`), which are run on each.
//!
//! A [`Lane`] is a chain of groups with one owner. A group is written whole or not at all ([`Lane::write`]); it lasts when the
//! [`Disk`] says so. Who reads beside it does so through [`Readers`], each time one consistent [`Snapshot`].

// What a group is made of.
pub(crate) mod change;

// What is written, and the traits for it.
pub(crate) mod lane;

// What is read, and the traits for it.
pub(crate) mod snapshot;

// Rows as they are read.
pub(crate) mod rows;

// What commits add to sums, lists and counts.
pub(crate) mod folding;

// How the store is as a whole.
pub(crate) mod condition;

// How long its log is.
pub(crate) mod log;

// The store in one SQLite file.
pub(crate) mod sqlite;

// What deliveries an event made, whether they have rows or not.
pub(crate) mod made;

// The numbers of events and deliveries, and spans of them.
pub(crate) mod numbers;
pub(crate) mod span;

// What a commit changed, in few bytes.
pub(crate) mod entries;

// An event's values in few bytes.
pub(crate) mod values;

// A first attempt in few bytes, and how long the steps of one took.
pub(crate) mod first;
mod phases;

// The headers of a request in few bytes.
pub(crate) mod heads;

// Numbers in as few bytes as they need.
mod packed;

// The keys that ids, marks and secrets are made with, as they are kept.
pub(crate) mod ids;
pub(crate) mod keys;
pub(crate) mod secrets;

// What every store keeps to; a group of the tests.
#[cfg(test)]
pub(crate) mod around;
#[cfg(test)]
mod laws;

pub(crate) use change::Change;
pub(crate) use condition::Condition;
pub(crate) use lane::{Disk, Group, Lane, Readers, Unwritten};
pub(crate) use snapshot::Snapshot;

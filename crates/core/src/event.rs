//! An event: something that happened in Blue.

// The 37 names, their groups and entities.
mod catalogue;

// What each is, in Italian.
mod italian;

// One event, read from what a backend posted.
#[cfg(feature = "preview")]
mod intake;

pub use catalogue::{Entity, EventSet, EventType, Group, HEALTH_CHECK};
#[cfg(feature = "preview")]
pub use intake::{Event, MAX_ID, event_name};

//! What goes on by and by.

// What waits in the store is taken up.
pub(crate) mod rescue;

// Webhooks whose creators are away.
mod away;

// Replays.
mod replay;

// Sealing with the newest key.
pub(crate) mod keys;

// What is done to the log.
mod upkeep;

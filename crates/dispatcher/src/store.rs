//! The store: one SQLite file, rows in and rows out; connections beside the one that writes. Who writes what, and when, is the
//! ledger's.

// The hold on the file: which one it is, and that nobody else has it.
pub(crate) mod claim;

// What SQLite says when it fails.
mod failed;

// Opening the file: pragmas, schema.
pub(crate) mod connection;

// What lies there, looked at first.
mod look;

// Files that nobody else reads.
mod private;

// Whether the log beside the file belongs to it.
pub(crate) mod run;

// The schema, version by version.
pub(crate) mod schema;

// The thread that brings the log into the file.
pub(crate) mod checkpoint;

// The connections that read.
pub(crate) mod readers;

// Whether the files lie where they were, and whether there is room.
pub(crate) mod ground;

// How long the log is.
pub(crate) mod log;

// How the store is as a whole.
pub(crate) mod condition;

// Rows: webhooks and their revisions.
pub(crate) mod webhooks;

// Rows: the keys that webhooks were made for.
pub(crate) mod creations;

// Rows: companies, projects, people, memberships.
pub(crate) mod directory;

// Rows: the key that ids are made with.
pub(crate) mod ids;

// Rows: the key that secrets are sealed with.
pub(crate) mod keys;

// Rows: events.
pub(crate) mod events;

// Rows: deliveries.
pub(crate) mod deliveries;

// What deliveries an event made, whether they have rows or not.
pub(crate) mod made;

// Up to where nothing is left to be sent that has no row.
pub(crate) mod cursors;

// A delivery as it is told of: by its row, or by its event.
pub(crate) mod told;

// Rows: attempts.
pub(crate) mod attempts;

// Rows: what changed, commit by commit.
pub(crate) mod changes;

// Rows: how webhooks fare, why they are off, what their health was.
pub(crate) mod health;

// Rows: how many deliveries of a webhook stand where.
pub(crate) mod fares;

// Rows: sums of what deliveries came to.
pub(crate) mod sums;

// Rows that statistics look at.
pub(crate) mod stats;

// Rows: replays.
pub(crate) mod replays;

// What they send again.
pub(crate) mod again;

// Rows: jobs of the database as a whole.
pub(crate) mod jobs;

// An event's values in few bytes.
pub(crate) mod values;

// Numbers in as few bytes as they need.
mod packed;

// Looking through the log, within bounds.
mod search;

// Lists with filters and cursors.
pub(crate) mod lists;

// The numbers of events and deliveries.
pub(crate) mod numbers;

// The sequence numbers of events from before they were their numbers.
mod sequence;

// Rows: the audit trail.
pub(crate) mod audit;

// Rows: small settings of the program.
pub(crate) mod settings;

// What is taken away when its time is over.
pub(crate) mod retention;

// What else goes then, and the room that it took.
mod sweep;

pub(crate) use claim::is_open;
pub(crate) use condition::Condition;
pub(crate) use connection::{Opened, open, open_reader};
pub(crate) use look::look;

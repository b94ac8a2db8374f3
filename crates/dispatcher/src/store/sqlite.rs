//! The store in one SQLite file: one connection that writes, others that read beside it.

use std::{path::Path, sync::Arc};

use super::{
    Condition, condition::Finding, first, lane::Open, log, numbers, packed, phases, rows, span, values,
};
use crate::Result;

// The hold on the file: which one it is, and that nobody else has it.
mod claim;

// What SQLite says when it fails.
mod failed;

// Opening the file: pragmas, schema.
mod connection;

// What lies there, looked at first.
mod look;

// Files that nobody else reads.
mod private;

// Whether the log beside the file belongs to it.
mod run;

// The schema, version by version.
mod schema;

// The lane: the connection that writes.
mod lane;

// The thread that brings the log into the file.
mod checkpoint;

// What makes commits last.
mod disk;

// The connections that read.
mod readers;

// Whether the files lie where they were, and whether there is room.
mod ground;

// What is written.
mod group;

// What is read.
mod snapshot;

// Rows: webhooks and their revisions.
mod webhooks;

// Rows: the keys that webhooks were made for.
mod creations;

// Rows: companies, projects, people, memberships.
mod directory;

// Rows: events.
mod events;

// Rows: deliveries.
mod deliveries;

// Rows: events, read for the deliveries that they made.
mod made;

// Up to where nothing is left to be sent that has no row; what was given last.
mod cursors;

// A delivery as it is told of: by its row, or by its event.
mod told;

// Rows: attempts.
mod attempts;

// Rows: what changed, commit by commit.
mod changes;

// Rows: how webhooks fare, why they are off, what their health was.
mod health;

// Rows: how many deliveries of a webhook stand where.
mod fares;

// Rows: sums of what deliveries came to.
mod sums;

// Rows that statistics look at.
mod stats;

// Rows: replays.
mod replays;

// What they send again.
mod again;

// Rows: jobs of the database as a whole.
mod jobs;

// Looking through the log, within bounds.
mod search;

// Lists with filters and cursors.
mod lists;

// The sequence numbers of events from before they were their numbers.
mod sequence;

// Rows: the audit trail.
mod audit;

// Rows: small settings of the program.
mod settings;

// What is taken away when its time is over.
mod retention;

// What else goes then, and the room that it took.
mod sweep;

pub(crate) use claim::is_open;
pub(crate) use look::look;
pub(crate) use schema::{check as check_schema, newest as newest_schema};

/// Opens the file for writing, and makes it when it does not exist, and its folder.
pub(crate) fn open(path: &Path) -> Result<Open> {
    let opened = connection::open(path)?;
    let readers = Arc::new(readers::Readers::new(&opened.claim));
    Ok(Open { lane: Box::new(lane::Lane::new(opened, readers.clone())), readers })
}

/// Which version the schema of a file has; 0 when there is nothing in it yet. Beside a process that has it open, too.
pub(crate) fn schema_of(path: &Path) -> Result<i64> {
    connection::open_reader(path).and_then(|open| schema::version(&open))
}

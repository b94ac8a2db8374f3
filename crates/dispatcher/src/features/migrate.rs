//! The database's schema, brought up to date without serving.

use std::path::Path;

use crate::{Result, store::sqlite};

/// Where a database's schema is, and where this program's is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schema {
    /// The version of the database; 0 when there is nothing in it yet.
    pub found: i64,
    /// The version that this program works with.
    pub newest: i64,
}

impl Schema {
    /// Whether nothing has to be done.
    pub fn is_up_to_date(self) -> bool {
        self.found == self.newest
    }
}

/// Looks at a database, beside a process that serves it, too. Changes nothing.
///
/// # Errors
/// [`crate::Error::Store`] when it cannot be opened, or a newer program wrote it.
pub fn schema(database: &Path) -> Result<Schema> {
    sqlite::look(database)?;
    let found = sqlite::schema_of(database);
    let found = found.and_then(|found| sqlite::check_schema(found).map(|()| found));
    let found = found.map_err(|error| error.of_database(database))?;
    Ok(Schema { found, newest: sqlite::newest_schema() })
}

/// Looks at what lies where a database is to be. Changes nothing.
///
/// # Errors
/// [`crate::Error::Store`], which names it, when it is another program's, or damaged.
pub fn look_at(database: &Path) -> Result<()> {
    sqlite::look(database)
}

/// Brings a database's schema up to date, as opening a dispatcher does. Gives where it was. No process may have it open.
///
/// # Errors
/// [`crate::Error::Store`] when it cannot be opened, another process has it, or a newer program wrote it.
pub fn migrate(database: &Path) -> Result<Schema> {
    let before = schema(database)?;
    drop(sqlite::open(database)?);
    Ok(before)
}

//! What SQLite says when it fails.

use rusqlite::ErrorCode;

use crate::{Error, trouble::Trouble};

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Error {
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Error::Unavailable(Trouble::Held),
            Some(ErrorCode::DiskFull) => Error::Unavailable(Trouble::Full),
            _ => Error::Store(of_sqlite(&error)),
        }
    }
}

/// What SQLite says, without the statement that it says it of.
pub(super) fn of_sqlite(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
        other => other.to_string(),
    }
}

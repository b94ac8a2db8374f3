//! The admin token that is made when none is given: shown once, or put into a file beside the database. Only its hash is
//! stored.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use bluehook_dispatcher::{self as dispatcher, Dispatcher};
use tracing::{info, warn};

use super::{AdminToken, TokenHash};
use crate::{application::StartError, config::replace_private_file, random};

/// Where the hash of a token that was made is kept.
const HASH: &str = "admin-token-sha256";

/// Where a token that is made goes.
pub(crate) struct MadeToken {
    file: PathBuf,
    is_written: bool,
}

impl MadeToken {
    /// `bluehook.db.admin-token` for `bluehook.db`; `is_written`: whether it goes there, or is shown.
    pub(crate) fn beside(database: &Path, is_written: bool) -> MadeToken {
        let mut name = database.as_os_str().to_owned();
        name.push(".admin-token");
        MadeToken { file: PathBuf::from(name), is_written }
    }

    /// The hash that callers are checked against, of the given token, of the one made earlier, or of one made now; and the
    /// token that has to be shown.
    pub(crate) async fn admin_token(
        &self,
        given: Option<AdminToken>,
        dispatcher: &Dispatcher,
    ) -> Result<(TokenHash, Option<AdminToken>), StartError> {
        let stored = dispatcher.setting(HASH).await?.and_then(|hex| TokenHash::from_hex(&hex));
        match (given, stored) {
            (Some(given), stored) => {
                self.retire(stored.is_some(), dispatcher).await?;
                Ok((given.hash(), None))
            }
            (None, Some(hash)) => Ok((hash, None)),
            (None, None) => self.make(dispatcher).await,
        }
    }

    /// A token that was made is over as soon as one is given.
    async fn retire(&self, is_stored: bool, dispatcher: &Dispatcher) -> dispatcher::Result<()> {
        if is_stored {
            dispatcher.delete_setting(HASH).await?;
            info!("an admin token is given: the one that was made at the first start is over");
        }
        match fs::remove_file(&self.file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                let file = self.file.display().to_string();
                warn!(%error, file, "the file of the made admin token cannot be removed");
            }
            _ => {}
        }
        Ok(())
    }

    /// In its file before it is in force: an interruption leaves a token that nobody needs, never one that nobody has.
    async fn make(&self, dispatcher: &Dispatcher) -> Result<(TokenHash, Option<AdminToken>), StartError> {
        let made = AdminToken::from_random(random::bytes()?);
        if self.is_written {
            let text = format!("{}\n", made.expose());
            replace_private_file(&self.file, &text)
                .map_err(|error| StartError::AdminToken { file: self.file.display().to_string(), error })?;
        }
        dispatcher.set_setting(HASH, made.hash().to_hex()).await?;
        if self.is_written {
            info!("an admin token was made and written to {}", self.file.display());
        }
        Ok((made.hash(), Some(made).filter(|_| !self.is_written)))
    }
}

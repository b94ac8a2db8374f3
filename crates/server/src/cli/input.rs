//! What commands read: a body from a file or standard input, a secret.

use std::{
    fs,
    io::{Read, stdin},
    path::{Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};

use bluehook_core::signature::{Secret, Signer};
use clap::Args;

use super::failure::Failure;
use crate::config::whole;

/// A body, exactly as it is.
#[derive(Args)]
pub(super) struct Body {
    /// The file with the body; `-` or none reads standard input
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
}

impl Body {
    pub(super) fn read(&self) -> Result<Vec<u8>, Failure> {
        match self.file.as_deref() {
            Some(file) if file != Path::new("-") => read_file(file),
            _ => read_stdin(),
        }
    }
}

fn read_file(file: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(file).map_err(|error| Failure::usage(format!("cannot read {}: {error}", whole(file))))
}

fn read_stdin() -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    stdin()
        .read_to_end(&mut body)
        .map_err(|error| Failure::failed(format!("cannot read standard input: {error}")))?;
    Ok(body)
}

/// What signs with a secret that was given as text.
pub(super) fn signer(secret: &str) -> Result<Signer, Failure> {
    Secret::new(secret.to_owned()).map(|secret| Signer::new(&secret)).map_err(Failure::usage)
}

/// Seconds since 1970.
pub(super) fn now_seconds() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

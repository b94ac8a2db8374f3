//! A secret in a file, as container platforms hand them over.

use std::{fs::File, io::Read, path::Path};

use super::paths::whole;

/// The largest file that is read.
const MAX_BYTES: u64 = 64 * 1_024;

/// The value in a file, without the white space around it: what writes such files often ends them with a line break.
///
/// # Errors
/// A sentence when it cannot be read, or there is nothing in it.
pub(crate) fn read(path: &str) -> Result<String, String> {
    let path = Path::new(path.trim());
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes))
        .map_err(|error| format!("cannot read {}: {error}", whole(path)))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(format!("{} has more than {MAX_BYTES} bytes", whole(path)));
    }
    let text = String::from_utf8(bytes).map_err(|_| format!("{} is not UTF-8", whole(path)))?;
    match text.trim_start_matches('\u{feff}').trim() {
        "" => Err(format!("{} is empty", whole(path))),
        text => Ok(text.to_owned()),
    }
}

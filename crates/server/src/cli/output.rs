//! What commands print: data to standard output, complaints to standard error.

use std::io::{ErrorKind, Write, stderr, stdout};

use serde::Serialize;

use super::failure::Failure;

/// Prints text as it is. A reader that went away, such as `head`, is no failure.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    let mut out = stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::failed(format!("cannot print: {error}")))
        }
        _ => Ok(()),
    }
}

/// Prints one line of JSON.
pub(super) fn print_json(value: &impl Serialize) -> Result<(), Failure> {
    let line = serde_json::to_string(value).map_err(Failure::failed)?;
    print(&format!("{line}\n"))
}

/// Tells a person something that is not data.
pub(super) fn tell(line: &str) {
    // Where this cannot be written, nobody reads it.
    let _ = writeln!(stderr(), "{line}");
}

/// Prints one line for a person to standard error.
pub(super) fn complain(line: &str) {
    // Where even this cannot be written, the exit code says it.
    let _ = writeln!(stderr(), "bluehook: {line}");
}

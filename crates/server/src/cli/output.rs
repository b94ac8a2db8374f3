//! What commands print: data to standard output, complaints to standard error. All of it goes through [`harmless`], since
//! much of it comes from servers and senders.

use std::io::{ErrorKind, Write, stderr, stdout};

use serde::Serialize;

use super::{colour, failure::Failure};
use crate::{harmless, masked};

/// Prints text of several lines. A reader that went away, such as `head`, is no failure.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    write(&printed(text, colour::is_wanted(&stdout())))
}

/// Text of several lines as it is printed.
pub(super) fn printed(text: &str, coloured: bool) -> String {
    colour::kept(text, harmless::block, coloured)
}

/// Prints one line of JSON.
pub(super) fn print_json(value: &impl Serialize) -> Result<(), Failure> {
    print_json_text(&serde_json::to_string(value).map_err(Failure::failed)?)
}

/// Prints one line of JSON that is written already.
pub(super) fn print_json_text(json: &str) -> Result<(), Failure> {
    write(&printed_json(json))
}

/// JSON as it is printed.
pub(super) fn printed_json(json: &str) -> String {
    format!("{}\n", harmless::json(json))
}

fn write(text: &str) -> Result<(), Failure> {
    let mut out = stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::failed(format!("cannot print: {error}")))
        }
        _ => Ok(()),
    }
}

/// Tells a person something that is not data, in one line.
pub(super) fn tell(line: &str) {
    // Where this cannot be written, nobody reads it.
    let _ = writeln!(stderr(), "{}", told(line));
}

/// Prints one line for a person to standard error.
pub(super) fn complain(line: &str) {
    // Where even this cannot be written, the exit code says it.
    let _ = writeln!(stderr(), "bluehook: {}", told(line));
}

/// One line for a person as it is printed.
pub(super) fn told(line: &str) -> String {
    harmless::line(&masked::user_info(line)).into_owned()
}

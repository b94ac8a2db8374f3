//! The sample record, numbered, so that its arrival can be told.

use std::str;

use bluehook_tests::company::sample_record;

/// What the id of a numbered record begins with.
const PREFIX: &[u8] = b"\"currentValue\":{\"id\":\"load-";

/// The real sample record, split around its id.
pub(crate) struct Record {
    rest: String,
}

impl Record {
    /// Reads the sample.
    pub(crate) fn new() -> Record {
        let sample = sample_record();
        let rest =
            sample.strip_prefix("{\"id\":\"").and_then(|rest| rest.split_once('"')).expect("an id first").1;
        Record { rest: rest.to_owned() }
    }

    /// The record with a number in its id, which is as long for every number.
    pub(crate) fn numbered(&self, number: usize) -> String {
        format!("{{\"id\":\"load-{number:020}\"{}", self.rest)
    }
}

/// The number of the record in a body; nothing when there is none.
pub(crate) fn number_in(body: &[u8]) -> Option<usize> {
    let at = body.windows(PREFIX.len()).position(|window| window == PREFIX)? + PREFIX.len();
    str::from_utf8(body.get(at..at + 20)?).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{Record, number_in};

    #[test]
    fn numbers_are_found_again() {
        let body = format!("{{\"webhook\":{{}},\"currentValue\":{}}}", Record::new().numbered(4_711));
        assert_eq!(number_in(body.as_bytes()), Some(4_711));
        assert_eq!(number_in(b"{}"), None);
    }
}

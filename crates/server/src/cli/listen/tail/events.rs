//! Events in what arrives of a stream (HTML, 9.2.6), as far as this server writes them.

/// The most that is kept of an event whose end has not arrived.
const MAX_EVENT: usize = 16 << 20;

/// One event.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Event {
    pub(super) name: String,
    pub(super) id: String,
    pub(super) data: String,
}

/// What has arrived and was not read.
#[derive(Default)]
pub(super) struct Events {
    bytes: Vec<u8>,
    last_id: String,
}

impl Events {
    /// Takes what arrived.
    ///
    /// # Errors
    /// A sentence when an event does not end.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<(), &'static str> {
        self.bytes.extend_from_slice(bytes);
        if self.bytes.len() > MAX_EVENT { Err("an event is too large") } else { Ok(()) }
    }

    /// The last id that was read: where to go on.
    pub(super) fn last_id(&self) -> &str {
        &self.last_id
    }

    /// The next event that has arrived whole. Comments and ids alone are none.
    pub(super) fn next(&mut self) -> Option<Event> {
        loop {
            let end = self.bytes.windows(2).position(|pair| pair == b"\n\n")?;
            let block: Vec<u8> = self.bytes.drain(..end + 2).collect();
            let event = self.read(&String::from_utf8_lossy(&block));
            if event.is_some() {
                return event;
            }
        }
    }

    fn read(&mut self, block: &str) -> Option<Event> {
        let (mut name, mut data) = ("message", None::<String>);
        for line in block.lines() {
            let (field, value) = line.split_once(':').unwrap_or((line, ""));
            let value = value.strip_prefix(' ').unwrap_or(value);
            match field {
                "event" => name = value,
                "id" => value.clone_into(&mut self.last_id),
                "data" => {
                    data = Some(data.map_or_else(|| value.to_owned(), |before| format!("{before}\n{value}")));
                }
                _ => {}
            }
        }
        data.map(|data| Event { name: name.to_owned(), id: self.last_id.clone(), data })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_read_however_they_arrive() {
        let text = "retry: 1000\nid: 1-0\n\nevent: delivery\nid: 1-1\ndata: {\"a\":\ndata: \"é\"}\n\n:\nid: 2-0\n\ndata: x\n\n";
        for size in 1..text.len() {
            let (mut events, mut found) = (Events::default(), Vec::new());
            for piece in text.as_bytes().chunks(size) {
                events.push(piece).unwrap();
                found.extend(std::iter::from_fn(|| events.next()));
            }
            let event = |name: &str, id: &str, data: &str| Event {
                name: name.to_owned(),
                id: id.to_owned(),
                data: data.to_owned(),
            };
            let expected = [event("delivery", "1-1", "{\"a\":\n\"é\"}"), event("message", "2-0", "x")];
            assert_eq!((found.as_slice(), events.last_id()), (&expected[..], "2-0"), "{size}");
        }
    }
}

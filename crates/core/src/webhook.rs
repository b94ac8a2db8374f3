//! The webhook: what a person set up, and how it stands.

use alloc::{string::String, vec::Vec};

use crate::{
    event::EventType,
    filter::Filter,
    input::{Expected, Fault, Fields, Unit},
    json::{Json, Kind, write_string, write_strings},
    time::{self, Millis},
};

/// Whether deliveries get through. Blue's two words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It is on, and nothing speaks against it.
    Healthy,
    /// It is off: by hand, or because deliveries failed for good.
    Unhealthy,
}

impl Status {
    /// The word on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Status::Healthy => "HEALTHY",
            Status::Unhealthy => "UNHEALTHY",
        }
    }

    /// Reads the word on the wire.
    pub fn from_name(name: &str) -> Option<Status> {
        [Status::Healthy, Status::Unhealthy].into_iter().find(|status| status.name() == name)
    }
}

/// The shape of the bodies that a webhook receives. Both are Blue's; see [`crate::payload`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PayloadFormat {
    /// The webhook and both values, relations expanded.
    #[default]
    Full,
    /// The entity and the ids around it.
    Compact,
}

impl PayloadFormat {
    /// The word in the API.
    pub const fn name(self) -> &'static str {
        match self {
            PayloadFormat::Full => "full",
            PayloadFormat::Compact => "compact",
        }
    }

    /// Reads the word in the API.
    pub fn from_name(name: &str) -> Option<PayloadFormat> {
        [PayloadFormat::Full, PayloadFormat::Compact].into_iter().find(|format| format.name() == name)
    }
}

/// A webhook without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// A cuid.
    pub id: String,
    /// 32 hexadecimal characters; Blue's second id.
    pub uid: String,
    /// What its owner calls it.
    pub name: Option<String>,
    /// Where it is called.
    pub url: String,
    /// How it stands.
    pub status: Status,
    /// Whether events are sent; while false they are held.
    pub enabled: bool,
    /// The events it wants; empty means all.
    pub events: Vec<EventType>,
    /// The projects it wants; empty means all that its creator is a member of.
    pub project_ids: Vec<String>,
    /// The company it belongs to.
    pub company_id: String,
    /// The person it belongs to.
    pub created_by_id: String,
    /// When it was made.
    pub created_at: Millis,
    /// When a person or its health last changed it.
    pub updated_at: Millis,
    /// The shape of its bodies.
    pub payload_format: PayloadFormat,
    /// Which records it wants; none means all.
    pub filter: Option<Filter>,
    /// What its owner notes about it.
    pub description: Option<String>,
    /// Headers that its owner wants sent along, names as they were entered.
    pub headers: Vec<(String, String)>,
    /// The most requests per second that its receiver wants; none means no limit of its own.
    pub rate_limit_per_second: Option<u32>,
}

impl Webhook {
    /// The value of one of its own headers; names are the same in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// The webhook as bodies carry it: Blue's object, `secret` blanked to `""`. It is part of what is signed, so it is
    /// written once for each change of the webhook and kept beside the deliveries that used it.
    pub fn to_body_object(&self) -> String {
        let mut out = String::with_capacity(512);
        out.push_str("{\"id\":");
        write_string(&mut out, &self.id);
        out.push_str(",\"uid\":");
        write_string(&mut out, &self.uid);
        out.push_str(",\"name\":");
        match &self.name {
            Some(name) => write_string(&mut out, name),
            None => out.push_str("null"),
        }
        out.push_str(",\"url\":");
        write_string(&mut out, &self.url);
        out.push_str(",\"secret\":\"\",\"status\":");
        write_string(&mut out, self.status.name());
        out.push_str(if self.enabled { ",\"enabled\":true" } else { ",\"enabled\":false" });
        out.push_str(",\"metadata\":{\"events\":");
        write_strings(&mut out, self.events.iter().map(|event| event.name()));
        out.push_str(",\"projectIds\":");
        write_strings(&mut out, self.project_ids.iter().map(String::as_str));
        out.push_str("},\"createdById\":");
        write_string(&mut out, &self.created_by_id);
        out.push_str(",\"createdAt\":");
        write_string(&mut out, &time::format(self.created_at));
        out.push_str(",\"updatedAt\":");
        write_string(&mut out, &time::format(self.updated_at));
        out.push('}');
        out
    }
}

/// The most headers that a webhook's owner may have sent along.
pub const MAX_HEADERS: usize = 20;

/// A header that a webhook's owner wants sent along; without a value where that is not told.
pub type Header = (String, Option<String>);

/// What stands for a value where that is not told: of a header, of a secret.
pub const HIDDEN: &str = "…";

/// Reads the headers that a webhook's owner wants sent along: an object of names and values, `null` for one that is known
/// and not told. Names are kept as they were entered; which of them are possible is for the sender to say.
pub fn headers<'a>(fields: &mut Fields<'a>, name: &'static str, raw: Json<'a>) -> Option<Vec<Header>> {
    let count = raw.members().map_or(0, Iterator::count);
    if count > MAX_HEADERS {
        fields.problem(name, Fault::AtMost(Unit::Entries, MAX_HEADERS, Some(count)));
        return None;
    }
    let read = read_headers(raw);
    if read.is_none() {
        fields.problem(name, Fault::WrongForm(Expected::Headers));
    }
    read
}

fn read_headers(raw: Json<'_>) -> Option<Vec<Header>> {
    let read = |value: Json<'_>| match value.kind() {
        Kind::Null => Some(None),
        _ => value.string().map(|text| Some(text.into_owned())),
    };
    // Sorted as they come: they are few, and the library's sort would be a good part of the npm package.
    let mut headers: Vec<Header> = Vec::new();
    for (name, value) in raw.members()? {
        let lower = name.to_ascii_lowercase();
        let at = headers.partition_point(|(known, _)| known.to_ascii_lowercase() <= lower);
        headers.insert(at, (name.into_owned(), read(value)?));
    }
    Some(headers)
}

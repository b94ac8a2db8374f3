//! A realistic sample of every event: what a backend would post, for previews, test sends and documentation.
//!
//! `TODO_CREATED` is a real one (Blue's documentation shows it); the others tell how the same record, its list and its
//! project might go on. Entities are composed from a few pieces, so that they cost a browser little.

use alloc::{
    borrow::ToOwned,
    string::{String, ToString},
};

use crate::{
    event::{Event, EventType},
    input::Fault,
    json::RawJson,
};

// The entities that are not records, and the people.
mod entity;

// The record, its list, its project.
mod record;

// Which entity an event shows, before and after.
mod story;

pub use record::{COMPANY_ID, PROJECT_ID, USER_ID};

/// The values of one event, as compact JSON; `null` where the entity was not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// The entity before.
    pub previous_value: RawJson,
    /// The entity after.
    pub current_value: RawJson,
}

/// The sample of an event.
pub fn sample(event: EventType) -> Sample {
    let (previous, current) = story::values(event);
    let raw = |value: Option<String>| {
        value.map_or_else(RawJson::null, |text| RawJson::from_stored(text.into_boxed_str()))
    };
    Sample { previous_value: raw(previous), current_value: raw(current) }
}

/// The sample as a whole event, in the sample's own company and project.
pub fn event(event_type: EventType) -> Event {
    let Sample { previous_value, current_value } = sample(event_type);
    Event {
        id: None,
        event_type,
        company_id: COMPANY_ID.to_owned(),
        project_id: PROJECT_ID.to_owned(),
        user_id: USER_ID.to_owned(),
        occurred_at: None,
        previous_value,
        current_value,
    }
}

/// The sample as the body of `POST /v1/events`, for JavaScript and the command line:
/// `{"event","companyId","projectId","userId","previousValue","currentValue"}`.
///
/// # Errors
/// A sentence when there is no event of this name, with the one that was probably meant.
pub fn sample_json(name: &str) -> Result<String, Fault> {
    let event = event(crate::event::event_name(name)?);
    Ok([
        r#"{"event":""#,
        &event.event_type.to_string(),
        r#"","companyId":""#,
        COMPANY_ID,
        r#"","projectId":""#,
        PROJECT_ID,
        r#"","userId":""#,
        USER_ID,
        r#"","previousValue":"#,
        event.previous_value.as_str(),
        r#","currentValue":"#,
        event.current_value.as_str(),
        "}",
    ]
    .concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sample_is_an_event_that_is_taken_in_as_it_stands() {
        for event_type in EventType::ALL {
            let json = sample_json(event_type.name()).unwrap();
            let read = Event::parse(json.as_bytes()).unwrap();
            assert_eq!(read, event(event_type), "{event_type}");
        }
        assert_eq!(sample_json("TODO_CREATD"), Err(Fault::UnknownEvent(Some("TODO_CREATED"))));
    }

    #[test]
    fn values_are_there_where_the_event_has_them() {
        for event_type in EventType::ALL {
            let Sample { previous_value, current_value } = sample(event_type);
            let name = event_type.name();
            // `TODO_DUE_DATE_REMOVED` changes a record; `TODO_DELETED` ends one.
            assert_eq!(previous_value.is_null(), name.ends_with("_CREATED"), "{name}");
            assert_eq!(current_value.is_null(), name.ends_with("_DELETED"), "{name}");
            assert_ne!(previous_value, current_value, "{name}");
        }
    }
}

//! The one writer of bodies. What is previewed, signed, sent and logged comes from here, byte for byte.

use alloc::string::String;

use crate::{
    event::{EventType, HEALTH_CHECK},
    json::write_string,
    webhook::PayloadFormat,
};

/// What a body is written from: borrowed, since the values are stored once however many webhooks want them.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// What happened.
    pub event_type: EventType,
    /// Where.
    pub company_id: &'a str,
    /// In which project.
    pub project_id: &'a str,
    /// By whom.
    pub user_id: &'a str,
    /// The entity before, as compact JSON; `null` on creation.
    pub previous_value: &'a str,
    /// The entity after, as compact JSON; `null` on deletion.
    pub current_value: &'a str,
}

impl<'a> From<&'a crate::event::Event> for Source<'a> {
    fn from(event: &'a crate::event::Event) -> Source<'a> {
        Source {
            event_type: event.event_type,
            company_id: &event.company_id,
            project_id: &event.project_id,
            user_id: &event.user_id,
            previous_value: event.previous_value.as_str(),
            current_value: event.current_value.as_str(),
        }
    }
}

/// Writes a body. `webhook_object` is what [`crate::webhook::Webhook::to_body_object`] gave; compact bodies do not carry it.
pub fn render(format: PayloadFormat, source: &Source<'_>, webhook_object: &str) -> String {
    match format {
        PayloadFormat::Full => full(source, webhook_object),
        PayloadFormat::Compact => compact(source),
    }
}

/// `{"event","webhook","previousValue","currentValue"}`, in this order.
fn full(source: &Source<'_>, webhook_object: &str) -> String {
    join([
        "{\"event\":\"",
        source.event_type.name(),
        "\",\"webhook\":",
        webhook_object,
        ",\"previousValue\":",
        source.previous_value,
        ",\"currentValue\":",
        source.current_value,
        "}",
    ])
}

/// `{"event","<entity>","company","project","user"}`: the entity as it is now, or as it was before it was deleted.
fn compact(source: &Source<'_>) -> String {
    let [prefix, rest] = source.event_type.compact_name();
    let value = if source.current_value == "null" { source.previous_value } else { source.current_value };
    let mut body = join([
        "{\"event\":\"",
        prefix,
        rest,
        "\",\"",
        source.event_type.entity().name(),
        "\":",
        value,
        ",\"company\":{\"id\":",
    ]);
    write_string(&mut body, source.company_id);
    body.push_str("},\"project\":{\"id\":");
    write_string(&mut body, source.project_id);
    body.push_str("},\"user\":{\"id\":");
    write_string(&mut body, source.user_id);
    body.push_str("}}");
    body
}

/// The body of the probe that precedes enabling: no values, whatever the webhook's format.
pub fn health_check(webhook_object: &str) -> String {
    join(["{\"event\":\"", HEALTH_CHECK, "\",\"webhook\":", webhook_object, "}"])
}

fn join<const N: usize>(parts: [&str; N]) -> String {
    let mut out = String::with_capacity(parts.iter().map(|part| part.len()).sum::<usize>() + 128);
    for part in parts {
        out.push_str(part);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: Source<'static> = Source {
        event_type: EventType::TodoChecklistItemCreated,
        company_id: "c\"1",
        project_id: "p1",
        user_id: "u1",
        previous_value: "null",
        current_value: r#"{"n":-0,"n":1e400,"s":"\ud800"}"#,
    };

    #[test]
    fn full_bodies_carry_both_values_as_given() {
        assert_eq!(
            render(PayloadFormat::Full, &SOURCE, r#"{"id":"w"}"#),
            r#"{"event":"TODO_CHECKLIST_ITEM_CREATED","webhook":{"id":"w"},"previousValue":null,"currentValue":{"n":-0,"n":1e400,"s":"\ud800"}}"#
        );
    }

    #[test]
    fn compact_bodies_name_the_entity() {
        assert_eq!(
            render(PayloadFormat::Compact, &SOURCE, ""),
            r#"{"event":"RECORD_CHECKLIST_ITEM_CREATED","checklistItem":{"n":-0,"n":1e400,"s":"\ud800"},"company":{"id":"c\"1"},"project":{"id":"p1"},"user":{"id":"u1"}}"#
        );
        let deleted = Source {
            event_type: EventType::TagDeleted,
            previous_value: "{\"a\":1}",
            current_value: "null",
            ..SOURCE
        };
        assert!(
            render(PayloadFormat::Compact, &deleted, "")
                .starts_with(r#"{"event":"TAG_DELETED","tag":{"a":1},"#)
        );
    }

    #[test]
    fn probes_have_no_values() {
        assert_eq!(health_check("{}"), r#"{"event":"WEBHOOK_HEALTH_CHECK","webhook":{}}"#);
    }
}

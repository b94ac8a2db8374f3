//! What a backend posts as an event: read as it was meant, or refused with everything that is wrong with it.

use bluehook_core::{
    event::Event,
    input::{Problem, write_problems},
    json::write_string,
    language::Language,
    time,
};

use super::json;

/// Reads an event, and reads it again from what was understood.
pub fn check(data: &[u8]) {
    match Event::parse(data) {
        Ok(event) => {
            let again = spelled(&event);
            assert_eq!(Event::parse(again.as_bytes()).as_ref(), Ok(&event), "{again}");
        }
        Err(problems) => check_problems(&problems),
    }
}

/// Problems say something, name a place, and can be told as JSON.
pub fn check_problems(problems: &[Problem]) {
    assert!(!problems.is_empty());
    for problem @ Problem { pointer, .. } in problems {
        assert!(pointer.is_empty() || pointer.starts_with('/'), "{problem}");
        assert!(Language::ALL.iter().all(|language| !problem.detail(*language).is_empty()), "{problem}");
    }
    for language in Language::ALL {
        json::check(&write_problems(problems, language));
    }
}

fn spelled(event: &Event) -> String {
    let mut out = format!("{{\"event\":\"{}\"", event.event_type);
    let occurred_at = event.occurred_at.map(time::format);
    let texts = [
        ("id", event.id.as_ref()),
        ("companyId", Some(&event.company_id)),
        ("projectId", Some(&event.project_id)),
        ("userId", Some(&event.user_id)),
        ("occurredAt", occurred_at.as_ref()),
    ];
    for (name, text) in texts {
        if let Some(text) = text {
            out.extend([",\"", name, "\":"]);
            write_string(&mut out, text);
        }
    }
    for (name, value) in [("previousValue", &event.previous_value), ("currentValue", &event.current_value)] {
        out.extend([",\"", name, "\":", value.as_str()]);
    }
    out + "}"
}

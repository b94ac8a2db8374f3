//! A change as one line for a person.

use serde_json::Value;

use crate::cli::answer::text;

/// The line of an event; none for one that this version does not know.
pub(super) fn of(name: &str, data: &Value) -> Option<String> {
    let line = match name {
        "delivery" => delivery(data),
        "webhook" => webhook(data),
        "reset" => format!("--- {} ---", text(data, "/detail")),
        _ => return None,
    };
    Some(line)
}

/// `10:00:00.123  SUCCEEDED  TODO_CREATED  204  attempt 1  dlv_…  of webhook …`
fn delivery(data: &Value) -> String {
    let status = text(data, "/status");
    let mut parts =
        vec![time(data), format!("{status:<9}"), format!("{:<22}", text(data, "/delivery/event"))];
    let attempts = data.pointer("/attemptCount").and_then(Value::as_u64).unwrap_or(0);
    // Of an earlier attempt it is not known here any more what it was answered with.
    let is_last = data.pointer("/delivery/attemptCount").and_then(Value::as_u64) == Some(attempts);
    if attempts > 0 && is_last {
        let code = data.pointer("/delivery/lastStatusCode").and_then(Value::as_u64);
        parts.push(code.map_or_else(|| text(data, "/delivery/lastError"), |code| code.to_string()));
    }
    if attempts > 0 {
        parts.push(format!("attempt {attempts}"));
    }
    parts.push(text(data, "/delivery/id"));
    parts.push(format!("of webhook {}", text(data, "/delivery/webhookId")));
    parts.join("  ")
}

/// The time of day of the last attempt, or of the making.
fn time(data: &Value) -> String {
    let attempted = text(data, "/delivery/lastAttemptAt");
    let at = if attempted.is_empty() || text(data, "/change") == "CREATED" {
        text(data, "/delivery/createdAt")
    } else {
        attempted
    };
    at.split_once('T').map_or("", |(_, time)| time).trim_end_matches('Z').to_owned()
}

fn webhook(data: &Value) -> String {
    let (change, id) = (text(data, "/change").to_ascii_lowercase(), text(data, "/webhookId"));
    if data.pointer("/webhook").is_none_or(Value::is_null) {
        return format!("webhook {id} {change}");
    }
    let on = data.pointer("/webhook/enabled") == Some(&Value::Bool(true));
    let state = if on { "on" } else { "off" };
    format!(
        "webhook {id} {change}: {state}, {}, {}",
        text(data, "/webhook/status"),
        text(data, "/webhook/url")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_line_says_what_happened() {
        let delivery = json!({
            "change": "ATTEMPTED", "status": "RETRYING", "attemptCount": 1,
            "delivery": {
                "id": "dlv_1", "webhookId": "w", "event": "TODO_CREATED", "attemptCount": 1, "lastStatusCode": 503,
                "createdAt": "2030-01-01T10:00:00.000Z", "lastAttemptAt": "2030-01-01T10:00:00.123Z",
            },
        });
        assert_eq!(
            of("delivery", &delivery).as_deref(),
            Some("10:00:00.123  RETRYING   TODO_CREATED            503  attempt 1  dlv_1  of webhook w")
        );
        let webhook = json!({
            "change": "CHANGED", "webhookId": "w",
            "webhook": {"enabled": false, "status": "UNHEALTHY", "url": "https://a/\u{1b}[2J\u{202e}\n"},
        });
        assert_eq!(
            of("webhook", &webhook).as_deref(),
            Some("webhook w changed: off, UNHEALTHY, https://a/\u{fffd}[2J\u{fffd} ")
        );
        let deleted = json!({"change": "DELETED", "webhookId": "w", "webhook": null});
        assert_eq!(of("webhook", &deleted).as_deref(), Some("webhook w deleted"));
        assert_eq!(of("something-new", &deleted), None);
    }
}

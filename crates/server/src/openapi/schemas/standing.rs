//! Forms of how a webhook stands: its health, what waits, why it is off, what the caller may do.

use bluehook_dispatcher::{ErrorClass, HealthState, Need, OffBy};
use serde_json::{Map, Value, json};

use super::{form, named, nullable, object};

/// A form, or nothing.
fn or_null(name: &str) -> Value {
    json!({ "anyOf": [form(name), { "type": "null" }] })
}

pub(super) fn all() -> Map<String, Value> {
    let integer = json!({ "type": "integer" });
    let counts = json!({ "type": "array", "items": { "type": "integer" }, "minItems": 24, "maxItems": 24 });
    named(json!({
        "ErrorClass": { "type": "string", "enum": ErrorClass::ALL.map(ErrorClass::name) },
        "HealthState": { "type": "string", "enum": HealthState::ALL.map(HealthState::name) },
        "OffBy": { "type": "string", "enum": OffBy::ALL.map(OffBy::name) },
        "Person": object(&json!({ "id": form("Id"), "fullName": { "type": "string" } })),
        "Cause": object(&json!({
            "class": form("ErrorClass"), "reason": nullable("string"), "statusCode": nullable("integer"),
            "params": { "type": "object" }, "detail": { "type": "string", "description": "In the reader's language" },
            "at": form("Time"), "deliveryId": nullable("string"),
            "count": { "type": "integer", "description": "How many attempts failed in a row by then" },
        })),
        "Health": object(&json!({
            "state": form("HealthState"), "since": form("Time"), "cause": or_null("Cause"),
            "lastSuccessAt": form("NullableTime"), "lastAttemptAt": form("NullableTime"),
        })),
        "Waiting": object(&json!({ "count": integer, "oldestAt": form("NullableTime") })),
        "Held": object(&json!({
            "count": integer, "exact": { "type": "boolean", "description": "false: at least so many" },
            "oldestAt": form("NullableTime"), "off": integer, "backlog": integer,
        })),
        "Disabled": object(&json!({
            "by": form("OffBy"), "at": form("Time"), "person": or_null("Person"), "cause": or_null("Cause"),
            "probe": or_null("Attempt"), "nextProbeAt": form("NullableTime"), "mayEnable": { "type": "boolean" },
            "needs": { "type": "array", "items": { "enum": Need::ALL.map(Need::name) }, "description": "What has to be before it can be on: a creator in one of its projects, projects that there are" },
        })),
        "May": object(&json!({
            "see": { "type": "boolean" }, "change": { "type": "boolean" }, "enable": { "type": "boolean" },
            "disable": { "type": "boolean" }, "delete": { "type": "boolean" }, "handOver": { "type": "boolean" },
            "replay": { "type": "boolean" }, "read": { "type": "boolean" },
        })),
        "SecretInfo": object(&json!({
            "role": { "enum": ["CURRENT", "NEXT"] }, "createdAt": form("Time"), "endsAt": form("NullableTime"),
        })),
        "Activity": object(&json!({
            "since": form("Time"), "stepSeconds": { "const": 3600 }, "succeeded": counts, "failed": counts,
            "other": counts, "total": integer, "successRate": nullable("number"), "p95Ms": nullable("number"),
            "lastDeliveryAt": form("NullableTime"),
        })),
        "HealthChange": object(&json!({
            "at": form("Time"), "state": form("HealthState"), "by": { "anyOf": [form("OffBy"), { "type": "null" }] },
            "person": or_null("Person"), "cause": or_null("Cause"),
        })),
        "HealthHistory": object(&json!({ "items": { "type": "array", "items": form("HealthChange") } })),
        "Candidate": object(&json!({
            "id": form("Id"), "fullName": { "type": "string" }, "eligible": { "type": "boolean" },
            "why": { "enum": ["NOT_ADMINISTRATOR", "NOT_A_MEMBER", null] },
        })),
        "CandidatePage": super::page("Candidate"),
        "HandOver": super::input(&["userId"], &json!({ "userId": form("Id") })),
        "Nothing": super::input(&[], &json!({})),
        "ChangedMeanwhile": { "allOf": [form("Problem"), {
            "type": "object", "required": ["current", "etag"],
            "properties": { "current": form("Webhook"), "etag": { "type": "string" } },
        }] },
    }))
}

//! Forms for those who watch: streams, statistics, sessions.

use bluehook_core::delivery;
use serde_json::{Map, Value, json};

use super::{form, named, nullable, object};

pub(super) fn all() -> Map<String, Value> {
    let latency = json!({ "p50": nullable("number"), "p95": nullable("number"), "p99": nullable("number") });
    let mut counts = named(json!({ "total": { "type": "integer" } }));
    let count = |status: delivery::Status| (status.name().to_ascii_lowercase(), json!({ "type": "integer" }));
    counts.extend(delivery::Status::ALL.map(count));
    named(json!({
        "EventStream": {
            "type": "string",
            "description": "Server-sent events. `event: delivery` carries a StreamedDelivery, `event: webhook` a StreamedWebhook; \
                `event: reset` says that changes are missing before what follows. `id` is where to come back to.",
        },
        "StreamedDelivery": object(&json!({
            "change": { "enum": ["CREATED", "ATTEMPTED", "MOVED"] },
            "status": { "$ref": "#/components/schemas/DeliveryStatus", "description": "Where it stood then" },
            "attemptCount": { "type": "integer", "description": "How many attempts had ended then" },
            "delivery": { "$ref": "#/components/schemas/Delivery", "description": "As it stands now" },
        })),
        "StreamedWebhook": object(&json!({
            "change": { "enum": ["CREATED", "CHANGED", "DELETED", "HEALTH"], "description": "HEALTH: only its health changed" }, "webhookId": form("Id"),
            "webhook": {
                "anyOf": [form("Webhook"), { "type": "null" }],
                "description": "As it stands now; null when it was deleted",
            },
        })),
        "Metrics": { "type": "string", "description": "Prometheus's text format" },
        "Stats": object(&json!({
            "webhookId": form("Id"), "since": form("Time"), "until": form("Time"),
            "stepSeconds": { "type": "integer", "description": "The length of a bucket" },
            "partial": { "type": "boolean", "description": "Not everything is counted: of 1h, 24h, 7d and 30d while a log from before is; of others when there were more than 10,000 deliveries" },
            "deliveries": object(&Value::Object(counts)),
            "attempts": object(&json!({
                "total": { "type": "integer" }, "succeeded": { "type": "integer" }, "failed": { "type": "integer" },
            })),
            "successRate": { "type": ["number", "null"], "minimum": 0, "maximum": 1 },
            "latencyMs": object(&latency),
            "errors": { "type": "array", "description": "The most frequent first", "items": object(&json!({
                "class": form("ErrorClass"), "deliveries": { "type": "integer", "description": "Whose last attempt failed so" },
                "attempts": { "type": "integer" },
            })) },
            "buckets": { "type": "array", "items": object(&json!({
                "since": form("Time"), "succeeded": { "type": "integer" }, "failed": { "type": "integer" },
                "other": { "type": "integer" }, "latencyMs": object(&latency),
            })) },
        })),
        "SessionBody": super::input(&["userId", "companyId"], &json!({ "userId": form("Id"), "companyId": form("Id") })),
        "NewSession": object(&json!({ "url": { "type": "string", "format": "uri" }, "expiresAt": form("Time") })),
        "Session": object(&json!({
            "userId": form("Id"), "userName": nullable("string"), "companyId": form("Id"),
            "companyName": nullable("string"), "locale": nullable("string"),
            "csrf": { "type": "string", "description": "What X-Bluehook-Csrf has to carry in unsafe requests" },
            "createdAt": form("Time"), "expiresAt": form("Time"),
        })),
    }))
}

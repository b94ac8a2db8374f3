//! Forms for those who watch: streams, statistics, sessions.

use bluehook_core::delivery;
use bluehook_dispatcher::{Action, Step};
use serde_json::{Map, Value, json};

use super::{form, named, nullable, object};

/// A path of one of the UI's screens.
const UI_PATH: &str = r"^/((account|deliveries|events|gallery|webhooks)([/?#][^\u0000-\u001f\u007f-\u009f\\]*)?|[?#][^\u0000-\u001f\u007f-\u009f\\]*)?$";

fn me() -> Value {
    let count = || json!({ "type": "integer", "minimum": 0 });
    object(&json!({
        "person": object(&json!({
            "id": form("Id"), "fullName": { "type": "string" }, "email": { "type": "string" },
            "locale": nullable("string"),
        })),
        "company": object(&json!({ "id": form("Id"), "name": { "type": "string" } })),
        "session": object(&json!({
            "kind": { "enum": ["COOKIE", "EMBED", "TOKEN"] }, "id": { "type": "string" },
            "expiresAt": form("NullableTime"),
            "csrf": { "type": ["string", "null"], "description": "What X-Bluehook-Csrf has to carry in unsafe requests" },
        })),
        "may": {
            "type": "object", "required": ["create", "seeOthers"],
            "properties": {
                "create": { "type": "boolean" }, "seeOthers": { "type": "boolean" },
                "why": { "enum": ["NOT_ADMINISTRATOR", "LIMIT"], "description": "Why no webhook can be made" },
            },
        },
        "webhooks": object(&json!({ "on": count(), "onMax": count(), "all": count(), "allMax": count() })),
        "server": object(&json!({
            "version": { "type": "string" }, "now": form("Time"), "retentionSeconds": count(),
            "attempts": count(), "retrySeconds": { "type": "array", "items": { "type": "number" } },
            "timeoutMs": count(), "bodyLimit": count(), "mail": { "type": "boolean" },
            "publicUrl": nullable("string"),
            "anyNetworkOpen": { "type": "boolean", "description": "Whether addresses may be called that are not public" },
            "stream": { "type": "boolean" },
        })),
    }))
}

fn url_check() -> Value {
    object(&json!({
        "url": { "type": "string", "description": "As it would be called" },
        "host": nullable("string"), "hostUnicode": nullable("string"),
        "ok": { "type": "boolean", "description": "Whether nothing failed" },
        "known": { "enum": ["ZAPIER", "PABBLY", null] },
        "steps": { "type": "array", "items": object(&json!({
            "step": { "enum": Step::ALL.map(Step::name) }, "result": { "enum": ["OK", "FAILED", "SKIPPED"] },
            "class": nullable("string"), "reason": nullable("string"), "detail": { "type": "string" },
        })) },
        "tls": {
            "anyOf": [object(&json!({ "expiresAt": form("Time"), "issuer": { "type": "string" } })), { "type": "null" }],
        },
        "warnings": { "type": "array", "items": { "enum": ["PLAIN_HTTP", "TLS_EXPIRES_SOON"] } },
    }))
}

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
        "SessionBody": super::input(&["userId", "companyId"], &json!({
            "userId": form("Id"), "companyId": form("Id"),
            "returnTo": {
                "type": ["string", "null"], "maxLength": 2000, "pattern": UI_PATH,
                "description": "The path of the UI that the person is on their way to",
            },
        })),
        "Job": object(&json!({
            "id": form("Id"), "kind": { "enum": ["REPLAY", "KEYS"] },
            "state": { "enum": ["RUNNING", "COMPLETED", "CANCELLED", "FAILED"] },
            "webhookId": { "anyOf": [form("Id"), { "type": "null" }] },
            "companyId": { "anyOf": [form("Id"), { "type": "null" }] },
            "createdBy": nullable("object"), "createdAt": form("Time"), "endedAt": form("NullableTime"),
            "total": { "type": "integer" }, "done": { "type": "integer" }, "skipped": { "type": "integer" },
            "outcome": nullable("object"), "ratePerSecond": nullable("integer"), "selection": { "type": "object" },
            "detail": nullable("string"),
        })),
        "AuditAction": { "type": "string", "enum": Action::ALL.map(Action::name) },
        "AuditEntry": object(&json!({
            "id": form("Id"), "at": form("Time"), "action": form("AuditAction"),
            "actor": object(&json!({
                "kind": { "enum": ["PERSON", "SERVICE", "SERVER"] }, "id": nullable("string"), "fullName": nullable("string"),
                "tokenId": nullable("string"), "sessionId": nullable("string"),
            })),
            "from": { "type": ["string", "null"], "description": "The address, of what one did oneself" },
            "object": object(&json!({ "kind": { "type": "string" }, "id": { "type": "string" }, "name": nullable("string") })),
            "changes": { "type": "array", "items": object(&json!({
                "field": { "type": "string" }, "before": { "description": "null: nothing; secrets are …" },
                "after": { "description": "null: nothing; secrets are …" },
            })) },
        })),
        "AuditPage": super::page("AuditEntry"),
        "Me": me(),
        "UrlCheckBody": super::input(&["url"], &json!({ "url": { "type": "string" } })),
        "UrlCheck": url_check(),
        "NewSession": object(&json!({
            "url": { "type": "string", "format": "uri-reference", "description": "Below `public-url`; a path where there is none" },
            "expiresAt": form("Time"),
        })),
        "OpenSession": object(&json!({
            "id": { "type": "string" }, "kind": { "enum": ["COOKIE", "EMBED", "TOKEN"] }, "createdAt": form("Time"),
            "lastSeenAt": { "type": "string", "format": "date-time", "description": "To the minute" },
            "expiresAt": form("Time"), "browser": nullable("string"),
            "isCurrent": { "type": "boolean", "description": "Whether this request came by it" },
        })),
        "OpenSessionPage": super::page("OpenSession"),
        "Session": object(&json!({
            "userId": form("Id"), "userName": nullable("string"), "companyId": form("Id"),
            "companyName": nullable("string"), "locale": nullable("string"),
            "csrf": { "type": "string", "description": "What X-Bluehook-Csrf has to carry in unsafe requests" },
            "createdAt": form("Time"), "expiresAt": form("Time"),
        })),
    }))
}

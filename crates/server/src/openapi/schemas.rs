//! Every form of a body. Objects that answer name all their members; objects that ask take no others.

use bluehook_core::{
    delivery,
    event::{EventType, MAX_ID},
    input, webhook,
};
use bluehook_dispatcher::{CancelledBecause, MAX_SUMMARY_DELIVERIES, Role};
use serde_json::{Map, Value, json};

use crate::problem::Code;

// Forms for those who watch.
mod operating;

// Forms of how a webhook stands.
mod standing;

/// The forms by name.
pub(super) fn all() -> Map<String, Value> {
    let parts = [
        words(),
        events(),
        webhooks(),
        webhook_actions(),
        standing::all(),
        deliveries(),
        directory(),
        tokens(),
        operating::all(),
        problems(),
    ];
    parts.into_iter().flatten().collect()
}

/// An object whose members are all there.
fn object(members: &Value) -> Value {
    let required: Vec<Value> =
        members.as_object().into_iter().flat_map(Map::keys).map(|name| json!(name)).collect();
    json!({ "type": "object", "required": required, "properties": members })
}

/// An object that takes these members and no others; those named have to be there.
fn input(required: &[&str], members: &Value) -> Value {
    json!({ "type": "object", "additionalProperties": false, "required": required, "properties": members })
}

fn page(of: &str) -> Value {
    object(&json!({ "items": { "type": "array", "items": form(of) }, "nextCursor": nullable("string") }))
}

fn form(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn nullable(kind: &str) -> Value {
    json!({ "type": [kind, "null"] })
}

/// Text that is neither blank nor has control characters.
const LINE: &str =
    r"^[^\u0000-\u001f\u007f-\u009f]*[^\u0000-\u001f\u007f-\u009f\s][^\u0000-\u001f\u007f-\u009f]*$";

fn text(max: usize) -> Value {
    json!({ "type": "string", "minLength": 1, "maxLength": max, "pattern": LINE })
}

/// What the server takes for an e-mail address.
const EMAIL: &str = r"^[^\u0000-\u001f\u007f-\u009f\s@]+@[^\u0000-\u001f\u007f-\u009f\s]+$";

/// An object whose member is an object.
fn is_there(name: &str) -> Value {
    json!({ "required": [name], "properties": { name: { "type": "object" } } })
}

/// The same, or nothing.
fn nullable_text(max: usize) -> Value {
    json!({ "type": ["string", "null"], "minLength": 1, "maxLength": max, "pattern": LINE })
}

fn strings() -> Value {
    json!({ "type": "array", "items": { "type": "string" } })
}

fn headers() -> Value {
    json!({ "type": "object", "additionalProperties": { "type": "string" } })
}

fn named(schemas: Value) -> Map<String, Value> {
    match schemas {
        Value::Object(schemas) => schemas,
        _ => Map::new(),
    }
}

fn words() -> Map<String, Value> {
    let events = EventType::ALL.map(EventType::name).to_vec();
    named(json!({
        "EventName": { "type": "string", "enum": events, "description": "RECORD_… is taken in for TODO_… too" },
        "DeliveryStatus": { "type": "string", "enum": delivery::Status::ALL.map(delivery::Status::name) },
        "Role": { "type": "string", "enum": Role::ALL.map(Role::name) },
        "Id": text(MAX_ID),
        "Time": { "type": "string", "format": "date-time" },
        "NullableTime": { "type": ["string", "null"], "format": "date-time" },
        "Entity": { "type": ["object", "null"], "description": "Passed through exactly as it was given" },
        "Status": object(&json!({ "status": { "type": "string" } })),
    }))
}

fn events() -> Map<String, Value> {
    let shown = json!({
        "id": form("Id"), "event": form("EventName"), "companyId": form("Id"), "projectId": form("Id"),
        "userId": form("Id"), "occurredAt": form("NullableTime"), "receivedAt": form("Time"),
        "deliveryCount": { "type": "integer" },
    });
    let mut detail = named(shown.clone());
    detail.extend(named(json!({
        "previousValue": form("Entity"), "currentValue": form("Entity"),
        "deliveries": { "type": "array", "items": form("Delivery") },
    })));
    let mut event = input(
        &["event", "companyId", "projectId", "userId"],
        &json!({
            "id": nullable_text(MAX_ID),
            "event": form("EventName"), "companyId": form("Id"), "projectId": form("Id"), "userId": form("Id"),
            "occurredAt": form("NullableTime"), "previousValue": form("Entity"), "currentValue": form("Entity"),
        }),
    );
    if let Some(event) = event.as_object_mut() {
        event.insert("anyOf".to_owned(), json!([is_there("currentValue"), is_there("previousValue")]));
    }
    named(json!({
        "Event": event,
        "Batch": input(&["events"], &json!({
            "events": {
                "type": "array", "minItems": 1, "maxItems": 1000, "items": form("Event"),
                "description": "One that is not an Event is refused in its place, and holds up no other",
            },
        })),
        "Accepted": {
            "type": "object", "required": ["id", "deliveries"],
            "properties": {
                "id": form("Id"), "deliveries": { "type": "integer" }, "duplicate": { "const": true },
            },
        },
        "BatchAnswer": object(&json!({ "items": { "type": "array", "items": {
            "type": "object", "required": ["status"], "properties": { "status": { "type": "integer" } },
            "anyOf": [form("Accepted"), form("Problem")],
        } } })),
        "EventSummary": object(&shown),
        "EventPage": page("EventSummary"),
        "EventDetail": object(&Value::Object(detail)),
        "EventType": {
            "type": "object", "required": ["event", "group", "entity", "description"],
            "properties": {
                "event": form("EventName"), "group": { "type": "string" }, "entity": { "type": "string" },
                "description": { "type": "string", "description": "In the language of `Accept-Language`" },
                "schema": { "type": "object" },
                "sample": object(&json!({ "previousValue": form("Entity"), "currentValue": form("Entity") })),
            },
        },
        "EventTypes": object(&json!({ "items": { "type": "array", "items": form("EventType") } })),
        "PreviewRequest": input(&["webhook", "event"], &json!({
            "webhook": { "type": "object" }, "event": form("Event"), "secret": nullable("string"),
            "nextSecret": nullable("string"), "creatorIsMember": nullable("boolean"), "deliveryId": nullable("string"),
            "now": { "type": ["integer", "string", "null"] },
        })),
        "Preview": object(&json!({
            "body": { "type": "string" }, "headers": headers(), "size": { "type": "integer" },
            "matches": { "type": "boolean" }, "why": nullable("object"),
        })),
    }))
}

fn webhooks() -> Map<String, Value> {
    let chosen = json!({
        "events": { "type": "array", "items": form("EventName") }, "projectIds": strings(),
    });
    let asked = json!({
        "name": nullable("string"), "events": { "type": ["array", "null"], "items": form("EventName") },
        "projectIds": { "type": ["array", "null"], "items": { "type": "string" } },
        "payloadFormat": { "enum": ["full", "compact", null] }, "filter": nullable("object"),
        "description": nullable("string"), "headers": {
            "type": ["object", "null"], "additionalProperties": { "type": ["string", "null"] },
            "description": "Sent along with every delivery, values up to 4 KiB",
        },
        "autoRecover": { "enum": [false, null], "description": "There is none yet" },
        "rateLimitPerSecond": { "type": ["integer", "null"], "minimum": 1, "maximum": 10000 },
    });
    let with = |more: Value| {
        let mut members = named(asked.clone());
        members.extend(named(more));
        Value::Object(members)
    };
    let summary = json!({
        "type": "object", "description": format!("Of the newest deliveries, {MAX_SUMMARY_DELIVERIES} at most"),
        "required": ["deliveries", "succeeded", "failed", "successRate"],
        "properties": {
            "deliveries": { "type": "integer" }, "succeeded": { "type": "integer" }, "failed": { "type": "integer" },
            "successRate": nullable("number"),
        },
    });
    let shown = json!({
            "id": form("Id"), "uid": { "type": "string" }, "name": nullable("string"),
            "url": { "type": ["string", "null"], "description": "null for an administrator who is not the creator; so are filter, headers, description and secrets" },
            "host": { "type": "string", "description": "With the port where that is not the scheme's own" },
            "hostUnicode": nullable("string"),
            "secret": { "type": ["string", "null"], "description": "Shown at creation only" },
            "hasSecret": { "type": "boolean" },
            "secrets": { "type": ["array", "null"], "items": form("SecretInfo") },
            "autoRecover": { "type": "boolean" },
            "status": { "enum": [webhook::Status::Healthy.name(), webhook::Status::Unhealthy.name()] },
            "enabled": { "type": "boolean" }, "events": { "type": "array", "items": form("EventName") }, "projectIds": strings(),
            "metadata": object(&chosen), "payloadFormat": { "enum": ["full", "compact"] },
            "filter": nullable("object"), "description": nullable("string"),
            "headers": {
                "type": ["object", "null"], "additionalProperties": { "type": "null" },
                "description": "The names; values are never shown",
            },
            "rateLimitPerSecond": nullable("integer"), "companyId": form("Id"), "createdById": form("Id"),
            "createdBy": { "anyOf": [form("Person"), { "type": "null" }] },
            "createdAt": form("Time"), "updatedAt": form("Time"), "health": form("Health"), "waiting": form("Waiting"),
            "held": form("Held"), "disabled": { "anyOf": [form("Disabled"), { "type": "null" }] }, "may": form("May"),
            "stats": { "anyOf": [summary, form("Stats")], "description": "With include=stats those of the window" },
    });
    let with_more = |more: Value| {
        let Value::Object(mut webhook) = object(&shown) else { return Value::Null };
        if let Some(Value::Object(members)) = webhook.get_mut("properties") {
            members.extend(named(more));
        }
        Value::Object(webhook)
    };
    let along = json!({
        "activity": form("Activity"), "projects": { "type": "array", "items": form("Project") },
        "history": { "type": "array", "items": form("HealthChange") },
        "probe": { "anyOf": [form("Attempt"), { "type": "null" }], "description": "What preceded switching on" },
    });
    let mut repeated = named(shown.clone());
    repeated.extend(named(json!({ "secret": { "type": "null" }, "duplicate": { "const": true } })));
    named(json!({
        "Webhook": object(&shown),
        "WebhookWithMore": with_more(along),
        "RepeatedWebhook": object(&Value::Object(repeated)),
        "WebhookPage": object(&json!({
            "items": { "type": "array", "items": form("WebhookWithMore") }, "nextCursor": nullable("string"),
            "lookedUntil": { "type": ["string", "null"], "format": "date-time", "description": "Everything newer was looked at; null when this was all" },
            "position": { "type": "string", "description": "The place in the stream: lastEventId for what came after" },
        })),
        "NewWebhook": input(&["url"], &with(json!({
            "companyId": { "$ref": "#/components/schemas/Id", "description": "The backend says it; a person's is their own" },
            "createdById": { "$ref": "#/components/schemas/Id", "description": "The backend says it; a person's is their own" },
            "url": { "type": "string", "maxLength": 2048 },
            "secret": { "type": ["string", "null"], "minLength": 8, "maxLength": 256, "description": "Absent: one is made. null: none" },
        }))),
        "WebhookChange": input(&[], &with(json!({
            "enabled": { "type": "boolean" }, "url": { "type": "string", "maxLength": 2048 },
            "events": { "type": "array", "items": form("EventName") }, "projectIds": strings(),
            "payloadFormat": { "enum": ["full", "compact"] }, "autoRecover": { "const": false, "description": "There is none yet" },
            "headers": {
                "type": "object", "additionalProperties": { "type": ["string", "null"], "maxLength": 4096 },
                "description": "null keeps a value, and a name that is missing goes",
            },
        }))),
    }))
}

fn webhook_actions() -> Map<String, Value> {
    named(json!({
        "Rotation": input(&[], &json!({
            "overlapSeconds": { "type": ["integer", "null"], "minimum": 0, "maximum": 2_592_000, "default": 86400, "description": "How long both sign" },
            "secret": { "type": ["string", "null"], "minLength": 8, "maxLength": 256, "description": "Absent: one is made" },
        })),
        "NewSecret": object(&json!({
            "secret": { "type": "string" }, "secrets": { "type": "array", "items": form("SecretInfo") },
            "endsAt": { "type": ["string", "null"], "format": "date-time", "description": "When the one before ends" },
        })),
        "TestBody": input(&[], &json!({
            "event": { "anyOf": [form("EventName"), { "type": "null" }], "description": "Absent: the first that the webhook chose, or TODO_CREATED" },
            "previousValue": { "type": ["object", "null"], "description": "Absent: the sample's" },
            "currentValue": { "type": ["object", "null"], "description": "Absent: the sample's; 256 KiB together" },
        })),
        "ReplayBody": input(&["since", "until"], &json!({
            "since": form("Time"), "until": form("Time"),
            "status": { "enum": ["SUCCEEDED", "FAILED", "HELD", "CANCELLED", null], "description": "Absent: FAILED and HELD" },
            "event": { "anyOf": [form("EventName"), { "type": "null" }] }, "dryRun": nullable("boolean"),
        })),
        "ReplayCount": object(&json!({ "total": { "type": "integer" } })),
        "Replay": object(&json!({
            "id": form("Id"), "webhookId": form("Id"), "state": { "enum": ["RUNNING", "COMPLETED", "CANCELLED"] },
            "total": { "type": "integer", "description": "How many it was to send when it began" },
            "done": { "type": "integer" },
            "skipped": { "type": "integer", "description": "Passed over: the webhook's creator is not in their project now" },
            "createdAt": form("Time"),
        })),
        "DryRunBody": input(&[], &json!({
            "filter": { "type": ["object", "null"], "description": "Absent: the webhook's own" },
            "events": { "type": ["array", "null"], "items": form("EventName") },
            "projectIds": { "type": ["array", "null"], "items": form("Id") },
            "limit": { "type": ["integer", "null"], "minimum": 1, "maximum": 1000, "default": 100 },
        })),
        "DryRun": object(&json!({
            "considered": { "type": "integer" }, "matches": { "type": "integer" },
            "examples": { "type": "array", "items": form("DryRunEvent") },
            "others": { "type": "array", "items": form("DryRunEvent") },
        })),
        "DryRunEvent": object(&json!({
            "eventId": form("Id"), "event": form("EventName"), "projectId": form("Id"), "receivedAt": form("Time"),
            "why": { "type": ["object", "null"], "description": "code, en, it: why the webhook would not get it" },
        })),
        "FullDelivery": object(&json!({
            "event": { "type": "string" }, "webhook": { "type": "object" },
            "previousValue": form("Entity"), "currentValue": form("Entity"),
        })),
    }))
}

fn deliveries() -> Map<String, Value> {
    let because = CancelledBecause::ALL.map(CancelledBecause::name).into_iter().map(Some).chain([None]);
    let because: Vec<_> = because.collect();
    let shown = json!({
        "id": form("Id"), "webhookId": form("Id"), "eventId": form("Id"), "event": form("EventName"),
        "projectId": form("Id"), "status": form("DeliveryStatus"), "attemptCount": { "type": "integer" },
        "createdAt": form("Time"), "lastAttemptAt": form("NullableTime"), "nextAttemptAt": form("NullableTime"),
        "lastStatusCode": nullable("integer"), "lastError": nullable("string"),
        "heldBecause": nullable("string"),
        "cancelledBecause": { "enum": because, "description": "Why it was cancelled" },
        "readable": { "type": "boolean", "description": "Whether the reader is in its project now; bodies are null otherwise, and it cannot be sent again" },
    });
    let mut detail = named(shown.clone());
    detail.extend(named(json!({
        "companyId": form("Id"), "createdById": form("Id"),
        "request": object(&json!({
            "method": { "const": "POST" }, "url": { "type": "string" }, "headers": headers(), "body": nullable("string"),
        })),
        "attempts": { "type": "array", "items": form("Attempt"), "description": "The newest 50, first to last" },
        "attemptsTotal": { "type": "integer" },
    })));
    named(json!({
        "Delivery": object(&shown),
        "DeliveryPage": page("Delivery"),
        "DeliveryDetail": object(&Value::Object(detail)),
        "Attempt": object(&json!({
            "id": form("Id"), "number": { "type": "integer" }, "startedAt": form("Time"), "durationMs": { "type": "number" },
            "url": { "type": "string" }, "requestHeaders": headers(),
            "response": { "anyOf": [form("Response"), { "type": "null" }] },
            "error": { "anyOf": [form("Failure"), { "type": "null" }] },
            "errorClass": { "anyOf": [form("ErrorClass"), { "type": "null" }], "description": "Null for a success" },
            "bodyCut": { "enum": ["LIMIT", "TIMEOUT", "BROKEN", null] },
            "reused": nullable("boolean"),
            "phases": form("Phases"),
        })),
        "Phases": object(&json!({
            "queuedMs": nullable("number"), "dnsMs": nullable("number"), "connectMs": nullable("number"),
            "tlsMs": nullable("number"), "firstByteMs": nullable("number"), "totalMs": { "type": "number" },
        })),
        "Test": object(&json!({
            "id": form("Id"), "event": form("EventName"), "succeeded": { "type": "boolean" },
            "request": object(&json!({
                "method": { "const": "POST" }, "url": { "type": "string" }, "headers": headers(), "body": { "type": "string" },
            })),
            "attempt": form("Attempt"), "phases": form("Phases"),
            "advice": { "anyOf": [form("Advice"), { "type": "null" }], "description": "What to do about a failure, or about a web page that answered" },
        })),
        "Advice": object(&json!({
            "code": { "type": "string" }, "params": { "type": "object" }, "detail": { "type": "string" },
        })),
        "Response": object(&json!({
            "statusCode": { "type": "integer" },
            "headers": { "type": "object", "additionalProperties": { "type": "string" }, "description": "Of cookies, credentials and keys the value is …" },
            "body": nullable("string"), "bodyEncoding": { "enum": ["utf-8", "base64"] }, "bodyTruncated": { "type": "boolean" },
            "headClean": { "type": "boolean", "description": "Whether every line before the body was proper HTTP" },
        })),
        "Failure": object(&json!({
            "code": { "type": "string" }, "reason": nullable("string"), "detail": { "type": "string" },
            "params": { "type": "object", "description": "What the sentence needs" },
        })),
    }))
}

fn directory() -> Map<String, Value> {
    named(json!({
        "CompanyBody": input(&["name"], &json!({
            "name": text(255),
            "slug": { "type": ["string", "null"], "minLength": 1, "maxLength": 255, "pattern": LINE, "description": "No other company has it; clients of Blue name the company by it" },
        })),
        "Company": object(&json!({ "id": form("Id"), "name": { "type": "string" }, "slug": nullable("string") })),
        "ProjectBody": input(&["companyId", "name"], &json!({
            "companyId": form("Id"), "name": text(255), "slug": nullable_text(255),
        })),
        "Project": object(&json!({
            "id": form("Id"), "companyId": form("Id"), "name": { "type": "string" }, "slug": nullable("string"),
            "role": { "anyOf": [form("Role"), { "type": "null" }], "description": "The caller's; null for the backend" },
        })),
        "ProjectPage": page("Project"),
        "UserBody": input(&["email", "fullName"], &json!({
            "email": { "type": "string", "maxLength": 320, "pattern": EMAIL }, "fullName": text(255), "locale": nullable_text(35),
        })),
        "User": object(&json!({
            "id": form("Id"), "email": { "type": "string" }, "fullName": { "type": "string" }, "locale": nullable("string"),
        })),
        "MemberBody": input(&["role"], &json!({ "role": form("Role") })),
        "Member": object(&json!({ "projectId": form("Id"), "userId": form("Id"), "role": form("Role") })),
    }))
}

fn tokens() -> Map<String, Value> {
    let shown = json!({
        "id": form("Id"), "name": { "type": "string" }, "userId": nullable("string"), "companyId": nullable("string"),
        "createdAt": form("Time"), "expiresAt": form("NullableTime"), "lastUsedAt": form("NullableTime"),
    });
    let mut made = named(shown.clone());
    made.extend(named(json!({
        "secret": { "type": "string", "description": "With the id, for Blue's credential headers" },
        "token": { "type": "string", "description": "For Authorization: Bearer" },
    })));
    named(json!({
        "Token": object(&shown),
        "TokenPage": page("Token"),
        "NewToken": object(&Value::Object(made)),
        "TokenBody": input(&["name"], &json!({
            "name": text(200), "userId": nullable_text(MAX_ID), "companyId": nullable_text(MAX_ID),
            "expiresAt": form("NullableTime"),
        })),
    }))
}

fn problems() -> Map<String, Value> {
    let known = Code::ALL.map(Code::name);
    let codes: Vec<_> = input::Code::ALL.iter().map(|code| code.name()).collect();
    let place = object(&json!({
        "pointer": { "type": "string", "description": "A JSON Pointer; of a query parameter, its name" },
        "code": { "type": "string", "enum": codes, "description": "What kind of problem it is" },
        "params": { "type": "object", "description": "What the sentence needs" },
        "detail": { "type": "string" },
    }));
    named(json!({
        "Problem": {
            "type": "object",
            "required":
                ["type", "title", "status", "detail", "code", "params", "requestId", "errors", "errorCount"],
            "properties": {
                "type": { "type": "string" }, "title": { "type": "string" }, "status": { "type": "integer" },
                "detail": { "type": "string", "description": "In the language of `Accept-Language`" },
                "code": { "type": "string", "enum": known },
                "params": { "type": "object", "description": "What the sentence needs" },
                "requestId": { "type": "string", "description": "Stands in the log too" },
                "errors": { "type": "array", "items": place, "maxItems": 100 },
                "errorCount": { "type": "integer", "minimum": 0 },
                "current": { "type": "object", "description": "With `PRECONDITION_FAILED`: what there is now" },
                "etag": { "type": "string", "description": "The tag of `current`" },
            },
        },
    }))
}

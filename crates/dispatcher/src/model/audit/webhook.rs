//! What a change of a webhook changes, field by field.

use bluehook_core::{
    filter::Filter,
    webhook::{HIDDEN, Webhook},
};
use serde_json::{Value, json};

use super::FieldChange;

/// What two versions of a webhook differ in. Of headers only the names are told.
pub(crate) fn between(before: &Webhook, after: &Webhook) -> Vec<FieldChange> {
    let shown = [before, after].map(|webhook| {
        let headers = webhook.headers.iter().map(|(name, _)| (name.clone(), json!(HIDDEN)));
        let filter = webhook.filter.as_ref().map(Filter::as_json);
        [
            ("createdById", json!(webhook.created_by_id)),
            ("name", json!(webhook.name)),
            ("url", json!(webhook.url)),
            ("enabled", json!(webhook.enabled)),
            ("events", webhook.events.iter().map(|event| event.name()).collect()),
            ("projectIds", json!(webhook.project_ids)),
            ("payloadFormat", json!(webhook.payload_format.name())),
            ("filter", filter.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()),
            ("description", json!(webhook.description)),
            ("headers", Value::Object(headers.collect())),
            ("rateLimitPerSecond", json!(webhook.rate_limit_per_second)),
        ]
    });
    let [before_fields, after_fields] = shown;
    let pairs = before_fields.into_iter().zip(after_fields);
    let mut changes: Vec<FieldChange> = pairs
        .filter_map(|((field, before), (_, after))| FieldChange::between(field, before, after))
        .collect();
    let same_names = changes.iter().all(|change| change.field != "headers");
    if same_names && before.headers != after.headers {
        changes.push(FieldChange {
            field: "headers".to_owned(),
            before: json!(HIDDEN),
            after: json!(HIDDEN),
        });
    }
    changes
}

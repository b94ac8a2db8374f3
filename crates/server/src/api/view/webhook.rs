//! A webhook as the API shows it: Blue's object and ours around it.

use std::collections::BTreeMap;

use bluehook_core::webhook::Webhook;
use bluehook_dispatcher::Summary;
use serde::Serialize;
use serde_json::value::RawValue;

use super::{Instant, headers};

/// A webhook. Its secret is shown at creation only.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::api) struct WebhookView<'a> {
    id: &'a str,
    uid: &'a str,
    name: Option<&'a str>,
    url: &'a str,
    secret: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duplicate: Option<bool>,
    status: &'static str,
    enabled: bool,
    events: Vec<&'static str>,
    project_ids: &'a [String],
    metadata: Metadata<'a>,
    payload_format: &'static str,
    filter: Option<&'a RawValue>,
    description: Option<&'a str>,
    headers: BTreeMap<&'a str, String>,
    rate_limit_per_second: Option<u32>,
    company_id: &'a str,
    created_by_id: &'a str,
    created_at: Instant,
    updated_at: Instant,
    #[serde(skip_serializing_if = "Option::is_none")]
    stats: Option<SummaryView>,
}

/// How the newest deliveries fared.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SummaryView {
    deliveries: u64,
    succeeded: u64,
    failed: u64,
    success_rate: Option<f64>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Metadata<'a> {
    events: Vec<&'static str>,
    project_ids: &'a [String],
}

impl<'a> WebhookView<'a> {
    /// A webhook that was made before, by the same request.
    pub(in crate::api) fn repeated(webhook: &'a Webhook) -> WebhookView<'a> {
        WebhookView { duplicate: Some(true), ..WebhookView::new(webhook, None) }
    }

    /// A webhook, with its secret at the one time when it is shown.
    pub(in crate::api) fn new(webhook: &'a Webhook, secret: Option<&'a str>) -> WebhookView<'a> {
        let events: Vec<&'static str> = webhook.events.iter().map(|event| event.name()).collect();
        WebhookView {
            id: &webhook.id,
            uid: &webhook.uid,
            name: webhook.name.as_deref(),
            url: &webhook.url,
            secret,
            duplicate: None,
            status: webhook.status.name(),
            enabled: webhook.enabled,
            metadata: Metadata { events: events.clone(), project_ids: &webhook.project_ids },
            events,
            project_ids: &webhook.project_ids,
            payload_format: webhook.payload_format.name(),
            filter: webhook.filter.as_ref().and_then(|filter| serde_json::from_str(filter.as_json()).ok()),
            description: webhook.description.as_deref(),
            headers: headers(&webhook.headers),
            rate_limit_per_second: webhook.rate_limit_per_second,
            company_id: &webhook.company_id,
            created_by_id: &webhook.created_by_id,
            created_at: Instant(webhook.created_at),
            updated_at: Instant(webhook.updated_at),
            stats: None,
        }
    }

    /// The same with how its newest deliveries fared.
    pub(in crate::api) fn with_stats(self, summary: &Summary) -> WebhookView<'a> {
        let Summary { deliveries, succeeded, failed } = *summary;
        let success_rate = summary.success_rate();
        WebhookView { stats: Some(SummaryView { deliveries, succeeded, failed, success_rate }), ..self }
    }
}

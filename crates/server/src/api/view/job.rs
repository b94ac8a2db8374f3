//! A job as the API shows it.

use bluehook_core::webhook::Webhook;
use bluehook_dispatcher::{Job, Replay};
use serde::Serialize;
use serde_json::{Value, json};

use super::Instant;

/// A job and how far it is.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::api) struct JobView<'a> {
    id: &'a str,
    kind: &'static str,
    state: &'static str,
    webhook_id: Option<&'a str>,
    company_id: Option<&'a str>,
    created_by: Option<Value>,
    created_at: Instant,
    ended_at: Option<Instant>,
    total: u64,
    done: u64,
    skipped: u64,
    outcome: Option<Value>,
    rate_per_second: Option<u32>,
    selection: Value,
    detail: Option<&'a str>,
}

impl<'a> JobView<'a> {
    /// One that seals everything with the newest key.
    pub(in crate::api) fn of_keys(job: &'a Job) -> JobView<'a> {
        JobView {
            id: &job.id,
            kind: "KEYS",
            state: job.state.name(),
            webhook_id: None,
            company_id: None,
            created_by: None,
            created_at: Instant(job.created_at),
            ended_at: job.ended_at.map(Instant),
            total: job.total,
            done: job.done,
            skipped: 0,
            outcome: None,
            rate_per_second: None,
            selection: json!({}),
            detail: job.detail.as_deref(),
        }
    }

    /// A replay, which `/v1/replays/{id}` shows too.
    pub(in crate::api) fn of_replay(replay: &'a Replay, webhook: Option<&'a Webhook>) -> JobView<'a> {
        JobView {
            id: &replay.id,
            kind: "REPLAY",
            state: replay.state.name(),
            webhook_id: Some(&replay.webhook_id),
            company_id: webhook.map(|webhook| webhook.company_id.as_str()),
            created_by: None,
            created_at: Instant(replay.created_at),
            ended_at: None,
            total: replay.total,
            done: replay.done,
            skipped: replay.skipped,
            outcome: None,
            rate_per_second: None,
            selection: json!({}),
            detail: None,
        }
    }
}

//! A replay as the API shows it.

use bluehook_dispatcher::Replay;
use serde::Serialize;

use super::Instant;

/// A replay and how far it is.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::api) struct ReplayView<'a> {
    id: &'a str,
    webhook_id: &'a str,
    state: &'static str,
    total: u64,
    done: u64,
    skipped: u64,
    created_at: Instant,
}

impl<'a> ReplayView<'a> {
    pub(in crate::api) fn new(replay: &'a Replay) -> ReplayView<'a> {
        ReplayView {
            id: &replay.id,
            webhook_id: &replay.webhook_id,
            state: replay.state.name(),
            total: replay.total,
            done: replay.done,
            skipped: replay.skipped,
            created_at: Instant(replay.created_at),
        }
    }
}

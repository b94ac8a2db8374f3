//! Changes as server-sent events (HTML, 9.2): `id` is the place behind them, `event` is `delivery`, `webhook` or `reset`.

use std::fmt::Write;

use actix_web::web::Bytes;
use bluehook_core::language::Language;
use bluehook_dispatcher::{Change, Changes};
use serde::Serialize;

use super::super::view::{DeliveryView, WebhookView};
use crate::access::Access;

/// How long a reader waits before it comes back, in milliseconds.
const RETRY: u32 = 1_000;

/// What a reader gets first: it knows from the start where to come back to.
pub(super) fn greeting(position: &str) -> Bytes {
    Bytes::from(format!("retry: {RETRY}\nid: {position}\n\n"))
}

/// A comment, and the place where a reader may come back to: without `data` no event is made of it.
pub(super) fn heartbeat(position: &str) -> Bytes {
    Bytes::from(format!(":\nid: {position}\n\n"))
}

/// All of these changes; none when there is nothing to tell.
pub(super) fn changes(changes: &Changes, access: &Access<'_>, language: Language) -> Option<Bytes> {
    let mut text = String::new();
    if changes.is_broken {
        let position = changes.items.first().map_or(changes.next, |(position, _)| *position);
        let detail = "changes after the given id are not known any more; read the lists again";
        push(&mut text, "reset", &access.position(position), &Reset { detail });
    }
    for (position, change) in &changes.items {
        let position = access.position(*position);
        match change {
            Change::Delivery { step, status, attempts, delivery } => {
                let delivery = DeliveryView::new(delivery, access.sight(delivery));
                let view = DeliveryChange {
                    change: step.name(),
                    status: status.name(),
                    attempt_count: *attempts,
                    delivery,
                };
                push(&mut text, "delivery", &position, &view);
            }
            Change::Webhook { step, id, webhook } => {
                let webhook = webhook.as_ref().map(|fares| WebhookView::new(fares, access, language));
                let view = WebhookChange { change: step.name(), webhook_id: id, webhook };
                push(&mut text, "webhook", &position, &view);
            }
        }
    }
    (!text.is_empty()).then(|| Bytes::from(text))
}

fn push(text: &mut String, event: &str, position: &str, view: &impl Serialize) {
    // JSON has no raw line breaks, so one `data` line holds it.
    let data = serde_json::to_string(view).unwrap_or_default();
    let _ = write!(text, "event: {event}\nid: {position}\ndata: {data}\n\n");
}

/// What happened to a delivery: where it stood then, and the delivery as it stands now.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DeliveryChange<'a> {
    change: &'static str,
    status: &'static str,
    attempt_count: u32,
    delivery: DeliveryView<'a>,
}

/// What happened to a webhook, and the webhook as it stands now.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WebhookChange<'a> {
    change: &'static str,
    webhook_id: &'a str,
    webhook: Option<WebhookView<'a>>,
}

/// There is a gap before what follows.
#[derive(Serialize)]
struct Reset {
    detail: &'static str,
}

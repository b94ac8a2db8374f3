//! What becomes of a delivery that is sent nowhere.

use bluehook_core::{delivery::Status, webhook::Webhook};

use crate::model::log::CancelledBecause;

/// Where a delivery stands that a worker did not send, and why: it is cancelled where its webhook is gone, or where it is kept
/// from the webhook's creator; where the webhook is off it is held, whatever else is so.
pub(crate) fn aside(
    webhook: Option<&Webhook>,
    kept: Option<CancelledBecause>,
) -> (Status, Option<CancelledBecause>) {
    match (webhook, kept) {
        (None, _) => (Status::Cancelled, None),
        (Some(webhook), Some(because)) if webhook.enabled => (Status::Cancelled, Some(because)),
        (Some(_), _) => (Status::Held, None),
    }
}

/// Where a delivery that waits is put when its webhook is off or gone; none when it may be sent.
pub(crate) fn put(webhook: Option<&Webhook>) -> Option<Status> {
    match webhook {
        None => Some(Status::Cancelled),
        Some(webhook) => (!webhook.enabled).then_some(Status::Held),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::sample::webhook;

    #[test]
    fn what_is_sent_nowhere_is_held_or_cancelled() {
        let (on, off) = (webhook(true), webhook(false));
        let because = CancelledBecause::ProjectDeleted;
        for (of, kept, expected) in [
            (None, None, (Status::Cancelled, None)),
            (None, Some(because), (Status::Cancelled, None)),
            (Some(&on), Some(because), (Status::Cancelled, Some(because))),
            (Some(&off), Some(because), (Status::Held, None)),
            (Some(&off), None, (Status::Held, None)),
            // It was switched off and on again meanwhile.
            (Some(&on), None, (Status::Held, None)),
        ] {
            assert_eq!(aside(of, kept), expected, "{kept:?}");
        }
        let put = [None, Some(&off), Some(&on)].map(put);
        assert_eq!(put, [Some(Status::Cancelled), Some(Status::Held), None]);
    }
}

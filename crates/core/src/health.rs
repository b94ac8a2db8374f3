//! When a webhook is switched off because its deliveries fail. Pure: the history is passed in.

use crate::{delivery::GaveUp, time::Millis};

/// Whether a webhook is to be switched off now that one of its deliveries gave up.
///
/// A 410 switches it off at once. Used-up attempts do when no delivery of the webhook succeeded since this delivery's
/// first attempt: one event that a working receiver always refuses does not switch it off.
pub fn switches_off(gave_up: GaveUp, first_attempt_at: Millis, last_success_at: Option<Millis>) -> bool {
    match gave_up {
        GaveUp::Gone => true,
        GaveUp::AttemptsUsedUp => last_success_at.is_none_or(|success| success < first_attempt_at),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_receiver_that_takes_nothing_is_switched_off() {
        for (gave_up, first_attempt_at, last_success_at, expected) in [
            (GaveUp::Gone, 10, Some(11), true),
            (GaveUp::AttemptsUsedUp, 10, None, true),
            (GaveUp::AttemptsUsedUp, 10, Some(9), true),
            (GaveUp::AttemptsUsedUp, 10, Some(10), false),
            (GaveUp::AttemptsUsedUp, 10, Some(11), false),
        ] {
            assert_eq!(switches_off(gave_up, first_attempt_at, last_success_at), expected);
        }
    }
}

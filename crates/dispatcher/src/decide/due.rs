//! When a delivery is due that is sent once more, or that waits while the clock is set back.

use bluehook_core::{delivery::Status, time::Millis};

use crate::store::rows::{Standing, Waiting, waits_as};

/// Where a delivery stands that is made due, and how many of its attempts count for its schedule: one that was settled begins
/// that anew.
pub(crate) fn again(standing: &Standing) -> (Status, u32) {
    let tries = if standing.status == Status::Retrying { standing.tries } else { 0 };
    (waits_as(standing.attempts), tries)
}

/// When something is due by a clock that was set back `by` so much and says `now`, and when it was first attempted by that. None
/// when it is due. What was attempted at a time that is to come again waits its pause from now.
pub(crate) fn postponed(waiting: &Waiting, now: Millis, by: Millis) -> Option<(Millis, Option<Millis>)> {
    let Waiting { due_at, first_attempt_at, last_attempt_at, .. } = *waiting;
    if due_at <= now {
        return None;
    }
    let set_back = (due_at - by).max(now);
    let at = match (waiting.status(), last_attempt_at) {
        (Status::Pending, _) => now,
        (_, Some(last)) if last > now => set_back.min(now + (due_at - last).max(0)),
        _ => set_back,
    };
    Some((at, first_attempt_at.map(|first| first.min(now))))
}

#[cfg(test)]
mod tests {
    use bluehook_core::event::EventType;

    use super::*;

    const NOW: Millis = 100_000;

    /// What was attempted so often, first and last at these times, and is due at a time.
    fn waiting(attempts: u32, (first, last): (Option<Millis>, Option<Millis>), due_at: Millis) -> Waiting {
        Waiting {
            number: 1,
            event: 1,
            revision: 1,
            due_at,
            tries: attempts,
            attempts,
            first_attempt_at: first,
            last_attempt_at: last,
            created_at: 0,
            class: None,
        }
    }

    #[test]
    fn nothing_waits_longer_than_its_pause() {
        let (never, early) = ((None, None), (Some(NOW - 9), Some(NOW - 5)));
        let (across, late) = ((Some(NOW - 9), Some(NOW + 50)), (Some(NOW + 40), Some(NOW + 50)));
        for (attempts, attempted, due_at, by, expected) in [
            // What is due stays so.
            (1, early, NOW, 10, None),
            (0, never, NOW - 1, 10, None),
            // What was not attempted waits for nothing.
            (0, never, NOW + 1, 10, Some((NOW, None))),
            (0, never, NOW + 1, 0, Some((NOW, None))),
            // Attempted before: by as much as the clock, but not into the past.
            (1, early, NOW + 30, 10, Some((NOW + 20, Some(NOW - 9)))),
            (1, early, NOW + 30, 40, Some((NOW, Some(NOW - 9)))),
            // By how much is not known.
            (1, early, NOW + 30, 0, Some((NOW + 30, Some(NOW - 9)))),
            // Attempted at a time that is to come again: its pause from now, if that is less.
            (2, across, NOW + 70, 0, Some((NOW + 20, Some(NOW - 9)))),
            (2, late, NOW + 70, 0, Some((NOW + 20, Some(NOW)))),
            (2, late, NOW + 70, 60, Some((NOW + 10, Some(NOW)))),
            (2, late, NOW + 70, 90, Some((NOW, Some(NOW)))),
            // Made due again after its last attempt was to come.
            (2, late, NOW + 45, 0, Some((NOW, Some(NOW)))),
            // A row from before, which does not tell when.
            (2, never, NOW + 70, 30, Some((NOW + 40, None))),
        ] {
            let one = waiting(attempts, attempted, due_at);
            assert_eq!(postponed(&one, NOW, by), expected, "{one:?} {by}");
        }
    }

    #[test]
    fn what_waits_between_two_attempts_goes_on_and_what_was_settled_begins_anew() {
        for (status, tries, attempts, expected) in [
            (Status::Pending, 0, 0, (Status::Pending, 0)),
            (Status::Delivering, 0, 0, (Status::Pending, 0)),
            (Status::Retrying, 2, 2, (Status::Retrying, 2)),
            (Status::Retrying, 1, 9, (Status::Retrying, 1)),
            (Status::Held, 0, 0, (Status::Pending, 0)),
            (Status::Held, 3, 3, (Status::Retrying, 0)),
            (Status::Cancelled, 0, 0, (Status::Pending, 0)),
            (Status::Failed, 8, 8, (Status::Retrying, 0)),
            (Status::Succeeded, 1, 1, (Status::Retrying, 0)),
        ] {
            let (event_type, bare) = (EventType::ALL[0], None);
            let standing = Standing { webhook: 1, status, tries, attempts, event_type, created_at: 0, bare };
            assert_eq!(again(&standing), expected, "{standing:?}");
        }
    }
}

//! The numbers of events and deliveries, which their ids are made from: 41 bits of milliseconds since 2020, 12 that count within
//! one, 10 that are free. They always rise and none is given twice: a receiver that knows an id would take what is new for
//! what it has.
//!
//! An event takes a number, and its deliveries the next ones. Where the clock was set back by much, numbers go on ahead of it
//! by a constant time, which is kept beside them: so every number tells an honest time, and none comes again.

use bluehook_core::{
    request::{SEQUENCE_BEGINS, SEQUENCE_BITS, first_sequence, next_sequence},
    time::Millis,
};

use super::span::Span;

/// From one number to the next.
pub(crate) const STEP: i64 = 1 << 10;

/// Numbers from here on have a time in them; those below are from before.
pub(crate) const TIMED: i64 = 1 << 58;

/// A clock that is set back by no more than this leaves numbers, and the times that they tell, ahead of it until it is there
/// again: what happened later is never told to have been earlier.
const NEAR: Millis = 3_600_000;

/// The number of the delivery at a place among those of an event.
pub(crate) fn of_delivery(event: i64, place: usize) -> i64 {
    event + (i64::try_from(place).unwrap_or(i64::MAX / STEP) + 1) * STEP
}

/// The place of a delivery among those of its event.
pub(crate) fn place(event: i64, delivery: i64) -> Option<usize> {
    usize::try_from((delivery - event) / STEP - 1).ok().filter(|_| (delivery - event) % STEP == 0)
}

/// Gives numbers.
pub(crate) struct Numbers {
    last: i64,
    /// By how much numbers are ahead of the clock.
    ahead: Millis,
    /// The same, as the store has it.
    kept_ahead: Millis,
}

/// A number that an event was given, and the time that it tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Given {
    pub(crate) number: i64,
    pub(crate) at: Millis,
    /// By how much numbers are ahead of the clock from this one on, where that is new: it is to be kept.
    pub(crate) step: Option<Millis>,
}

impl Numbers {
    /// Going on after the last number that was given, with what is known of the clock.
    pub(crate) fn after(last: i64, steps: &Steps) -> Numbers {
        let ahead = steps.0.last().map_or(0, |(_, ahead)| *ahead);
        Numbers { last: last.max(TIMED), ahead, kept_ahead: ahead }
    }

    /// The group failed: what it kept is not in the store. Its numbers are not given again.
    pub(crate) fn forget_changes(&mut self) {
        self.ahead = self.kept_ahead;
    }

    /// The group is written.
    pub(crate) fn keep_changes(&mut self) {
        self.kept_ahead = self.ahead;
    }

    /// Gives no number up to this one.
    pub(crate) fn go_on_after(&mut self, number: i64) {
        self.last = self.last.max(number);
    }

    /// The last number that was given.
    pub(crate) fn last(&self) -> i64 {
        self.last
    }

    /// Gives a number to an event, and the next ones to its deliveries.
    pub(crate) fn give(&mut self, now: Millis, deliveries: usize) -> Given {
        let ahead = self.ahead_of(now);
        let number = next_sequence(self.last, now.saturating_add(ahead));
        let step = (ahead != self.ahead).then_some(ahead);
        self.ahead = ahead;
        let count = i64::try_from(deliveries).unwrap_or(0);
        self.last = number.saturating_add(count.saturating_mul(STEP));
        Given { number, at: time(number) - ahead, step }
    }

    fn ahead_of(&self, now: Millis) -> Millis {
        let behind = |ahead: Millis| time(self.last) - now.saturating_add(ahead);
        if self.ahead != 0 && behind(0) < 0 {
            0
        } else if behind(self.ahead) > NEAR {
            time(self.last) - now
        } else {
            self.ahead
        }
    }
}

/// The time in a number, as it was minted: ahead of the clock's where that was set back.
fn time(number: i64) -> Millis {
    (number >> SEQUENCE_BITS) + SEQUENCE_BEGINS
}

/// From which numbers on they are ahead of the clock, and by how much.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Steps(pub(crate) Vec<(i64, Millis)>);

impl Steps {
    /// The stretches of numbers, each with by how much it is ahead; the newest first.
    fn stretches(&self) -> Vec<(Span, Millis)> {
        let starts = std::iter::once((TIMED, 0)).chain(self.0.iter().copied());
        let ends = self.0.iter().map(|(number, _)| *number).chain([i64::MAX]);
        let mut all: Vec<_> =
            starts.zip(ends).map(|((from, ahead), to)| (Span { from, to }, ahead)).collect();
        all.reverse();
        all
    }

    /// When what has this number was taken in.
    pub(crate) fn time(&self, number: i64) -> Millis {
        let ahead = self.0.iter().rev().find(|(from, _)| *from <= number).map_or(0, |(_, ahead)| *ahead);
        time(number) - ahead
    }

    /// The numbers with a time in them of what was taken in from one time up to another, the newest first.
    pub(crate) fn spans(&self, since: Option<Millis>, until: Option<Millis>) -> Vec<Span> {
        let at =
            |time: Option<Millis>, ahead: Millis| time.map(|at| first_sequence(at.saturating_add(ahead)));
        let stretches = self.stretches().into_iter();
        let spans =
            stretches.map(|(span, ahead)| span.starting_at(at(since, ahead)).ending_before(at(until, ahead)));
        spans.filter(|span| span.from < span.to).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Millis = 1_000;
    const DAY: Millis = 86_400_000;
    const NOW: Millis = 1_800_000_000_000;

    /// Numbers for events with two deliveries each, taken at these times, by processes that keep nothing but steps and the last
    /// number.
    fn given(steps: &mut Steps, mut last: i64, times: &[Millis]) -> Vec<Given> {
        let give = |now: &Millis| {
            let mut numbers = Numbers::after(last, steps);
            let given = numbers.give(*now, 2);
            steps.0.extend(given.step.map(|ahead| (given.number, ahead)));
            last = numbers.last();
            given
        };
        times.iter().map(give).collect()
    }

    #[test]
    fn numbers_rise_and_tell_the_time_whatever_the_clock_does() {
        let times =
            [NOW, NOW, NOW + SECOND, NOW + 40 * DAY, NOW + 3 * SECOND, NOW + DAY, NOW + 50 * DAY, 0, 7 * DAY];
        let mut steps = Steps::default();
        let given = given(&mut steps, 0, &times);
        assert!(given.windows(2).all(|pair| pair[0].number + 2 * STEP < pair[1].number), "{given:?}");
        assert_eq!(given.iter().map(|given| given.at).collect::<Vec<_>>(), times);
        for Given { number, at, .. } in given {
            assert_eq!(steps.time(number), at);
            let found = |since, until| {
                steps.spans(since, until).iter().any(|span| (span.from..span.to).contains(&number))
            };
            assert!(found(Some(at), Some(at + 1)) && found(None, None));
            assert!(!found(Some(at + 1), None) && !found(None, Some(at)), "{number} {at}");
        }
    }

    #[test]
    fn a_clock_set_back_by_little_is_waited_for() {
        let mut steps = Steps::default();
        let given = given(&mut steps, 0, &[NOW, NOW - NEAR, NOW + 1]);
        assert_eq!(given.iter().map(|given| given.at - NOW).collect::<Vec<_>>(), [0, 0, 1]);
        assert!(steps.0.is_empty());
    }

    #[test]
    fn a_store_that_was_put_back_gives_no_number_again() {
        let before = given(&mut Steps::default(), 0, &[NOW, NOW + SECOND]);
        let again = given(&mut Steps::default(), 0, &[NOW + 2 * SECOND]);
        assert!(again[0].number > before[1].number);
    }

    #[test]
    fn a_group_that_failed_kept_no_step() {
        let mut numbers = Numbers::after(0, &Steps::default());
        numbers.give(NOW, 0);
        numbers.keep_changes();
        let step = numbers.give(0, 0).step;
        assert!(step.is_some());
        numbers.forget_changes();
        assert!(numbers.give(0, 0).step.is_some(), "it is to be kept with the next");
        numbers.keep_changes();
        assert_eq!(numbers.give(0, 0).step, None);
    }

    #[test]
    fn places_of_deliveries_are_found_again() {
        for nth in [0, 1, 1_000_000] {
            assert_eq!(place(TIMED, of_delivery(TIMED, nth)), Some(nth));
        }
        assert_eq!(place(TIMED, TIMED), None);
    }
}

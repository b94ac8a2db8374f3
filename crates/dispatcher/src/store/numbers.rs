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
use rusqlite::{Connection, OptionalExtension};

use super::{search::Span, sequence, settings};
use crate::Result;

/// From one number to the next.
pub(crate) const STEP: i64 = 1 << 10;

/// Numbers from here on have a time in them; those below are from before.
pub(crate) const TIMED: i64 = 1 << 58;

/// A clock that is set back by no more than this leaves numbers, and the times that they tell, ahead of it until it is there
/// again: what happened later is never told to have been earlier.
const NEAR: Millis = 3_600_000;

/// The setting that has the last number of a log that was cut.
const LAST: &str = "last-number";

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
    /// The same, as the file has it.
    kept_ahead: Millis,
}

impl Numbers {
    /// Going on from what is in the log, and from what was before it was cut.
    pub(crate) fn read(connection: &Connection) -> Result<Numbers> {
        let sql =
            "SELECT number + deliveries * ?1 FROM events WHERE number >= ?2 ORDER BY number DESC LIMIT 1";
        let logged = connection.query_row(sql, [STEP, TIMED], |row| row.get(0)).optional()?;
        let kept = settings::get(connection, LAST)?.and_then(|text| text.parse().ok());
        let last = [logged, kept, Some(sequence::last(connection)?), Some(TIMED)].into_iter().flatten().max();
        let ahead = Steps::read(connection)?.0.last().map_or(0, |(_, ahead)| *ahead);
        Ok(Numbers { last: last.unwrap_or(TIMED), ahead, kept_ahead: ahead })
    }

    /// The transaction failed: what it kept is not in the file. Its numbers are not given again.
    pub(crate) fn forget_changes(&mut self) {
        self.ahead = self.kept_ahead;
    }

    /// The transaction is in the file.
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

    /// Takes a number for an event, and the next ones for its deliveries; gives it with the time that it tells. When the clock
    /// was set back by much, or is right again, that is kept first.
    pub(crate) fn take(
        &mut self,
        connection: &Connection,
        now: Millis,
        deliveries: usize,
    ) -> Result<(i64, Millis)> {
        let ahead = self.ahead_of(now);
        let number = next_sequence(self.last, now.saturating_add(ahead));
        if ahead != self.ahead {
            Steps::keep(connection, number, ahead)?;
            self.ahead = ahead;
        }
        let count = i64::try_from(deliveries).unwrap_or(0);
        self.last = number.saturating_add(count.saturating_mul(STEP));
        Ok((number, time(number) - ahead))
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

    /// Keeps the last number beside the log.
    pub(crate) fn keep(&self, connection: &Connection) -> Result<()> {
        let last = self.last.to_string();
        if settings::get(connection, LAST)?.as_ref() != Some(&last) {
            settings::set(connection, LAST, &last)?;
        }
        Ok(())
    }
}

/// The time in a number, as it was minted: ahead of the clock's where that was set back.
fn time(number: i64) -> Millis {
    (number >> SEQUENCE_BITS) + SEQUENCE_BEGINS
}

/// From which numbers on they are ahead of the clock, and by how much.
pub(crate) struct Steps(Vec<(i64, Millis)>);

impl Steps {
    pub(crate) fn read(connection: &Connection) -> Result<Steps> {
        let mut statement =
            connection.prepare_cached("SELECT number, ahead FROM clock_steps ORDER BY number")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(Steps(rows.collect::<rusqlite::Result<_>>()?))
    }

    fn keep(connection: &Connection, number: i64, ahead: Millis) -> Result<()> {
        let sql = "INSERT INTO clock_steps (number, ahead) VALUES (?1, ?2)";
        connection.prepare_cached(sql)?.execute([number, ahead])?;
        Ok(())
    }

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
    use crate::store::schema;

    const SECOND: Millis = 1_000;
    const DAY: Millis = 86_400_000;
    const NOW: Millis = 1_800_000_000_000;

    fn database() -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        schema::bring_up_to_date(&connection).unwrap();
        connection
    }

    /// Numbers for events with two deliveries each, taken at these times, by processes that keep nothing but steps and the last
    /// number.
    fn taken(connection: &Connection, times: &[Millis]) -> Vec<(i64, Millis)> {
        let take = |now: &Millis| {
            let mut numbers = Numbers::read(connection).unwrap();
            let taken = numbers.take(connection, *now, 2).unwrap();
            numbers.keep(connection).unwrap();
            taken
        };
        times.iter().map(take).collect()
    }

    #[test]
    fn numbers_rise_and_tell_the_time_whatever_the_clock_does() {
        let times =
            [NOW, NOW, NOW + SECOND, NOW + 40 * DAY, NOW + 3 * SECOND, NOW + DAY, NOW + 50 * DAY, 0, 7 * DAY];
        let connection = database();
        let taken = taken(&connection, &times);
        assert!(taken.windows(2).all(|pair| pair[0].0 + 2 * STEP < pair[1].0), "{taken:?}");
        assert_eq!(taken.iter().map(|(_, at)| *at).collect::<Vec<_>>(), times);
        let steps = Steps::read(&connection).unwrap();
        for (number, at) in &taken {
            assert_eq!(steps.time(*number), *at);
            let found = |since, until| {
                steps.spans(since, until).iter().any(|span| (span.from..span.to).contains(number))
            };
            assert!(found(Some(*at), Some(at + 1)) && found(None, None));
            assert!(!found(Some(at + 1), None) && !found(None, Some(*at)), "{number} {at}");
        }
    }

    #[test]
    fn a_clock_set_back_by_little_is_waited_for() {
        let connection = database();
        let taken = taken(&connection, &[NOW, NOW - NEAR, NOW + 1]);
        assert_eq!(taken.iter().map(|(_, at)| at - NOW).collect::<Vec<_>>(), [0, 0, 1]);
        assert!(Steps::read(&connection).unwrap().0.is_empty());
    }

    #[test]
    fn a_file_that_was_put_back_gives_no_number_again() {
        let given = taken(&database(), &[NOW, NOW + SECOND]);
        let again = taken(&database(), &[NOW + 2 * SECOND]);
        assert!(again[0].0 > given[1].0);
    }

    #[test]
    fn places_of_deliveries_are_found_again() {
        for nth in [0, 1, 1_000_000] {
            assert_eq!(place(TIMED, of_delivery(TIMED, nth)), Some(nth));
        }
        assert_eq!(place(TIMED, TIMED), None);
    }
}

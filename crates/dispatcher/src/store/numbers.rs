//! The numbers of events and deliveries, which their ids are made from: none is given twice. A receiver that knows an id would
//! take what is new for what it has.

use bluehook_core::{request, time::Millis};
use rusqlite::Connection;

use super::{deliveries, events, settings};
use crate::{Result, id::OldIds};

/// The setting that has the next numbers of a log that was cut.
const NAME: &str = "next-numbers";

/// How many numbers a millisecond has, as a power of two: so many can be given in each since 2020, on the whole.
const OF_A_MILLISECOND: u32 = 10;

/// The next numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Numbers {
    pub(crate) event: i64,
    pub(crate) delivery: i64,
}

impl Numbers {
    fn at(number: i64) -> Numbers {
        Numbers { event: number, delivery: number }
    }

    fn max(self, other: Numbers) -> Numbers {
        Numbers { event: self.event.max(other.event), delivery: self.delivery.max(other.delivery) }
    }
}

/// The next numbers of a process that begins. They go on from what is in the log, which ends with `last`, and from what was before it was cut. A file
/// that was put back knows nothing of what was given since: so they begin at a time, which was not there yet.
pub(super) fn next(connection: &Connection, last: &events::Last, now: Millis) -> Result<Numbers> {
    let logged = Numbers {
        event: last.number + 1,
        delivery: last.delivery_end.max(deliveries::last(connection)? + 1),
    };
    let old = OldIds::read(connection)?;
    let old = Numbers { event: old.events, delivery: old.deliveries };
    let begun = Numbers::at(request::first_sequence(now) >> (request::SEQUENCE_BITS - OF_A_MILLISECOND));
    Ok(logged.max(old).max(begun).max(kept(connection)?))
}

/// Keeps the next numbers beside the log.
pub(crate) fn keep(connection: &Connection, next: Numbers) -> Result<()> {
    if kept(connection)? != next {
        settings::set(connection, NAME, &format!("{} {}", next.event, next.delivery))?;
    }
    Ok(())
}

fn kept(connection: &Connection) -> Result<Numbers> {
    let text = settings::get(connection, NAME)?.unwrap_or_default();
    let kept = text.split_once(' ').and_then(|(event, delivery)| {
        Some(Numbers { event: event.parse().ok()?, delivery: delivery.parse().ok()? })
    });
    Ok(kept.unwrap_or(Numbers::at(1)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::schema;

    fn next(connection: &Connection, now: Millis) -> Result<Numbers> {
        super::next(connection, &events::last(connection)?, now)
    }

    const DAY: Millis = 86_400_000;
    const NOW: Millis = 1_800_000_000_000;

    fn database() -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        schema::bring_up_to_date(&connection).unwrap();
        connection
    }

    #[test]
    fn a_file_that_was_put_back_gives_no_number_again() {
        let connection = database();
        let first = next(&connection, NOW).unwrap();
        // Nothing of what was given is in it: a thousand events a millisecond, for a day.
        let later = next(&connection, NOW + DAY).unwrap();
        assert!(later.event >= first.event + 1_000 * DAY && later.delivery == later.event, "{later:?}");
    }

    #[test]
    fn a_log_that_was_cut_goes_on_whatever_the_clock_says() {
        let connection = database();
        let given = Numbers { event: next(&connection, NOW).unwrap().event + 5, delivery: i64::MAX / 2_048 };
        keep(&connection, given).unwrap();
        assert_eq!(next(&connection, NOW - 40 * DAY).unwrap(), given);
        assert_eq!(next(&database(), 0).unwrap(), Numbers::at(1), "a clock from before all time");
    }
}

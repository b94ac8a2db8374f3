//! Where old events lie. Times rise with numbers but for where the clock was set back: between two such places is a stretch,
//! and each is gone through from its first event up to the first that is not old. So events that a clock which was ahead dated
//! ahead keep none that came after them. What survives is left behind, and asked again once an hour.

use std::ops::Range;

use rusqlite::{Connection, OptionalExtension};

use super::{
    PIECE, Piece,
    old::{self, Became},
};
use crate::{
    Result,
    model::sums::Slot,
    store::sqlite::{numbers, settings},
};

/// The setting that has the last event of each stretch that was looked at.
const PRUNED_TO: &str = "pruned-to";

/// The setting that has the hour in which survivors were asked last, and the last that was.
const ASKED: &str = "survivors-asked";

/// The most stretches that are looked at; the others have their turn when these are gone.
const STRETCHES: usize = 1_024;

/// Goes on with both. True when there may be more.
pub(super) fn take(piece: &mut Piece<'_>) -> Result<bool> {
    let before = Places::read(piece.connection)?;
    let mut places = before.clone();
    let mut is_full = false;
    for stretch in stretches(piece.connection)? {
        is_full = places.go_on(piece, &stretch)?;
        if is_full {
            break;
        }
    }
    if places != before {
        places.keep(piece.connection)?;
    }
    Ok(is_full || ask_survivors(piece)?)
}

/// The stretches of numbers in which times rise, the first ones.
fn stretches(connection: &Connection) -> Result<Vec<Range<i64>>> {
    let mut statement =
        connection.prepare_cached("SELECT number FROM clock_steps ORDER BY number LIMIT ?1")?;
    let limit = i64::try_from(STRETCHES).unwrap_or(i64::MAX);
    let mut starts = vec![0, numbers::TIMED];
    for number in statement.query_map([limit], |row| row.get(0))? {
        starts.push(number?);
    }
    let ends = starts.iter().skip(1).copied().chain([i64::MAX]).collect::<Vec<_>>();
    Ok(starts.into_iter().zip(ends).map(|(start, end)| start..end).collect())
}

/// The last event of each stretch that was looked at.
#[derive(Clone, Default, PartialEq, Eq)]
struct Places(Vec<i64>);

impl Places {
    fn read(connection: &Connection) -> Result<Places> {
        let text = settings::get(connection, PRUNED_TO)?.unwrap_or_default();
        Ok(Places(text.split(' ').filter_map(|place| place.parse().ok()).collect()))
    }

    fn keep(&self, connection: &Connection) -> Result<()> {
        let places: Vec<String> = self.0.iter().map(i64::to_string).collect();
        settings::set(connection, PRUNED_TO, &places.join(" "))
    }

    /// What of a stretch is not looked at yet.
    fn rest(&self, stretch: &Range<i64>) -> Range<i64> {
        let seen = self.0.iter().filter(|place| stretch.contains(place)).max();
        seen.map_or(stretch.start, |place| place + 1)..stretch.end
    }

    /// Notes that a stretch was looked at up to an event.
    fn note(&mut self, stretch: &Range<i64>, place: i64) {
        self.0.retain(|known| !stretch.contains(known));
        self.0.push(place);
    }

    /// Goes on with a stretch. Whether the piece is full.
    fn go_on(&mut self, piece: &mut Piece<'_>, stretch: &Range<i64>) -> Result<bool> {
        let rest = self.rest(stretch);
        // Mostly there is none: one is enough to know.
        let is_old = |first: &old::Old| piece.bounds.is_old(first.age_from);
        if !old::first(piece.connection, rest.clone(), 1)?.first().is_some_and(is_old) {
            return Ok(false);
        }
        for event in old::first(piece.connection, rest, PIECE)? {
            if !piece.bounds.is_old(event.age_from) {
                return Ok(false);
            }
            match event.take(piece)? {
                Became::Gone => {}
                Became::Survives => survives(piece.connection, event.number)?,
                Became::Waits => return Ok(true),
            }
            self.note(stretch, event.number);
        }
        Ok(!piece.has_room())
    }
}

fn survives(connection: &Connection, event: i64) -> Result<()> {
    let sql = "INSERT OR IGNORE INTO survivors (event) VALUES (?1)";
    connection.prepare_cached(sql)?.execute([event])?;
    Ok(())
}

/// Asks the next of what survived whether something is still to happen for it. Whether the piece is full.
fn ask_survivors(piece: &mut Piece<'_>) -> Result<bool> {
    let (connection, hour) = (piece.connection, piece.bounds.hour);
    let before = asked(connection)?.filter(|(asked_in, _)| *asked_in == hour).map_or(0, |(_, event)| event);
    let mut asked = before;
    for number in survivors(connection, before)? {
        let became = match old::get(connection, number)? {
            Some(event) => event.take(piece)?,
            None => Became::Gone,
        };
        if matches!(became, Became::Waits) {
            break;
        }
        asked = number;
    }
    if asked != before {
        settings::set(connection, ASKED, &format!("{hour} {asked}"))?;
    }
    Ok(!piece.has_room())
}

/// The hour in which survivors were asked last, and the last that was.
fn asked(connection: &Connection) -> Result<Option<(Slot, i64)>> {
    let text = settings::get(connection, ASKED)?.unwrap_or_default();
    Ok(text.split_once(' ').and_then(|(hour, event)| Some((hour.parse().ok()?, event.parse().ok()?))))
}

fn survivors(connection: &Connection, after: i64) -> Result<Vec<i64>> {
    let mut statement =
        connection.prepare_cached("SELECT event FROM survivors WHERE event > ?1 ORDER BY event LIMIT ?2")?;
    let rows = statement.query_map([after, PIECE], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The first delivery that is told of in lists: those before it are of events that are gone, or that survived.
pub(super) fn first_listed(connection: &Connection) -> Result<i64> {
    let places = Places::read(connection)?;
    let sql = "SELECT number, first_delivery FROM events WHERE number >= ?1 AND number < ?2 ORDER BY number LIMIT 1";
    let mut statement = connection.prepare_cached(sql)?;
    for stretch in stretches(connection)? {
        let rest = places.rest(&stretch);
        let first =
            statement.query_row([rest.start, rest.end], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        if let Some((event, first_delivery)) = first {
            let has_time = event >= numbers::TIMED;
            return Ok(if has_time { event } else { first_delivery });
        }
    }
    Ok(i64::MAX)
}

//! Rows of events.

use bluehook_core::{
    event::{Event, EventType},
    json::RawJson,
    request::Stamp,
    time::Millis,
};
use rusqlite::{Connection, OptionalExtension, Row, params};
use sha2::{Digest, Sha256};

use super::{
    numbers::{self, TIMED},
    sequence, values,
};
use crate::{
    Result,
    id::{Ids, Kind},
    model::log::{EventDetail, StoredEvent},
    store::{change::Place, made::pack},
};

/// Puts an event in, with its caller's id.
pub(crate) fn insert(connection: &Connection, event: &Event, place: &Place<'_>) -> Result<()> {
    let sql = "INSERT INTO events (number, caller_id, type, company_id, project_id, user_id, occurred_at, received_at,
                 first_delivery, deliveries, targets, previous_value, current_value, packed_values, age_from)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, '', '', ?12, ?13)";
    connection.prepare_cached(sql)?.execute(params![
        place.number,
        event.id,
        event.event_type.name(),
        event.company_id,
        event.project_id,
        event.user_id,
        event.occurred_at,
        place.received_at,
        numbers::of_delivery(place.number, 0),
        i64::try_from(place.targets.len()).unwrap_or(i64::MAX),
        pack(place.targets.iter().copied()),
        place.values,
        place.age_from,
    ])?;
    if let Some(id) = &event.id {
        let sql = "INSERT OR REPLACE INTO event_ids (hash, event) VALUES (?1, ?2)";
        connection.prepare_cached(sql)?.execute(params![id_hash(id, &event.company_id), place.number])?;
    }
    Ok(())
}

/// The number of the event that a company's backend gave this id to.
pub(crate) fn with_id(connection: &Connection, id: &str, company_id: &str) -> Result<Option<i64>> {
    let mut statement = connection.prepare_cached("SELECT event FROM event_ids WHERE hash = ?1")?;
    Ok(statement.query_row([id_hash(id, company_id)], |row| row.get(0)).optional()?)
}

/// The number of an event that any company's backend gave this id to.
pub(crate) fn with_id_anywhere(connection: &Connection, id: &str) -> Result<Option<i64>> {
    let from = digest::<12>(id);
    let mut to = from.clone();
    to.extend([0xff; 9]);
    let mut statement =
        connection.prepare_cached("SELECT event FROM event_ids WHERE hash BETWEEN ?1 AND ?2 LIMIT 1")?;
    Ok(statement.query_row(params![from, to], |row| row.get(0)).optional()?)
}

/// A caller's id within a company, short enough for millions: 96 bits of the id, 64 of the company.
pub(super) fn id_hash(id: &str, company_id: &str) -> Vec<u8> {
    [digest::<12>(id), digest::<8>(company_id)].concat()
}

fn digest<const N: usize>(text: &str) -> Vec<u8> {
    Sha256::digest(text.as_bytes()).iter().copied().take(N).collect()
}

/// What [`read`] reads, and the values.
pub(crate) const COLUMNS: &str = "number, caller_id, type, company_id, project_id, user_id, occurred_at, received_at, deliveries, \
                       previous_value, current_value, packed_values";

/// An event with its values, without its deliveries.
pub(crate) fn get(connection: &Connection, ids: &Ids, number: i64) -> Result<Option<EventDetail>> {
    let sql = format!("SELECT {COLUMNS} FROM events WHERE number = ?1");
    let whole = |row: &Row<'_>| {
        let (previous, current) = values_of(row)?;
        let (previous_value, current_value) = (previous.as_str().to_owned(), current.as_str().to_owned());
        Ok(EventDetail { event: read(row, ids)?, deliveries: Vec::new(), previous_value, current_value })
    };
    Ok(connection.prepare_cached(&sql)?.query_row([number], whole).optional()?)
}

/// The same without its values, which may be large.
pub(crate) fn get_listed(connection: &Connection, ids: &Ids, number: i64) -> Result<Option<StoredEvent>> {
    let sql = "SELECT number, caller_id, type, company_id, project_id, user_id, occurred_at, received_at, deliveries
               FROM events WHERE number = ?1";
    Ok(connection.prepare_cached(sql)?.query_row([number], |row| read(row, ids)).optional()?)
}

/// The number of the first delivery of the first event from before, from a number on; beyond all from before when there is
/// none.
pub(crate) fn first_delivery_from(connection: &Connection, event: i64) -> Result<i64> {
    let sql = "SELECT first_delivery FROM events WHERE number >= ?1 AND number < ?2 ORDER BY number LIMIT 1";
    let found = connection.prepare_cached(sql)?.query_row([event, TIMED], |row| row.get(0)).optional()?;
    Ok(found.unwrap_or(TIMED))
}

/// Which deliveries an event from before made: the first one's number, and how many.
pub(crate) fn deliveries_of(connection: &Connection, number: i64) -> Result<(i64, i64)> {
    let mut statement =
        connection.prepare_cached("SELECT first_delivery, deliveries FROM events WHERE number = ?1")?;
    Ok(statement.query_row([number], |row| Ok((row.get(0)?, row.get(1)?))).optional()?.unwrap_or((0, 0)))
}

/// The event as it was taken in, and how many deliveries it made.
pub(super) fn get_source(connection: &Connection, number: i64) -> Result<Option<(Event, u32)>> {
    let sql = format!("SELECT {COLUMNS} FROM events WHERE number = ?1");
    let mut statement = connection.prepare_cached(&sql)?;
    let found = statement.query_row([number], |row| Ok((read_source(row)?, row.get(8)?)));
    Ok(found.optional()?)
}

/// The event as it was taken in, to be rendered again, with its stamp.
pub(crate) fn get_stamped(connection: &Connection, number: i64) -> Result<Option<(Event, Stamp)>> {
    let sql = format!("SELECT {COLUMNS}, sequence FROM events WHERE number = ?1");
    let mut statement = connection.prepare_cached(&sql)?;
    let found = statement.query_row([number], |row| {
        let (event, received_at) = (read_source(row)?, row.get(7)?);
        let happened_at = event.occurred_at.unwrap_or(received_at);
        Ok((event, Stamp { happened_at, sequence: sequence::of(row.get(12)?, received_at, number) }))
    });
    Ok(found.optional()?)
}

fn read_source(row: &Row<'_>) -> rusqlite::Result<Event> {
    let (previous_value, current_value) = values_of(row)?;
    Ok(Event {
        id: row.get(1)?,
        event_type: event_type(row, 2)?,
        company_id: row.get(3)?,
        project_id: row.get(4)?,
        user_id: row.get(5)?,
        occurred_at: row.get(6)?,
        previous_value,
        current_value,
    })
}

/// The values of an event, by its columns 9 to 11.
fn values_of(row: &Row<'_>) -> rusqlite::Result<(RawJson, RawJson)> {
    let Some(packed) = row.get_ref(11)?.as_blob_or_null()? else {
        return Ok((RawJson::from_stored(row.get(9)?), RawJson::from_stored(row.get(10)?)));
    };
    values::unpack(packed).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(11, rusqlite::types::Type::Blob, Box::new(error))
    })
}

/// An event of the log's end, with what a list shows of it.
pub(crate) struct Newest {
    pub(crate) id: String,
    pub(crate) received_at: Millis,
    pub(crate) event: Event,
}

/// Shows the newest events of a company among the newest `depth` of all, until there were `limit` or `show` wants no more.
/// Those for which `is_there` says no to their project and number do not exist. One is in memory at a time.
pub(crate) fn newest(
    connection: &Connection,
    ids: &Ids,
    company_id: &str,
    (limit, depth): (usize, i64),
    is_there: &dyn Fn(&str, i64) -> bool,
    mut show: impl FnMut(Newest) -> Result<bool>,
) -> Result<()> {
    // The company first: of those of others nothing more is read.
    let sql = format!("SELECT {COLUMNS} FROM events ORDER BY number DESC LIMIT ?1");
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query([depth])?;
    let mut left = limit;
    while let Some(row) = rows.next()? {
        let text = |column| row.get_ref(column)?.as_str().map_err(rusqlite::Error::from);
        if text(3)? != company_id || !is_there(text(4)?, row.get(0)?) {
            continue;
        }
        if left == 0 {
            return Ok(());
        }
        left -= 1;
        let event = read_source(row)?;
        let number = row.get(0)?;
        let id = event.id.clone().unwrap_or_else(|| ids.of(Kind::Event, number));
        if !show(Newest { id, received_at: row.get(7)?, event })? {
            return Ok(());
        }
    }
    Ok(())
}

pub(crate) fn read(row: &Row<'_>, ids: &Ids) -> rusqlite::Result<StoredEvent> {
    let caller_id: Option<String> = row.get(1)?;
    let number = row.get(0)?;
    Ok(StoredEvent {
        id: caller_id.unwrap_or_else(|| ids.of(Kind::Event, number)),
        event_type: event_type(row, 2)?,
        company_id: row.get(3)?,
        project_id: row.get(4)?,
        user_id: row.get(5)?,
        occurred_at: row.get(6)?,
        received_at: row.get(7)?,
        deliveries: row.get(8)?,
    })
}

/// Reads an event's name from a column.
pub(crate) fn event_type(row: &Row<'_>, column: usize) -> rusqlite::Result<EventType> {
    EventType::from_name(row.get_ref(column)?.as_str()?).ok_or_else(|| {
        rusqlite::Error::InvalidColumnType(column, "event".to_owned(), rusqlite::types::Type::Text)
    })
}

//! An event that is old, its deliveries, and what goes with it.

use std::ops::Range;

use bluehook_core::{delivery::Status, time::Millis};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::Piece;
use crate::{
    Result,
    model::WebhookKey,
    store::sqlite::{attempts, events, made, numbers},
};

/// What retention has to know of an event.
pub(super) struct Old {
    pub(super) number: i64,
    /// From when its age counts.
    pub(super) age_from: Millis,
    first_delivery: i64,
    deliveries: i64,
    /// Of the id that its caller gave it.
    hash: Option<Vec<u8>>,
}

const COLUMNS: &str = "SELECT number, coalesce(age_from, received_at), first_delivery, deliveries, caller_id, company_id FROM events";

fn read(row: &Row<'_>) -> rusqlite::Result<Old> {
    let (caller_id, company_id): (Option<String>, String) = (row.get(4)?, row.get(5)?);
    Ok(Old {
        number: row.get(0)?,
        age_from: row.get(1)?,
        first_delivery: row.get(2)?,
        deliveries: row.get(3)?,
        hash: caller_id.map(|id| events::id_hash(&id, &company_id)),
    })
}

/// The first events with these numbers.
pub(super) fn first(connection: &Connection, numbers: Range<i64>, limit: i64) -> Result<Vec<Old>> {
    let sql = format!("{COLUMNS} WHERE number >= ?1 AND number < ?2 ORDER BY number LIMIT ?3");
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map([numbers.start, numbers.end, limit], read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(super) fn get(connection: &Connection, number: i64) -> Result<Option<Old>> {
    let sql = format!("{COLUMNS} WHERE number = ?1");
    Ok(connection.prepare_cached(&sql)?.query_row([number], read).optional()?)
}

/// A delivery of an old event, with a row or without.
struct Delivery {
    number: i64,
    webhook: WebhookKey,
    status: Status,
    /// Whether it is still to be attempted.
    is_live: bool,
}

/// What became of an old event.
pub(super) enum Became {
    Gone,
    /// Something is still to happen for it.
    Survives,
    /// There was no room for all that goes with it.
    Waits,
}

impl Old {
    /// Takes the event away when nothing is to happen for it any more, or it is too old even for that; unless it is being sent.
    pub(super) fn take(&self, piece: &mut Piece<'_>) -> Result<Became> {
        if !piece.has_room() {
            return Ok(Became::Waits);
        }
        piece.events -= 1;
        piece.deliveries -= self.deliveries;
        let deliveries = self.read_deliveries(piece)?;
        let is_too_old = self.age_from < piece.bounds.last;
        let keeps = |delivery: &Delivery| {
            (piece.is_in_memory)(delivery.webhook, delivery.number) || delivery.is_live && !is_too_old
        };
        if deliveries.iter().any(keeps) {
            return Ok(Became::Survives);
        }
        if self.deliveries > 0 && !self.delete_deliveries(piece)? {
            return Ok(Became::Waits);
        }
        for delivery in deliveries {
            piece.is_gone(delivery.webhook, delivery.status);
        }
        self.delete(piece.connection)?;
        Ok(Became::Gone)
    }

    /// Its last delivery, if it made any.
    fn last_delivery(&self) -> i64 {
        let step = if self.number < numbers::TIMED { 1 } else { numbers::STEP };
        self.first_delivery + (self.deliveries - 1) * step
    }

    /// The numbers of its deliveries.
    fn numbers(&self) -> [i64; 2] {
        [self.first_delivery, self.last_delivery() + 1]
    }

    /// The numbers of their attempts.
    fn attempts(&self) -> [i64; 2] {
        [attempts::span(self.first_delivery).0, attempts::span(self.last_delivery()).1]
    }

    fn read_deliveries(&self, piece: &Piece<'_>) -> Result<Vec<Delivery>> {
        let sql = "SELECT number, webhook, status, due_at IS NOT NULL FROM deliveries
                   WHERE number >= ?1 AND number < ?2 ORDER BY number";
        let mut statement = piece.connection.prepare_cached(sql)?;
        let mut rows = statement.query(self.numbers())?;
        let (mut with_rows, mut deliveries) = (Vec::new(), Vec::new());
        while let Some(row) = rows.next()? {
            let status = Status::from_name(row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?);
            let status = status.unwrap_or(Status::Cancelled);
            let number = row.get(0)?;
            with_rows.push(number);
            deliveries.push(Delivery { number, webhook: row.get(1)?, status, is_live: row.get(3)? });
        }
        if i64::try_from(deliveries.len()).is_ok_and(|count| count == self.deliveries) {
            return Ok(deliveries);
        }
        for made in made::by_event(piece.connection, self.number)? {
            if with_rows.binary_search(&made.number).is_err() {
                let (number, webhook, status) = (made.number, made.webhook, made.how.status());
                let is_live = made.how.is_live() && (piece.may_be_bare)(webhook, self.number);
                deliveries.push(Delivery { number, webhook, status, is_live });
            }
        }
        Ok(deliveries)
    }

    /// Takes its deliveries away, and their attempts first. False when there are too many of those for one piece.
    fn delete_deliveries(&self, piece: &mut Piece<'_>) -> Result<bool> {
        let [from, to] = self.attempts();
        let sql = "DELETE FROM attempts WHERE number IN
                     (SELECT number FROM attempts WHERE number >= ?1 AND number < ?2 ORDER BY number LIMIT ?3)";
        let mut statement = piece.connection.prepare_cached(sql)?;
        let gone = statement.execute([from, to, piece.attempts])?;
        piece.attempts -= i64::try_from(gone).unwrap_or(piece.attempts);
        if piece.attempts <= 0 {
            return Ok(false);
        }
        for sql in [
            "DELETE FROM held_by_filter WHERE delivery >= ?1 AND delivery < ?2",
            "DELETE FROM cancelled WHERE delivery >= ?1 AND delivery < ?2",
            "DELETE FROM deliveries WHERE number >= ?1 AND number < ?2",
        ] {
            piece.connection.prepare_cached(sql)?.execute(self.numbers())?;
        }
        Ok(true)
    }

    /// Takes the event away, and its id with it.
    fn delete(&self, connection: &Connection) -> Result<()> {
        for sql in ["DELETE FROM events WHERE number = ?1", "DELETE FROM survivors WHERE event = ?1"] {
            connection.prepare_cached(sql)?.execute([self.number])?;
        }
        if let Some(hash) = &self.hash {
            // The id may have been given again since, by a later company of this id.
            let sql = "DELETE FROM event_ids WHERE hash = ?1 AND event = ?2";
            connection.prepare_cached(sql)?.execute(params![hash, self.number])?;
        }
        Ok(())
    }
}

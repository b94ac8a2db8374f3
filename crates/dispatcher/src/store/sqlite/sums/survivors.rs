//! What is counted of events that are older than the retention time and that something is still to happen for: the sums of their
//! hours are gone, so they are looked at one by one. There are few.

use std::collections::HashSet;

use bluehook_core::{delivery::Status, time::Millis};
use rusqlite::{Connection, OptionalExtension};

use super::attempts;
use crate::{
    Result,
    model::{
        WebhookKey,
        sums::{Counts, Move, Slot, hour_of, slot_of},
    },
    store::{
        rows::Standing,
        sqlite::{made, told},
    },
};

/// The most events that are looked at.
const MAX_LOOKED_AT: i64 = 1_024;

/// Shows what they add, by the first slot of their hour.
pub(super) fn read(
    connection: &Connection,
    wanted: &HashSet<WebhookKey>,
    is_asked_for: impl Fn(Slot) -> bool,
    show: &mut dyn FnMut(WebhookKey, Slot, &Counts),
) -> Result<()> {
    let mut statement =
        connection.prepare_cached("SELECT event FROM survivors ORDER BY event DESC LIMIT ?1")?;
    let events = statement.query_map([MAX_LOOKED_AT], |row| row.get(0))?;
    for event in events.collect::<rusqlite::Result<Vec<i64>>>()? {
        for delivery in deliveries(connection, event)? {
            if wanted.contains(&delivery.webhook) && is_asked_for(slot_of(delivery.created_at)) {
                let mut counts = Counts::default();
                counts.take(&Move::made(delivery.webhook, delivery.created_at, delivery.status));
                attempts(connection, delivery.number, |attempt| counts.attempted(attempt))?;
                show(delivery.webhook, hour_of(slot_of(delivery.created_at)), &counts);
            }
        }
    }
    Ok(())
}

struct Delivery {
    number: i64,
    webhook: WebhookKey,
    status: Status,
    created_at: Millis,
}

/// The deliveries of an event, those without rows included.
fn deliveries(connection: &Connection, event: i64) -> Result<Vec<Delivery>> {
    let sql = "SELECT received_at, first_delivery, deliveries FROM events WHERE number = ?1";
    let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?));
    let found = connection.prepare_cached(sql)?.query_row([event], read).optional()?;
    let Some((created_at, first, count)) = found else { return Ok(Vec::new()) };
    let made = made::by_event(connection, event)?;
    let numbers: Vec<i64> = if made.is_empty() {
        (first..first + count).collect()
    } else {
        made.iter().map(|made| made.number).collect()
    };
    let mut deliveries = Vec::with_capacity(numbers.len());
    for number in numbers {
        if let Some(stands) = told::stands(connection, number)? {
            let Standing { webhook, status, .. } = stands;
            deliveries.push(Delivery { number, webhook, status, created_at });
        }
    }
    Ok(deliveries)
}

//! Rows of sums. What a commit adds to them rides with its row of changes; upkeep folds these into rows by webhook and slot,
//! and the slots of hours that lie behind into one. A reader adds both up. What else is made of the log of commits is folded
//! with them: lists, and how many deliveries stand where.

use std::{
    collections::{HashMap, HashSet},
    ops::Range,
};

use bluehook_core::{delivery::Status, time::Millis};
use rusqlite::{Connection, OptionalExtension, params};

use super::attempts;
use crate::{
    Result,
    model::{
        WebhookKey,
        sums::{Attempted, Counts, Latencies, Move, NO_SLOT, SLOT, SLOTS_PER_HOUR, Slot, hour_of, slot_of},
    },
    store::folding::Sums,
};

// What of the log of commits is folded into rows.
mod fold;
// Moves and counts in a few bytes.
mod packed;

// Of hours that are gone, what is left.
mod survivors;

#[cfg(test)]
pub(super) use fold::fold_everything;
pub(super) use fold::fold_without_lists;
pub(crate) use fold::{fold, fold_lists, unfolded};
pub(crate) use packed::pack;

/// An hour's slots become one row when it ended so long ago.
const FINE_FOR: Millis = 7_200_000;

/// The most rows that one piece of upkeep puts into hours.
const ROWS: usize = 2_000;

/// How many deliveries of a log from before one piece of upkeep counts.
const DELIVERIES: i64 = 2_000;

/// The deliveries of a log from before that are not counted yet.
pub(crate) fn uncounted(connection: &Connection) -> Result<Range<i64>> {
    let sql = "SELECT count_from, count_to FROM sums_made";
    Ok(connection.prepare_cached(sql)?.query_row([], |row| Ok(row.get(0)?..row.get(1)?))?)
}

/// How far the sums are made.
struct Made {
    folded: i64,
    first_slot: Slot,
}

fn made(connection: &Connection) -> Result<Made> {
    let sql = "SELECT folded, first_slot FROM sums_made";
    let read = |row: &rusqlite::Row<'_>| Ok(Made { folded: row.get(0)?, first_slot: row.get(1)? });
    Ok(connection.prepare_cached(sql)?.query_row([], read)?)
}

/// Shows the moves of commits that are not folded yet.
pub(super) fn moves(connection: &Connection, mut show: impl FnMut(&Move)) -> Result<()> {
    let sql = "SELECT moves FROM changes WHERE commit_number > ?1 AND moves IS NOT NULL";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([made(connection)?.folded])?;
    while let Some(row) = rows.next()? {
        let moves = row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?;
        packed::unpack(moves).for_each(|moved| show(&moved));
    }
    Ok(())
}

/// When the last attempt of each webhook ended, and the last that succeeded, of the commits that are not folded yet.
pub(crate) fn attempted_lately(
    connection: &Connection,
) -> Result<HashMap<WebhookKey, (Millis, Option<Millis>)>> {
    let sql = "SELECT committed_at, moves FROM changes WHERE commit_number > ?1 AND moves IS NOT NULL";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([made(connection)?.folded])?;
    let mut lately = HashMap::new();
    while let Some(row) = rows.next()? {
        let at = row.get(0)?;
        let moves = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
        for moved in packed::unpack(moves) {
            let Some(attempt) = moved.attempt else { continue };
            let (last, succeeded) = lately.entry(moved.webhook).or_insert((at, None));
            *last = at;
            if attempt.class.is_none() {
                *succeeded = Some(at);
            }
        }
    }
    Ok(lately)
}

/// The row that a slot is counted in.
const fn settled(slot: Slot, now: Millis) -> Slot {
    let hour = hour_of(slot);
    if (hour + SLOTS_PER_HOUR) * SLOT + FINE_FOR <= now { hour } else { slot }
}

fn put(connection: &Connection, gathered: &Sums) -> Result<()> {
    let mut known = connection.prepare_cached("SELECT counts FROM sums WHERE webhook = ?1 AND slot = ?2")?;
    let sql = "INSERT INTO sums (webhook, slot, counts) VALUES (?1, ?2, ?3)
               ON CONFLICT (webhook, slot) DO UPDATE SET counts = excluded.counts";
    let mut write = connection.prepare_cached(sql)?;
    for ((webhook, slot), more) in gathered {
        let before: Option<Vec<u8>> = known.query_row([webhook, slot], |row| row.get(0)).optional()?;
        let mut counts = before.map(|bytes| packed::counts(&bytes)).unwrap_or_default();
        counts.merge(more);
        write.execute(params![webhook, slot, packed::pack_counts(&counts)])?;
    }
    Ok(())
}

/// Puts one piece of the slots of hours that lie behind into their hours. True when there may be more.
pub(crate) fn into_hours(connection: &Connection, now: Millis) -> Result<bool> {
    let end = hour_of(slot_of(now - FINE_FOR));
    let sql = "SELECT webhook, slot, counts FROM sums INDEXED BY sums_not_in_hours
               WHERE slot % 12 != 0 AND slot < ?1 LIMIT ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let limit = i64::try_from(ROWS).unwrap_or(i64::MAX);
    let rows = statement.query_map([end, limit], |row| {
        Ok((row.get::<_, WebhookKey>(0)?, row.get::<_, Slot>(1)?, row.get::<_, Vec<u8>>(2)?))
    })?;
    let rows = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    let mut gathered = Sums::new();
    let mut delete = connection.prepare_cached("DELETE FROM sums WHERE webhook = ?1 AND slot = ?2")?;
    for (webhook, slot, counts) in &rows {
        gathered.entry((*webhook, hour_of(*slot))).or_default().merge(&packed::counts(counts));
        delete.execute([webhook, slot])?;
    }
    put(connection, &gathered)?;
    Ok(rows.len() == ROWS)
}

/// Counts one piece of a log from before. Gives what is not counted yet.
pub(crate) fn count(connection: &Connection, now: Millis) -> Result<Range<i64>> {
    let span = uncounted(connection)?;
    let sql = "SELECT number, webhook, created_at, status FROM deliveries WHERE number >= ?1 AND number < ?2
               ORDER BY number LIMIT ?3";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([span.start, span.end, DELIVERIES])?;
    let (mut gathered, mut next, mut seen) = (Sums::new(), span.end, 0);
    while let Some(row) = rows.next()? {
        let (number, webhook, created_at): (i64, WebhookKey, Millis) =
            (row.get(0)?, row.get(1)?, row.get(2)?);
        let status = Status::from_name(row.get_ref(3)?.as_str().map_err(rusqlite::Error::from)?);
        seen += 1;
        if seen == DELIVERIES {
            next = number + 1;
        }
        let counts = gathered.entry((webhook, settled(slot_of(created_at), now))).or_default();
        counts.take(&Move::made(webhook, created_at, status.unwrap_or(Status::Pending)));
        attempts(connection, number, |attempt| counts.attempted(attempt))?;
    }
    put(connection, &gathered)?;
    connection.prepare_cached("UPDATE sums_made SET count_from = ?1")?.execute([next])?;
    Ok(next..span.end)
}

/// Shows the attempts of a delivery.
fn attempts(connection: &Connection, delivery: i64, mut show: impl FnMut(Attempted)) -> Result<()> {
    let mut before = None;
    for (took, class) in attempts::took(connection, delivery)? {
        show(Attempted { before, class, piece: Latencies::piece(took) });
        before = class;
    }
    Ok(())
}

/// Takes away the sums of the slots before this one, and counts none of them any more.
pub(crate) fn forget_before(connection: &Connection, slot: Slot) -> Result<()> {
    if made(connection)?.first_slot < slot {
        connection.prepare_cached("DELETE FROM sums WHERE slot < ?1")?.execute([slot])?;
        connection.prepare_cached("UPDATE sums_made SET first_slot = ?1")?.execute([slot])?;
    }
    Ok(())
}

/// Shows what is counted of some webhooks, by slot; of an hour that lies behind in its first.
pub(crate) fn read(
    connection: &Connection,
    webhooks: &[WebhookKey],
    slots: Range<Slot>,
    show: &mut dyn FnMut(WebhookKey, Slot, &Counts),
) -> Result<()> {
    let made = made(connection)?;
    let from = slots.start.max(made.first_slot);
    let sql = "SELECT slot, counts FROM sums WHERE webhook = ?1 AND slot >= ?2 AND slot < ?3";
    let mut statement = connection.prepare_cached(sql)?;
    for webhook in webhooks {
        let mut rows = statement.query([*webhook, from, slots.end])?;
        while let Some(row) = rows.next()? {
            show(
                *webhook,
                row.get(0)?,
                &packed::counts(row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?),
            );
        }
    }
    let wanted: HashSet<WebhookKey> = webhooks.iter().copied().collect();
    if slots.start < made.first_slot {
        let is_asked_for = |slot| slot < made.first_slot && slots.contains(&slot);
        survivors::read(connection, &wanted, is_asked_for, show)?;
    }
    let mut counts = Counts::default();
    moves(connection, |moved| {
        let is_asked_for = moved.slot >= from && moved.slot < slots.end && moved.slot > NO_SLOT;
        if is_asked_for && wanted.contains(&moved.webhook) {
            counts.clone_from(&Counts::default());
            counts.take(moved);
            show(moved.webhook, moved.slot, &counts);
        }
    })
}

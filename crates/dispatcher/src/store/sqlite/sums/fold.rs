//! The fold: what commits added is gathered, piece by piece, into rows of sums, of lists, and of how many deliveries stand
//! where.

use bluehook_core::time::Millis;
use rusqlite::Connection;

use super::{Gathered, made, packed, put, settled};
use crate::{
    Result,
    model::sums::NO_SLOT,
    store::sqlite::{fares, lists::of_webhook::Making},
};

/// The most commits that one piece of upkeep folds.
const COMMITS: usize = 2_000;

/// So many deliveries and moves are enough for one piece. One commit it folds in any case.
const ENOUGH: usize = 8_192;

/// A row of sums that is written costs as much as so many moves that are gathered.
const COST_OF_ROW: usize = 8;

/// What one piece of the fold came to.
#[derive(Default)]
struct Folded {
    sums: Gathered,
    fares: fares::Gathered,
    lists: Making,
}

/// Folds one piece of what commits added. True when there may be more.
pub(crate) fn fold(connection: &Connection, now: Millis) -> Result<bool> {
    let (folded, more) = gather(connection, now, true)?;
    put(connection, &folded.sums)?;
    fares::add(connection, &folded.fares)?;
    folded.lists.put(connection)?;
    Ok(more)
}

/// Folds one piece of a log that was written before there were lists, into sums alone. True when there may be more.
pub(in crate::store::sqlite) fn fold_without_lists(connection: &Connection, now: Millis) -> Result<bool> {
    let (folded, more) = gather(connection, now, false)?;
    put(connection, &folded.sums)?;
    Ok(more)
}

/// Gathers what the next commits added, and notes that they are folded.
fn gather(connection: &Connection, now: Millis, with_lists: bool) -> Result<(Folded, bool)> {
    let made = made(connection)?;
    let sql =
        "SELECT commit_number, moves, entries FROM changes WHERE commit_number > ?1 ORDER BY commit_number";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([made.folded])?;
    let (mut folded, mut last, mut commits, mut work) = (Folded::default(), made.folded, 0, 0);
    let mut more = false;
    while let Some(row) = rows.next()? {
        if commits == COMMITS || work + folded.sums.len() * COST_OF_ROW >= ENOUGH {
            more = true;
            break;
        }
        last = row.get(0)?;
        commits += 1;
        let moves = row.get_ref(1)?.as_blob_or_null().map_err(rusqlite::Error::from)?.unwrap_or_default();
        for moved in packed::unpack(moves) {
            work += 1;
            fares::count(&mut folded.fares, &moved);
            if moved.slot > NO_SLOT && moved.slot >= made.first_slot {
                let slot = settled(moved.slot, now);
                folded.sums.entry((moved.webhook, slot)).or_default().take(&moved);
            }
        }
        if with_lists {
            work += folded.lists.add(row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?);
        }
    }
    if commits > 0 {
        connection.prepare_cached("UPDATE sums_made SET folded = ?1")?.execute([last])?;
    }
    Ok((folded, more))
}

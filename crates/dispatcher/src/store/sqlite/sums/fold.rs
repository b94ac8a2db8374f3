//! The fold: what commits added is gathered, piece by piece, and put into rows of sums, of lists, and of how many deliveries
//! stand where.

use bluehook_core::time::Millis;
use rusqlite::Connection;

use super::{made, packed, put, settled};
use crate::{
    Result,
    model::{WebhookKey, sums::NO_SLOT},
    store::{
        folding::Folding,
        sqlite::{fares, lists::of_webhook::making},
    },
};

/// So many rows of sums and counts are changed at once, beside as many as the largest commit changes. More commits that change
/// the same rows cost little.
const ROWS: usize = 2_048;

/// What the first commits come to that are not folded: as many as change so many rows, and at most `most` deliveries and moves
/// or a few more, or those of one commit.
pub(crate) fn unfolded(connection: &Connection, now: Millis, most: usize) -> Result<Folding> {
    let made = made(connection)?;
    let sql =
        "SELECT commit_number, moves, entries FROM changes WHERE commit_number > ?1 ORDER BY commit_number";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([made.folded])?;
    let mut folding = Folding { after: made.folded, to: made.folded, ..Folding::default() };
    let (mut taken, mut largest) = (0, 0);
    while let Some(row) = rows.next()? {
        let rows_before = folding.rows();
        if taken >= most || rows_before >= largest + ROWS {
            folding.more = true;
            break;
        }
        folding.to = row.get(0)?;
        let moves = row.get_ref(1)?.as_blob_or_null().map_err(rusqlite::Error::from)?.unwrap_or_default();
        for moved in packed::unpack(moves) {
            taken += 1;
            fares::count(&mut folding.fares, &moved);
            if moved.slot > NO_SLOT && moved.slot >= made.first_slot {
                let slot = settled(moved.slot, now);
                folding.sums.entry((moved.webhook, slot)).or_default().take(&moved);
            }
        }
        let entries = row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?;
        taken += making::add(&mut folding.lists, entries);
        largest = largest.max(folding.rows() - rows_before);
    }
    Ok(folding)
}

/// Puts what was gathered into the lists of the next webhooks after one, at most so many. Gives the last of them.
pub(crate) fn fold_lists(
    connection: &Connection,
    folding: &Folding,
    after: WebhookKey,
    most: usize,
) -> Result<Option<WebhookKey>> {
    if !is_next(connection, folding)? {
        return Ok(None);
    }
    let mut last = None;
    for (webhook, list) in folding.listed(after, most) {
        making::put(connection, webhook, list)?;
        last = Some(webhook);
    }
    Ok(last)
}

/// Whether nothing else was put in meanwhile.
fn is_next(connection: &Connection, folding: &Folding) -> Result<bool> {
    Ok(folding.to != folding.after && made(connection)?.folded == folding.after)
}

/// Puts in what was gathered, the lists of the webhooks after one with it, unless something else was put in meanwhile.
pub(crate) fn fold(connection: &Connection, folding: &Folding, lists_after: WebhookKey) -> Result<()> {
    if !is_next(connection, folding)? {
        return Ok(());
    }
    for (webhook, list) in folding.listed(lists_after, usize::MAX) {
        making::put(connection, webhook, list)?;
    }
    put(connection, &folding.sums)?;
    fares::add(connection, &folding.fares)?;
    connection.prepare_cached("UPDATE sums_made SET folded = ?1")?.execute([folding.to])?;
    Ok(())
}

/// Folds a log that was written before there were lists, into sums alone.
pub(in crate::store::sqlite) fn fold_without_lists(connection: &Connection, now: Millis) -> Result<()> {
    fold_all(connection, now, false)
}

/// The most deliveries and moves of a piece where nobody waits.
const MOST: usize = 65_536;

/// Folds everything there is.
fn fold_all(connection: &Connection, now: Millis, with_lists: bool) -> Result<()> {
    loop {
        let mut folding = unfolded(connection, now, MOST)?;
        if !with_lists {
            folding.fares.clear();
            folding.lists.clear();
        }
        fold(connection, &folding, 0)?;
        if !folding.more {
            return Ok(());
        }
    }
}

/// Folds everything there is.
#[cfg(test)]
pub(in crate::store::sqlite) fn fold_everything(connection: &Connection) {
    fold_all(connection, 0, true).unwrap();
}

#[cfg(test)]
mod tests {
    use bluehook_core::delivery::Status;

    use super::*;
    use crate::{
        model::sums::Move,
        store::sqlite::{
            changes::{self, Entries},
            schema,
        },
    };

    /// A commit that moved a delivery of each of these webhooks.
    fn commit(connection: &Connection, number: i64, webhooks: std::ops::Range<i64>) {
        let moves: Vec<Move> = webhooks.map(|webhook| Move::made(webhook, 300_000, Status::Held)).collect();
        let moves = packed::pack(moves.iter());
        changes::insert(connection, (number, 0), &Entries::default(), &moves).unwrap();
    }

    fn database() -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        schema::bring_up_to_date(&connection).unwrap();
        connection
    }

    #[test]
    fn commits_that_change_the_same_rows_are_folded_together_whatever_comes_first() {
        let connection = database();
        commit(&connection, 1, 0..1);
        for number in 2..50 {
            commit(&connection, number, 0..1_500);
        }
        let folding = unfolded(&connection, 0, usize::MAX).unwrap();
        assert_eq!((folding.to, folding.more, folding.rows()), (49, false, 3_000));
    }

    #[test]
    fn others_are_left_to_the_next_when_they_change_too_many_rows() {
        let connection = database();
        for number in 1..50 {
            commit(&connection, number, number * 100..number * 100 + 100);
        }
        let folding = unfolded(&connection, 0, usize::MAX).unwrap();
        assert!(folding.more && (ROWS..ROWS + 600).contains(&folding.rows()), "{}", folding.rows());
        let one = unfolded(&connection, 0, 1).unwrap();
        assert_eq!((one.to, one.more), (1, true), "one commit in any case");
    }
}

//! Rows of lists: what is made is added to the newest row of its webhook until that is full.

use bluehook_core::delivery::Status;
use rusqlite::{Connection, OptionalExtension, params};

use super::Listed;
use crate::{
    Result,
    model::WebhookKey,
    store::{
        folding::Lists,
        sqlite::{changes, packed},
    },
};

/// The most numbers of a row.
pub(super) const NUMBERS: usize = 256;

/// Adds the deliveries that a commit made. Gives how many.
pub(crate) fn add(lists: &mut Lists, entries: &[u8]) -> usize {
    let mut count = 0;
    for (webhook, number, status) in changes::made(entries) {
        count += 1;
        add_one(lists, webhook, Listed { number, was_held: status == Status::Held });
    }
    count
}

/// Adds a delivery. They come in the order of their numbers; one that does not was added before.
pub(crate) fn add_one(lists: &mut Lists, webhook: WebhookKey, listed: Listed) {
    let list = lists.entry(webhook).or_default();
    if list.last().is_none_or(|last| last.number < listed.number) {
        list.push(listed);
    }
}

/// Puts deliveries into the rows of their webhook's list, those that are not in it yet: what is not full is filled, then new
/// rows begin.
pub(crate) fn put(connection: &Connection, webhook: WebhookKey, list: &[Listed]) -> Result<()> {
    let mut open = Row::newest(connection, webhook)?;
    let newest = open.numbers.last().copied().unwrap_or(0);
    let more = list.get(list.partition_point(|listed| listed.number <= newest)..).unwrap_or_default();
    if more.is_empty() {
        return Ok(());
    }
    if open.numbers.len() < NUMBERS {
        open.forget(connection, webhook)?;
    } else {
        open = Row::default();
    }
    for listed in more {
        if open.numbers.len() == NUMBERS {
            open.put(connection, webhook)?;
            open = Row::default();
        }
        open.push(*listed);
    }
    open.put(connection, webhook)
}

/// Puts in all of these.
pub(crate) fn put_all(connection: &Connection, lists: &Lists) -> Result<()> {
    lists.iter().try_for_each(|(webhook, list)| put(connection, *webhook, list))
}

/// A row of a list, numbers rising.
#[derive(Default)]
struct Row {
    held: i64,
    numbers: Vec<i64>,
}

impl Row {
    /// A webhook's newest row; an empty one when it has none.
    fn newest(connection: &Connection, webhook: WebhookKey) -> Result<Row> {
        let sql = "SELECT last, held, numbers FROM lists WHERE webhook = ?1 ORDER BY last DESC LIMIT 1";
        let found = connection.prepare_cached(sql)?.query_row([webhook], |row| {
            let mut numbers: Vec<i64> = unpack(row.get(0)?, row.get_ref(2)?.as_blob()?).collect();
            numbers.reverse();
            Ok(Row { held: row.get(1)?, numbers })
        });
        Ok(found.optional()?.unwrap_or_default())
    }

    /// Takes the row away: it is written again with more in it.
    fn forget(&self, connection: &Connection, webhook: WebhookKey) -> Result<()> {
        if let Some(last) = self.numbers.last() {
            let sql = "DELETE FROM lists WHERE webhook = ?1 AND last = ?2";
            connection.prepare_cached(sql)?.execute([webhook, *last])?;
        }
        Ok(())
    }

    fn push(&mut self, listed: Listed) {
        self.held += i64::from(listed.was_held);
        self.numbers.push(listed.number);
    }

    fn put(&self, connection: &Connection, webhook: WebhookKey) -> Result<()> {
        if let Some(last) = self.numbers.last() {
            let sql = "INSERT INTO lists (webhook, last, held, numbers) VALUES (?1, ?2, ?3, ?4)";
            let mut insert = connection.prepare_cached(sql)?;
            insert.execute(params![webhook, last, self.held, pack(&self.numbers)])?;
        }
        Ok(())
    }
}

/// How far each number lies below the one after it, from the last one down. That one is the row's own.
pub(super) fn pack(numbers: &[i64]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (above, number) in numbers.iter().rev().zip(numbers.iter().rev().skip(1)) {
        packed::push(&mut bytes, above.abs_diff(*number));
    }
    bytes
}

/// Reads a row's numbers back, as far as they can be read: from the last one down.
pub(super) fn unpack(last: i64, bytes: &[u8]) -> impl Iterator<Item = i64> {
    let (mut rest, mut next) = (bytes, Some(last));
    std::iter::from_fn(move || {
        let number = next?;
        next = packed::take(&mut rest).and_then(|below| number.checked_sub_unsigned(below));
        Some(number)
    })
}

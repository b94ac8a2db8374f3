//! The lists of webhooks' deliveries: the numbers alone, in rows of many, which upkeep folds out of the log of commits. What
//! is not folded yet is read there. So a delivery that is made touches no index of its webhook's.

use std::collections::VecDeque;

use rusqlite::{Connection, OptionalExtension, params};

use crate::{
    Result,
    model::WebhookKey,
    store::{folding::Lists, span::Span},
};

pub(crate) use crate::store::rows::{Listed, Tail};

// Numbers into rows.
pub(crate) mod making;

use making::unpack;

/// The last commit that is folded, as a part of a statement.
const FOLDED: &str = "(SELECT folded FROM sums_made)";

/// What is not folded yet, of every webhook. Upkeep keeps it short.
pub(crate) fn read_tail(connection: &Connection) -> Result<Tail> {
    let sql = format!(
        "SELECT entries FROM changes WHERE commit_number > {FOLDED} AND entries != x'' ORDER BY commit_number"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query([])?;
    let mut lists = Lists::default();
    while let Some(row) = rows.next()? {
        making::add(&mut lists, row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?);
    }
    Ok(Tail(lists))
}

/// Deliveries of a webhook within a span, newest first; read as they are asked for.
pub(crate) struct Back<'c> {
    connection: &'c Connection,
    webhook: WebhookKey,
    span: Span,
    only_held: bool,
    /// Those that were read, the newest first.
    read: VecDeque<i64>,
    /// Rows whose last number lies before this are not read yet. None when there is nothing more to read.
    before: Option<i64>,
}

/// Deliveries of a webhook within a span, newest first. `only_held`: rows in which nothing was held when it was made are
/// skipped; numbers of others may still come.
pub(crate) fn back<'c>(
    connection: &'c Connection,
    tail: &Tail,
    webhook: WebhookKey,
    span: Span,
    only_held: bool,
) -> Result<Back<'c>> {
    let fits = |listed: &&Listed| contains(span, listed.number) && (listed.was_held || !only_held);
    let unlisted =
        if tail.of(webhook).is_empty() { &[] } else { tail.above(webhook, last(connection, webhook)?) };
    let read = unlisted.iter().rev().filter(fits).map(|listed| listed.number).collect();
    let mut back = Back { connection, webhook, span, only_held, read, before: Some(span.to) };
    back.read_across()?;
    Ok(back)
}

impl Back<'_> {
    /// The next one.
    pub(crate) fn next(&mut self) -> Result<Option<i64>> {
        while self.read.is_empty() && self.before.is_some() {
            self.read_row()?;
        }
        Ok(self.read.pop_front())
    }

    /// Reads the row that begins before the span's end and goes beyond it.
    fn read_across(&mut self) -> Result<()> {
        let sql =
            "SELECT last, numbers, held FROM lists WHERE webhook = ?1 AND last >= ?2 ORDER BY last LIMIT 1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([self.webhook, self.span.to])?;
        if let Some(row) = rows.next()?
            && (row.get::<_, i64>(2)? > 0 || !self.only_held)
        {
            self.take(row.get(0)?, row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?);
        }
        Ok(())
    }

    fn read_row(&mut self) -> Result<()> {
        let Some(before) = self.before.take() else { return Ok(()) };
        let sql = "SELECT last, numbers FROM lists WHERE webhook = ?1 AND last < ?2 AND last >= ?3
                     AND (held > 0 OR NOT ?4) ORDER BY last DESC LIMIT 1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(params![self.webhook, before, self.span.from, self.only_held])?;
        if let Some(row) = rows.next()? {
            let last = row.get(0)?;
            self.before = Some(last);
            self.take(last, row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?);
        }
        Ok(())
    }

    fn take(&mut self, last: i64, numbers: &[u8]) {
        let span = self.span;
        self.read.extend(unpack(last, numbers).filter(|number| contains(span, *number)));
    }
}

fn contains(span: Span, number: i64) -> bool {
    (span.from..span.to).contains(&number)
}

/// The last number in a webhook's list.
fn last(connection: &Connection, webhook: WebhookKey) -> Result<i64> {
    let sql = "SELECT last FROM lists WHERE webhook = ?1 ORDER BY last DESC LIMIT 1";
    let last = connection.prepare_cached(sql)?.query_row([webhook], |row| row.get(0)).optional()?;
    Ok(last.unwrap_or(0))
}

/// The next `limit` deliveries of a webhook with a number above `after`, oldest first.
pub(crate) fn after(
    connection: &Connection,
    tail: &Tail,
    webhook: WebhookKey,
    after: i64,
    limit: usize,
) -> Result<Vec<i64>> {
    let mut found = listed_after(connection, webhook, after, limit)?;
    tail.go_on(&mut found, webhook, after, limit);
    Ok(found)
}

/// The same of those in the list alone.
pub(crate) fn listed_after(
    connection: &Connection,
    webhook: WebhookKey,
    after: i64,
    limit: usize,
) -> Result<Vec<i64>> {
    let sql = "SELECT last, numbers FROM lists WHERE webhook = ?1 AND last > ?2 ORDER BY last";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([webhook, after])?;
    let mut found = Vec::new();
    while found.len() < limit {
        let Some(row) = rows.next()? else { break };
        let numbers = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
        let mut numbers: Vec<i64> = unpack(row.get(0)?, numbers).filter(|number| *number > after).collect();
        numbers.reverse();
        found.append(&mut numbers);
    }
    found.truncate(limit);
    Ok(found)
}

#[cfg(test)]
mod tests;

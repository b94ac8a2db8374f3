//! The bare deliveries of a webhook that are held, oldest first. Of its lists only the rows are read in which something was
//! made held.

use bluehook_core::{delivery::Status, time::Millis};
use rusqlite::{Connection, OptionalExtension};

use super::of_webhook::{self, Tail};
use crate::{
    Result,
    model::WebhookKey,
    store::sqlite::{made::Made, search::Span, told},
};

/// How many numbers are read at once: as many as a row of a list has at most.
const PIECE: usize = 256;

/// The next of them within a span, at most `wanted`, after a look at `budget` numbers or a few more. And up to which number
/// that is all of them.
pub(crate) fn next(
    connection: &Connection,
    tail: &Tail,
    webhook: WebhookKey,
    span: Span,
    (wanted, budget): (usize, usize),
) -> Result<(Vec<Made>, i64)> {
    let (mut found, mut looked_at, mut after) = (Vec::new(), 0, span.from - 1);
    while looked_at < budget {
        let stretch = stretch(connection, webhook, after)?;
        let numbers = of_webhook::after(connection, tail, webhook, stretch.from, PIECE)?;
        let last = numbers.last().copied();
        for number in numbers.into_iter().take_while(|number| *number <= stretch.to) {
            if number >= span.to {
                return Ok((found, i64::MAX));
            }
            looked_at += 1;
            let bare = told::bare(connection, number)?;
            found.extend(bare.filter(|made| made.how.status() == Status::Held));
            if found.len() >= wanted {
                return Ok((found, number));
            }
        }
        after = match (stretch.to, last) {
            (i64::MAX, None) => return Ok((found, i64::MAX)),
            (i64::MAX, Some(last)) => last,
            (to, _) => to,
        };
    }
    Ok((found, after))
}

/// The most numbers that are looked at for the oldest.
const MAX_LOOKED_AT: usize = 1_024;

/// When the oldest of them was made; none when a bounded look finds none.
pub(crate) fn oldest(connection: &Connection, tail: &Tail, webhook: WebhookKey) -> Result<Option<Millis>> {
    let (found, _) = next(connection, tail, webhook, Span::ALL, (1, MAX_LOOKED_AT))?;
    Ok(found.first().map(|made| made.created_at))
}

/// Where something may have been made held next: the numbers after `from`, up to `to`.
fn stretch(connection: &Connection, webhook: WebhookKey, after: i64) -> Result<Span> {
    let sql = "SELECT last FROM lists WHERE webhook = ?1 AND last > ?2 AND held > 0 ORDER BY last LIMIT 1";
    let mut statement = connection.prepare_cached(sql)?;
    let row: Option<i64> = statement.query_row([webhook, after], |row| row.get(0)).optional()?;
    let to = row.unwrap_or(i64::MAX);
    let sql = "SELECT max(last) FROM lists WHERE webhook = ?1 AND last < ?2";
    let before: Option<i64> = connection.prepare_cached(sql)?.query_row([webhook, to], |row| row.get(0))?;
    Ok(Span { from: before.map_or(after, |before| before.max(after)), to })
}

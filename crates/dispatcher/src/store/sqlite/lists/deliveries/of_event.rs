//! The deliveries of one event.

use std::collections::HashSet;

use rusqlite::Connection;

use super::Look;
use crate::{
    Result,
    store::sqlite::{
        events, made,
        numbers::TIMED,
        search::{Found, MAX_LOOKED_AT},
        told,
    },
};

impl Look<'_> {
    /// Those that are asked for among the deliveries of an event.
    pub(super) fn of_event(&self, event: i64) -> Result<Found> {
        let webhooks: Option<HashSet<_>> = self.webhooks()?.map(|keys| keys.into_iter().collect());
        let mut search = self.search(MAX_LOOKED_AT);
        for number in numbers_of(self.connection, event)? {
            if !self.spans.iter().any(|span| span.has(number)) {
                continue;
            }
            let stands = told::stands(self.connection, number)?;
            let fits = stands.is_some_and(|it| {
                webhooks.as_ref().is_none_or(|keys| keys.contains(&it.webhook))
                    && self.fits(Some(it.status), it.event_type, it.created_at)
            });
            if search.saw(number, fits) {
                break;
            }
        }
        Ok(search.found())
    }
}

/// The numbers of an event's deliveries, the newest first.
fn numbers_of(connection: &Connection, event: i64) -> Result<Vec<i64>> {
    if event >= TIMED {
        return Ok(made::by_event(connection, event)?.into_iter().rev().map(|made| made.number).collect());
    }
    let (first, count) = events::deliveries_of(connection, event)?;
    Ok((first..first + count).rev().collect())
}

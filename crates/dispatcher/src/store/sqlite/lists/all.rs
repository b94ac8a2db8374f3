//! The deliveries of all webhooks, newest first: by the events that made them, and from before by their rows.

use bluehook_core::{delivery::Status, event::EventType, time::Millis};
use rusqlite::{Connection, params};

use crate::{
    Result,
    store::sqlite::{
        events, made,
        numbers::{self, TIMED},
        search::{Found, Search, Span},
        told,
    },
};

/// What is asked of them.
pub(super) struct Asked<'q> {
    /// Whether one fits by its status, if that matters, its event's type and its time.
    pub(super) fits: &'q dyn Fn(Option<Status>, EventType, Millis) -> bool,
    /// The status that is asked for.
    pub(super) status: Option<Status>,
    /// Whether only bare ones are; those from before are none.
    pub(super) only_bare: bool,
}

/// Looks through them within some spans, the newest first.
pub(super) fn look(
    connection: &Connection,
    asked: &Asked<'_>,
    spans: &[Span],
    mut search: Search,
) -> Result<Found> {
    for span in spans {
        made(connection, asked, span.starting_at(Some(TIMED)), &mut search)?;
        if !search.is_over() && !asked.only_bare {
            old(connection, asked, span.ending_before(Some(TIMED)), &mut search)?;
        }
        if search.is_over() {
            break;
        }
    }
    Ok(search.found())
}

/// Those that events made within a span.
fn made(connection: &Connection, asked: &Asked<'_>, span: Span, search: &mut Search) -> Result<()> {
    let sql = "SELECT number, type, received_at, targets FROM events WHERE number >= ?1 AND number < ?2
               ORDER BY number DESC";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([span.from, span.to])?;
    while let Some(row) = rows.next()? {
        let (event, event_type) = (row.get(0)?, events::event_type(row, 1)?);
        let fits_at_all = (asked.fits)(None, event_type, row.get(2)?);
        let targets = row.get_ref(3)?.as_blob_or_null().map_err(rusqlite::Error::from)?.unwrap_or_default();
        let targets: Vec<_> = made::unpack(targets).enumerate().filter(|_| fits_at_all).collect();
        let mut was_looked_at = false;
        for (place, target) in targets.into_iter().rev() {
            let number = numbers::of_delivery(event, place);
            let status = target.made_as.status();
            if !span.has(number) || (asked.only_bare && asked.status != Some(status)) {
                continue;
            }
            was_looked_at = true;
            let fits = match (asked.status, asked.only_bare) {
                (None, _) => true,
                (Some(_), true) => told::row_status(connection, number)?.is_none(),
                (Some(wanted), false) => told::row_status(connection, number)?.unwrap_or(status) == wanted,
            };
            if search.saw(number, fits) {
                return Ok(());
            }
        }
        // One that made nothing that could fit was looked at, too.
        if !was_looked_at && search.saw(event, false) {
            return Ok(());
        }
    }
    Ok(())
}

/// Those from before within a span.
fn old(connection: &Connection, asked: &Asked<'_>, span: Span, search: &mut Search) -> Result<()> {
    let sql = "SELECT number, status, type, created_at FROM deliveries NOT INDEXED
               WHERE number >= ?1 AND number < ?2 ORDER BY number DESC";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params![span.from, span.to])?;
    while let Some(row) = rows.next()? {
        let status = told::status(row, 1)?;
        let fits = (asked.fits)(Some(status), events::event_type(row, 2)?, row.get(3)?);
        if search.saw(row.get(0)?, fits) {
            return Ok(());
        }
    }
    Ok(())
}

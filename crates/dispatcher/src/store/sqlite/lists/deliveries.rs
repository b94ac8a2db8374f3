//! Pages of deliveries. Each filter is looked for by what serves it best, an index or a list; the rest is checked one by one.

use bluehook_core::{delivery::Status, event::EventType, time::Millis};
use rusqlite::{Connection, params};

use super::{
    all::{self, Asked},
    event_number, limit,
    of_webhook::{self, Tail},
    page, span,
};
use crate::{
    Result,
    id::{Ids, Mark},
    model::{
        WebhookKey,
        log::{Delivery, DeliveryQuery, Page, PageQuery},
    },
    store::sqlite::{
        cursors, events,
        numbers::TIMED,
        search::{Found, MAX_LOOKED_AT, Search, Span, delivery_spans, is_within},
        told, webhooks,
    },
};

// Of many webhooks the ones that a page can be of.
mod foremost;

// The deliveries of one event.
mod of_event;

/// A page of deliveries, of events from `first_event` on.
pub(crate) fn deliveries(
    connection: &Connection,
    ids: &Ids,
    (query, first_event): (&DeliveryQuery, i64),
    asked: &PageQuery,
) -> Result<Page<Delivery>> {
    let mark = Mark::of(query);
    let cut = span(ids, mark, asked)?;
    // Lists and what was not folded into them are of one moment.
    let cut = cut.starting_at(Some(first_number(connection, first_event)?));
    let spans = delivery_spans(connection, query.since, query.until)?;
    let spans = spans.into_iter().map(|span| span.starting_at(Some(cut.from)).ending_before(Some(cut.to)));
    let look = Look {
        connection,
        query,
        spans: spans.filter(|span| !span.is_empty()).collect(),
        wanted: limit(asked) + 1,
    };
    let searches = match &query.event_id {
        Some(id) => {
            let event = event_number(connection, ids, id, query.company_id.as_deref())?;
            event.map(|event| look.of_event(event)).transpose()?.into_iter().collect()
        }
        None => look.searches()?,
    };
    page(searches, (ids, mark, asked), |number| told::listed(connection, ids, number))
}

/// The number from which on deliveries are of events from this one on.
fn first_number(connection: &Connection, first_event: i64) -> Result<i64> {
    match first_event {
        ..=0 => Ok(0),
        TIMED.. => Ok(first_event),
        _ => events::first_delivery_from(connection, first_event),
    }
}

/// One look for a page.
struct Look<'a> {
    connection: &'a Connection,
    query: &'a DeliveryQuery,
    /// Where to look, the newest first.
    spans: Vec<Span>,
    wanted: usize,
}

/// Whether a delivery can be bare in this status.
const fn may_be_bare(status: Status) -> bool {
    matches!(status, Status::Pending | Status::Delivering | Status::Held)
}

impl Look<'_> {
    fn searches(&self) -> Result<Vec<Found>> {
        match self.webhooks()? {
            None => self.of_all(),
            Some(keys) => {
                let tail = of_webhook::read_tail(self.connection)?;
                let (keys, others) = self.foremost(&tail, keys)?;
                let budget = MAX_LOOKED_AT / keys.len().max(1);
                let searches = keys.into_iter().map(|key| self.of_webhook(&tail, key, budget));
                let mut searches: Vec<Found> =
                    searches.collect::<Result<Vec<_>>>()?.into_iter().flatten().collect();
                searches.extend(others);
                Ok(searches)
            }
        }
    }

    /// Those whose deliveries are looked through one by one; none when all there are are asked for.
    fn webhooks(&self) -> Result<Option<Vec<WebhookKey>>> {
        let DeliveryQuery { webhook_id, company_id, created_by_id, .. } = self.query;
        if webhook_id.is_none() && company_id.is_none() && created_by_id.is_none() {
            return Ok(None);
        }
        let (id, company, creator) = (webhook_id.as_deref(), company_id.as_deref(), created_by_id.as_deref());
        webhooks::keys(self.connection, id, company, creator).map(Some)
    }

    /// The status that is looked for by an index, or from a cursor on: all but success.
    fn rare(&self) -> Option<Status> {
        self.query.status.filter(|status| *status != Status::Succeeded)
    }

    fn search(&self, budget: usize) -> Search {
        Search::new(self.wanted, budget)
    }

    /// Whether one fits. A status that is not given was looked at already, or will be.
    fn fits(&self, status: Option<Status>, event_type: EventType, created_at: Millis) -> bool {
        let query = self.query;
        let is_asked = |status: Status| query.status.is_none_or(|asked| status == asked);
        status.is_none_or(is_asked)
            && query.event.is_none_or(|asked| event_type == asked)
            && is_within(created_at, query.since, query.until)
    }

    /// The spans in which bare deliveries of a webhook, or of all, may stand in a status.
    fn bare_spans(&self, webhook: Option<WebhookKey>, status: Status) -> Result<Vec<Span>> {
        let from = match (status.is_live(), webhook) {
            (false, _) => TIMED,
            (true, Some(webhook)) => cursors::of(self.connection, webhook)?.max(TIMED),
            (true, None) => cursors::first(self.connection)?.max(TIMED),
        };
        let spans = self.spans.iter().map(|span| span.starting_at(Some(from)));
        Ok(spans.filter(|span| !span.is_empty()).collect())
    }

    /// The deliveries of all webhooks.
    fn of_all(&self) -> Result<Vec<Found>> {
        let fits = |status, event_type, created_at| self.fits(status, event_type, created_at);
        let search = self.search(MAX_LOOKED_AT);
        let asked = Asked { fits: &fits, status: self.query.status, only_bare: self.rare().is_some() };
        let Some(status) = self.rare() else {
            return Ok(vec![all::look(self.connection, &asked, &self.spans, search)?]);
        };
        let mut searches = vec![self.rows(None, status, MAX_LOOKED_AT)?];
        if may_be_bare(status) {
            searches.push(all::look(self.connection, &asked, &self.bare_spans(None, status)?, search)?);
        }
        Ok(searches)
    }

    /// The deliveries of one webhook.
    fn of_webhook(&self, tail: &Tail, webhook: WebhookKey, budget: usize) -> Result<Vec<Found>> {
        match self.rare() {
            None => Ok(vec![self.listed(tail, webhook, budget)?]),
            Some(status) if may_be_bare(status) => {
                let budget = (budget / 2).max(1);
                Ok(vec![self.rows(Some(webhook), status, budget)?, self.bare(tail, webhook, status, budget)?])
            }
            Some(status) => Ok(vec![self.rows(Some(webhook), status, budget)?]),
        }
    }

    /// Those of a webhook, or of all, that have a row in a status that has an index.
    fn rows(&self, webhook: Option<WebhookKey>, status: Status, budget: usize) -> Result<Found> {
        let mut search = self.search(budget);
        let Some(access) = access(webhook, status) else { return Ok(search.found()) };
        let sql = format!("SELECT number, type, created_at {access} ORDER BY number DESC");
        let mut statement = self.connection.prepare_cached(&sql)?;
        for span in &self.spans {
            let mut rows = statement.query(params![span.from, span.to, webhook])?;
            while let Some(row) = rows.next()? {
                let fits = self.fits(None, events::event_type(row, 1)?, row.get(2)?);
                if search.saw(row.get(0)?, fits) {
                    return Ok(search.found());
                }
            }
        }
        Ok(search.found())
    }

    /// Those in a webhook's list.
    fn listed(&self, tail: &Tail, webhook: WebhookKey, budget: usize) -> Result<Found> {
        let mut search = self.search(budget);
        for span in &self.spans {
            let mut back = of_webhook::back(self.connection, tail, webhook, *span, false)?;
            while let Some(number) = back.next()? {
                let stands = told::stands(self.connection, number)?;
                let fits = stands.is_some_and(|it| self.fits(Some(it.status), it.event_type, it.created_at));
                if search.saw(number, fits) {
                    return Ok(search.found());
                }
            }
        }
        Ok(search.found())
    }

    /// Those in a webhook's list that are bare, in a status.
    fn bare(&self, tail: &Tail, webhook: WebhookKey, status: Status, budget: usize) -> Result<Found> {
        let mut search = self.search(budget);
        for span in self.bare_spans(Some(webhook), status)? {
            let mut back = of_webhook::back(self.connection, tail, webhook, span, status == Status::Held)?;
            while let Some(number) = back.next()? {
                let bare = told::bare(self.connection, number)?;
                let fits =
                    bare.is_some_and(|it| self.fits(Some(it.how.status()), it.event_type, it.created_at));
                if search.saw(number, fits) {
                    return Ok(search.found());
                }
            }
        }
        Ok(search.found())
    }
}

/// Rows in a status by the index that has them: SQLite, which knows nothing of how many rows fit, would choose wrongly.
/// None has `DELIVERING`.
fn access(webhook: Option<WebhookKey>, status: Status) -> Option<String> {
    let (index, whose) = match (webhook, status) {
        (_, Status::Delivering | Status::Succeeded) => return None,
        (None, _) => ("deliveries_by_status", "?3 IS NULL"),
        (Some(_), _) => ("deliveries_by_webhook_and_status", "webhook = ?3"),
    };
    Some(format!(
        "FROM deliveries INDEXED BY {index} WHERE number >= ?1 AND number < ?2 AND {whose} AND status = '{}'",
        status.name()
    ))
}

//! Pages of lists, newest first.

use bluehook_core::{input::Fault, time::Millis};

use super::data::{Data, Done, Logged, Stood};
use crate::{
    Error, Result,
    id::{Ids, Kind, Mark},
    model::{
        audit::{AuditQuery, Audited},
        directory::Births,
        failure::FailureKind,
        log::{CancelledBecause, Delivery, DeliveryQuery, EventQuery, Page, PageQuery, StoredEvent},
    },
    store::made::MadeAs,
};
use bluehook_core::delivery::Status;

/// One page of what is listed, which comes newest first.
fn page<T>(
    (ids, mark, asked): (&Ids, Mark, &PageQuery),
    listed: impl Iterator<Item = (i64, T)>,
) -> Result<Page<T>> {
    let before = match &asked.cursor {
        None => i64::MAX,
        Some(cursor) => {
            ids.cursor_number(mark, cursor).ok_or_else(|| Error::invalid("/cursor", Fault::BadCursor))?
        }
    };
    let mut rest = listed.filter(|(number, _)| *number < before).peekable();
    let (mut items, mut last) = (Vec::new(), None);
    while items.len() < asked.limit.clamp(1, 200)
        && let Some((number, item)) = rest.next()
    {
        items.push(item);
        last = Some(number);
    }
    let next = last.filter(|_| rest.peek().is_some());
    Ok(Page { items, next_cursor: next.map(|number| ids.cursor(mark, number)) })
}

fn is<T: PartialEq + ?Sized>(wanted: Option<&T>, value: &T) -> bool {
    wanted.is_none_or(|wanted| wanted == value)
}

fn is_within(at: Millis, since: Option<Millis>, until: Option<Millis>) -> bool {
    since.is_none_or(|since| at >= since) && until.is_none_or(|until| at < until)
}

impl Data {
    pub(super) fn page_of_events(
        &self,
        ids: &Ids,
        (query, first): (&EventQuery, i64),
        asked: &PageQuery,
    ) -> Result<Page<StoredEvent>> {
        let fits = |(number, Logged { event, received_at, .. }): &(&i64, &Logged)| {
            **number >= first
                && is(query.company_id.as_deref(), &event.company_id)
                && is(query.project_id.as_deref(), &event.project_id)
                && is(query.event.as_ref(), &event.event_type)
                && is_within(*received_at, query.since, query.until)
        };
        let listed = self.events.iter().rev().filter(fits);
        let listed = listed.map(|(number, _)| (*number, self.stored(ids, *number)));
        page((ids, Mark::of(query), asked), listed)
    }

    pub(super) fn stored(&self, ids: &Ids, number: i64) -> StoredEvent {
        let Logged { event, received_at, targets, .. } = &self.events[&number];
        StoredEvent {
            id: self.event_id(ids, number),
            event_type: event.event_type,
            company_id: event.company_id.clone(),
            project_id: event.project_id.clone(),
            user_id: event.user_id.clone(),
            occurred_at: event.occurred_at,
            received_at: *received_at,
            deliveries: u32::try_from(targets.len()).unwrap(),
        }
    }

    pub(super) fn page_of_deliveries(
        &self,
        ids: &Ids,
        (query, first): (&DeliveryQuery, i64),
        asked: &PageQuery,
    ) -> Result<Page<Delivery>> {
        let event = query.event_id.as_deref().map(|id| self.number_of(ids, id, query.company_id.as_deref()));
        let fits = |stood: &Stood<'_>| {
            let webhook = &self.webhooks[&stood.made.webhook].webhook;
            stood.made.event >= first
                && event.is_none_or(|event| event == Some(stood.made.event))
                && is(query.webhook_id.as_deref(), &webhook.id)
                && is(query.company_id.as_deref(), &webhook.company_id)
                && is(query.created_by_id.as_deref(), &webhook.created_by_id)
                && is(query.event.as_ref(), &stood.made.event_type)
                && is(query.status.as_ref(), &stood.status())
                && is_within(stood.made.created_at, query.since, query.until)
        };
        let listed = self.all().rev().filter(fits);
        let listed = listed.map(|stood| (stood.made.number, self.shown(ids, &stood)));
        page((ids, Mark::of(query), asked), listed)
    }

    /// The number of the event with an id: one of ours, or a caller's.
    pub(super) fn number_of(&self, ids: &Ids, id: &str, company_id: Option<&str>) -> Option<i64> {
        let callers = |company_id: &str| self.with_id(id, company_id);
        let anywhere = || self.ids.iter().find(|((known, _), _)| known == id).map(|(_, number)| *number);
        ids.number(Kind::Event, id).or_else(|| company_id.map_or_else(anywhere, callers))
    }

    pub(super) fn shown(&self, ids: &Ids, stood: &Stood<'_>) -> Delivery {
        let (made, row, status) = (&stood.made, stood.row, stood.status());
        let because = || row.and_then(|row| row.because).unwrap_or(CancelledBecause::WebhookDeleted);
        Delivery {
            id: ids.of(Kind::Delivery, made.number),
            webhook_id: self.id_of(made.webhook).to_owned(),
            event_id: self.event_id(ids, made.event),
            event_type: made.event_type,
            project_id: made.project_id.clone(),
            status,
            attempts: row.map_or(0, |row| row.attempts),
            created_at: made.created_at,
            last_attempt_at: row.and_then(|row| row.last_attempt_at),
            next_attempt_at: row.and_then(|row| row.due_at).filter(|_| status == Status::Retrying),
            last_status_code: row.and_then(|row| row.status_code),
            last_error: row.and_then(|row| row.failure).map(|kind| FailureKind::name(kind).to_owned()),
            held_by_filter: row.is_none() && made.how == MadeAs::HeldByFilter,
            cancelled_because: (status == Status::Cancelled).then(because),
            event_number: made.event,
        }
    }

    pub(super) fn page_of_audit(
        &self,
        ids: &Ids,
        (query, births): (&AuditQuery, Option<Births>),
        asked: &PageQuery,
    ) -> Result<Page<Audited>> {
        let fits = |(_, Done { at, author, births: then, note }): &(&i64, &Done)| {
            let is_theirs = || note.owner == query.owner && births.is_some() && births == *then;
            (query.owner.is_none() || is_theirs())
                && query.webhook_id.as_ref().is_none_or(|id| note.webhook_id.as_ref() == Some(id))
                && query.user_id.as_deref().is_none_or(|id| author.who.person() == Some(id))
                && is(query.action.as_ref(), &note.action)
                && is_within(*at, query.since, query.until)
        };
        let audited = |(number, done): (&i64, &Done)| {
            let (at, author, note) = (done.at, done.author.clone(), done.note.clone());
            (*number, Audited { id: ids.of(Kind::Audit, *number), at, author, note })
        };
        let listed = self.audit.iter().rev().filter(fits).map(audited);
        page((ids, Mark::of(&("audit", query)), asked), listed)
    }
}

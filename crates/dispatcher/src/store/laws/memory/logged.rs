//! What is told of the log.

use std::ops::Range;

use bluehook_core::{delivery::Status, event::Event, time::Millis};

use super::data::{Data, Stood, Tried};
use crate::{
    Result,
    id::{Ids, Kind},
    model::{
        WebhookKey,
        audit::{AuditQuery, Audited},
        cause::ErrorClass,
        changes::{ChangeQuery, Position},
        directory::Births,
        dry_run::Example,
        log::{
            Attempt, Delivery, DeliveryQuery, EventDetail, EventQuery, MAX_ATTEMPTS, Page, PageQuery,
            StoredEvent,
        },
        standing::HealthChange,
        stats::{MAX_SUMMARY_DELIVERIES, Seen, Summary},
        sums::{Attempted, Counts, Latencies, Move, Slot, slot_of},
    },
    store::{
        entries::Entry,
        folding::Folding,
        heads,
        rows::{Changed, Reading, Tail, Told},
        snapshot::Logged,
    },
};

impl Logged for Data {
    fn events(&self, ids: &Ids, of: (&EventQuery, i64), page: &PageQuery) -> Result<Page<StoredEvent>> {
        self.page_of_events(ids, of, page)
    }

    fn deliveries(&self, ids: &Ids, of: (&DeliveryQuery, i64), page: &PageQuery) -> Result<Page<Delivery>> {
        self.page_of_deliveries(ids, of, page)
    }

    fn event_number(&self, ids: &Ids, id: &str, company_id: Option<&str>) -> Result<Option<i64>> {
        Ok(self.number_of(ids, id, company_id))
    }

    fn event_detail(&self, ids: &Ids, number: i64) -> Result<Option<EventDetail>> {
        let Some(logged) = self.events.get(&number) else { return Ok(None) };
        Ok(Some(EventDetail {
            event: self.stored(ids, number),
            deliveries: Vec::new(),
            previous_value: logged.event.previous_value.as_str().to_owned(),
            current_value: logged.event.current_value.as_str().to_owned(),
        }))
    }

    fn newest_events(
        &self,
        ids: &Ids,
        company_id: &str,
        limit: usize,
        is_there: &dyn Fn(&str, i64) -> bool,
        show: &mut dyn FnMut(Example, &Event) -> Result<bool>,
    ) -> Result<()> {
        let of_company = self.events.iter().rev().filter(|(_, logged)| logged.event.company_id == company_id);
        let there = of_company.filter(|(number, logged)| is_there(&logged.event.project_id, **number));
        for (number, logged) in there.take(limit) {
            let event = &logged.event;
            let example = Example {
                event_id: self.event_id(ids, *number),
                event_type: event.event_type,
                project_id: event.project_id.clone(),
                received_at: logged.received_at,
                reason: None,
            };
            if !show(example, event)? {
                break;
            }
        }
        Ok(())
    }

    fn delivery(&self, ids: &Ids, number: i64) -> Result<Option<Delivery>> {
        Ok(self.one(number).map(|stood| self.shown(ids, &stood)))
    }

    fn told(&self, ids: &Ids, number: i64) -> Result<Option<Told>> {
        let Some(stood) = self.one(number) else { return Ok(None) };
        let webhook = &self.webhooks[&stood.made.webhook].webhook;
        let revision =
            &self.revisions[&stood.row.map_or(stood.made.revision, |row| row.new.revision)].revision;
        Ok(Some(Told {
            delivery: self.shown(ids, &stood),
            event: stood.made.event,
            url: webhook.url.clone(),
            company_id: webhook.company_id.clone(),
            created_by_id: webhook.created_by_id.clone(),
            payload_format: revision.payload_format.name().to_owned(),
            body_object: revision.body_object.clone(),
        }))
    }

    fn owner(&self, number: i64) -> Result<Option<(String, String)>> {
        let Some(stood) = self.one(number) else { return Ok(None) };
        let webhook = &self.webhooks[&stood.made.webhook].webhook;
        Ok(Some((webhook.company_id.clone(), webhook.created_by_id.clone())))
    }

    fn attempts(&self, ids: &Ids, delivery: i64) -> Result<(Vec<Attempt>, u32)> {
        let all = self.attempts.range((delivery, 0)..=(delivery, u32::MAX));
        let id = &*ids.of(Kind::Delivery, delivery);
        let named = all.map(|((_, ordinal), Tried { attempt, head })| {
            let about = heads::About { delivery, id, started_at: attempt.started_at, ordinal: *ordinal };
            Attempt {
                id: ids.of(Kind::Attempt, delivery + i64::from(*ordinal)),
                request_headers: heads::unpack(head, &about).unwrap(),
                ..attempt.clone()
            }
        });
        let mut all: Vec<Attempt> = named.collect();
        let count = u32::try_from(all.len()).unwrap();
        all.drain(..all.len().saturating_sub(MAX_ATTEMPTS));
        Ok((all, count))
    }

    fn changes(
        &self,
        (from, end): (Position, Position),
        query: &ChangeQuery,
        limit: usize,
    ) -> Result<Reading> {
        let oldest = self.commits.first_key_value().map_or(end.commit, |(number, _)| *number);
        let oldest = Position { commit: oldest, seen: 0 };
        let start = if from < oldest || from > end { oldest } else { from };
        let is_broken = start != from;
        let mut reading = Reading { rows: Vec::new(), next: start, more: false, is_broken };
        for (commit, changed) in self.commits.range(start.commit..end.commit.max(start.commit)) {
            for (seen, entry) in (1..).zip(&changed.entries) {
                let position = Position { commit: *commit, seen };
                if position <= start {
                    continue;
                }
                if reading.rows.len() == limit {
                    return Ok(Reading { more: true, ..reading });
                }
                reading.next = position;
                reading.rows.extend(self.asked_for(entry, query).map(|changed| (position, changed)));
            }
            reading.next = Position { commit: commit + 1, seen: 0 };
        }
        Ok(reading)
    }

    fn newest(&self, webhook: WebhookKey, since: Millis, show: &mut dyn FnMut(Seen)) -> Result<bool> {
        for stood in self.of(webhook).rev().filter(|stood| stood.made.created_at >= since) {
            let attempts = self.attempts_of(stood.made.number);
            let attempts = attempts.map(|attempt| (attempt.duration_us, ErrorClass::of(&attempt.outcome)));
            let (status, created_at) = (stood.status(), stood.made.created_at);
            show(Seen { status, created_at, attempts: attempts.collect() });
        }
        Ok(false)
    }

    fn summary(&self, _: &Tail, webhook: WebhookKey) -> Result<Summary> {
        let mut summary = Summary::default();
        self.of(webhook).rev().take(MAX_SUMMARY_DELIVERIES).for_each(|stood| summary.add(stood.status()));
        Ok(summary)
    }

    fn last_made(&self, _: &Tail, webhook: WebhookKey) -> Result<Option<Millis>> {
        Ok(self.of(webhook).next_back().map(|stood| stood.made.created_at))
    }

    fn oldest_in(&self, webhook: WebhookKey, status: Status) -> Result<Option<Millis>> {
        let mut rows = self.rows.values().filter(|row| row.new.webhook == webhook && row.status == status);
        Ok(rows.next().map(|row| row.new.created_at))
    }

    fn oldest_held(&self, _: &Tail, webhook: WebhookKey) -> Result<Option<Millis>> {
        let mut held = self.of(webhook).filter(|stood| stood.is_bare() && stood.status() == Status::Held);
        Ok(held.next().map(|stood| stood.made.created_at))
    }

    /// What the log says itself.
    fn sums(
        &self,
        webhooks: &[WebhookKey],
        slots: Range<Slot>,
        show: &mut dyn FnMut(WebhookKey, Slot, &Counts),
    ) -> Result<()> {
        for stood in self.all() {
            let (webhook, slot) = (stood.made.webhook, slot_of(stood.made.created_at));
            if webhooks.contains(&webhook) && slots.contains(&slot) {
                show(webhook, slot, &self.counts(&stood));
            }
        }
        Ok(())
    }

    fn unfolded(&self, _: Millis, _: usize) -> Result<Folding> {
        Ok(Folding { after: self.folded, to: self.last_commit(), ..Folding::default() })
    }

    fn health_history(&self, webhook: WebhookKey, limit: usize) -> Result<Vec<HealthChange>> {
        let kept = self.webhooks.get(&webhook);
        Ok(kept.into_iter().flat_map(|kept| kept.history.iter().rev()).take(limit).cloned().collect())
    }

    fn audit(&self, ids: &Ids, of: (&AuditQuery, Option<Births>), page: &PageQuery) -> Result<Page<Audited>> {
        self.page_of_audit(ids, of, page)
    }
}

impl Data {
    fn attempts_of(&self, delivery: i64) -> impl Iterator<Item = &Attempt> {
        self.attempts.range((delivery, 0)..=(delivery, u32::MAX)).map(|(_, tried)| &tried.attempt)
    }

    fn asked_for(&self, entry: &Entry, query: &ChangeQuery) -> Option<Changed> {
        let webhook = &self.webhooks.get(&entry.webhook())?.webhook;
        if !query.covers(&webhook.id, &webhook.company_id, &webhook.created_by_id) {
            return None;
        }
        Some(match *entry {
            Entry::Webhook { step, .. } => Changed::Webhook { step, id: webhook.id.clone() },
            Entry::Delivery { step, status, attempts, number, .. } => {
                Changed::Delivery { step, status, attempts, number }
            }
        })
    }

    /// What a delivery adds to the sums.
    fn counts(&self, stood: &Stood<'_>) -> Counts {
        let mut counts = Counts::default();
        counts.take(&Move::made(stood.made.webhook, stood.made.created_at, stood.status()));
        let mut before = None;
        for attempt in self.attempts_of(stood.made.number) {
            let class = ErrorClass::of(&attempt.outcome);
            counts.attempted(Attempted { before, class, piece: Latencies::piece(attempt.duration_us) });
            before = class;
        }
        counts
    }
}

//! What is read: each question is asked of the rows that answer it.

use std::{
    collections::{BTreeMap, HashMap},
    ops::Range,
    sync::Arc,
};

use bluehook_core::{delivery::Status, event::Event, request::Stamp, time::Millis};
use rusqlite::Connection;

use super::{
    again, attempts, audit, changes, creations, cursors, deliveries, directory, events, fares, health, jobs,
    lists::{self, held, of_webhook},
    made, replays, retention, settings, stats, sums, told, webhooks,
};
use crate::{
    Result,
    id::Ids,
    know::{Directory, Entry, Revision},
    model::{
        WebhookKey,
        age::Age,
        audit::{AuditQuery, Audited},
        changes::{ChangeQuery, Position},
        directory::Births,
        dry_run::Example,
        job::Job,
        log::{Attempt, Delivery, DeliveryQuery, EventDetail, EventQuery, Page, PageQuery, StoredEvent},
        replay::{Replay, ReplayQuery},
        standing::HealthChange,
        stats::{Seen, Summary},
        sums::{Counts, Slot},
    },
    seal::Keyring,
    store::{
        change::Secrets,
        folding::Folding,
        made::Made,
        numbers::Steps,
        rows::{
            Again, Creation, Held, MaySend, Reading, RunningJob, RunningReplay, Standing, Tail, Told, Waiting,
        },
        snapshot::{Beginning, Kept, Logged, Waits},
    },
};

impl Beginning for Connection {
    fn webhooks(&self, keys: &Keyring) -> Result<Vec<Entry>> {
        webhooks::load(self, keys)
    }

    fn directory(&self) -> Result<Directory> {
        directory::load(self)
    }

    fn next_keys(&self) -> Result<(WebhookKey, i64)> {
        webhooks::next_keys(self)
    }

    fn last_number(&self) -> Result<i64> {
        cursors::last_number(self)
    }

    fn clock_steps(&self) -> Result<Steps> {
        cursors::steps(self)
    }

    fn next_commit(&self) -> Result<i64> {
        changes::next_commit(self)
    }

    fn last_commit_at(&self) -> Result<Option<Millis>> {
        changes::latest(self)
    }

    fn age(&self) -> Result<Option<Age>> {
        retention::age(self)
    }

    fn open_from(&self) -> Result<(i64, Option<Millis>)> {
        cursors::open_from(self)
    }

    fn cursors(&self) -> Result<BTreeMap<WebhookKey, i64>> {
        webhooks::cursors(self)
    }

    fn fares(&self) -> Result<BTreeMap<WebhookKey, [i64; 2]>> {
        fares::read(self)
    }

    fn attempted_lately(&self) -> Result<HashMap<WebhookKey, (Millis, Option<Millis>)>> {
        sums::attempted_lately(self)
    }

    fn uncounted(&self) -> Result<Range<i64>> {
        sums::uncounted(self)
    }
}

impl Waits for Connection {
    fn next_bare(&self, from: i64) -> Result<Option<(i64, Vec<Made>)>> {
        made::next_bare(self, from)
    }

    fn next_waiting(&self, after: WebhookKey) -> Result<Option<(WebhookKey, Millis)>> {
        deliveries::next_waiting(self, after)
    }

    fn waiting(&self, webhook: WebhookKey, limit: usize) -> Result<Vec<Waiting>> {
        deliveries::waiting(self, webhook, limit)
    }

    fn waiting_after(&self, webhook: WebhookKey, after: i64, limit: usize) -> Result<Vec<Waiting>> {
        deliveries::waiting_after(self, webhook, after, limit)
    }

    fn held(&self, webhook: WebhookKey, limit: usize) -> Result<Vec<Held>> {
        deliveries::held(self, webhook, limit)
    }

    fn tail(&self) -> Result<Tail> {
        of_webhook::read_tail(self)
    }

    fn listed_after(&self, webhook: WebhookKey, after: i64, limit: usize) -> Result<Vec<i64>> {
        of_webhook::listed_after(self, webhook, after, limit)
    }

    fn made(&self, number: i64) -> Result<Option<Made>> {
        made::by_number(self, number)
    }

    fn bare(&self, number: i64) -> Result<Option<Made>> {
        told::bare(self, number)
    }

    fn stands(&self, number: i64) -> Result<Option<Standing>> {
        told::stands(self, number)
    }

    fn told_of(&self, number: i64) -> Result<Option<(String, i64)>> {
        told::told_of(self, number)
    }

    fn event(&self, number: i64) -> Result<Option<(Event, Stamp)>> {
        events::get_stamped(self, number)
    }

    fn revision(&self, key: i64) -> Result<Option<Arc<Revision>>> {
        webhooks::revision(self, key)
    }

    fn position_before(&self, since: Millis) -> Result<i64> {
        again::position_before(self, since)
    }

    fn next_again(
        &self,
        job: &RunningReplay,
        tail: &Tail,
        limit: usize,
        may_send: MaySend<'_>,
    ) -> Result<Again> {
        again::next_again(self, (job, tail), limit, may_send)
    }

    fn count_again(&self, webhook: WebhookKey, query: &ReplayQuery, may_send: MaySend<'_>) -> Result<u64> {
        again::count_again(self, webhook, query, may_send)
    }
}

impl Logged for Connection {
    fn events(&self, ids: &Ids, of: (&EventQuery, i64), page: &PageQuery) -> Result<Page<StoredEvent>> {
        lists::events(self, ids, of, page)
    }

    fn deliveries(&self, ids: &Ids, of: (&DeliveryQuery, i64), page: &PageQuery) -> Result<Page<Delivery>> {
        lists::deliveries(self, ids, of, page)
    }

    fn event_number(&self, ids: &Ids, id: &str, company_id: Option<&str>) -> Result<Option<i64>> {
        lists::event_number(self, ids, id, company_id)
    }

    fn event_detail(&self, ids: &Ids, number: i64) -> Result<Option<EventDetail>> {
        events::get(self, ids, number)
    }

    fn newest_events(
        &self,
        ids: &Ids,
        company_id: &str,
        limit: usize,
        is_there: &dyn Fn(&str, i64) -> bool,
        show: &mut dyn FnMut(Example, &Event) -> Result<bool>,
    ) -> Result<()> {
        lists::newest_events(self, ids, company_id, limit, is_there, show)
    }

    fn delivery(&self, ids: &Ids, number: i64) -> Result<Option<Delivery>> {
        told::listed(self, ids, number)
    }

    fn told(&self, ids: &Ids, number: i64) -> Result<Option<Told>> {
        told::get(self, ids, number)
    }

    fn owner(&self, number: i64) -> Result<Option<(String, String)>> {
        told::owner(self, number)
    }

    fn attempts(&self, ids: &Ids, delivery: i64) -> Result<(Vec<Attempt>, u32)> {
        Ok((attempts::of_delivery(self, ids, delivery)?, attempts::count(self, delivery)?))
    }

    fn changes(&self, between: (Position, Position), query: &ChangeQuery, limit: usize) -> Result<Reading> {
        changes::since(self, between, query, limit)
    }

    fn newest(&self, webhook: WebhookKey, since: Millis, show: &mut dyn FnMut(Seen)) -> Result<bool> {
        stats::newest(self, webhook, since, show)
    }

    fn summary(&self, tail: &Tail, webhook: WebhookKey) -> Result<Summary> {
        stats::summary(self, tail, webhook)
    }

    fn last_made(&self, tail: &Tail, webhook: WebhookKey) -> Result<Option<Millis>> {
        stats::last_made(self, tail, webhook)
    }

    fn oldest_in(&self, webhook: WebhookKey, status: Status) -> Result<Option<Millis>> {
        told::oldest_in(self, webhook, status)
    }

    fn oldest_held(&self, tail: &Tail, webhook: WebhookKey) -> Result<Option<Millis>> {
        held::oldest(self, tail, webhook)
    }

    fn sums(
        &self,
        webhooks: &[WebhookKey],
        slots: Range<Slot>,
        show: &mut dyn FnMut(WebhookKey, Slot, &Counts),
    ) -> Result<()> {
        sums::read(self, webhooks, slots, show)
    }

    fn unfolded(&self, now: Millis, most: usize) -> Result<Folding> {
        sums::unfolded(self, now, most)
    }

    fn health_history(&self, webhook: WebhookKey, limit: usize) -> Result<Vec<HealthChange>> {
        health::history(self, webhook, limit)
    }

    fn audit(&self, ids: &Ids, of: (&AuditQuery, Option<Births>), page: &PageQuery) -> Result<Page<Audited>> {
        audit::page(self, ids, of, page)
    }
}

impl Kept for Connection {
    fn setting(&self, name: &str) -> Result<Option<String>> {
        settings::get(self, name)
    }

    fn settings(&self, prefix: &str) -> Result<Vec<(String, String)>> {
        settings::beginning_with(self, prefix)
    }

    fn creation(&self, key: &[u8]) -> Result<Option<Creation>> {
        creations::find(self, key)
    }

    fn secrets(&self, webhook: WebhookKey) -> Result<Secrets> {
        webhooks::secrets(self, webhook)
    }

    fn count_sealed(&self) -> Result<u64> {
        webhooks::count_sealed(self)
    }

    fn next_job(&self) -> Result<i64> {
        jobs::next_number(self)
    }

    fn replay(&self, ids: &Ids, number: i64) -> Result<Option<Replay>> {
        replays::get(self, ids, number)
    }

    fn running_replays(&self) -> Result<Vec<RunningReplay>> {
        replays::running(self)
    }

    fn job(&self, ids: &Ids, number: i64) -> Result<Option<Job>> {
        jobs::get(self, ids, number)
    }

    fn running_job(&self) -> Result<Option<RunningJob>> {
        jobs::running(self)
    }
}

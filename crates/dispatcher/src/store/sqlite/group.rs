//! What is written: each change goes into the transaction at once, as the statements of its rows.

use std::ops::Range;

use bluehook_core::{event::Event, time::Millis};
use rusqlite::Connection;

use super::{
    audit, changes, creations, cursors, deliveries, directory, events, health, jobs, replays, retention,
    settings, sums, webhooks,
};
use crate::{
    Result,
    model::WebhookKey,
    seal::Keyring,
    store::{
        Change, Group, Snapshot,
        folding::Folding,
        lane::{Old, Pruned, SealedAgain},
    },
};

impl Group for Connection {
    fn put(&self, change: Change<'_>) -> Result<()> {
        match change {
            Change::Event(event, place) => events::insert(self, event, &place),
            Change::ClockStep { number, ahead } => cursors::put_step(self, number, ahead),
            Change::Row(row, became) => deliveries::insert(self, &row, &became),
            Change::Moved(number, became) => deliveries::update(self, number, &became),
            Change::Commit { number, at, entries, moves } => {
                changes::insert(self, (number, at), entries, &sums::pack(moves.iter()))
            }
            Change::OpenFrom { event, at } => cursors::put_open_from(self, event, at),
            Change::Cursor(webhook, event) => webhooks::put_cursor(self, webhook, event),
            Change::Age(age) => retention::keep_age(self, &age),
            Change::LastNumber(number) => cursors::put_last_number(self, number),
            Change::Setting(name, Some(value)) => settings::set(self, name, value),
            Change::Setting(name, None) => settings::delete(self, name),
            Change::Directory(change, life) => directory::apply(self, change, life),
            Change::Audit { at, author, births, note } => audit::insert(self, at, (author, births), note),
            Change::Creation { key, content, webhook, at } => {
                creations::insert(self, (key, content), webhook, at)
            }
            Change::ForgetCreations { before } => creations::forget(self, before),
            Change::Webhook(row) => webhooks::put(self, &row),
            Change::Revision { webhook, url, revision, made_after } => {
                webhooks::insert_revision(self, (webhook, url), revision, made_after)
            }
            Change::Secrets(webhook, secrets) => webhooks::put_secrets(self, webhook, secrets),
            Change::Deleted(webhook, now) => webhooks::delete(self, webhook, now),
            Change::Off(webhook, off) => health::put_off(self, webhook, off),
            Change::Health(webhook, health) => health::put(self, webhook, health),
            Change::HealthChanged(webhook, change) => health::changed(self, webhook, &change),
            Change::Notice { webhook, user_id, delivery, at } => {
                webhooks::notify_disabled(self, (webhook, user_id), delivery, at)
            }
            Change::Replay(new) => replays::insert(self, &new),
            Change::ReplayReached { number, position, done, skipped } => {
                replays::advance(self, number, position, (done, skipped))
            }
            Change::ReplayEnded(number, state) => replays::end(self, number, state),
            Change::Job { number, total, at } => jobs::insert(self, number, total, at),
            Change::JobReached { number, position, done } => jobs::advance(self, number, position, done),
            Change::JobEnded { number, state, detail, at } => {
                jobs::end(self, number, state, detail.as_deref(), at)
            }
        }
    }

    fn before(&self) -> &dyn Snapshot {
        self
    }

    fn event_with_id(&self, id: &str, company_id: &str) -> Result<Option<i64>> {
        events::with_id(self, id, company_id)
    }

    fn event(&self, number: i64) -> Result<Option<(Event, u32)>> {
        events::get_source(self, number)
    }

    fn fold_lists(&self, folding: &Folding, after: WebhookKey, most: usize) -> Result<Option<WebhookKey>> {
        sums::fold_lists(self, folding, after, most)
    }

    fn fold(&self, folding: &Folding, lists_after: WebhookKey) -> Result<()> {
        sums::fold(self, folding, lists_after)
    }

    fn sum_hours(&self, now: Millis) -> Result<bool> {
        sums::into_hours(self, now)
    }

    fn count(&self, now: Millis) -> Result<Range<i64>> {
        sums::count(self, now)
    }

    fn prune(&self, old: Old<'_>) -> Result<Pruned> {
        retention::prune(self, &old)
    }

    fn prune_audit(&self, before: Millis) -> Result<bool> {
        audit::prune(self, before)
    }

    fn seal_again(&self, keys: &Keyring, after: WebhookKey, most: usize) -> Result<SealedAgain> {
        webhooks::seal_again(self, keys, after, most)
    }
}

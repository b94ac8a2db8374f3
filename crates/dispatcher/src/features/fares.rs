//! How webhooks stand: with their secrets' ages, their health, what waits for them, and why they are off.

use std::sync::Arc;

use bluehook_core::{delivery::Status, time::Millis, webhook::Webhook};

use super::activity::{self, Activity};
use crate::{
    Dispatcher, Result,
    know::Entry,
    model::{
        WebhookKey,
        health::{Health, HealthState, LAG},
        standing::{Backlog, HealthChange, Off, SecretInfo},
        stats::Summary,
    },
    store::{Snapshot, numbers::Steps, rows::Tail},
};

/// A webhook and how it stands.
#[derive(Clone, Debug)]
pub struct Fares {
    /// The webhook.
    pub webhook: Arc<Webhook>,
    /// Changes with everything that people change.
    pub version: String,
    /// The secrets that it signs with.
    pub secrets: Vec<SecretInfo>,
    /// Its health.
    pub health: Health,
    /// What waits for it, and what is held.
    pub backlog: Backlog,
    /// Why it is off; none when it is on.
    pub off: Option<Arc<Off>>,
    /// How its newest deliveries fared.
    pub summary: Summary,
    /// How it fared in the last 24 hours, if that was asked for.
    pub activity: Option<Activity>,
}

impl Dispatcher {
    /// How these webhooks stand, in their order; those that are gone are left out. With `activity` also how they fared in
    /// the last 24 hours.
    ///
    /// # Errors
    /// [`crate::Error::Store`].
    pub async fn fares(&self, webhook_ids: &[&str], activity: bool) -> Result<Vec<Fares>> {
        let entries: Vec<_> = webhook_ids.iter().filter_map(|id| self.entry(id).ok()).collect();
        let now = self.clock.now();
        self.store.read(move |snapshot| all(snapshot, &entries, now, activity)).await
    }

    /// The newest changes of a webhook's health, newest first.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`], [`crate::Error::Store`].
    pub async fn health_history(&self, webhook_id: &str, limit: usize) -> Result<Vec<HealthChange>> {
        let key = self.entry(webhook_id)?.key;
        self.store.read(move |snapshot| snapshot.health_history(key, limit)).await
    }

    /// Changes with everything that people change of a webhook.
    pub fn version(&self, webhook_id: &str) -> Option<String> {
        Some(self.entry(webhook_id).ok()?.version())
    }
}

fn health_of(entry: &Entry) -> Health {
    entry.load.health().unwrap_or_else(|| Health::new(entry.webhook.created_at))
}

/// Those of some webhooks that are in one of these states.
pub(crate) fn in_health(
    snapshot: &dyn Snapshot,
    entries: Vec<Arc<Entry>>,
    states: &[HealthState],
    now: Millis,
) -> Result<Vec<Arc<Entry>>> {
    let moment = Moment::read(snapshot)?;
    let mut found = Vec::new();
    for entry in entries {
        let mut health = health_of(&entry);
        if health.state == HealthState::Working {
            health = seen(health, &moment.backlog(&entry)?, now);
        }
        if states.contains(&health.state) {
            found.push(entry);
        }
    }
    Ok(found)
}

/// How webhooks stand, in their order.
pub(crate) fn all(
    snapshot: &dyn Snapshot,
    entries: &[Arc<Entry>],
    now: Millis,
    with_activity: bool,
) -> Result<Vec<Fares>> {
    if entries.is_empty() {
        return Ok(Vec::new());
    }
    let keys: Vec<_> = entries.iter().map(|entry| entry.key).collect();
    let activities = if with_activity { activity::of(snapshot, &keys, now)? } else { Vec::new() };
    let mut activities = activities.into_iter();
    let moment = Moment::read(snapshot)?;
    let mut all = Vec::with_capacity(entries.len());
    for entry in entries {
        let backlog = moment.backlog(entry)?;
        all.push(Fares {
            webhook: entry.webhook.clone(),
            version: entry.version(),
            secrets: entry.keys.secrets(now),
            health: seen(health_of(entry), &backlog, now),
            backlog,
            off: entry.off.clone(),
            summary: snapshot.summary(&moment.tail, entry.key)?,
            activity: activities.next(),
        });
    }
    Ok(all)
}

/// What works, but keeps something waiting too long, lags.
fn seen(health: Health, backlog: &Backlog, now: Millis) -> Health {
    match backlog.waiting_since {
        Some(oldest) if health.state == HealthState::Working && now - oldest > LAG => {
            Health { state: HealthState::Lagging, since: (oldest + LAG).max(health.since), ..health }
        }
        _ => health,
    }
}

/// The log at one moment.
struct Moment<'s> {
    snapshot: &'s dyn Snapshot,
    tail: Tail,
    steps: Steps,
}

impl Moment<'_> {
    fn read(snapshot: &dyn Snapshot) -> Result<Moment<'_>> {
        Ok(Moment { snapshot, tail: snapshot.tail()?, steps: snapshot.clock_steps()? })
    }

    /// What waits for a webhook. While it is off, all of that is held, moved there by now or not.
    fn backlog(&self, entry: &Entry) -> Result<Backlog> {
        let [live, held] = entry.load.waiting();
        let waiting_since = if live > 0 { self.waiting_since(entry)? } else { None };
        let held_since = if held > 0 { self.held_since(entry.key)? } else { None };
        if entry.webhook.enabled {
            return Ok(Backlog { waiting: live, waiting_since, held, held_since });
        }
        let held_since = [waiting_since, held_since].into_iter().flatten().min();
        Ok(Backlog { held: live + held, held_since, ..Backlog::default() })
    }

    fn oldest_row(&self, webhook: WebhookKey, status: Status) -> Result<Option<Millis>> {
        self.snapshot.oldest_in(webhook, status)
    }

    /// When the oldest delivery was made that is to be sent.
    fn waiting_since(&self, entry: &Entry) -> Result<Option<Millis>> {
        let pending = self.oldest_row(entry.key, Status::Pending)?;
        let retrying = self.oldest_row(entry.key, Status::Retrying)?;
        let bare = entry.load.oldest_bare().map(|number| self.steps.time(number));
        Ok([pending, retrying, bare].into_iter().flatten().min())
    }

    /// When the oldest delivery was made that is held.
    fn held_since(&self, webhook: WebhookKey) -> Result<Option<Millis>> {
        let row = self.oldest_row(webhook, Status::Held)?;
        let bare = self.snapshot.oldest_held(&self.tail, webhook)?;
        Ok([row, bare].into_iter().flatten().min())
    }
}

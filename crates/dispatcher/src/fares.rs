//! How webhooks stand: with their secrets' ages, their health, what waits for them, and why they are off.

use std::{collections::HashMap, sync::Arc};

use bluehook_core::{delivery::Status, time::Millis, webhook::Webhook};
use rusqlite::Connection;

use crate::{
    Dispatcher, Result,
    activity::{self, Activity},
    health::{Health, HealthState, LAG},
    know::Entry,
    standing::{Backlog, HealthChange, Off, SecretInfo},
    stats::Summary,
    store::{deliveries, events, health, stats, webhooks},
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
        self.store.read(move |connection| all(connection, &entries, now, activity)).await
    }

    /// The newest changes of a webhook's health, newest first.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`], [`crate::Error::Store`].
    pub async fn health_history(&self, webhook_id: &str, limit: usize) -> Result<Vec<HealthChange>> {
        let key = self.entry(webhook_id)?.key;
        self.store.read(move |connection| health::history(connection, key, limit)).await
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
    connection: &Connection,
    entries: Vec<Arc<Entry>>,
    states: &[HealthState],
    now: Millis,
) -> Result<Vec<Arc<Entry>>> {
    let under_way = under_way(connection, &entries)?;
    let mut found = Vec::new();
    for entry in entries {
        let mut health = health_of(&entry);
        if health.state == HealthState::Working {
            health = seen(health, &backlog(connection, &entry, &under_way)?, now);
        }
        if states.contains(&health.state) {
            found.push(entry);
        }
    }
    Ok(found)
}

/// When the oldest delivery under way of each webhook was made, where any has one.
fn under_way(connection: &Connection, entries: &[Arc<Entry>]) -> Result<HashMap<i64, Millis>> {
    let is_busy = |entry: &Arc<Entry>| matches!(entry.load.waiting(), [live, ..] if live > 0);
    if entries.iter().any(is_busy) { deliveries::oldest_under_way(connection) } else { Ok(HashMap::new()) }
}

/// How webhooks stand, in their order.
pub(crate) fn all(
    connection: &Connection,
    entries: &[Arc<Entry>],
    now: Millis,
    with_activity: bool,
) -> Result<Vec<Fares>> {
    let under_way = under_way(connection, entries)?;
    let keys: Vec<_> = entries.iter().map(|entry| entry.key).collect();
    let activities = if with_activity { activity::of(connection, &keys, now)? } else { Vec::new() };
    let mut activities = activities.into_iter();
    let mut all = Vec::with_capacity(entries.len());
    for entry in entries {
        let backlog = backlog(connection, entry, &under_way)?;
        all.push(Fares {
            webhook: entry.webhook.clone(),
            version: entry.version(),
            secrets: entry.keys.secrets(now),
            health: seen(health_of(entry), &backlog, now),
            backlog,
            off: entry.off.clone(),
            summary: stats::summary(connection, entry.key)?,
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

fn backlog(connection: &Connection, entry: &Entry, under_way: &HashMap<i64, Millis>) -> Result<Backlog> {
    let [live, held, owed] = entry.load.waiting();
    let owed_since = if owed > 0 { owed_since(connection, entry.key)? } else { None };
    let oldest_in = |status| deliveries::oldest_in(connection, entry.key, status);
    let mut backlog = Backlog { waiting: live, held, ..Backlog::default() };
    if live > 0 {
        let written = [oldest_in(Status::Pending)?, oldest_in(Status::Retrying)?];
        let all = written.into_iter().chain([under_way.get(&entry.key).copied()]);
        backlog.waiting_since = all.flatten().min();
    }
    if held > 0 {
        backlog.held_since = oldest_in(Status::Held)?;
    }
    let (count, since) = if entry.webhook.enabled {
        (&mut backlog.waiting, &mut backlog.waiting_since)
    } else {
        (&mut backlog.held, &mut backlog.held_since)
    };
    *count += owed;
    *since = [*since, owed_since].into_iter().flatten().min();
    Ok(backlog)
}

/// When the oldest event that a webhook is owed was taken in.
fn owed_since(connection: &Connection, key: i64) -> Result<Option<Millis>> {
    let first = webhooks::lagging_since(connection, key)?;
    Ok(first.map(|number| events::received_at(connection, number)).transpose()?.flatten())
}

//! Lagging webhooks: what there is no room for in memory is not written out delivery by delivery, but left in the log of
//! events, which names the webhooks that each event is still owed to. A lagging webhook goes through the log from where
//! it stopped, a stretch at a time, as its receiver takes what it is sent.
//!
//! So an event that hundreds of dead receivers want costs the store little more than one that nobody wants, and nothing
//! of it is held in memory.

use std::collections::BTreeMap;

use bluehook_core::{delivery::Status, time::Millis};
use rusqlite::Transaction;

use crate::{
    Result,
    changes::DeliveryStep,
    know::WebhookKey,
    store::{Context, deliveries, events, webhooks},
    sums::Move,
};

/// The most events that one stretch goes through.
const MAX_STRETCH: usize = 2_000;

/// What going through them costs, in rows that are changed.
pub(crate) const COST_OF_LOOKING: usize = 100;

/// Which webhooks lag, and the first event that each is owed. Known to the store's writer alone.
#[derive(Default)]
pub(crate) struct Lagging {
    since: BTreeMap<WebhookKey, i64>,
    /// What the transaction under way changes.
    changes: Vec<(WebhookKey, Option<i64>)>,
}

impl Lagging {
    pub(crate) fn new(since: BTreeMap<WebhookKey, i64>) -> Lagging {
        Lagging { since, changes: Vec::new() }
    }

    /// The first event that a webhook is owed; none when it does not lag.
    pub(crate) fn since(&self, key: WebhookKey) -> Option<i64> {
        let changed = self.changes.iter().rev().find(|(changed, _)| *changed == key);
        changed.map_or_else(|| self.since.get(&key).copied(), |(_, since)| *since)
    }

    /// The first event that any webhook is owed.
    pub(crate) fn first(&self) -> Option<i64> {
        let changed = self.changes.iter().filter_map(|(_, since)| *since);
        self.since.values().copied().chain(changed).min()
    }

    /// The webhooks that lag: those after one, then the others.
    pub(crate) fn keys_after(&self, key: WebhookKey) -> Vec<WebhookKey> {
        let (after, others) = (self.since.range(key.saturating_add(1)..), self.since.range(..=key));
        after.chain(others).map(|(key, _)| *key).collect()
    }

    fn change(&mut self, key: WebhookKey, since: Option<i64>) {
        self.changes.push((key, since));
    }

    /// The transaction failed: nothing changed.
    pub(crate) fn forget_changes(&mut self) {
        self.changes.clear();
    }

    /// The transaction is on disk.
    pub(crate) fn keep_changes(&mut self) {
        for (key, since) in self.changes.drain(..) {
            match since {
                Some(since) => self.since.insert(key, since),
                None => self.since.remove(&key),
            };
        }
    }
}

/// Notes that webhooks are owed an event.
pub(crate) fn fall_behind(
    tx: &Transaction<'_>,
    context: &mut Context,
    webhooks: &[WebhookKey],
    event: i64,
) -> Result<()> {
    for key in webhooks {
        context.owes(*key, 1);
        if context.lagging.since(*key).is_none() {
            webhooks::lag(tx, *key, Some(event))?;
            context.lagging.change(*key, Some(event));
        }
    }
    Ok(())
}

/// A delivery that was owed, and is written out now.
pub(crate) struct Owed {
    pub(crate) number: i64,
    pub(crate) event: i64,
    pub(crate) revision: i64,
    pub(crate) received_at: Millis,
}

/// Writes out the next deliveries that a webhook is owed, at most `limit`, in a status. It lags no more when these were
/// the last.
pub(crate) fn stretch(
    tx: &Transaction<'_>,
    context: &mut Context,
    key: WebhookKey,
    status: Status,
    limit: usize,
) -> Result<Vec<Owed>> {
    let Some(since) = context.lagging.since(key) else { return Ok(Vec::new()) };
    let revision = webhooks::current_revision(tx, key)?;
    let events = events::owing(tx, since, MAX_STRETCH)?;
    let mut next =
        (events.len() == MAX_STRETCH).then(|| events.last().map_or(since, |event| event.number + 1));
    let mut written = Vec::new();
    for event in &events {
        let Some(place) = event.owed_to.iter().position(|owed| *owed == key) else { continue };
        if written.len() == limit {
            next = Some(event.number);
            break;
        }
        let number = event.first_owed + i64::try_from(place).unwrap_or(0);
        let new = deliveries::NewDelivery {
            number,
            event: event.number,
            webhook: key,
            revision,
            event_type: event.event_type,
            status,
            created_at: event.received_at,
        };
        deliveries::insert(tx, &new)?;
        context.delivery_changes((key, number), DeliveryStep::Created, status, 0);
        context.moves(number, Move::made(key, event.received_at, status));
        context.owes(key, -1);
        written.push(Owed { number, event: event.number, revision, received_at: event.received_at });
    }
    webhooks::lag(tx, key, next)?;
    context.lagging.change(key, next);
    Ok(written)
}

/// How many deliveries each webhook is owed.
pub(crate) fn owed(
    connection: &rusqlite::Connection,
    lagging: &Lagging,
) -> Result<BTreeMap<WebhookKey, i64>> {
    let (mut counts, mut from) = (BTreeMap::new(), lagging.first());
    while let Some(number) = from {
        let events = events::owing(connection, number, MAX_STRETCH)?;
        for event in &events {
            let owed = |key: &&WebhookKey| lagging.since(**key).is_some_and(|since| since <= event.number);
            for key in event.owed_to.iter().filter(owed) {
                *counts.entry(*key).or_default() += 1;
            }
        }
        from = events.last().filter(|_| events.len() == MAX_STRETCH).map(|event| event.number + 1);
    }
    Ok(counts)
}

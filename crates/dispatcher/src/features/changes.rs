//! What changed, in one order: whoever follows goes on from where they stopped and misses nothing, restarts included.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, atomic::Ordering},
};

use bluehook_core::delivery::Status;

use super::fares::{self, Fares};
use crate::{
    Dispatcher, Result,
    know::{Entry, World},
    model::{
        changes::{ChangeQuery, DeliveryStep, Position, WebhookStep},
        log::Delivery,
    },
    store::{Snapshot, rows::Changed},
};

/// The text is no [`Position`] of this database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a position that a stream gave")]
pub struct NoPosition;

/// One change.
#[derive(Clone, Debug)]
pub enum Change {
    /// Of a delivery.
    Delivery {
        /// What happened.
        step: DeliveryStep,
        /// Where the delivery stood then.
        status: Status,
        /// How many of its attempts had ended then.
        attempts: u32,
        /// The delivery as it stands now.
        delivery: Box<Delivery>,
    },
    /// Of a webhook.
    Webhook {
        /// What happened.
        step: WebhookStep,
        /// Its id.
        id: String,
        /// The webhook as it stands now; none when it was deleted.
        webhook: Option<Box<Fares>>,
    },
}

/// The next changes after a place.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// Each with the place behind it.
    pub items: Vec<(Position, Change)>,
    /// Where to go on. Beyond the last item when what lies between is not asked for.
    pub next: Position,
    /// Whether there is more to read at once.
    pub more: bool,
    /// Whether changes after the place that was given are not known any more, or never were: what was read before has to
    /// be read again.
    pub is_broken: bool,
}

impl Dispatcher {
    /// The place behind everything that is on disk.
    pub fn latest_position(&self) -> Position {
        Position { commit: self.changes_end.load(Ordering::Acquire), seen: 0 }
    }

    /// A place as a text that tells nothing, for those who keep it and come back with it.
    pub fn show_position(&self, position: Position) -> String {
        self.ids.position(position.commit, position.seen)
    }

    /// The place that such a text stands for.
    ///
    /// # Errors
    /// [`NoPosition`] when it is not of this database's making.
    pub fn read_position(&self, text: &str) -> Result<Position, NoPosition> {
        self.ids.read_position(text).map(|(commit, seen)| Position { commit, seen }).ok_or(NoPosition)
    }

    /// At most `limit` changes after a place, the oldest first. They are on disk. [`Dispatcher::commits`] tells when to
    /// ask again.
    ///
    /// # Errors
    /// [`crate::Error::Store`].
    pub async fn changes_since(&self, from: Position, query: ChangeQuery, limit: usize) -> Result<Changes> {
        let (ids, known) = (self.ids.clone(), self.known.clone());
        let (end, now) = (self.latest_position(), self.clock.now());
        let first = self.first_event(query.company_id.as_deref(), query.created_by_id.as_deref());
        let read = move |snapshot: &dyn Snapshot| {
            let found = snapshot.changes((from, end), &query, limit)?;
            let webhooks = webhooks_of(&found.rows, &known.now());
            let webhooks = fares::all(snapshot, &webhooks, now, false)?;
            let webhooks: HashMap<_, _> = webhooks.iter().map(|of| (of.webhook.id.as_str(), of)).collect();
            let mut items = Vec::with_capacity(found.rows.len());
            for (position, row) in found.rows {
                let shown = match row {
                    Changed::Webhook { step, id } => {
                        let webhook = webhooks.get(id.as_str()).map(|of| Box::new((*of).clone()));
                        Some(Change::Webhook { step, id, webhook })
                    }
                    Changed::Delivery { step, status, attempts, number } => {
                        let delivery = snapshot.delivery(&ids, number)?.map(Box::new);
                        let delivery = delivery.filter(|delivery| delivery.event_number >= first);
                        delivery.map(|delivery| Change::Delivery { step, status, attempts, delivery })
                    }
                };
                items.extend(shown.map(|change| (position, change)));
            }
            Ok(Changes { items, next: found.next, more: found.more, is_broken: found.is_broken })
        };
        self.store.follow(read).await
    }
}

/// The webhooks among what changed that are there, each once.
fn webhooks_of(rows: &[(Position, Changed)], world: &World) -> Vec<Arc<Entry>> {
    let ids: BTreeSet<&str> = rows
        .iter()
        .filter_map(|(_, row)| match row {
            Changed::Webhook { id, .. } => Some(id.as_str()),
            Changed::Delivery { .. } => None,
        })
        .collect();
    ids.into_iter().filter_map(|id| world.find(id).cloned()).collect()
}

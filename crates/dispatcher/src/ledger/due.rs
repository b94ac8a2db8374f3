//! When something with a row is due for each webhook.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use bluehook_core::time::Millis;

use crate::{Result, model::WebhookKey, store::Snapshot};

/// No webhook has this number, and all others are above it.
pub(crate) const NOBODY: WebhookKey = 0;

/// When something with a row is due for each webhook: never later than it is, and earlier where nobody looked lately.
#[derive(Default)]
pub(crate) struct Due {
    of: BTreeMap<WebhookKey, Millis>,
    order: BTreeSet<(Millis, WebhookKey)>,
    /// Webhooks for which more is due than there was room for.
    pub(crate) crowded: BTreeSet<WebhookKey>,
    /// Times when the clock was set back, until what waits was moved.
    pub(crate) set_back: VecDeque<SetBack>,
    /// The same before this group, and the webhooks that it looked at.
    before: (VecDeque<SetBack>, Vec<WebhookKey>),
}

/// A clock that was set back.
#[derive(Clone, Copy)]
pub(crate) struct SetBack {
    pub(crate) to: Millis,
    pub(crate) by: Millis,
    /// The webhook that is being seen to, and the last of its deliveries that was.
    pub(crate) at: (WebhookKey, i64),
}

impl Due {
    /// What a store has: a look for each webhook that something waits for. What the clock said when cursors were moved last tells
    /// whether it was set back since.
    pub(crate) fn read(snapshot: &dyn Snapshot, now: Millis) -> Result<Due> {
        let (mut due, mut after) = (Due::default(), NOBODY);
        while let Some((webhook, at)) = snapshot.next_waiting(after)? {
            due.note(webhook, at);
            after = webhook;
        }
        let (_, until) = snapshot.open_from()?;
        if until.is_some_and(|until| until > now) {
            due.set_back(now, 0);
        }
        due.keep_changes();
        Ok(due)
    }

    /// Something is due for a webhook at a time.
    pub(crate) fn note(&mut self, webhook: WebhookKey, at: Millis) {
        match self.of.get(&webhook) {
            Some(known) if *known <= at => return,
            Some(known) => drop(self.order.remove(&(*known, webhook))),
            None => {}
        }
        self.of.insert(webhook, at);
        self.order.insert((at, webhook));
    }

    /// A webhook is to be looked at, if anything waits for it.
    pub(crate) fn look_at(&mut self, webhook: WebhookKey) {
        if self.of.contains_key(&webhook) || self.crowded.contains(&webhook) {
            self.note(webhook, Millis::MIN);
        }
    }

    /// The next webhook that something is due for.
    pub(crate) fn next(&mut self, now: Millis) -> Option<WebhookKey> {
        let (at, webhook) = self.order.first().copied().filter(|(at, _)| *at <= now)?;
        self.order.remove(&(at, webhook));
        self.of.remove(&webhook);
        self.before.1.push(webhook);
        Some(webhook)
    }

    /// The group failed: what it looked at is looked at again.
    pub(crate) fn forget_changes(&mut self) {
        let (set_back, looked_at) = std::mem::take(&mut self.before);
        self.set_back = set_back;
        for webhook in looked_at {
            self.note(webhook, Millis::MIN);
        }
        self.keep_changes();
    }

    /// The group is in the store.
    pub(crate) fn keep_changes(&mut self) {
        self.before.0.clone_from(&self.set_back);
        self.before.1.clear();
    }

    /// When something is due first.
    pub(crate) fn first(&self) -> Option<Millis> {
        self.order.first().map(|(at, _)| *at)
    }

    /// The clock was set back: what waits is to be moved.
    pub(crate) fn set_back(&mut self, to: Millis, by: Millis) {
        self.set_back.push_back(SetBack { to, by, at: (NOBODY, 0) });
    }
}

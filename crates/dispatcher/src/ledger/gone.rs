//! Webhooks that are gone, and whose turn it is: how far what goes on by and by has come.

use std::{collections::BTreeMap, time::Instant};

use crate::model::WebhookKey;

/// Webhooks that are gone and for which something may be held, and up to which delivery that was seen to.
#[derive(Clone, Default)]
pub(crate) struct Gone(pub(crate) BTreeMap<WebhookKey, i64>);

impl Gone {
    /// One more.
    pub(crate) fn add(&mut self, key: WebhookKey) {
        self.0.insert(key, 0);
    }
}

/// Where the last look left off.
#[derive(Default)]
pub(crate) struct Turns {
    /// Of the webhooks with gaps, the last that had its turn, where not all could have one in a look.
    pub(crate) owed: WebhookKey,
    /// From when on replays hand over more.
    pub(crate) replays_from: Option<Instant>,
}

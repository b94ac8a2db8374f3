//! Webhooks whose creators are away: in none of the projects that the webhook chose, or in none of the company.

use std::collections::BTreeMap;

use bluehook_core::time::Millis;

use crate::{
    know::{Entry, World, membership::is_away},
    model::WebhookKey,
};

/// The webhooks that are on and whose creators are away, since when. Known to the store's writer alone.
#[derive(Default)]
pub(crate) struct Away(BTreeMap<WebhookKey, Millis>);

impl Away {
    /// Those of a version, away from now on as far as is known.
    pub(crate) fn of(world: &World, now: Millis) -> Away {
        let mut away = Away::default();
        world.entries().for_each(|entry| away.look(world, entry.key, now));
        away
    }

    /// Looks at a webhook again, after a change.
    pub(crate) fn look(&mut self, world: &World, key: WebhookKey, now: Millis) {
        let is_away = |entry: &Entry| entry.webhook.enabled && is_away(&world.directory, &entry.webhook);
        if world.entry(key).is_some_and(|entry| is_away(entry)) {
            let since = self.0.entry(key).or_insert(now);
            // A clock that was set back must not make it longer.
            *since = now.min(*since);
        } else {
            self.0.remove(&key);
        }
    }

    /// Whose creators are away, since when.
    pub(crate) fn since(&self) -> Vec<(WebhookKey, Millis)> {
        self.0.iter().map(|(key, at)| (*key, *at)).collect()
    }
}

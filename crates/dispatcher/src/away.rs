//! Webhooks whose creators are away: in none of the projects that the webhook chose, or in none of the company. Away long
//! enough, and the webhook is switched off.

use std::collections::BTreeMap;

use bluehook_core::time::Millis;
use rusqlite::Transaction;

use crate::{
    Result,
    know::{Entry, WebhookKey, World},
    membership::is_away,
    standing::{Off, OffBy},
    store::Context,
    switching,
};

/// How long a webhook's creator may be away before it is switched off: a backend that brings the directory into step may
/// take a person out and put them in again.
const GRACE: Millis = 60_000;

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
}

/// Switches off whose creators were away long enough. Gives when the next one will have been.
pub(crate) fn switch_off_away(
    tx: &Transaction<'_>,
    context: &mut Context,
    now: Millis,
) -> Result<Option<Millis>> {
    let mut next = None;
    let away: Vec<(WebhookKey, Millis)> = context.away.0.iter().map(|(key, at)| (*key, *at)).collect();
    for (key, since) in away {
        let due = since.min(now) + GRACE;
        if now < due {
            next = [next, Some(due)].into_iter().flatten().min();
            continue;
        }
        let Some(entry) = context.entry(key).filter(|entry| entry.webhook.enabled) else { continue };
        let off = Off { by: OffBy::Membership, at: now, person: None, cause: None, probe: None };
        let health = context.health(&entry);
        switching::switch_off(tx, context, &entry, (health, off), None)?;
    }
    Ok(next)
}

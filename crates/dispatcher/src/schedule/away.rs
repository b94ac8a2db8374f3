//! Away long enough, and a webhook is switched off.

use bluehook_core::time::Millis;

use crate::{
    Result,
    ledger::{Context, Writing, switching},
    model::standing::{Off, OffBy},
};

/// How long a webhook's creator may be away before it is switched off: a backend that brings the directory into step may
/// take a person out and put them in again.
const GRACE: Millis = 60_000;

/// Switches off whose creators were away long enough. Gives when the next one will have been.
pub(crate) fn switch_off_away(
    writing: &Writing<'_>,
    context: &mut Context,
    now: Millis,
) -> Result<Option<Millis>> {
    let mut next = None;
    for (key, since) in context.away.since() {
        let due = since.min(now) + GRACE;
        if now < due {
            next = [next, Some(due)].into_iter().flatten().min();
            continue;
        }
        let Some(entry) = context.entry(key).filter(|entry| entry.webhook.enabled) else { continue };
        let off = Off { by: OffBy::Membership, at: now, person: None, cause: None, probe: None };
        let health = context.health(&entry);
        switching::switch_off(writing, context, &entry, (health, off), None)?;
    }
    Ok(next)
}

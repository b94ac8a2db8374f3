//! Changing and deleting webhooks: what is accepted here is enforced elsewhere.

use std::{collections::HashSet, sync::Arc};

use bluehook_core::{
    event::EventType,
    signature::Secret,
    webhook::{PayloadFormat, Webhook},
};

use super::{checks::check_places, secrets::Expected};
use crate::{
    Counted, Dispatcher, Error, Result,
    decide::switching::Switch,
    id,
    know::{Entry, Staged, membership::may_be_on},
    ledger::{Context, Writing, switching},
    model::{
        audit::{self, Action, Author, Note},
        standing::{Actor, Probe},
        webhooks::{SecretChoice, Updated, WebhookChange},
    },
    store::Change,
};

impl Dispatcher {
    /// Changes a webhook, as the backend. Switching it on sends a probe first, to the new URL if that changes too; when the
    /// probe fails everything else is still changed, but the webhook is off.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Invalid`] with every problem, [`Error::PrivateAddress`]; [`Error::Busy`] when it may not
    /// be probed now.
    pub async fn update_webhook(&self, id: &str, change: WebhookChange) -> Result<Arc<Webhook>> {
        Ok(self.update_webhook_if(id, &Actor::Service, change, |_: &str| true).await?.webhook)
    }

    /// The same by somebody, if the webhook is as expected when the change is made: looked at before the probe, and again
    /// within the change's own group, so that of two changes that expect the same only one is made.
    ///
    /// # Errors
    /// [`Error::Changed`] when it is not; otherwise as [`Dispatcher::update_webhook`].
    pub async fn update_webhook_if(
        &self,
        id: &str,
        actor: &Actor,
        change: WebhookChange,
        expected: impl Expected,
    ) -> Result<Updated> {
        let entry = self.entry(id)?;
        let mut trial = merged(&entry, &change);
        let problems = self.problems_of_change(id, &change)?;
        if !problems.is_empty() {
            return Err(Error::Invalid(problems));
        }
        check_expected(&entry, &expected)?;
        if change.enabled == Some(true) {
            may_be_on(&self.known.now().directory, &trial)?;
        }
        // One that may not be probed now is not changed.
        let _under_way = match change.enabled {
            Some(true) => Some(self.tests.begin(&entry)?),
            _ => None,
        };
        let url = match &change.url {
            Some(url) => Some(self.guard.vet("/url", url).await?.url),
            None => None,
        };
        if let Some(url) = &url {
            trial.url.clone_from(url);
        }
        let probe = match change.enabled {
            Some(true) => Some(self.probe(&entry, trial).await?),
            _ => None,
        };
        let on = change.enabled.map(|wanted| probe.as_ref().map_or(wanted, Probe::is_success));
        let switch = on.map(|on| Switch { on, actor: actor.clone(), probe: probe.clone() });
        let change = WebhookChange { url, ..change };
        let webhook = self.change_webhook(id, change, switch, expected).await?;
        Ok(Updated { webhook, probe })
    }

    /// Makes a checked change, on top of whatever the webhook is by then, if that is as expected.
    async fn change_webhook(
        &self,
        id: &str,
        change: WebhookChange,
        switch: Option<Switch>,
        expected: impl Expected,
    ) -> Result<Arc<Webhook>> {
        let (id, author) = (id.to_owned(), self.author.clone());
        let now = self.clock.now();
        let apply = move |writing: &Writing<'_>, context: &mut Context| {
            let entry = context.find(&id).ok_or(WEBHOOK_NOT_FOUND)?;
            check_expected(&entry, &expected)?;
            let mut webhook = merged(&entry, &change);
            let directory = &context.world().directory;
            check_places(&webhook, Some(&change), directory)?;
            if let Some(switch) = &switch {
                if switch.on {
                    may_be_on(directory, &webhook)?;
                }
                switch.set(&mut webhook);
            }
            webhook.updated_at = now.max(webhook.updated_at);
            let off = switching::follow(writing, context, &entry, (&webhook, switch.as_ref()), now)?;
            let revision = context.keep_webhook(writing, entry.key, &webhook)?;
            let changed = entry.changed(webhook, revision, off);
            let webhook = changed.webhook.clone();
            note_change(writing, context, &author, &entry.webhook, &webhook)?;
            context.stage(Staged::Put(changed));
            Ok(webhook)
        };
        self.store.change(apply).await
    }

    /// Deletes a webhook. What waits for it is cancelled; its log stays until its time is over.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn delete_webhook(&self, id: &str) -> Result<()> {
        self.delete_webhook_if(id, |_: &str| true).await
    }

    /// The same, if the webhook is as expected by then.
    ///
    /// # Errors
    /// [`Error::Changed`] when it is not; [`Error::NotFound`].
    pub async fn delete_webhook_if(&self, id: &str, expected: impl Expected) -> Result<()> {
        let (id, now, author) = (id.to_owned(), self.clock.now(), self.author.clone());
        let delete = move |writing: &Writing<'_>, context: &mut Context| {
            let entry = context.find(&id).ok_or(WEBHOOK_NOT_FOUND)?;
            check_expected(&entry, &expected)?;
            writing.put(Change::Deleted(entry.key, now))?;
            context.note(writing, &author, &Note::of_webhook(Action::WebhookDeleted, &entry.webhook))?;
            context.stage(Staged::Remove(entry.key));
            Ok(())
        };
        self.store.change(delete).await?;
        self.workers.wake.notify_one();
        Ok(())
    }
}

/// The words of Blue's API for a webhook that does not exist.
pub(crate) const WEBHOOK_NOT_FOUND: Error = Error::NotFound("Webhook");

pub(crate) fn check_expected(entry: &Entry, expected: &impl Expected) -> Result<()> {
    if expected(&entry.version()) { Ok(()) } else { Err(Error::Changed) }
}

/// Notes that a webhook was changed: switching it is something of its own.
fn note_change(
    writing: &Writing<'_>,
    context: &Context,
    author: &Author,
    before: &Webhook,
    after: &Webhook,
) -> Result<()> {
    let mut changes = audit::between(before, after);
    let switched = changes.iter().position(|change| change.field == "enabled");
    if let Some(switched) = switched.map(|at| changes.remove(at)) {
        let action = if after.enabled { Action::WebhookEnabled } else { Action::WebhookDisabled };
        context.note(writing, author, &Note::of_webhook(action, after).with([switched]))?;
    }
    if changes.is_empty() {
        return Ok(());
    }
    context.note(writing, author, &Note::of_webhook(Action::WebhookChanged, after).with(changes))
}

pub(crate) fn secret(choice: &SecretChoice) -> Result<Option<Secret>> {
    match choice {
        SecretChoice::Generated => Ok(Some(Secret::from_random(id::random()))),
        SecretChoice::Declined => Ok(None),
        SecretChoice::Given(text) => {
            let secret =
                Secret::newly_given(text.clone()).map_err(|error| Error::invalid("/secret", error.into()))?;
            Ok(Some(secret))
        }
    }
}

/// A webhook with a change's values; `enabled` is decided elsewhere.
pub(crate) fn merged(entry: &Entry, change: &WebhookChange) -> Webhook {
    let mut webhook = (*entry.webhook).clone();
    merge(&mut webhook, change);
    webhook
}

fn merge(webhook: &mut Webhook, change: &WebhookChange) {
    fn put<T: Clone>(into: &mut T, value: Option<&T>) {
        if let Some(value) = value {
            into.clone_from(value);
        }
    }
    put(&mut webhook.created_by_id, change.created_by_id.as_ref());
    put(&mut webhook.name, change.name.as_ref());
    put(&mut webhook.url, change.url.as_ref());
    put(&mut webhook.events, change.events.clone().map(distinct::<EventType>).as_ref());
    put(&mut webhook.project_ids, change.project_ids.clone().map(distinct::<String>).as_ref());
    put::<PayloadFormat>(&mut webhook.payload_format, change.payload_format.as_ref());
    put(&mut webhook.filter, change.filter.as_ref());
    put(&mut webhook.description, change.description.as_ref());
    let headers = change.headers.as_ref().map(|given| kept(&webhook.headers, given));
    put(&mut webhook.headers, headers.as_ref());
    put(&mut webhook.rate_limit_per_second, change.rate_limit_per_second.as_ref());
}

/// Each member once, in the order given.
pub(crate) fn distinct<T: Clone + Eq + std::hash::Hash>(members: Vec<T>) -> Vec<T> {
    let mut seen = HashSet::new();
    members.into_iter().filter(|member| seen.insert(member.clone())).collect()
}

/// The headers that were given; one without a value keeps that which it has.
fn kept(before: &[(String, String)], given: &[(String, Option<String>)]) -> Vec<(String, String)> {
    let value = |name: &str| {
        before.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.clone())
    };
    let with_values =
        given.iter().filter_map(|(name, given)| Some((name.clone(), given.clone().or_else(|| value(name))?)));
    with_values.collect()
}

/// The company's cap on enabled webhooks, checked at creation only (Blue); and on all of them.
pub(crate) fn check_limit(context: &Context, company_id: &str) -> Result<()> {
    let counts = context.counts_in(company_id);
    if counts.on >= counts.on_max {
        Err(Error::LimitReached { limit: counts.on_max, used: counts.on, counts: Counted::On })
    } else if counts.all >= counts.all_max {
        Err(Error::LimitReached { limit: counts.all_max, used: counts.all, counts: Counted::All })
    } else {
        Ok(())
    }
}

impl Context {
    /// The webhook with this id, as it stands after what was written so far.
    pub(crate) fn find(&self, id: &str) -> Option<Arc<Entry>> {
        self.world().find(id).cloned()
    }
}

#[cfg(test)]
mod tests;

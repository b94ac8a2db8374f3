//! Making webhooks: each time one is asked for, or once for each key that a caller gives.

use std::sync::Arc;

use bluehook_core::{
    filter::Filter,
    signature::Secret,
    time::Millis,
    webhook::{Status, Webhook},
};
use serde_json::json;

use super::{
    checks::check_places,
    manage::{check_limit, distinct, secret},
};
use crate::{
    Conflict, Dispatcher, Error, Result, id,
    know::{Entry, Keys, Load, Staged},
    ledger::{Context, Writing},
    model::{
        audit::{Action, Author, Note},
        directory::Births,
        health::Health,
        standing::HealthChange,
        webhooks::{Created, NewWebhook, SecretChoice},
    },
    store::Change,
};

/// A webhook that was checked and not made yet.
struct Draft {
    webhook: Arc<Webhook>,
    secret: Option<Secret>,
    keys: Arc<Keys>,
}

/// A caller's key, and what it stands for; shortened, and not to be read back. The first is kept; others were from before
/// the database had a key of its own.
struct Claim(Vec<Mark>);

struct Mark {
    key: [u8; 32],
    content: [u8; 32],
}

impl Dispatcher {
    /// Makes a webhook. It is on and healthy; no probe is sent. Its secret is told here and never again.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every problem, [`Error::PrivateAddress`], [`Error::LimitReached`].
    pub async fn create_webhook(&self, new: NewWebhook) -> Result<(Arc<Webhook>, Option<Secret>)> {
        let (draft, secret) = self.draft(new).await?;
        let webhook = draft.webhook.clone();
        let author = self.author.clone();
        self.store.change(move |writing, context| draft.put(writing, context, &author)).await?;
        Ok((webhook, secret))
    }

    /// Makes a webhook once for a key, which belongs to the webhook's company and creator: the same again within the
    /// retention time makes nothing and gives the first one as it is by then, without its secret.
    ///
    /// # Errors
    /// [`Error::Conflict`] when the key was used for a webhook with other content, or for one that was deleted since;
    /// otherwise as [`Dispatcher::create_webhook`].
    pub async fn create_webhook_once(&self, new: NewWebhook, key: &str) -> Result<Created> {
        let asked = Arc::new((key.to_owned(), new.clone()));
        let asked_first = asked.clone();
        let before = move |writing: &Writing<'_>, context: &mut Context| {
            Claim::of(&asked_first, context).answer(writing, context)
        };
        if let Some(webhook) = self.store.look_and_change(before).await? {
            return Ok(Created::Before(webhook));
        }
        let (draft, secret) = self.draft(new).await?;
        let (webhook, author) = (draft.webhook.clone(), self.author.clone());
        let put = move |writing: &Writing<'_>, context: &mut Context| {
            let claim = Claim::of(&asked, context);
            let before = claim.answer(writing, context)?;
            if before.is_none() {
                let number = draft.put(writing, context, &author)?;
                claim.keep(writing, number, context.clock.now())?;
            }
            Ok(before)
        };
        let before = self.store.look_and_change(put).await?;
        Ok(before.map_or(Created::Now(webhook, secret), Created::Before))
    }

    async fn draft(&self, new: NewWebhook) -> Result<(Draft, Option<Secret>)> {
        let secret = secret(&new.secret)?;
        let mut webhook = unchecked(new, self.clock.now());
        self.check(&webhook)?;
        webhook.url = self.guard.vet("/url", &webhook.url).await?.url;
        let keys = Arc::new(Keys::new(secret.as_ref().map(|secret| (secret, webhook.created_at))));
        let for_store = secret.as_ref().map(|secret| Secret::new(secret.expose().to_owned())).transpose();
        let for_store = for_store.map_err(|error| Error::invalid("/secret", error.into()))?;
        Ok((Draft { webhook: Arc::new(webhook), secret: for_store, keys }, secret))
    }
}

pub(crate) fn unchecked(new: NewWebhook, now: Millis) -> Webhook {
    Webhook {
        id: id::webhook(now),
        uid: id::uid(),
        name: new.name,
        url: new.url,
        status: Status::Healthy,
        enabled: true,
        events: distinct(new.events),
        project_ids: distinct(new.project_ids),
        company_id: new.company_id,
        created_by_id: new.created_by_id,
        created_at: now,
        updated_at: now,
        payload_format: new.payload_format,
        filter: new.filter,
        description: new.description,
        headers: new.headers,
        rate_limit_per_second: new.rate_limit_per_second,
    }
}

impl Draft {
    fn put(&self, writing: &Writing<'_>, context: &mut Context, author: &Author) -> Result<i64> {
        check_places(&self.webhook, None, &context.world().directory)?;
        check_limit(context, &self.webhook.company_id)?;
        let (number, revision) = context.make_webhook(writing, &self.webhook, self.secret.as_ref())?;
        let (webhook, keys, load) = (self.webhook.clone(), self.keys.clone(), Arc::new(Load::default()));
        let health = Health::new(self.webhook.created_at);
        writing.put(Change::HealthChanged(number, HealthChange::of(&health)))?;
        context.note(writing, author, &Note::of_webhook(Action::WebhookCreated, &self.webhook))?;
        context.fares(number, health);
        context.stage(Staged::Put(Arc::new(Entry { key: number, webhook, revision, keys, off: None, load })));
        Ok(number)
    }
}

impl Claim {
    fn of((key, new): &(String, NewWebhook), context: &Context) -> Claim {
        // Another person with this id has keys of their own.
        let births = context.births(&new.company_id, &new.created_by_id);
        let owner = match births.unwrap_or_default() {
            Births { user: 0, company: 0 } => json!([new.company_id, new.created_by_id, key]),
            Births { user, company } => json!([new.company_id, new.created_by_id, key, user, company]),
        };
        let owner = owner.to_string();
        let asked = content(new);
        let marks = context.marks.of(&owner).zip(context.marks.of(&asked));
        Claim(marks.map(|(key, content)| Mark { key, content }).collect())
    }

    /// Keeps it for a webhook.
    fn keep(&self, writing: &Writing<'_>, number: i64, now: Millis) -> Result<()> {
        let Some(Mark { key, content }) = self.0.first() else { return Ok(()) };
        writing.put(Change::Creation { key, content, webhook: number, at: now })
    }

    /// The webhook that was made for this key before.
    fn answer(&self, writing: &Writing<'_>, context: &Context) -> Result<Option<Arc<Webhook>>> {
        let retention = i64::try_from(context.config.retention.as_millis()).unwrap_or(i64::MAX);
        let before = context.ageing.now(&context.clock).now.saturating_sub(retention);
        writing.put(Change::ForgetCreations { before })?;
        let kept = writing.look()?.before();
        for mark in &self.0 {
            // One that is forgotten here may still be found.
            let found = kept.creation(&mark.key)?.filter(|found| found.created_at >= before);
            let Some(found) = found else { continue };
            if found.content != mark.content {
                return Err(Error::Conflict(Conflict::KeyUsed));
            }
            let entry = context.entry(found.webhook).ok_or(Error::Conflict(Conflict::KeyOfDeleted))?;
            return Ok(Some(entry.webhook.clone()));
        }
        Ok(None)
    }
}

/// Everything that was asked for, in one spelling.
fn content(new: &NewWebhook) -> String {
    let secret = match &new.secret {
        SecretChoice::Generated => json!("generated"),
        SecretChoice::Declined => json!(null),
        SecretChoice::Given(text) => json!({ "given": text }),
    };
    let lower = |(name, value): &(String, String)| (name.to_ascii_lowercase(), value.clone());
    let mut headers: Vec<_> = new.headers.iter().map(lower).collect();
    headers.sort_unstable();
    json!({
        "url": new.url,
        "secret": secret,
        "name": new.name,
        "events": new.events.iter().map(|event| event.name()).collect::<Vec<_>>(),
        "projectIds": new.project_ids,
        "payloadFormat": new.payload_format.name(),
        "filter": new.filter.as_ref().map(Filter::as_json),
        "description": new.description,
        "headers": headers,
        "rateLimitPerSecond": new.rate_limit_per_second,
    })
    .to_string()
}

#[cfg(test)]
mod tests;

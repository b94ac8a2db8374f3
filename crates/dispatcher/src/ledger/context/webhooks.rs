//! Webhooks and their secrets as they are written: each version gets a revision, what is secret is sealed.

use std::sync::Arc;

use bluehook_core::{signature::Secret, time::Millis, webhook::Webhook};

use super::{Context, Writing};
use crate::{
    Error, Result,
    know::{Entry, Keys, Revision},
    model::WebhookKey,
    store::{
        Change,
        change::{Secrets, WebhookRow},
        secrets::headers_of,
    },
};

impl Context {
    /// Puts a webhook in with its first revision.
    pub(crate) fn make_webhook(
        &mut self,
        writing: &Writing<'_>,
        webhook: &Webhook,
        secret: Option<&Secret>,
    ) -> Result<(WebhookKey, Arc<Revision>)> {
        let key = self.next_keys.0;
        self.next_keys.0 += 1;
        let revision = self.keep_webhook(writing, key, webhook)?;
        if let Some(secret) = secret {
            self.new_secret(writing, key, webhook, secret, webhook.created_at)?;
        }
        Ok((key, revision))
    }

    /// Writes a webhook as it is now, and makes the revision that later deliveries use.
    pub(crate) fn keep_webhook(
        &mut self,
        writing: &Writing<'_>,
        key: WebhookKey,
        webhook: &Webhook,
    ) -> Result<Arc<Revision>> {
        let (payload_format, body_object) = (webhook.payload_format, webhook.to_body_object());
        let revision = Arc::new(Revision { key: self.next_keys.1, payload_format, body_object });
        self.next_keys.1 += 1;
        let (sealed_headers, made_after) = (self.sealed_headers(webhook)?, self.numbers.last());
        // The webhook first: it may be new, and a revision is of one that is there.
        writing.put(Change::Webhook(WebhookRow { key, webhook, revision: revision.key, sealed_headers }))?;
        writing.put(Change::Revision { webhook: key, url: &webhook.url, revision: &revision, made_after })?;
        Ok(revision)
    }

    fn sealed_headers(&self, webhook: &Webhook) -> Result<Option<Vec<u8>>> {
        if webhook.headers.is_empty() {
            return Ok(None);
        }
        let json =
            serde_json::to_string(&webhook.headers).map_err(|error| Error::Store(error.to_string()))?;
        Ok(Some(self.config.encryption_key.seal(&headers_of(&webhook.id), &json)?))
    }

    /// Gives a webhook a secret that takes the place of all that it had.
    pub(crate) fn new_secret(
        &self,
        writing: &Writing<'_>,
        key: WebhookKey,
        webhook: &Webhook,
        secret: &Secret,
        now: Millis,
    ) -> Result<Keys> {
        let secrets = Secrets::of(&self.config.encryption_key, webhook, secret, now)?;
        self.keep_secrets(writing, (key, webhook), &secrets)
    }

    /// Gives a webhook a new secret, which takes over at a time; the one that is in force until then stays beside it. It looks
    /// into the store.
    pub(crate) fn rotate(
        &self,
        writing: &Writing<'_>,
        entry: &Entry,
        secret: &Secret,
        now: Millis,
        takes_over_at: Millis,
    ) -> Result<Keys> {
        let known = writing.look()?.before().secrets(entry.key)?;
        let sealed_for = (&self.config.encryption_key, &*entry.webhook);
        let secrets = known.rotated(sealed_for, secret, (now, takes_over_at))?;
        self.keep_secrets(writing, (entry.key, &entry.webhook), &secrets)
    }

    /// Lets only the newest secret sign. It looks into the store.
    pub(crate) fn finish_rotation(&self, writing: &Writing<'_>, entry: &Entry) -> Result<Keys> {
        let secrets = writing.look()?.before().secrets(entry.key)?.newest();
        self.keep_secrets(writing, (entry.key, &entry.webhook), &secrets)
    }

    fn keep_secrets(
        &self,
        writing: &Writing<'_>,
        (key, webhook): (WebhookKey, &Webhook),
        secrets: &Secrets,
    ) -> Result<Keys> {
        writing.put(Change::Secrets(key, secrets))?;
        secrets.open(&self.config.encryption_key, webhook)
    }
}

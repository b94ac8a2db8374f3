//! A webhook as it is known: what it is, what of it goes into bodies, how it signs.

use std::sync::Arc;

use bluehook_core::{
    request::Signing,
    signature::{Secret, Signer},
    time::Millis,
    webhook::{PayloadFormat, Webhook},
};

use super::Load;
use crate::model::{
    WebhookKey,
    standing::{Off, SecretInfo},
};

/// A webhook with what sending needs. Replaced as a whole whenever the webhook changes; `load` lives on.
pub(crate) struct Entry {
    pub(crate) key: WebhookKey,
    pub(crate) webhook: Arc<Webhook>,
    pub(crate) revision: Arc<Revision>,
    pub(crate) keys: Arc<Keys>,
    /// Why it is off; none when it is on.
    pub(crate) off: Option<Arc<Off>>,
    pub(crate) load: Arc<Load>,
}

impl Entry {
    /// The same webhook after a change; its keys and its load live on.
    pub(crate) fn changed(
        &self,
        webhook: Webhook,
        revision: Arc<Revision>,
        off: Option<Arc<Off>>,
    ) -> Arc<Entry> {
        let (keys, load) = (self.keys.clone(), self.load.clone());
        Arc::new(Entry { key: self.key, webhook: Arc::new(webhook), revision, keys, off, load })
    }

    /// The same webhook with other keys.
    pub(crate) fn signing_with(&self, keys: Keys) -> Arc<Entry> {
        let (webhook, revision, load) = (self.webhook.clone(), self.revision.clone(), self.load.clone());
        let (keys, off) = (Arc::new(keys), self.off.clone());
        Arc::new(Entry { key: self.key, webhook, revision, keys, off, load })
    }

    /// Changes with everything that people change: the webhook and its secrets, not how it fares.
    pub(crate) fn version(&self) -> String {
        let Keys { made_at, next, .. } = &*self.keys;
        let next = next.as_ref().map_or(0, |next| next.made_at);
        format!("{} {} {} {next}", self.webhook.id, self.revision.key, made_at.unwrap_or(0))
    }
}

/// What of a webhook goes into bodies, as it was at one time.
#[derive(Debug)]
pub(crate) struct Revision {
    pub(crate) key: i64,
    pub(crate) payload_format: PayloadFormat,
    pub(crate) body_object: String,
}

/// How a webhook signs: with its secret, and during a rotation with the next one as well.
#[derive(Default)]
pub(crate) struct Keys {
    current: Option<Signer>,
    made_at: Option<Millis>,
    next: Option<Next>,
}

/// A secret that takes over.
struct Next {
    signer: Signer,
    at: Millis,
    made_at: Millis,
}

impl Keys {
    /// Keys for a secret and the time when it was made.
    pub(crate) fn new(current: Option<(&Secret, Millis)>) -> Keys {
        let made_at = current.map(|(_, made_at)| made_at);
        Keys { current: current.map(|(secret, _)| Signer::new(secret)), made_at, next: None }
    }

    /// The same with the next secret, when it takes over and when it was made.
    pub(crate) fn followed_by(self, next: &Secret, at: Millis, made_at: Millis) -> Keys {
        Keys { next: Some(Next { signer: Signer::new(next), at, made_at }), ..self }
    }

    /// What is known of the secrets in force at a time.
    pub(crate) fn secrets(&self, now: Millis) -> Vec<SecretInfo> {
        let current = |created_at, ends_at| SecretInfo { is_next: false, created_at, ends_at };
        match &self.next {
            Some(next) if next.at <= now => vec![current(next.made_at, None)],
            Some(next) => {
                let following = SecretInfo { is_next: true, created_at: next.made_at, ends_at: None };
                let current = self.made_at.map(|made_at| current(made_at, Some(next.at)));
                current.into_iter().chain([following]).collect()
            }
            None => self.made_at.map(|made_at| current(made_at, None)).into_iter().collect(),
        }
    }

    /// What to sign with at a time; none when there is no secret.
    pub(crate) fn signing(&self, now: Millis) -> Option<Signing<'_>> {
        match &self.next {
            Some(next) if next.at <= now => Some(Signing { current: &next.signer, next: None }),
            next => {
                let current = self.current.as_ref()?;
                Some(Signing { current, next: next.as_ref().map(|next| &next.signer) })
            }
        }
    }
}

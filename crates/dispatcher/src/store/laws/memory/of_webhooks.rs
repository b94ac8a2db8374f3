//! What changes of webhooks change.

use super::data::{Data, Kept, Version};
use crate::{
    Result,
    model::WebhookKey,
    seal::Keyring,
    store::{
        Change,
        change::{Secrets, WebhookRow},
        lane::SealedAgain,
        secrets::headers_of,
    },
};
use std::sync::Arc;

/// The most changes of health that are kept of one webhook.
const MAX_HISTORY: usize = 200;

impl Data {
    pub(super) fn put_of_webhook(&mut self, change: Change<'_>) {
        match change {
            Change::Webhook(row) => self.put_webhook(row),
            Change::Revision { webhook, url, revision, .. } => {
                let crate::know::Revision { key, payload_format, body_object } = revision;
                let (key, payload_format, body_object) = (*key, *payload_format, body_object.clone());
                let revision = Arc::new(crate::know::Revision { key, payload_format, body_object });
                self.revisions.insert(key, Version { webhook, url: url.to_owned(), revision });
            }
            Change::Secrets(webhook, secrets) => self.kept(webhook).secrets = secrets.clone(),
            Change::Cursor(webhook, event) => self.kept(webhook).cursor = event,
            Change::Off(webhook, off) => self.kept(webhook).off = off.cloned(),
            Change::Health(webhook, health) => self.kept(webhook).health = Some(health.clone()),
            Change::HealthChanged(webhook, change) => {
                let history = &mut self.kept(webhook).history;
                history.push(change);
                let beyond = history.len().saturating_sub(MAX_HISTORY);
                history.drain(..beyond);
            }
            Change::Deleted(webhook, at) => {
                let kept = self.kept(webhook);
                kept.deleted_at = Some(at);
                kept.webhook.enabled = false;
                (kept.secrets, kept.sealed_headers) = (Secrets::default(), None);
                (kept.off, kept.health) = (None, None);
                kept.history.clear();
            }
            // Nothing of it is ever read.
            Change::Notice { .. } => {}
            _ => unreachable!("every other change is written elsewhere"),
        }
    }

    fn put_webhook(&mut self, row: WebhookRow<'_>) {
        let WebhookRow { key, webhook, revision, sealed_headers } = row;
        let webhook = webhook.clone();
        let known = self.webhooks.remove(&key);
        let kept = match known {
            Some(known) => Kept { webhook, revision, sealed_headers, ..known },
            None => Kept {
                webhook,
                revision,
                sealed_headers,
                secrets: Secrets::default(),
                deleted_at: None,
                cursor: None,
                off: None,
                health: None,
                history: Vec::new(),
            },
        };
        self.webhooks.insert(key, kept);
    }

    fn kept(&mut self, webhook: WebhookKey) -> &mut Kept {
        self.webhooks.get_mut(&webhook).expect("only what is there is changed")
    }

    pub(super) fn seal_again(
        &mut self,
        keys: &Keyring,
        after: WebhookKey,
        most: usize,
    ) -> Result<SealedAgain> {
        let sealed = self.webhooks.range_mut(after + 1..).filter(|(_, kept)| kept.is_sealed());
        let mut done = SealedAgain { last: None, count: 0 };
        for (key, kept) in sealed.take(most) {
            let headers = headers_of(&kept.webhook.id);
            let Secrets { current, next, .. } = &mut kept.secrets;
            for (owner, sealed) in
                [(&kept.webhook.id, current), (&kept.webhook.id, next), (&headers, &mut kept.sealed_headers)]
            {
                if let Some(sealed) = sealed.as_mut().filter(|sealed| !keys.is_newest(sealed)) {
                    *sealed = keys.seal(owner, &keys.open(owner, sealed)?)?;
                }
            }
            (done.last, done.count) = (Some(*key), done.count + 1);
        }
        Ok(done)
    }
}

impl Kept {
    /// Whether something of it is sealed.
    pub(super) fn is_sealed(&self) -> bool {
        [&self.secrets.current, &self.secrets.next, &self.sealed_headers].into_iter().any(Option::is_some)
    }
}

//! A webhook's secrets at rest: opened, and replaced.

use bluehook_core::{signature::Secret, time::Millis, webhook::Webhook};

use super::change::Secrets;
use crate::{Error, Result, know::Keys, seal::Keyring};

impl Secrets {
    /// A secret alone.
    pub(crate) fn of(keys: &Keyring, webhook: &Webhook, secret: &Secret, made_at: Millis) -> Result<Secrets> {
        let sealed = keys.seal(&webhook.id, secret.expose())?;
        Ok(Secrets { current: Some(sealed), made_at: Some(made_at), ..Secrets::default() })
    }

    /// What a webhook signs with.
    pub(crate) fn open(&self, keys: &Keyring, webhook: &Webhook) -> Result<Keys> {
        let open = |sealed: &Option<Vec<u8>>| {
            let text = sealed.as_ref().map(|sealed| keys.open(&webhook.id, sealed)).transpose()?;
            text.map(Secret::new).transpose().map_err(|error| Error::Store(error.to_string()))
        };
        let (current, next) = (open(&self.current)?, open(&self.next)?);
        let made_at = self.made_at.unwrap_or(webhook.created_at);
        let keys = Keys::new(current.as_ref().map(|secret| (secret, made_at)));
        Ok(match next.zip(self.next_at) {
            Some((next, at)) => keys.followed_by(&next, at, self.next_made_at.unwrap_or(made_at)),
            None => keys,
        })
    }

    /// Only the newest.
    pub(crate) fn newest(self) -> Secrets {
        match self.next {
            Some(next) => Secrets { current: Some(next), made_at: self.next_made_at, ..Secrets::default() },
            None => self,
        }
    }

    /// With a new secret, which takes over at a time; the one that is in force until then stays beside it.
    pub(crate) fn rotated(
        self,
        (keys, webhook): (&Keyring, &Webhook),
        secret: &Secret,
        (now, takes_over_at): (Millis, Millis),
    ) -> Result<Secrets> {
        let known = if self.next_at.is_some_and(|at| at <= now) { self.newest() } else { self };
        let new = Secrets::of(keys, webhook, secret, now)?;
        if known.current.is_none() || takes_over_at <= now {
            return Ok(new);
        }
        let (current, made_at) = (known.current, known.made_at);
        let (next, next_at, next_made_at) = (new.current, Some(takes_over_at), new.made_at);
        Ok(Secrets { current, made_at, next, next_at, next_made_at })
    }
}

/// What a webhook's sealed headers are bound to: not the same as its secret.
pub(crate) fn headers_of(id: &str) -> String {
    format!("headers of {id}")
}

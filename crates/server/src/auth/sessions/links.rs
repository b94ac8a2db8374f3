//! The links that begin sessions: each works once, for a short time.

use std::{collections::HashMap, sync::Mutex};

use bluehook_core::time::Millis;
use bluehook_dispatcher::{Births, Result};

use super::{super::token::secret_text, Owner, TokenHash, locked};
use crate::random;

/// How long a sign-in link works.
const LINK_TIME: Millis = 5 * 60 * 1_000;

/// The most links that wait to be used. One more ends the oldest.
const MAX_LINKS: usize = 10_000;

/// A link that was made: who it signs in, and until when.
struct Link {
    owner: Owner,
    births: Births,
    /// The path of the UI that they were on their way to.
    return_to: Option<String>,
    expires_at: Millis,
}

/// The links that wait to be used.
#[derive(Default)]
pub(super) struct Links(Mutex<HashMap<TokenHash, Link>>);

impl Links {
    /// Makes the code of a link, and tells until when it works.
    pub(super) fn add(
        &self,
        (owner, births): (Owner, Births),
        return_to: Option<String>,
        now: Millis,
    ) -> Result<(String, Millis)> {
        let (code, expires_at) = (secret_text(random::bytes()?), now + LINK_TIME);
        let mut links = locked(&self.0);
        links.retain(|_, link| link.expires_at > now);
        if links.len() >= MAX_LINKS {
            let oldest = links.iter().min_by_key(|(_, link)| link.expires_at).map(|(hash, _)| *hash);
            oldest.map(|oldest| links.remove(&oldest));
        }
        links.insert(TokenHash::of(&code), Link { owner, births, return_to, expires_at });
        Ok((code, expires_at))
    }

    /// Who a code would sign in.
    pub(super) fn owner(&self, code: &str, now: Millis) -> Option<(Owner, Births)> {
        let links = locked(&self.0);
        let link = links.get(&TokenHash::of(code)).filter(|link| link.expires_at > now)?;
        Some((link.owner.clone(), link.births))
    }

    /// The same, and the code works no more; with where the person was on their way to.
    pub(super) fn take(&self, code: &str, now: Millis) -> Option<(Owner, Births, Option<String>)> {
        let link = locked(&self.0).remove(&TokenHash::of(code)).filter(|link| link.expires_at > now)?;
        Some((link.owner, link.births, link.return_to))
    }

    /// Ends those of people who are gone.
    pub(super) fn end_of(&self, is_gone: impl Fn(&Owner) -> bool) {
        locked(&self.0).retain(|_, link| !is_gone(&link.owner));
    }
}

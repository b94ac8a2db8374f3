//! Sessions of people in a browser: begun with a link that works once, kept in a cookie, over after half a day.
//!
//! A page of another site can send the cookie along with nothing (`SameSite=Strict`); should it ever manage to, it does
//! not know the token that `X-Bluehook-Csrf` has to carry. Of cookies and links only hashes are kept.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use bluehook_core::time::Millis;
use bluehook_dispatcher::{Clock, Dispatcher, Error, Result};
use serde::{Deserialize, Serialize};

use super::token::{Owner, TokenHash, secret_text};
use crate::random;

/// How the names of the settings begin in which sessions are kept.
const PREFIX: &str = "session/";

/// How long a session lasts.
pub(crate) const SESSION_TIME: Millis = 12 * 60 * 60 * 1_000;

/// How long a sign-in link works.
pub(crate) const LINK_TIME: Millis = 5 * 60 * 1_000;

/// The most sessions of one person in one company. One more ends the oldest.
const MAX_OF_PERSON: usize = 20;

/// The most links that wait to be used. One more ends the oldest.
const MAX_LINKS: usize = 10_000;

/// One person in one company, in one browser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Session {
    pub(crate) owner: Owner,
    pub(crate) created_at: Millis,
    pub(crate) expires_at: Millis,
}

/// A link that was made: who it signs in, and until when.
struct Link {
    owner: Owner,
    /// The path of the UI that they were on their way to.
    return_to: Option<String>,
    expires_at: Millis,
}

/// Every session, and the links that begin new ones. Links are in memory only: after a restart people ask for another.
pub(crate) struct Sessions {
    dispatcher: Dispatcher,
    clock: Clock,
    open: Mutex<HashMap<TokenHash, Session>>,
    links: Mutex<HashMap<TokenHash, Link>>,
}

impl Sessions {
    /// Reads the sessions from the store.
    pub(crate) async fn load(dispatcher: Dispatcher) -> Result<Sessions> {
        let kept = dispatcher.settings(PREFIX).await?;
        let open = kept.iter().map(|(name, json)| read(name, json)).collect::<Result<_>>()?;
        Ok(Sessions { dispatcher, clock: Clock::system(), open: Mutex::new(open), links: Mutex::default() })
    }

    /// Makes the code of a link, and tells until when it works.
    pub(crate) fn link(&self, owner: Owner, return_to: Option<String>) -> Result<(String, Millis)> {
        let code = secret_text(random::bytes()?);
        let now = self.clock.now();
        let expires_at = now + LINK_TIME;
        let mut links = locked(&self.links);
        links.retain(|_, link| link.expires_at > now);
        if links.len() >= MAX_LINKS {
            let oldest = links.iter().min_by_key(|(_, link)| link.expires_at).map(|(hash, _)| *hash);
            oldest.map(|oldest| links.remove(&oldest));
        }
        links.insert(TokenHash::of(&code), Link { owner, return_to, expires_at });
        Ok((code, expires_at))
    }

    /// Who a link's code would sign in; the code works as before.
    pub(crate) fn owner_of_link(&self, code: &str) -> Option<Owner> {
        let (now, links) = (self.clock.now(), locked(&self.links));
        links.get(&TokenHash::of(code)).filter(|link| link.expires_at > now).map(|link| link.owner.clone())
    }

    /// Begins a session with a link's code, which works once. Gives what the cookie is to hold, and where the person was on
    /// their way to; none when the code does not work.
    pub(crate) async fn begin(&self, code: &str) -> Result<Option<(String, Option<String>)>> {
        let now = self.clock.now();
        let link = locked(&self.links).remove(&TokenHash::of(code)).filter(|link| link.expires_at > now);
        let Some(Link { owner, return_to, .. }) = link else { return Ok(None) };
        self.make_room(&owner, now).await?;
        let secret = secret_text(random::bytes()?);
        let (hash, session) =
            (TokenHash::of(&secret), Session { owner, created_at: now, expires_at: now + SESSION_TIME });
        self.dispatcher.set_setting(name(hash), written(&session)?).await?;
        locked(&self.open).insert(hash, session);
        Ok(Some((secret, return_to)))
    }

    /// Ends what is over, and the oldest of a person who has as many as there may be.
    async fn make_room(&self, owner: &Owner, now: Millis) -> Result<()> {
        let ending = ending(&locked(&self.open), owner, now);
        for hash in ending {
            self.forget(hash).await?;
        }
        Ok(())
    }

    /// The session that a cookie stands for, if it is not over.
    pub(crate) fn find(&self, secret: &str) -> Option<Session> {
        let now = self.clock.now();
        let found = locked(&self.open).get(&TokenHash::of(secret)).cloned();
        found.filter(|session| session.expires_at > now)
    }

    /// Ends the session that a cookie stands for.
    pub(crate) async fn end(&self, secret: &str) -> Result<()> {
        self.forget(TokenHash::of(secret)).await
    }

    async fn forget(&self, hash: TokenHash) -> Result<()> {
        self.dispatcher.delete_setting(name(hash)).await?;
        locked(&self.open).remove(&hash);
        Ok(())
    }
}

/// The sessions that end when a person begins another one.
fn ending(open: &HashMap<TokenHash, Session>, owner: &Owner, now: Millis) -> Vec<TokenHash> {
    let (over, running): (Vec<_>, Vec<_>) = open.iter().partition(|(_, session)| session.expires_at <= now);
    let mut own: Vec<_> = running.into_iter().filter(|(_, session)| session.owner == *owner).collect();
    own.sort_by_key(|(_, session)| session.created_at);
    let too_many = (own.len() + 1).saturating_sub(MAX_OF_PERSON);
    over.into_iter().chain(own.into_iter().take(too_many)).map(|(hash, _)| *hash).collect()
}

/// By what a session is named to its person: made from the cookie too, and of no use as one.
pub(crate) fn session_id(secret: &str) -> String {
    let hash = TokenHash::of(&format!("id {secret}")).to_hex();
    format!("ses_{}", hash.get(..24).unwrap_or(&hash))
}

/// What unsafe requests of a session have to say in `X-Bluehook-Csrf`: made from the cookie, which no script can read.
pub(crate) fn csrf_token(secret: &str) -> String {
    TokenHash::of(&format!("csrf {secret}")).to_hex()
}

/// Whether that was said, in a time that says nothing about it.
pub(crate) fn is_csrf_token(secret: &str, given: &str) -> bool {
    TokenHash::of(&csrf_token(secret)).is_of(given)
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn name(hash: TokenHash) -> String {
    format!("{PREFIX}{}", hash.to_hex())
}

fn read(name: &str, json: &str) -> Result<(TokenHash, Session)> {
    let damaged = |detail: &str| Error::Store(format!("the setting {name} is damaged: {detail}"));
    let hash = name.strip_prefix(PREFIX).and_then(TokenHash::from_hex).ok_or_else(|| damaged("no hash"))?;
    let session = serde_json::from_str(json).map_err(|error| damaged(&error.to_string()))?;
    Ok((hash, session))
}

fn written(session: &Session) -> Result<String> {
    serde_json::to_string(session)
        .map_err(|error| Error::Store(format!("a session could not be written: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_over_ends_and_the_oldest_of_too_many() {
        let person = |name: &str| Owner { user_id: name.to_owned(), company_id: "c".to_owned() };
        let session = |name: &str, created_at| Session {
            owner: person(name),
            created_at,
            expires_at: created_at + SESSION_TIME,
        };
        let hash = |n: Millis| TokenHash::of(&n.to_string());
        let now = 2 * SESSION_TIME;
        let mut open = HashMap::from([(hash(0), session("you", 0)), (hash(1), session("you", now - 1))]);
        for n in 2..2 + i64::try_from(MAX_OF_PERSON).unwrap() {
            open.insert(hash(n), session("me", now - 1_000 + n));
        }
        let mut ending = ending(&open, &person("me"), now);
        ending.sort_by_key(|hash| hash.to_hex());
        let mut expected = [hash(0), hash(2)];
        expected.sort_by_key(|hash| hash.to_hex());
        assert_eq!(ending, expected);
    }

    #[test]
    fn a_csrf_token_is_of_one_session() {
        assert!(is_csrf_token("a", &csrf_token("a")));
        for other in [csrf_token("b"), String::new(), "a".to_owned()] {
            assert!(!is_csrf_token("a", &other));
        }
    }
}

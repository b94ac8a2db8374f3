//! Sessions of people in a browser: begun with a link that works once, kept in a cookie, over after half a day.
//!
//! A page of another site can send the cookie along with nothing (`SameSite=Strict`); should it ever manage to, it does
//! not know the token that `X-Bluehook-Csrf` has to carry. Of cookies and links only hashes are kept.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
};

use bluehook_core::time::Millis;
use bluehook_dispatcher::{Action, Author, Births, Clock, Dispatcher, Error, Note, Object, Result, Who};
use serde::{Deserialize, Serialize};

use super::token::{Owner, TokenHash, secret_text};
use crate::random;

// The links that begin sessions.
mod links;

// The browser that a session is in.
mod browser;

pub(crate) use browser::browser;
use links::Links;

/// How the names of the settings begin in which sessions are kept.
const PREFIX: &str = "session/";

/// How those begin that say when a session was last seen: apart, so that writing it down cannot undo its end.
const SEEN_PREFIX: &str = "session-seen/";

/// How exactly it is known when a session was last seen.
const SEEN_WITHIN: Millis = 60_000;

/// How long a session lasts.
pub(crate) const SESSION_TIME: Millis = 12 * 60 * 60 * 1_000;

/// The most sessions of one person in one company. One more ends the oldest.
const MAX_OF_PERSON: usize = 20;

/// One person in one company, in one browser.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Session {
    /// By what it is named to its person; of no use as a cookie.
    #[serde(default)]
    pub(crate) id: String,
    pub(crate) owner: Owner,
    /// Which person and company of these ids it is of.
    #[serde(default)]
    pub(crate) births: Births,
    pub(crate) created_at: Millis,
    pub(crate) expires_at: Millis,
    /// The browser that began it, as far as it said.
    #[serde(default)]
    pub(crate) browser: Option<String>,
    /// When it was last seen, to the minute.
    #[serde(skip)]
    seen: Arc<AtomicI64>,
}

impl Session {
    /// When it was last seen, to the minute.
    pub(crate) fn last_seen_at(&self) -> Millis {
        self.seen.load(Ordering::Relaxed).max(self.created_at)
    }
}

/// Every session, and the links that begin new ones. Links are in memory only: after a restart people ask for another.
pub(crate) struct Sessions {
    dispatcher: Dispatcher,
    clock: Clock,
    open: Mutex<HashMap<TokenHash, Session>>,
    links: Links,
}

/// A session that has begun.
pub(crate) struct Begun {
    /// What the cookie is to hold.
    pub(crate) secret: String,
    /// Where the person was on their way to.
    pub(crate) return_to: Option<String>,
}

impl Sessions {
    /// Reads the sessions from the store; those of people and companies that are gone end.
    pub(crate) async fn load(dispatcher: Dispatcher) -> Result<Sessions> {
        let kept = dispatcher.settings(PREFIX).await?;
        let open: HashMap<_, _> = kept.iter().map(|(name, json)| read(name, json)).collect::<Result<_>>()?;
        for (name, at) in dispatcher.settings(SEEN_PREFIX).await? {
            let session = name.strip_prefix(SEEN_PREFIX).and_then(TokenHash::from_hex);
            if let (Some(session), Ok(at)) = (session.and_then(|hash| open.get(&hash)), at.parse()) {
                session.seen.store(at, Ordering::Relaxed);
            }
        }
        let (clock, links) = (Clock::system(), Links::default());
        let sessions = Sessions { dispatcher, clock, open: Mutex::new(open), links };
        let gone = sessions.hashes(|session| sessions.births(&session.owner) != Some(session.births));
        sessions.forget_all(gone, &server()).await?;
        Ok(sessions)
    }

    fn births(&self, owner: &Owner) -> Option<Births> {
        self.dispatcher.births(&owner.company_id, &owner.user_id)
    }

    /// Makes the code of a link, and tells until when it works.
    pub(crate) fn link(&self, owner: Owner, return_to: Option<String>) -> Result<(String, Millis)> {
        let births = self.births(&owner).unwrap_or_default();
        self.links.add((owner, births), return_to, self.clock.now())
    }

    /// Who a link's code would sign in; the code works as before.
    pub(crate) fn owner_of_link(&self, code: &str) -> Option<(Owner, Births)> {
        self.links.owner(code, self.clock.now())
    }

    /// Begins a session with a link's code, which works once; none when the code does not work.
    pub(crate) async fn begin(
        &self,
        code: &str,
        (browser, from): (Option<String>, Option<String>),
    ) -> Result<Option<Begun>> {
        let now = self.clock.now();
        let Some((owner, births, return_to)) = self.links.take(code, now) else { return Ok(None) };
        self.make_room(&owner, now).await?;
        let secret = secret_text(random::bytes()?);
        let hash = TokenHash::of(&secret);
        let session = Session {
            id: session_id(&secret),
            owner,
            births,
            created_at: now,
            expires_at: now + SESSION_TIME,
            browser,
            seen: Arc::new(AtomicI64::new(now)),
        };
        let (who, session_id) = (Who::Person(session.owner.user_id.clone()), Some(session.id.clone()));
        let author = Author { who, session_id, from, token_id: None };
        let note = noted(Action::SessionStarted, &session);
        self.dispatcher.by(author).keep(name(PREFIX, hash), Some(written(&session)?), note).await?;
        locked(&self.open).insert(hash, session);
        Ok(Some(Begun { secret, return_to }))
    }

    /// Ends what is over, and the oldest of a person who has as many as there may be.
    async fn make_room(&self, owner: &Owner, now: Millis) -> Result<()> {
        let ending = ending(&locked(&self.open), owner, now);
        self.forget_all(ending, &server()).await
    }

    /// The session that a cookie stands for, if it is not over.
    pub(crate) fn find(&self, secret: &str) -> Option<Session> {
        let (now, hash) = (self.clock.now(), TokenHash::of(secret));
        let mut session =
            locked(&self.open).get(&hash).filter(|session| session.expires_at > now).cloned()?;
        if session.id.is_empty() {
            // One from before they had ids.
            session.id = session_id(secret);
            locked(&self.open).insert(hash, session.clone());
        }
        self.note_seen(hash, &session, now);
        Some(session)
    }

    /// Known at once, written down beside the request.
    fn note_seen(&self, hash: TokenHash, session: &Session, now: Millis) {
        if now - session.seen.load(Ordering::Relaxed) < SEEN_WITHIN {
            return;
        }
        session.seen.store(now, Ordering::Relaxed);
        let (dispatcher, name) = (self.dispatcher.clone(), name(SEEN_PREFIX, hash));
        actix_web::rt::spawn(async move {
            if let Err(error) = dispatcher.set_setting(name, now.to_string()).await {
                tracing::warn!(%error, "when a session was last seen could not be written down");
            }
        });
    }

    /// The sessions of some people that are not over, newest first.
    pub(crate) fn list(&self, whose: impl Fn(&Owner) -> bool) -> Vec<Session> {
        let now = self.clock.now();
        let open = locked(&self.open);
        let running = open.values().filter(|session| session.expires_at > now && whose(&session.owner));
        let mut running: Vec<Session> = running.cloned().collect();
        running.sort_by(|a, b| (b.created_at, &b.id).cmp(&(a.created_at, &a.id)));
        running
    }

    /// Ends a session by its id, if it is one of these people's.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub(crate) async fn end_one(
        &self,
        id: &str,
        whose: impl Fn(&Owner) -> bool,
        author: &Author,
    ) -> Result<()> {
        let found = self.hashes(|session| session.id == id && !id.is_empty() && whose(&session.owner));
        if found.is_empty() { Err(Error::NotFound("Session")) } else { self.forget_all(found, author).await }
    }

    /// Ends every session of some people; the one with this id last, so that who is interrupted can go on.
    pub(crate) async fn end_all(
        &self,
        whose: impl Fn(&Owner) -> bool,
        last: Option<&str>,
        author: &Author,
    ) -> Result<()> {
        let is_last = |session: &Session| last == Some(session.id.as_str());
        self.forget_all(self.hashes(|session| whose(&session.owner) && !is_last(session)), author).await?;
        self.forget_all(self.hashes(|session| whose(&session.owner) && is_last(session)), author).await
    }

    /// Ends the sessions and links of those who are gone.
    pub(crate) async fn end_of(&self, is_gone: impl Fn(&Owner) -> bool, author: &Author) -> Result<()> {
        self.links.end_of(&is_gone);
        self.end_all(is_gone, None, author).await
    }

    /// Ends the session that a cookie stands for.
    pub(crate) async fn end(&self, secret: &str, author: &Author) -> Result<()> {
        self.forget_all(vec![TokenHash::of(secret)], author).await
    }

    fn hashes(&self, ends: impl Fn(&Session) -> bool) -> Vec<TokenHash> {
        locked(&self.open).iter().filter(|(_, session)| ends(session)).map(|(hash, _)| *hash).collect()
    }

    async fn forget_all(&self, hashes: Vec<TokenHash>, author: &Author) -> Result<()> {
        let (now, dispatcher) = (self.clock.now(), self.dispatcher.by(author.clone()));
        for hash in hashes {
            let running = locked(&self.open).get(&hash).filter(|session| session.expires_at > now).cloned();
            match running {
                Some(session) => {
                    let note = noted(Action::SessionEnded, &session);
                    dispatcher.keep(name(PREFIX, hash), None, note).await?;
                }
                None => dispatcher.delete_setting(name(PREFIX, hash)).await?,
            }
            locked(&self.open).remove(&hash);
            self.dispatcher.delete_setting(name(SEEN_PREFIX, hash)).await?;
        }
        Ok(())
    }
}

/// This program, as the author of what it ends by itself.
fn server() -> Author {
    Author { who: Who::Server, ..Author::default() }
}

/// What is done to a session, for the audit trail.
fn noted(action: Action, session: &Session) -> Note {
    let Owner { user_id, company_id } = session.owner.clone();
    let object = Object::new("SESSION", &session.id, session.browser.as_deref());
    Note { action, object, owner: Some((company_id, user_id)), webhook_id: None, changes: Vec::new() }
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
fn session_id(secret: &str) -> String {
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

fn name(prefix: &str, hash: TokenHash) -> String {
    format!("{prefix}{}", hash.to_hex())
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
            id: String::new(),
            owner: person(name),
            births: Births::default(),
            created_at,
            expires_at: created_at + SESSION_TIME,
            browser: None,
            seen: Arc::default(),
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

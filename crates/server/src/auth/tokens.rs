//! The tokens made through the API: kept in the store, looked up in memory.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicI64, Ordering},
    },
};

use bluehook_core::time::Millis;
use bluehook_dispatcher::{Action, Author, Births, Clock, Dispatcher, Error, Note, Object, Result, Who};

use super::token::{Owner, Token, TokenHash, secret_text};
use crate::random;

/// How the names of the settings begin in which tokens are kept.
const PREFIX: &str = "token/";

/// How those begin that say when a token was last used: apart, so that writing it down cannot undo a revocation.
const USED_PREFIX: &str = "token-used/";

/// How exactly it is known when a token was last used: writing it down every time would cost more than the use.
const LAST_USED_WITHIN: Millis = 60_000;

/// Every token that was made and not revoked.
pub(crate) struct Tokens {
    dispatcher: Dispatcher,
    clock: Clock,
    by_id: RwLock<HashMap<String, Arc<Token>>>,
}

/// What a new token is to be.
pub(crate) struct NewToken {
    pub(crate) name: String,
    pub(crate) owner: Option<Owner>,
    pub(crate) expires_at: Option<Millis>,
}

impl Tokens {
    /// Reads the tokens from the store.
    pub(crate) async fn load(dispatcher: Dispatcher) -> Result<Tokens> {
        let kept = dispatcher.settings(PREFIX).await?;
        let tokens = kept.iter().map(|(name, json)| read(name, json)).collect::<Result<HashMap<_, _>>>()?;
        for (name, at) in dispatcher.settings(USED_PREFIX).await? {
            let token = name.strip_prefix(USED_PREFIX).and_then(|id| tokens.get(id));
            if let (Some(token), Ok(at)) = (token, at.parse()) {
                token.used.store(at, Ordering::Relaxed);
            }
        }
        let tokens = Tokens { dispatcher, clock: Clock::system(), by_id: RwLock::new(tokens) };
        tokens.end_unborn().await?;
        Ok(tokens)
    }

    /// Ends those whose person or company went away while nobody could end them.
    async fn end_unborn(&self) -> Result<()> {
        let gone: HashSet<Owner> = {
            let tokens = self.by_id.read().unwrap_or_else(PoisonError::into_inner);
            let is_gone = |token: &Arc<Token>| {
                let owner = token.owner.as_ref()?;
                (self.births(owner) != Some(token.births)).then(|| owner.clone())
            };
            tokens.values().filter_map(is_gone).collect()
        };
        let author = Author { who: Who::Server, ..Author::default() };
        self.end_of(|owner| gone.contains(owner), &author).await
    }

    /// The time that tokens expire by.
    pub(crate) fn now(&self) -> Millis {
        self.clock.now()
    }

    /// Makes a token; gives its secret, the only time.
    pub(crate) async fn create(&self, new: NewToken, author: &Author) -> Result<(Arc<Token>, String)> {
        let secret = secret_text(random::bytes()?);
        let token = Token {
            id: random::id("tok_")?,
            hash: TokenHash::of(&secret),
            name: new.name,
            births: new.owner.as_ref().and_then(|owner| self.births(owner)).unwrap_or_default(),
            owner: new.owner,
            created_at: self.clock.now(),
            expires_at: new.expires_at,
            used: AtomicI64::new(0),
        };
        let dispatcher = self.dispatcher.by(author.clone());
        let (name, note) = (format!("{PREFIX}{}", token.id), noted(Action::TokenCreated, &token));
        dispatcher.keep(name, Some(written(&token)?), note).await?;
        let token = Arc::new(token);
        self.by_id.write().unwrap_or_else(PoisonError::into_inner).insert(token.id.clone(), token.clone());
        Ok((token, secret))
    }

    /// How many tokens a person has in a company that are not over.
    pub(crate) fn count_of(&self, owner: &Owner) -> usize {
        let now = self.clock.now();
        let tokens = self.by_id.read().unwrap_or_else(PoisonError::into_inner);
        let counts = |token: &&Arc<Token>| token.owner.as_ref() == Some(owner) && !token.is_expired(now);
        tokens.values().filter(counts).count()
    }

    /// Ends a token, at once and for good.
    pub(crate) async fn revoke(&self, id: &str, author: &Author) -> Result<()> {
        let token = self.find(id).ok_or(Error::NotFound("Token"))?;
        let (name, note) = (format!("{PREFIX}{id}"), noted(Action::TokenRevoked, &token));
        self.dispatcher.by(author.clone()).keep(name, None, note).await?;
        self.by_id.write().unwrap_or_else(PoisonError::into_inner).remove(id);
        self.dispatcher.delete_setting(format!("{USED_PREFIX}{id}")).await
    }

    fn births(&self, owner: &Owner) -> Option<Births> {
        self.dispatcher.births(&owner.company_id, &owner.user_id)
    }

    /// Ends the tokens of those who are gone.
    pub(crate) async fn end_of(&self, is_gone: impl Fn(&Owner) -> bool, author: &Author) -> Result<()> {
        let gone: Vec<String> = {
            let tokens = self.by_id.read().unwrap_or_else(PoisonError::into_inner);
            let gone = tokens.values().filter(|token| token.owner.as_ref().is_some_and(&is_gone));
            gone.map(|token| token.id.clone()).collect()
        };
        for id in gone {
            match self.revoke(&id, author).await {
                // Somebody was faster.
                Err(Error::NotFound(_)) | Ok(()) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Every token, newest first.
    pub(crate) fn list(&self) -> Vec<Arc<Token>> {
        let tokens = self.by_id.read().unwrap_or_else(PoisonError::into_inner);
        let mut tokens: Vec<_> = tokens.values().cloned().collect();
        tokens.sort_by(|a, b| (b.created_at, &b.id).cmp(&(a.created_at, &a.id)));
        tokens
    }

    /// The token with this id, if the secret is its own and its time is not over.
    pub(crate) fn check(&self, id: &str, secret: &str) -> Option<Arc<Token>> {
        let now = self.clock.now();
        let token = self.find(id)?;
        let valid = token.hash.is_of(secret) && !token.is_expired(now);
        if valid {
            self.note_use(&token, now);
        }
        valid.then_some(token)
    }

    fn find(&self, id: &str) -> Option<Arc<Token>> {
        self.by_id.read().unwrap_or_else(PoisonError::into_inner).get(id).cloned()
    }

    /// Known at once, written down beside the request: when a token was used is worth less than the request itself.
    fn note_use(&self, token: &Token, now: Millis) {
        if now - token.used.load(Ordering::Relaxed) < LAST_USED_WITHIN {
            return;
        }
        token.used.store(now, Ordering::Relaxed);
        let (dispatcher, name) = (self.dispatcher.clone(), format!("{USED_PREFIX}{}", token.id));
        actix_web::rt::spawn(async move {
            if let Err(error) = dispatcher.set_setting(name, now.to_string()).await {
                tracing::warn!(%error, "when a token was last used could not be written down");
            }
        });
    }
}

/// What is done to a token, for the audit trail.
fn noted(action: Action, token: &Token) -> Note {
    let owner = token.owner.clone().map(|owner| (owner.company_id, owner.user_id));
    let object = Object::new("TOKEN", &token.id, Some(&token.name));
    Note { action, object, owner, webhook_id: None, changes: Vec::new() }
}

fn read(name: &str, json: &str) -> Result<(String, Arc<Token>)> {
    let token: Token = serde_json::from_str(json)
        .map_err(|error| Error::Store(format!("the setting {name} is damaged: {error}")))?;
    Ok((token.id.clone(), Arc::new(token)))
}

fn written(token: &Token) -> Result<String> {
    serde_json::to_string(token)
        .map_err(|error| Error::Store(format!("a token could not be written: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use bluehook_dispatcher::{Config, EncryptionKey};

    #[actix_web::test]
    async fn a_token_ends_at_its_time() {
        let folder = tempfile::tempdir().unwrap();
        let config = Config::new(folder.path().join("b.db"), EncryptionKey::generate());
        let dispatcher = Dispatcher::open(config).await.unwrap();
        let clock = Clock::manual(1_000);
        let tokens = Tokens { clock: clock.clone(), ..Tokens::load(dispatcher.clone()).await.unwrap() };
        let new = NewToken { name: "short".to_owned(), owner: None, expires_at: Some(2_000) };
        let (token, secret) = tokens.create(new, &Author::default()).await.unwrap();
        clock.advance(999);
        assert!(tokens.check(&token.id, &secret).is_some());
        clock.advance(1);
        assert!(tokens.check(&token.id, &secret).is_none());
        let again = Tokens { clock, ..Tokens::load(dispatcher).await.unwrap() };
        assert!(again.check(&token.id, &secret).is_none());
    }
}

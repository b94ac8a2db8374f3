//! A webhook's secrets: rotated, with an overlap in which both sign; taken away.

use std::time::Duration;

use bluehook_core::{input::Fault, signature::Secret, time::Millis};

use super::manage::{WEBHOOK_NOT_FOUND, check_expected, secret};
use crate::{
    Conflict, Dispatcher, Error, Result,
    know::{Entry, Keys, Staged},
    ledger::{Context, Writing},
    model::{
        audit::{Action, Note},
        standing::SecretInfo,
        webhooks::{Rotated, SecretChoice},
    },
    store::{Change, change},
};

/// The longest time that two secrets of a webhook are used side by side.
const MAX_OVERLAP: Duration = Duration::from_hours(30 * 24);

/// Says which of a webhook's versions a change is meant for.
pub trait Expected: Fn(&str) -> bool + Send + 'static {}

impl<F: Fn(&str) -> bool + Send + 'static> Expected for F {}

/// Changes what a webhook signs with.
trait ChangesKeys: Fn(&Writing<'_>, &mut Context, &Entry) -> Result<Keys> + Send + 'static {}

impl<F: Fn(&Writing<'_>, &mut Context, &Entry) -> Result<Keys> + Send + 'static> ChangesKeys for F {}

impl Dispatcher {
    /// Gives a webhook a new secret: the given one, or a random one. For `overlap` deliveries carry the signatures of both;
    /// then the new one takes over. With no overlap it does at once.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Invalid`] for a secret or an overlap beyond the limits; [`Error::Conflict`] while two
    /// secrets are in use already.
    pub async fn rotate_secret(&self, id: &str, overlap: Duration, given: Option<String>) -> Result<Secret> {
        Ok(self.rotate_secret_if(id, overlap, given, |_: &str| true).await?.secret)
    }

    /// The same, if the webhook is as expected.
    ///
    /// # Errors
    /// [`Error::Changed`] when it is not; otherwise as [`Dispatcher::rotate_secret`].
    pub async fn rotate_secret_if(
        &self,
        id: &str,
        overlap: Duration,
        given: Option<String>,
        expected: impl Expected,
    ) -> Result<Rotated> {
        if overlap > MAX_OVERLAP {
            let days = MAX_OVERLAP.as_secs() / 86_400;
            return Err(Error::invalid("/overlapSeconds", Fault::Overlap(days)));
        }
        let choice = given.map_or(SecretChoice::Generated, SecretChoice::Given);
        let new = secret(&choice)?.ok_or(WEBHOOK_NOT_FOUND)?;
        let for_store =
            Secret::new(new.expose().to_owned()).map_err(|error| Error::invalid("/secret", error.into()))?;
        let now = self.clock.now();
        let takes_over_at = now.saturating_add(i64::try_from(overlap.as_millis()).unwrap_or(i64::MAX));
        let rotate = move |writing: &Writing<'_>, context: &mut Context, entry: &Entry| {
            if takes_over_at > now && entry.keys.secrets(now).len() > 1 {
                return Err(Error::Conflict(Conflict::RotationUnderWay));
            }
            context.rotate(writing, entry, &for_store, now, takes_over_at)
        };
        let change = self.change_of_secrets(id, (now, Action::SecretRotated), expected, rotate);
        let secrets = self.store.look_and_change(change).await?;
        let ends_at = secrets.iter().find_map(|secret| secret.ends_at);
        Ok(Rotated { secret: new, secrets, ends_at })
    }

    /// Lets only the newest secret sign from now on.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Changed`].
    pub async fn finish_rotation(&self, id: &str, expected: impl Expected) -> Result<()> {
        let now = self.clock.now();
        let finish = |writing: &Writing<'_>, context: &mut Context, entry: &Entry| {
            context.finish_rotation(writing, entry)
        };
        let change = self.change_of_secrets(id, (now, Action::SecretFinished), expected, finish);
        self.store.look_and_change(change).await.map(drop)
    }

    /// Takes a webhook's secrets away: its deliveries are no longer signed.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Changed`].
    pub async fn remove_secret(&self, id: &str, expected: impl Expected) -> Result<()> {
        let now = self.clock.now();
        let remove = |writing: &Writing<'_>, _: &mut Context, entry: &Entry| {
            writing.put(Change::Secrets(entry.key, &change::Secrets::default()))?;
            Ok(Keys::default())
        };
        let change = self.change_of_secrets(id, (now, Action::SecretRemoved), expected, remove);
        self.store.change(change).await.map(drop)
    }

    /// A change of a webhook's secrets, if the webhook is as expected by then. Gives those that it has after it.
    fn change_of_secrets<E: Expected, C: ChangesKeys>(
        &self,
        id: &str,
        (now, action): (Millis, Action),
        expected: E,
        change: C,
    ) -> impl FnMut(&Writing<'_>, &mut Context) -> Result<Vec<SecretInfo>> + Send + use<E, C> {
        let (id, author) = (id.to_owned(), self.author.clone());
        move |writing, context| {
            let entry = context.find(&id).ok_or(WEBHOOK_NOT_FOUND)?;
            check_expected(&entry, &expected)?;
            let keys = change(writing, context, &entry)?;
            context.note(writing, &author, &Note::of_webhook(action, &entry.webhook))?;
            let secrets = keys.secrets(now);
            context.stage(Staged::Put(entry.signing_with(keys)));
            Ok(secrets)
        }
    }
}

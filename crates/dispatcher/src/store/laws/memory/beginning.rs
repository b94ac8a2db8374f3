//! What a start reads.

use std::{
    collections::{BTreeMap, HashMap},
    ops::Range,
    sync::Arc,
};

use bluehook_core::{delivery::Status, time::Millis};

use super::data::{Data, Kept};
use crate::{
    Result,
    know::{Directory, Entry, Load},
    model::{WebhookKey, age::Age},
    seal::Keyring,
    store::{numbers::Steps, snapshot::Beginning},
};

impl Beginning for Data {
    fn webhooks(&self, keys: &Keyring) -> Result<Vec<Entry>> {
        let there = self.webhooks.iter().filter(|(_, kept)| kept.deleted_at.is_none());
        there.map(|(key, kept)| self.entry(*key, kept, keys)).collect()
    }

    fn directory(&self) -> Result<Directory> {
        Ok(self.directory.clone())
    }

    fn next_keys(&self) -> Result<(WebhookKey, i64)> {
        // Neither webhooks nor revisions ever go here.
        let last = (self.webhooks.last_key_value(), self.revisions.last_key_value());
        Ok((last.0.map_or(1, |(key, _)| key + 1), last.1.map_or(1, |(key, _)| key + 1)))
    }

    fn last_number(&self) -> Result<i64> {
        Ok(self.last_given())
    }

    fn clock_steps(&self) -> Result<Steps> {
        Ok(Steps(self.steps.clone()))
    }

    fn next_commit(&self) -> Result<i64> {
        Ok(self.last_commit() + 1)
    }

    fn last_commit_at(&self) -> Result<Option<Millis>> {
        Ok(self.commits.last_key_value().map(|(_, commit)| commit.at))
    }

    fn age(&self) -> Result<Option<Age>> {
        Ok(self.age)
    }

    fn open_from(&self) -> Result<(i64, Option<Millis>)> {
        Ok(self.open_from)
    }

    fn cursors(&self) -> Result<BTreeMap<WebhookKey, i64>> {
        Ok(self.webhooks.iter().filter_map(|(key, kept)| Some((*key, kept.cursor?))).collect())
    }

    fn fares(&self) -> Result<BTreeMap<WebhookKey, [i64; 2]>> {
        let mut fares = BTreeMap::<_, [i64; 2]>::new();
        for stood in self.all() {
            let [live, held] = fares.entry(stood.made.webhook).or_default();
            *live += i64::from(stood.status().is_live());
            *held += i64::from(stood.status() == Status::Held);
        }
        Ok(fares)
    }

    fn attempted_lately(&self) -> Result<HashMap<WebhookKey, (Millis, Option<Millis>)>> {
        let mut lately = HashMap::new();
        for commit in self.commits.range(self.folded + 1..).map(|(_, commit)| commit) {
            for moved in &commit.moves {
                let Some(attempt) = moved.attempt else { continue };
                let (last, succeeded) = lately.entry(moved.webhook).or_insert((commit.at, None));
                *last = commit.at;
                *succeeded = if attempt.class.is_none() { Some(commit.at) } else { *succeeded };
            }
        }
        Ok(lately)
    }

    fn uncounted(&self) -> Result<Range<i64>> {
        Ok(0..0)
    }
}

impl Data {
    fn entry(&self, key: WebhookKey, kept: &Kept, keys: &Keyring) -> Result<Entry> {
        let load = Load::default();
        if let Some(health) = &kept.health {
            load.attempted(health.last_success_at.is_some());
            load.fares(health.clone());
        }
        Ok(Entry {
            key,
            revision: self.version(kept.revision).unwrap(),
            keys: Arc::new(kept.secrets.open(keys, &kept.webhook)?),
            webhook: Arc::new(kept.webhook.clone()),
            off: kept.off.clone().map(Arc::new),
            load: Arc::new(load),
        })
    }
}

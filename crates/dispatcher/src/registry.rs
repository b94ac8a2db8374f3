//! What is known in memory: webhooks as they stand, and the directory. Only the store's writer changes it, after the
//! change is on disk; everybody else reads.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering},
    },
};

use bluehook_core::{
    delivery::Status,
    request::Signing,
    signature::{Secret, Signer},
    time::Millis,
    webhook::{PayloadFormat, Webhook},
};

use crate::{
    directory::{DirectoryChange, Project},
    directory_map::DirectoryMap,
    health::Health,
    select::Index,
    standing::{Off, SecretInfo},
    store::Staged,
    sums::Move,
};

/// A company may have this many webhooks, switched off ones among them, for each that may be on.
const ALL_FOR_EACH_ON: usize = 10;

/// How many webhooks a company has, and may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WebhookCounts {
    /// Those that are on.
    pub on: usize,
    /// How many may be on when one is made.
    pub on_max: usize,
    /// All of them.
    pub all: usize,
    /// How many there may be when one is made.
    pub all_max: usize,
}

impl WebhookCounts {
    /// One more, if it is this company's.
    pub(crate) fn add(&mut self, webhook: &Webhook, company_id: &str) {
        if webhook.company_id == company_id {
            self.all += 1;
            self.on += usize::from(webhook.enabled);
        }
    }

    /// One fewer, if it is.
    pub(crate) fn remove(&mut self, webhook: &Webhook, company_id: &str) {
        if webhook.company_id == company_id {
            self.all = self.all.saturating_sub(1);
            self.on = self.on.saturating_sub(usize::from(webhook.enabled));
        }
    }
}

impl WebhookCounts {
    /// Whether one more can be made.
    pub fn has_room(&self) -> bool {
        self.on < self.on_max && self.all < self.all_max
    }
}

/// A webhook's number in the store.
pub(crate) type WebhookKey = i64;

/// Everything known in memory.
#[derive(Default)]
pub(crate) struct Registry {
    by_key: HashMap<WebhookKey, Arc<Entry>>,
    keys: HashMap<String, WebhookKey>,
    by_company: HashMap<String, BTreeSet<WebhookKey>>,
    by_creator: HashMap<String, BTreeSet<WebhookKey>>,
    pub(crate) index: Index,
    pub(crate) directory: DirectoryMap,
}

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

/// How busy a webhook is, and how it fared lately.
#[derive(Debug, Default)]
pub(crate) struct Load {
    /// Deliveries that are in a worker's memory: `DELIVERING` in the store.
    reserved: AtomicUsize,
    /// More are waiting in the store because there was no room.
    overflowed: AtomicBool,
    /// Whether the last attempt that ended succeeded.
    proven: AtomicBool,
    /// How it fares, as it is on disk.
    health: Mutex<Option<Health>>,
    /// Deliveries that are still to be attempted and written out.
    live: AtomicI64,
    /// Deliveries that are held.
    held: AtomicI64,
    /// Events that are owed to it, whose deliveries are not written out.
    owed: AtomicI64,
}

/// The most deliveries of one webhook in memory while its receiver takes them.
const ROOM_PROVEN: usize = 1_024;
/// The same while it is not known to: enough to find out.
const ROOM_UNPROVEN: usize = 64;

impl Load {
    /// Takes a place in memory for one more delivery, if there is room.
    pub(crate) fn reserve(&self) -> bool {
        let room = self.room();
        let taken =
            self.reserved.fetch_update(Ordering::AcqRel, Ordering::Acquire, |n| (n < room).then_some(n + 1));
        if taken.is_err() {
            self.overflowed.store(true, Ordering::Release);
        }
        taken.is_ok()
    }

    /// Gives a place back. True when it is time to fetch what overflowed.
    pub(crate) fn release(&self) -> bool {
        let before = self.reserved.fetch_sub(1, Ordering::AcqRel);
        before <= self.room() / 2 + 1 && self.overflowed.swap(false, Ordering::AcqRel)
    }

    /// Whether there is room for a good many more deliveries.
    pub(crate) fn is_half_free(&self) -> bool {
        self.free() >= self.room() / 2
    }

    /// How many more deliveries there is room for.
    pub(crate) fn free(&self) -> usize {
        self.room().saturating_sub(self.reserved.load(Ordering::Acquire))
    }

    /// More are waiting in the store than were fetched.
    pub(crate) fn overflow(&self) {
        self.overflowed.store(true, Ordering::Release);
    }

    fn room(&self) -> usize {
        if self.is_proven() { ROOM_PROVEN } else { ROOM_UNPROVEN }
    }

    /// Whether its receiver took what was last sent.
    pub(crate) fn is_proven(&self) -> bool {
        self.proven.load(Ordering::Acquire)
    }

    /// Notes how an attempt ended.
    pub(crate) fn attempted(&self, success: bool) {
        self.proven.store(success, Ordering::Release);
    }

    /// How it fares, as it is on disk.
    pub(crate) fn health(&self) -> Option<Health> {
        self.health.lock().ok()?.clone()
    }

    /// Notes how it fares, once that is on disk.
    pub(crate) fn fares(&self, health: Health) {
        if let Ok(mut known) = self.health.lock() {
            *known = Some(health);
        }
    }

    /// Counts a move that is on disk.
    pub(crate) fn count(&self, moved: &Move) {
        let count = i64::try_from(moved.count).unwrap_or(0);
        for (status, by) in [(moved.from, -count), (moved.to, count)] {
            match status {
                Some(status) if status.is_live() => drop(self.live.fetch_add(by, Ordering::AcqRel)),
                Some(Status::Held) => drop(self.held.fetch_add(by, Ordering::AcqRel)),
                _ => {}
            }
        }
    }

    /// Counts events that are owed, or are no more.
    pub(crate) fn owe(&self, by: i64) {
        self.owed.fetch_add(by, Ordering::AcqRel);
    }

    /// Deliveries that are to be attempted, that are held, and that are not written out.
    pub(crate) fn waiting(&self) -> [u64; 3] {
        [&self.live, &self.held, &self.owed]
            .map(|count| u64::try_from(count.load(Ordering::Acquire)).unwrap_or(0))
    }
}

impl Registry {
    /// What is known before any webhook is put in.
    pub(crate) fn new(directory: DirectoryMap) -> Registry {
        Registry { directory, ..Registry::default() }
    }

    /// The webhook with this number.
    pub(crate) fn entry(&self, key: WebhookKey) -> Option<&Arc<Entry>> {
        self.by_key.get(&key)
    }

    /// The webhook with this id.
    pub(crate) fn find(&self, id: &str) -> Option<&Arc<Entry>> {
        self.keys.get(id).and_then(|key| self.by_key.get(key))
    }

    /// Every webhook, in no order.
    pub(crate) fn entries(&self) -> impl Iterator<Item = &Arc<Entry>> {
        self.by_key.values()
    }

    /// The webhooks of a company, the oldest first.
    pub(crate) fn of_company(&self, company_id: &str) -> impl DoubleEndedIterator<Item = &Arc<Entry>> {
        let keys = self.by_company.get(company_id).into_iter().flatten();
        keys.filter_map(|key| self.by_key.get(key))
    }

    /// The webhooks of a person, in all companies.
    pub(crate) fn of_creator(&self, user_id: &str) -> impl Iterator<Item = &Arc<Entry>> {
        let keys = self.by_creator.get(user_id).into_iter().flatten();
        keys.filter_map(|key| self.by_key.get(key))
    }

    /// The webhooks for which a change that is about to be made may say who gets what.
    pub(crate) fn concerned(&self, staged: &Staged) -> Vec<WebhookKey> {
        let keys = |entries: &mut dyn Iterator<Item = &Arc<Entry>>| entries.map(|entry| entry.key).collect();
        match staged {
            Staged::Put(entry) => vec![entry.key],
            Staged::Remove(key) => vec![*key],
            Staged::Directory(change, _) => match change {
                DirectoryChange::PutMember { user_id, .. }
                | DirectoryChange::DeleteMember { user_id, .. } => keys(&mut self.of_creator(user_id)),
                DirectoryChange::PutProject(Project { id, .. }) | DirectoryChange::DeleteProject(id) => {
                    let company = self.directory.projects.get(id).map(|project| project.company_id.as_str());
                    company.map_or_else(Vec::new, |company| keys(&mut self.of_company(company)))
                }
                _ => Vec::new(),
            },
        }
    }

    /// Puts a webhook in, in place of what it was before.
    pub(crate) fn put(&mut self, entry: Arc<Entry>) {
        self.remove(entry.key);
        self.index.insert(entry.key, &entry.webhook);
        self.keys.insert(entry.webhook.id.clone(), entry.key);
        self.by_company.entry(entry.webhook.company_id.clone()).or_default().insert(entry.key);
        self.by_creator.entry(entry.webhook.created_by_id.clone()).or_default().insert(entry.key);
        self.by_key.insert(entry.key, entry);
    }

    /// Takes a webhook out.
    pub(crate) fn remove(&mut self, key: WebhookKey) {
        if let Some(entry) = self.by_key.remove(&key) {
            self.index.remove(key, &entry.webhook);
            self.keys.remove(&entry.webhook.id);
            take_out(&mut self.by_company, &entry.webhook.company_id, key);
            take_out(&mut self.by_creator, &entry.webhook.created_by_id, key);
        }
    }

    /// Makes a change that is on disk now.
    pub(crate) fn apply(&mut self, staged: Staged) {
        match staged {
            Staged::Put(entry) => self.put(entry),
            Staged::Remove(key) => self.remove(key),
            Staged::Directory(change, life) => self.directory.apply(change, life),
        }
    }

    /// How many webhooks a company has, and how many there may be when so many may be on.
    pub(crate) fn counts(&self, company_id: &str, limit: u32) -> WebhookCounts {
        let on_max = usize::try_from(limit).unwrap_or(usize::MAX);
        let mut counts =
            WebhookCounts { on: 0, on_max, all: 0, all_max: on_max.saturating_mul(ALL_FOR_EACH_ON) };
        self.of_company(company_id).for_each(|entry| counts.add(&entry.webhook, company_id));
        counts
    }
}

fn take_out(keys_of: &mut HashMap<String, BTreeSet<WebhookKey>>, of: &str, key: WebhookKey) {
    if let Some(keys) = keys_of.get_mut(of) {
        keys.remove(&key);
        if keys.is_empty() {
            keys_of.remove(of);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_depends_on_how_the_receiver_fares() {
        let load = Load::default();
        assert_eq!((0..100).filter(|_| load.reserve()).count(), ROOM_UNPROVEN);
        load.attempted(true);
        assert_eq!(load.free(), ROOM_PROVEN - ROOM_UNPROVEN);
        assert!(load.release(), "half empty, and more is waiting");
        assert!(!load.release(), "told only once");
        load.attempted(false);
        assert_eq!(load.free(), 2);
    }
}

//! One version of what is known: webhooks as they stand, and the directory. To copy it costs nothing, to change the copy as
//! much as what changes: the rest is shared.

use std::sync::Arc;

use bluehook_core::{event::Event, webhook::Webhook};
use rpds::{HashTrieMapSync, RedBlackTreeSetSync};

use super::{Directory, Entry, index::Index};
use crate::model::{
    WebhookKey,
    directory::{DirectoryChange, Life, Project},
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
    fn add(&mut self, webhook: &Webhook) {
        self.all += 1;
        self.on += usize::from(webhook.enabled);
    }

    /// Whether one more can be made.
    pub fn has_room(&self) -> bool {
        self.on < self.on_max && self.all < self.all_max
    }
}

/// A change of what is known.
pub(crate) enum Staged {
    /// This webhook is, or is so now.
    Put(Arc<Entry>),
    /// This webhook is no more.
    Remove(WebhookKey),
    /// The directory was told this; with the life of what it makes.
    Directory(DirectoryChange, Option<Life>),
}

/// Everything known in memory, at one time.
#[derive(Clone, Default)]
pub(crate) struct World {
    /// Which version it is. Versions that were given up have had numbers, too.
    number: u64,
    /// In which version a company was last changed, as far as that decides who gets what.
    changed_in: HashTrieMapSync<String, u64>,
    by_key: HashTrieMapSync<WebhookKey, Arc<Entry>>,
    keys: HashTrieMapSync<String, WebhookKey>,
    by_company: KeysOf,
    by_creator: KeysOf,
    index: Index,
    pub(crate) directory: Directory,
}

impl World {
    /// What is known before any webhook is put in.
    pub(crate) fn new(directory: Directory) -> World {
        World { directory, ..World::default() }
    }

    /// The same, to go on from when a later version was given up.
    pub(crate) fn instead_of(&self, given_up: &World) -> World {
        World { number: given_up.number.max(self.number), ..self.clone() }
    }

    /// Whether anything changed since.
    pub(crate) fn is_later_than(&self, other: &World) -> bool {
        self.number > other.number
    }

    /// The version in which a company was last changed, as far as that decides who gets what: its webhooks, its projects and
    /// who is in them.
    pub(crate) fn version_of(&self, company_id: &str) -> u64 {
        self.changed_in.get(company_id).copied().unwrap_or(0)
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

    /// The webhooks that may want an event, by what they chose.
    pub(crate) fn candidates(&self, event: &Event) -> Vec<&Arc<Entry>> {
        let mut found = Vec::new();
        self.index.candidates(&self.directory, event, |key| found.extend(self.entry(key)));
        found
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

    /// The companies for which a change that is about to be made may decide who gets what.
    fn companies_concerned(&self, staged: &Staged) -> Vec<String> {
        let of_project = |id: &String| Some(self.directory.projects.get(id)?.company_id.clone());
        match staged {
            Staged::Put(entry) => vec![entry.webhook.company_id.clone()],
            Staged::Remove(key) => {
                self.entry(*key).map(|entry| entry.webhook.company_id.clone()).into_iter().collect()
            }
            Staged::Directory(change, _) => match change {
                DirectoryChange::PutMember { project_id, .. }
                | DirectoryChange::DeleteMember { project_id, .. }
                | DirectoryChange::DeleteProject(project_id) => of_project(project_id).into_iter().collect(),
                DirectoryChange::PutProject(project) => {
                    of_project(&project.id).into_iter().chain([project.company_id.clone()]).collect()
                }
                DirectoryChange::DeleteUser(id) => {
                    self.directory.all_projects_of(id).filter_map(of_project).collect()
                }
                DirectoryChange::PutCompany(company) => vec![company.id.clone()],
                DirectoryChange::DeleteCompany(id) => vec![id.clone()],
                DirectoryChange::PutUser(_) => Vec::new(),
            },
        }
    }

    /// Puts a webhook in, in place of what it was before.
    pub(crate) fn put(&mut self, entry: Arc<Entry>) {
        self.remove(entry.key);
        self.index.insert(entry.key, &entry.webhook);
        self.keys.insert_mut(entry.webhook.id.clone(), entry.key);
        put_in(&mut self.by_company, &entry.webhook.company_id, entry.key);
        put_in(&mut self.by_creator, &entry.webhook.created_by_id, entry.key);
        self.by_key.insert_mut(entry.key, entry);
    }

    /// Takes a webhook out.
    pub(crate) fn remove(&mut self, key: WebhookKey) {
        if let Some(entry) = self.by_key.get(&key).cloned() {
            self.by_key.remove_mut(&key);
            self.index.remove(key, &entry.webhook);
            self.keys.remove_mut(&entry.webhook.id);
            take_out(&mut self.by_company, &entry.webhook.company_id, key);
            take_out(&mut self.by_creator, &entry.webhook.created_by_id, key);
        }
    }

    /// Makes a change: this is the next version then.
    pub(crate) fn apply(&mut self, staged: Staged) {
        self.number += 1;
        for company in self.companies_concerned(&staged) {
            self.changed_in.insert_mut(company, self.number);
        }
        match staged {
            Staged::Put(entry) => self.put(entry),
            Staged::Remove(key) => self.remove(key),
            Staged::Directory(change, life) => {
                if let DirectoryChange::DeleteCompany(id) = &change {
                    self.changed_in.remove_mut(id);
                }
                self.directory.apply(change, life);
            }
        }
    }

    /// How many webhooks a company has, and how many there may be when so many may be on.
    pub(crate) fn counts(&self, company_id: &str, limit: u32) -> WebhookCounts {
        let on_max = usize::try_from(limit).unwrap_or(usize::MAX);
        let mut counts =
            WebhookCounts { on: 0, on_max, all: 0, all_max: on_max.saturating_mul(ALL_FOR_EACH_ON) };
        self.of_company(company_id).for_each(|entry| counts.add(&entry.webhook));
        counts
    }
}

/// Webhooks by whose they are.
type KeysOf = HashTrieMapSync<String, RedBlackTreeSetSync<WebhookKey>>;

fn put_in(keys_of: &mut KeysOf, of: &str, key: WebhookKey) {
    match keys_of.get_mut(of) {
        Some(keys) => keys.insert_mut(key),
        None => keys_of.insert_mut(of.to_owned(), [key].into_iter().collect()),
    }
}

fn take_out(keys_of: &mut KeysOf, of: &str, key: WebhookKey) {
    if let Some(keys) = keys_of.get_mut(of) {
        keys.remove_mut(&key);
        if keys.is_empty() {
            keys_of.remove_mut(of);
        }
    }
}

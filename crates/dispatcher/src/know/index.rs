//! Webhooks by what they chose, so that those that do not want an event cost nothing.

use std::collections::HashMap;

use bluehook_core::{
    event::{Event, EventType},
    webhook::Webhook,
};
use rpds::HashTrieMapSync;

use super::Directory;
use crate::model::WebhookKey;

/// Webhooks by what they chose. One that chose projects stands under each of them; one that did not stands under its
/// creator, whose memberships decide.
#[derive(Clone, Default)]
pub(super) struct Index {
    by_project: Buckets,
    by_creator: HashTrieMapSync<String, Buckets>,
}

/// Buckets by project, or by creator.
type Buckets = HashTrieMapSync<String, Bucket>;

/// Webhooks by the event they chose.
#[derive(Clone, Default)]
struct Bucket {
    any_event: Vec<WebhookKey>,
    by_event: HashMap<EventType, Vec<WebhookKey>>,
}

impl Index {
    pub(super) fn insert(&mut self, key: WebhookKey, webhook: &Webhook) {
        self.buckets(webhook, |bucket| bucket.insert(key, webhook));
    }

    pub(super) fn remove(&mut self, key: WebhookKey, webhook: &Webhook) {
        self.buckets(webhook, |bucket| bucket.remove(key, webhook));
    }

    fn buckets(&mut self, webhook: &Webhook, mut change: impl FnMut(&mut Bucket)) {
        if webhook.project_ids.is_empty() {
            let mut of_company = self.by_creator.get(&webhook.company_id).cloned().unwrap_or_default();
            change_in(&mut of_company, &webhook.created_by_id, &mut change);
            if of_company.is_empty() {
                self.by_creator.remove_mut(&webhook.company_id);
            } else {
                self.by_creator.insert_mut(webhook.company_id.clone(), of_company);
            }
        }
        for project in &webhook.project_ids {
            change_in(&mut self.by_project, project, &mut change);
        }
    }

    /// Every webhook that may want the event.
    pub(super) fn candidates(&self, directory: &Directory, event: &Event, mut found: impl FnMut(WebhookKey)) {
        if let Some(bucket) = self.by_project.get(&event.project_id) {
            bucket.each(event.event_type, &mut found);
        }
        let creators = self.by_creator.get(&event.company_id);
        let members = directory.members(&event.project_id);
        let Some((creators, members)) = creators.zip(members) else { return };
        // Both ways give the creators that are members; the shorter one is walked.
        if creators.size() <= members.size() {
            let of_members = creators.iter().filter(|(creator, _)| members.contains_key(*creator));
            of_members.for_each(|(_, bucket)| bucket.each(event.event_type, &mut found));
        } else {
            let of_creators = members.keys().filter_map(|member| creators.get(member));
            of_creators.for_each(|bucket| bucket.each(event.event_type, &mut found));
        }
    }
}

/// Changes one bucket, which is there as long as it holds anything.
fn change_in(buckets: &mut Buckets, of: &str, change: &mut impl FnMut(&mut Bucket)) {
    let Some(bucket) = buckets.get_mut(of) else {
        let mut bucket = Bucket::default();
        change(&mut bucket);
        if !bucket.is_empty() {
            buckets.insert_mut(of.to_owned(), bucket);
        }
        return;
    };
    change(bucket);
    if bucket.is_empty() {
        buckets.remove_mut(of);
    }
}

impl Bucket {
    fn insert(&mut self, key: WebhookKey, webhook: &Webhook) {
        if webhook.events.is_empty() {
            self.any_event.push(key);
        }
        for event in &webhook.events {
            self.by_event.entry(*event).or_default().push(key);
        }
    }

    fn remove(&mut self, key: WebhookKey, webhook: &Webhook) {
        self.any_event.retain(|known| *known != key);
        for event in &webhook.events {
            if let Some(keys) = self.by_event.get_mut(event) {
                keys.retain(|known| *known != key);
            }
        }
        self.by_event.retain(|_, keys| !keys.is_empty());
    }

    fn is_empty(&self) -> bool {
        self.any_event.is_empty() && self.by_event.is_empty()
    }

    fn each(&self, event: EventType, found: &mut impl FnMut(WebhookKey)) {
        self.any_event
            .iter()
            .chain(self.by_event.get(&event).into_iter().flatten())
            .for_each(|key| found(*key));
    }
}

//! Which webhooks want an event: an index first, so that the ones that do not cost nothing, then the core's decision.

use std::{collections::HashMap, sync::Arc};

use bluehook_core::{
    event::{Event, EventType},
    matching::{self, Decision, Subject},
    webhook::Webhook,
};

use crate::registry::{Entry, Registry, WebhookKey};

/// A webhook that gets an event.
pub(crate) struct Selected {
    pub(crate) entry: Arc<Entry>,
    /// It is off: the delivery is kept for it.
    pub(crate) held: bool,
}

/// The webhooks that want this event, as they stand now.
pub(crate) fn select(registry: &Registry, event: &Event) -> Vec<Selected> {
    let mut selected = Vec::new();
    let subject = Subject::of(event);
    registry.index.candidates(registry, event, |key| {
        let Some(entry) = registry.entry(key) else { return };
        let is_member = registry.directory.role(&event.project_id, &entry.webhook.created_by_id).is_some();
        let held = match matching::decide(&entry.webhook, &subject, is_member) {
            Decision::Deliver => false,
            Decision::Hold => true,
            Decision::Skip(_) => return,
        };
        selected.push(Selected { entry: entry.clone(), held });
    });
    selected
}

/// Webhooks by what they chose. One that chose projects stands under each of them; one that did not stands under its
/// creator, whose memberships decide.
#[derive(Default)]
pub(crate) struct Index {
    by_project: HashMap<String, Bucket>,
    by_creator: HashMap<String, HashMap<String, Bucket>>,
}

/// Webhooks by the event they chose.
#[derive(Default)]
struct Bucket {
    any_event: Vec<WebhookKey>,
    by_event: HashMap<EventType, Vec<WebhookKey>>,
}

impl Index {
    pub(crate) fn insert(&mut self, key: WebhookKey, webhook: &Webhook) {
        self.buckets(webhook, |bucket| bucket.insert(key, webhook));
    }

    pub(crate) fn remove(&mut self, key: WebhookKey, webhook: &Webhook) {
        self.buckets(webhook, |bucket| bucket.remove(key, webhook));
    }

    fn buckets(&mut self, webhook: &Webhook, mut change: impl FnMut(&mut Bucket)) {
        if webhook.project_ids.is_empty() {
            let company = self.by_creator.entry(webhook.company_id.clone()).or_default();
            change(company.entry(webhook.created_by_id.clone()).or_default());
            company.retain(|_, bucket| !bucket.is_empty());
        }
        for project in &webhook.project_ids {
            let bucket = self.by_project.entry(project.clone()).or_default();
            change(bucket);
            if bucket.is_empty() {
                self.by_project.remove(project);
            }
        }
    }

    /// Every webhook that may want the event.
    fn candidates(&self, registry: &Registry, event: &Event, mut found: impl FnMut(WebhookKey)) {
        if let Some(bucket) = self.by_project.get(&event.project_id) {
            bucket.each(event.event_type, &mut found);
        }
        let creators = self.by_creator.get(&event.company_id);
        let members = registry.directory.members(&event.project_id);
        let Some((creators, members)) = creators.zip(members) else { return };
        // Both ways give the creators that are members; the shorter one is walked.
        if creators.len() <= members.len() {
            let of_members = creators.iter().filter(|(creator, _)| members.contains_key(*creator));
            of_members.for_each(|(_, bucket)| bucket.each(event.event_type, &mut found));
        } else {
            let of_creators = members.keys().filter_map(|member| creators.get(member));
            of_creators.for_each(|bucket| bucket.each(event.event_type, &mut found));
        }
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

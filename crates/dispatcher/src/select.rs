//! Which webhooks want an event: an index first, so that the ones that do not cost nothing, then the core's decision.

use std::{collections::HashMap, sync::Arc};

use bluehook_core::{
    event::{Event, EventType},
    filter::Filter,
    matching::{self, Decision, Subject},
    webhook::Webhook,
};

use crate::registry::{Entry, Registry, WebhookKey};

/// A webhook that gets an event.
pub(crate) struct Selected {
    pub(crate) entry: Arc<Entry>,
    /// The delivery is kept for it.
    pub(crate) held: Option<Held>,
}

/// Why a delivery is kept rather than sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Held {
    /// The webhook is off.
    Off,
    /// Its filter would cost more than its budget for this event.
    Filter,
}

/// What candidates may cost that is still asked where the event came in: bytes looked at, at most.
const LIGHT: usize = 1_000_000;

/// Whether asking these takes so little that nobody would notice.
pub(crate) fn is_light(candidates: &[Candidate], event: &Event) -> bool {
    let filters = candidates.iter().filter_map(|candidate| candidate.entry.webhook.filter.as_ref());
    let conditions: u64 = filters.map(Filter::conditions).sum();
    let bytes = event.previous_value.as_str().len() + event.current_value.as_str().len();
    conditions == 0 || bytes.saturating_mul(usize::try_from(conditions).unwrap_or(usize::MAX)) <= LIGHT
}

/// A webhook that may want an event, as it stood when it was looked up.
pub(crate) struct Candidate {
    entry: Arc<Entry>,
    creator_is_member: bool,
}

/// The webhooks that may want this event, as they stand now. Their filters are not asked yet: that can take long, and
/// nobody is to wait for it who wants to change something.
pub(crate) fn candidates(registry: &Registry, event: &Event) -> Vec<Candidate> {
    let mut found = Vec::new();
    registry.index.candidates(registry, event, |key| {
        let Some(entry) = registry.entry(key) else { return };
        let role = registry.directory.role(&event.project_id, &entry.webhook.created_by_id);
        found.push(Candidate { entry: entry.clone(), creator_is_member: role.is_some() });
    });
    found
}

/// Those of them that want it.
pub(crate) fn select(candidates: Vec<Candidate>, event: &Event) -> impl Iterator<Item = Selected> {
    let subject = Subject::of(event);
    candidates.into_iter().filter_map(move |Candidate { entry, creator_is_member }| {
        if matching::is_beyond_budget(&entry.webhook, &subject, creator_is_member) {
            return Some(Selected { entry, held: Some(Held::Filter) });
        }
        match matching::decide(&entry.webhook, &subject, creator_is_member) {
            Decision::Deliver => Some(Selected { entry, held: None }),
            Decision::Hold => Some(Selected { entry, held: Some(Held::Off) }),
            Decision::Skip(_) => None,
        }
    })
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        directory::Role,
        directory_map::DirectoryMap,
        registry::{Keys, Load, Revision},
    };
    use bluehook_core::{
        filter::Filter,
        json::RawJson,
        webhook::{PayloadFormat, Status},
    };
    use proptest::prelude::*;

    const EVENTS: [EventType; 3] = [EventType::TodoCreated, EventType::TagDeleted, EventType::CommentUpdated];

    /// What a webhook is told by, each a small number: company, creator, projects, events, filter, on or off.
    type Told = (u8, u8, Vec<u8>, Vec<usize>, Option<u8>, bool);

    fn told() -> impl Strategy<Value = Told> {
        let projects =
            proptest::collection::btree_set(0..4_u8, 0..3).prop_map(|set| set.into_iter().collect());
        let events =
            proptest::collection::btree_set(0..3_usize, 0..3).prop_map(|set| set.into_iter().collect());
        (0..2_u8, 0..4_u8, projects, events, proptest::option::of(0..3_u8), any::<bool>())
    }

    fn entry(key: WebhookKey, (company, creator, projects, events, filter, enabled): &Told) -> Arc<Entry> {
        let filter = filter.map(|n| Filter::parse(&format!(r#"{{"currentValue":{{"n":{n}}}}}"#)).unwrap());
        let webhook = Webhook {
            id: key.to_string(),
            uid: String::new(),
            name: None,
            url: String::new(),
            status: Status::Healthy,
            enabled: *enabled,
            events: events.iter().map(|event| EVENTS[*event]).collect(),
            project_ids: projects.iter().map(u8::to_string).collect(),
            company_id: company.to_string(),
            created_by_id: creator.to_string(),
            created_at: 0,
            updated_at: 0,
            payload_format: PayloadFormat::Full,
            filter,
            description: None,
            headers: Vec::new(),
            rate_limit_per_second: None,
        };
        let revision = Revision { key, payload_format: PayloadFormat::Full, body_object: String::new() };
        let keys = Arc::new(Keys::default());
        let (webhook, revision, load) = (Arc::new(webhook), Arc::new(revision), Arc::new(Load::default()));
        Arc::new(Entry { key, webhook, revision, keys, off: None, load })
    }

    /// Every webhook asked, one after the other.
    fn scan(registry: &Registry, event: &Event) -> Vec<(WebhookKey, Option<Held>)> {
        let wanted = registry.entries().filter_map(|entry| {
            let is_member =
                registry.directory.role(&event.project_id, &entry.webhook.created_by_id).is_some();
            match matching::decide(&entry.webhook, &Subject::of(event), is_member) {
                Decision::Deliver => Some((entry.key, None)),
                Decision::Hold => Some((entry.key, Some(Held::Off))),
                Decision::Skip(_) => None,
            }
        });
        let mut wanted: Vec<_> = wanted.collect();
        wanted.sort_unstable();
        wanted
    }

    proptest! {
        #[test]
        fn the_index_selects_what_a_scan_would(
            webhooks in proptest::collection::vec((0..12_i64, proptest::option::of(told())), 0..40),
            members in proptest::collection::vec((0..4_u8, 0..4_u8), 0..8),
            happened in proptest::collection::vec((0..2_u8, 0..4_u8, 0..3_usize, 0..3_u8), 1..8),
        ) {
            let mut directory = DirectoryMap::default();
            for (project, user) in members {
                directory.put_member(project.to_string(), user.to_string(), Role::Member);
            }
            let mut registry = Registry::new(directory);
            // A number that comes again is a change; one without a webhook, a deletion.
            for (key, told) in &webhooks {
                match told {
                    Some(told) => registry.put(entry(*key, told)),
                    None => registry.remove(*key),
                }
            }
            for (company, project, event, n) in happened {
                let event = Event {
                    id: None,
                    event_type: EVENTS[event],
                    company_id: company.to_string(),
                    project_id: project.to_string(),
                    user_id: String::new(),
                    occurred_at: None,
                    previous_value: RawJson::null(),
                    current_value: RawJson::parse(&format!(r#"{{"n":{n}}}"#)).unwrap(),
                };
                let selected = select(candidates(&registry, &event), &event);
                let mut selected: Vec<_> = selected.map(|found| (found.entry.key, found.held)).collect();
                selected.sort_unstable();
                prop_assert_eq!(selected, scan(&registry, &event));
            }
        }
    }
}

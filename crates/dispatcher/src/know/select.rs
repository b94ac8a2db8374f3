//! Which webhooks want an event: of those that may, by what they chose, the ones that the core decides for.

use std::sync::Arc;

use bluehook_core::{
    event::Event,
    filter::Filter,
    matching::{self, Decision, Subject},
};

use super::{Entry, World};

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

/// The webhooks that may want this event, as they stand in a version. Their filters are not asked yet: that can take long.
pub(crate) fn candidates(world: &World, event: &Event) -> Vec<Candidate> {
    let candidate = |entry: &Arc<Entry>| {
        let role = world.directory.role(&event.project_id, &entry.webhook.created_by_id);
        Candidate { entry: entry.clone(), creator_is_member: role.is_some() }
    };
    world.candidates(event).into_iter().map(candidate).collect()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        know::{Directory, Keys, Load, Revision},
        model::{WebhookKey, directory::Role},
    };
    use bluehook_core::{
        event::EventType,
        json::RawJson,
        webhook::{PayloadFormat, Status, Webhook},
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
    fn scan(world: &World, event: &Event) -> Vec<(WebhookKey, Option<Held>)> {
        let wanted = world.entries().filter_map(|entry| {
            let is_member = world.directory.role(&event.project_id, &entry.webhook.created_by_id).is_some();
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
            let mut directory = Directory::default();
            for (project, user) in members {
                directory.put_member(project.to_string(), user.to_string(), Role::Member);
            }
            let mut world = World::new(directory);
            // A number that comes again is a change; one without a webhook, a deletion.
            for (key, told) in &webhooks {
                match told {
                    Some(told) => world.put(entry(*key, told)),
                    None => world.remove(*key),
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
                let selected = select(candidates(&world, &event), &event);
                let mut selected: Vec<_> = selected.map(|found| (found.entry.key, found.held)).collect();
                selected.sort_unstable();
                prop_assert_eq!(selected, scan(&world, &event));
            }
        }
    }
}

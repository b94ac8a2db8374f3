//! What there is in it.

use std::{collections::BTreeMap, sync::Arc};

use bluehook_core::{delivery::Status, event::Event, time::Millis, webhook::Webhook};

use crate::{
    know::{Directory, Revision},
    model::{
        WebhookKey,
        age::Age,
        audit::{Author, Note},
        cause::ErrorClass,
        directory::Births,
        failure::FailureKind,
        health::Health,
        job::JobState,
        log::{Attempt, CancelledBecause},
        replay::{ReplayQuery, ReplayState},
        standing::{HealthChange, Off},
        sums::Move,
    },
    store::{
        change::{NewRow, Secrets},
        entries::Entry,
        made::{Made, Target},
        numbers,
    },
};

/// Everything, by number or key.
#[derive(Clone, Default)]
pub(in crate::store::laws) struct Data {
    pub(in crate::store::laws) events: BTreeMap<i64, Logged>,
    /// By the caller's id and the company.
    pub(in crate::store::laws) ids: BTreeMap<(String, String), i64>,
    pub(in crate::store::laws) rows: BTreeMap<i64, Row>,
    /// By delivery and place.
    pub(in crate::store::laws) attempts: BTreeMap<(i64, u32), Tried>,
    pub(in crate::store::laws) commits: BTreeMap<i64, Commit>,
    pub(in crate::store::laws) folded: i64,
    pub(in crate::store::laws) steps: Vec<(i64, Millis)>,
    pub(in crate::store::laws) last_number: i64,
    pub(in crate::store::laws) open_from: (i64, Option<Millis>),
    pub(in crate::store::laws) age: Option<Age>,
    pub(in crate::store::laws) settings: BTreeMap<String, String>,
    pub(in crate::store::laws) webhooks: BTreeMap<WebhookKey, Kept>,
    pub(in crate::store::laws) revisions: BTreeMap<i64, Version>,
    pub(in crate::store::laws) directory: Directory,
    pub(in crate::store::laws) audit: BTreeMap<i64, Done>,
    pub(in crate::store::laws) creations: BTreeMap<Vec<u8>, Created>,
    pub(in crate::store::laws) replays: BTreeMap<i64, Again>,
    pub(in crate::store::laws) jobs: BTreeMap<i64, Work>,
    /// The last numbers and keys that were given.
    pub(in crate::store::laws) last_job: i64,
    pub(in crate::store::laws) last_audited: i64,
}

/// An attempt without its id and its request's headers: those are made by who asks.
#[derive(Clone)]
pub(in crate::store::laws) struct Tried {
    pub(in crate::store::laws) attempt: Attempt,
    pub(in crate::store::laws) head: Vec<u8>,
}

/// An event.
#[derive(Clone)]
pub(in crate::store::laws) struct Logged {
    pub(in crate::store::laws) event: Event,
    pub(in crate::store::laws) received_at: Millis,
    pub(in crate::store::laws) age_from: Option<Millis>,
    pub(in crate::store::laws) targets: Vec<Target>,
}

/// A delivery's row.
#[derive(Clone)]
pub(in crate::store::laws) struct Row {
    pub(in crate::store::laws) new: NewRow,
    pub(in crate::store::laws) status: Status,
    pub(in crate::store::laws) due_at: Option<Millis>,
    pub(in crate::store::laws) tries: u32,
    pub(in crate::store::laws) attempts: u32,
    pub(in crate::store::laws) first_attempt_at: Option<Millis>,
    pub(in crate::store::laws) last_attempt_at: Option<Millis>,
    pub(in crate::store::laws) status_code: Option<u16>,
    pub(in crate::store::laws) failure: Option<FailureKind>,
    pub(in crate::store::laws) because: Option<CancelledBecause>,
}

impl Row {
    pub(in crate::store::laws) fn class(&self) -> Option<ErrorClass> {
        ErrorClass::of_last(self.status_code, self.failure.map(FailureKind::name))
    }
}

/// A commit.
#[derive(Clone)]
pub(in crate::store::laws) struct Commit {
    pub(in crate::store::laws) at: Millis,
    pub(in crate::store::laws) entries: Vec<Entry>,
    pub(in crate::store::laws) moves: Vec<Move>,
}

/// A webhook, deleted or not.
#[derive(Clone)]
pub(in crate::store::laws) struct Kept {
    pub(in crate::store::laws) webhook: Webhook,
    pub(in crate::store::laws) revision: i64,
    pub(in crate::store::laws) sealed_headers: Option<Vec<u8>>,
    pub(in crate::store::laws) secrets: Secrets,
    pub(in crate::store::laws) deleted_at: Option<Millis>,
    pub(in crate::store::laws) cursor: Option<i64>,
    pub(in crate::store::laws) off: Option<Off>,
    pub(in crate::store::laws) health: Option<Health>,
    /// Oldest first.
    pub(in crate::store::laws) history: Vec<HealthChange>,
}

/// A revision.
#[derive(Clone)]
pub(in crate::store::laws) struct Version {
    pub(in crate::store::laws) webhook: WebhookKey,
    pub(in crate::store::laws) url: String,
    pub(in crate::store::laws) revision: Arc<Revision>,
}

/// An entry of the audit trail.
#[derive(Clone)]
pub(in crate::store::laws) struct Done {
    pub(in crate::store::laws) at: Millis,
    pub(in crate::store::laws) author: Author,
    pub(in crate::store::laws) births: Option<Births>,
    pub(in crate::store::laws) note: Note,
}

/// What was made for a caller's key.
#[derive(Clone)]
pub(in crate::store::laws) struct Created {
    pub(in crate::store::laws) content: Vec<u8>,
    pub(in crate::store::laws) webhook: WebhookKey,
    pub(in crate::store::laws) at: Millis,
}

/// A replay.
#[derive(Clone)]
pub(in crate::store::laws) struct Again {
    pub(in crate::store::laws) webhook: WebhookKey,
    pub(in crate::store::laws) query: ReplayQuery,
    pub(in crate::store::laws) position: i64,
    pub(in crate::store::laws) total: u64,
    pub(in crate::store::laws) done: i64,
    pub(in crate::store::laws) skipped: i64,
    pub(in crate::store::laws) at: Millis,
    pub(in crate::store::laws) state: ReplayState,
}

/// A job.
#[derive(Clone)]
pub(in crate::store::laws) struct Work {
    pub(in crate::store::laws) position: i64,
    pub(in crate::store::laws) total: u64,
    pub(in crate::store::laws) done: i64,
    pub(in crate::store::laws) at: Millis,
    pub(in crate::store::laws) ended_at: Option<Millis>,
    pub(in crate::store::laws) state: JobState,
    pub(in crate::store::laws) detail: Option<String>,
}

/// A delivery of the log, with its row if it has one.
pub(in crate::store::laws) struct Stood<'d> {
    pub(in crate::store::laws) made: Made,
    pub(in crate::store::laws) row: Option<&'d Row>,
}

impl Stood<'_> {
    pub(in crate::store::laws) fn status(&self) -> Status {
        self.row.map_or(self.made.how.status(), |row| row.status)
    }

    pub(in crate::store::laws) fn is_bare(&self) -> bool {
        self.row.is_none()
    }

    /// Whether it is bare, and to be sent.
    pub(in crate::store::laws) fn is_open(&self) -> bool {
        self.row.is_none() && self.made.how.is_live()
    }
}

impl Data {
    /// The deliveries that an event made.
    pub(in crate::store::laws) fn made_by(&self, event: i64) -> Vec<Made> {
        let Some(logged) = self.events.get(&event) else { return Vec::new() };
        let made = |(place, target): (usize, &Target)| Made {
            number: numbers::of_delivery(event, place),
            event,
            event_type: logged.event.event_type,
            project_id: logged.event.project_id.clone(),
            created_at: logged.received_at,
            webhook: self.revisions[&target.revision].webhook,
            revision: target.revision,
            how: target.made_as,
        };
        logged.targets.iter().enumerate().map(made).collect()
    }

    /// Every delivery of the log, numbers rising.
    pub(in crate::store::laws) fn all(&self) -> impl DoubleEndedIterator<Item = Stood<'_>> {
        let all = self.events.keys().flat_map(|event| self.made_by(*event));
        all.map(|made| Stood { row: self.rows.get(&made.number), made })
    }

    /// Those of a webhook.
    pub(in crate::store::laws) fn of(
        &self,
        webhook: WebhookKey,
    ) -> impl DoubleEndedIterator<Item = Stood<'_>> {
        self.all().filter(move |stood| stood.made.webhook == webhook)
    }

    /// The delivery with this number.
    pub(in crate::store::laws) fn one(&self, number: i64) -> Option<Stood<'_>> {
        let (event, _) = self.events.range(..number).next_back()?;
        let made = self.made_by(*event).into_iter().find(|made| made.number == number)?;
        Some(Stood { row: self.rows.get(&number), made })
    }

    /// The number of the event with a caller's id in a company.
    pub(in crate::store::laws) fn with_id(&self, id: &str, company_id: &str) -> Option<i64> {
        self.ids.get(&(id.to_owned(), company_id.to_owned())).copied()
    }

    /// The number of the last commit; 0 before the first.
    pub(in crate::store::laws) fn last_commit(&self) -> i64 {
        self.commits.last_key_value().map_or(0, |(number, _)| *number)
    }

    /// The id of a webhook.
    pub(in crate::store::laws) fn id_of(&self, webhook: WebhookKey) -> &str {
        &self.webhooks[&webhook].webhook.id
    }
}

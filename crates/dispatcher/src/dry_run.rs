//! Dry run: which of the events that happened lately a webhook would get if it chose differently.

use bluehook_core::{
    event::{Event, EventType},
    filter::Filter,
    matching::{self, Decision, Subject},
    time::Millis,
    webhook::Webhook,
};

use crate::{
    Dispatcher, Error, Result,
    store::{events, lists},
};

/// The most events that a dry run looks at.
pub const MAX_DRY_RUN: usize = 1_000;

/// The most examples that a dry run gives.
const MAX_EXAMPLES: usize = 5;

/// What a webhook would choose. What is `None` is as the webhook has it.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// Another filter, or none.
    pub filter: Option<Option<Filter>>,
    /// Other events.
    pub events: Option<Vec<EventType>>,
    /// Other projects.
    pub project_ids: Option<Vec<String>>,
}

/// What a choice would have come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DryRun {
    /// How many of the company's events were looked at, the newest.
    pub considered: usize,
    /// How many of them the webhook would get.
    pub matches: usize,
    /// The newest of those that it would get.
    pub examples: Vec<Example>,
    /// The newest of those that it would not get, with the reason.
    pub others: Vec<Example>,
}

/// An event that a dry run looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// The event's id.
    pub event_id: String,
    /// What happened.
    pub event_type: EventType,
    /// In which project.
    pub project_id: String,
    /// When it was taken in.
    pub received_at: Millis,
    /// Why the webhook would not get it.
    pub reason: Option<matching::Reason>,
}

impl Choice {
    fn apply(&self, webhook: &mut Webhook) {
        if let Some(filter) = &self.filter {
            webhook.filter.clone_from(filter);
        }
        if let Some(events) = &self.events {
            webhook.events.clone_from(events);
        }
        if let Some(project_ids) = &self.project_ids {
            webhook.project_ids.clone_from(project_ids);
        }
    }
}

impl Dispatcher {
    /// Which of the newest `limit` events of its company a webhook would get with a choice, whether it is on or off.
    /// Nothing is sent and nothing changes.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Store`].
    pub async fn dry_run(&self, id: &str, choice: &Choice, limit: usize) -> Result<DryRun> {
        let mut webhook = (*self.entry(id)?.webhook).clone();
        choice.apply(&mut webhook);
        let (ids, company, limit) =
            (self.ids.clone(), webhook.company_id.clone(), limit.clamp(1, MAX_DRY_RUN));
        let find =
            move |connection: &rusqlite::Connection| lists::newest_events(connection, &ids, &company, limit);
        let found = self.store.read(find).await?;
        let mut run =
            DryRun { considered: found.len(), matches: 0, examples: Vec::new(), others: Vec::new() };
        let registry = self.registry.clone();
        // Filters can take long: no other request waits for them.
        let ask = move || {
            for (example, event) in found {
                let registry = registry.read().map_err(|_| Error::ShuttingDown)?;
                let is_member = registry.directory.role(&event.project_id, &webhook.created_by_id).is_some();
                drop(registry);
                run.add(example, &webhook, &event, is_member);
            }
            Ok(run)
        };
        tokio::task::spawn_blocking(ask).await.map_err(|_| Error::ShuttingDown)?
    }
}

impl DryRun {
    fn add(&mut self, example: Example, webhook: &Webhook, event: &Event, is_member: bool) {
        let (list, reason) = match matching::decide(webhook, &Subject::of(event), is_member) {
            Decision::Skip(reason) => (&mut self.others, Some(reason)),
            Decision::Deliver | Decision::Hold => {
                self.matches += 1;
                (&mut self.examples, None)
            }
        };
        if list.len() < MAX_EXAMPLES {
            list.push(Example { reason, ..example });
        }
    }
}

impl Example {
    pub(crate) fn of(stored: events::Newest) -> (Example, Event) {
        let events::Newest { id, received_at, event } = stored;
        let (event_type, project_id) = (event.event_type, event.project_id.clone());
        (Example { event_id: id, event_type, project_id, received_at, reason: None }, event)
    }
}

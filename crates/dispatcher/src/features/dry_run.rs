//! Dry run: which of the events that happened lately a webhook would get if it chose differently.

use bluehook_core::{
    event::{Event, EventType},
    filter::Filter,
    matching::{self, Decision, Subject},
    webhook::Webhook,
};

use crate::{
    Dispatcher, Result,
    know::membership::kept_from,
    model::{dry_run::Example, standing::Actor},
    store::Snapshot,
};

/// The most events that a dry run looks at.
pub const MAX_DRY_RUN: usize = 1_000;

/// The most examples that a dry run gives.
const MAX_EXAMPLES: usize = 5;

/// What one dry run may cost: a second or two. One that would cost more looks at fewer events.
const MAX_COST: u64 = 1_000_000_000;

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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
    /// Which of the newest `limit` events of its company a webhook would get with a choice, whether it is on or off, as the
    /// backend sees it. Nothing is sent and nothing changes.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`], [`crate::Error::Store`].
    pub async fn dry_run(&self, id: &str, choice: &Choice, limit: usize) -> Result<DryRun> {
        self.dry_run_for(&Actor::Service, id, choice, limit).await
    }

    /// The same for somebody: to a person, what happened in projects that they are not in does not exist.
    ///
    /// # Errors
    /// As [`Dispatcher::dry_run`].
    pub async fn dry_run_for(
        &self,
        actor: &Actor,
        id: &str,
        choice: &Choice,
        limit: usize,
    ) -> Result<DryRun> {
        let mut webhook = (*self.entry(id)?.webhook).clone();
        choice.apply(&mut webhook);
        let company = webhook.company_id.clone();
        let (ids, known, limit) = (self.ids.clone(), self.known.clone(), limit.clamp(1, MAX_DRY_RUN));
        let (reader, seen) = (actor.person(), self.known.clone());
        let first = self.first_event(Some(&company), None);
        let of = company.clone();
        let is_there = move |project: &str, event: i64| match &reader {
            None => event >= first,
            Some(reader) => kept_from(&seen.now().directory, (&of, reader, project), event).is_none(),
        };
        let look = move |snapshot: &dyn Snapshot| {
            let mut run = DryRun::default();
            let mut left = MAX_COST;
            let company = &webhook.company_id;
            snapshot.newest_events(&ids, company, limit, &is_there, &mut |example, event| {
                let role = known.now().directory.role(&event.project_id, &webhook.created_by_id);
                left = left.saturating_sub(cost(&webhook, event));
                run.add(example, &webhook, event, role.is_some());
                Ok(left > 0)
            })?;
            Ok(run)
        };
        self.store.look_through(&self.background, &company, look).await
    }
}

/// What looking at an event costs at most: its bytes, for each condition of the filter.
fn cost(webhook: &Webhook, event: &Event) -> u64 {
    let bytes = event.previous_value.as_str().len() + event.current_value.as_str().len() + 256;
    let conditions = webhook.filter.as_ref().map_or(1, Filter::conditions);
    conditions.saturating_add(8).saturating_mul(u64::try_from(bytes).unwrap_or(u64::MAX))
}

impl DryRun {
    fn add(&mut self, example: Example, webhook: &Webhook, event: &Event, is_member: bool) {
        self.considered += 1;
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

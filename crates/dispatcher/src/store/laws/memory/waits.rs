//! What waits to be sent, and what it is made of.

use std::sync::Arc;

use bluehook_core::{event::Event, request::Stamp, time::Millis};

use super::data::{Data, Row, Stood};
use crate::{
    Result,
    know::Revision,
    model::{WebhookKey, replay::ReplayQuery},
    store::{
        made::Made,
        rows::{Again, Held, MaySend, RunningReplay, Standing, Tail, Waiting},
        snapshot::Waits,
    },
};

impl Waits for Data {
    fn next_bare(&self, from: i64) -> Result<Option<(i64, Vec<Made>)>> {
        let mut made = self.events.range(from..).filter(|(_, logged)| !logged.targets.is_empty());
        let Some((event, _)) = made.next() else { return Ok(None) };
        let mut bare = self.made_by(*event);
        bare.retain(|made| !self.rows.contains_key(&made.number));
        Ok(Some((*event, bare)))
    }

    fn next_waiting(&self, after: WebhookKey) -> Result<Option<(WebhookKey, Millis)>> {
        let due = self.rows.values().filter_map(|row| Some((row.new.webhook, row.due_at?)));
        Ok(due.filter(|(webhook, _)| *webhook > after).min())
    }

    fn waiting(&self, webhook: WebhookKey, limit: usize) -> Result<Vec<Waiting>> {
        let mut waiting = self.waiting_after(webhook, 0, usize::MAX)?;
        waiting.sort_by_key(|waiting| waiting.due_at);
        waiting.truncate(limit);
        Ok(waiting)
    }

    fn waiting_after(&self, webhook: WebhookKey, after: i64, limit: usize) -> Result<Vec<Waiting>> {
        let rows = self.rows.range(after + 1..).map(|(_, row)| row);
        Ok(rows.filter(|row| row.new.webhook == webhook).filter_map(waiting).take(limit).collect())
    }

    fn held(&self, webhook: WebhookKey, limit: usize) -> Result<Vec<Held>> {
        let is_held =
            |row: &&Row| row.new.webhook == webhook && row.status == bluehook_core::delivery::Status::Held;
        let held = |row: &Row| Held {
            number: row.new.number,
            attempts: row.attempts,
            created_at: row.new.created_at,
        };
        Ok(self.rows.values().filter(is_held).map(held).take(limit).collect())
    }

    fn tail(&self) -> Result<Tail> {
        Ok(Tail::default())
    }

    fn listed_after(&self, webhook: WebhookKey, after: i64, limit: usize) -> Result<Vec<i64>> {
        let numbers = self.of(webhook).map(|stood| stood.made.number);
        Ok(numbers.filter(|number| *number > after).take(limit).collect())
    }

    fn made(&self, number: i64) -> Result<Option<Made>> {
        Ok(self.one(number).map(|stood| stood.made))
    }

    fn bare(&self, number: i64) -> Result<Option<Made>> {
        Ok(self.one(number).filter(Stood::is_bare).map(|stood| stood.made))
    }

    fn stands(&self, number: i64) -> Result<Option<Standing>> {
        let Some(stood) = self.one(number) else { return Ok(None) };
        let Some(row) = stood.row else { return Ok(Some(Standing::of_bare(stood.made))) };
        Ok(Some(Standing {
            webhook: row.new.webhook,
            status: row.status,
            tries: row.tries,
            attempts: row.attempts,
            event_type: row.new.event_type,
            created_at: row.new.created_at,
            bare: None,
        }))
    }

    fn told_of(&self, number: i64) -> Result<Option<(String, i64)>> {
        Ok(self.one(number).map(|stood| (stood.made.project_id, stood.made.event)))
    }

    fn event(&self, number: i64) -> Result<Option<(Event, Stamp)>> {
        let Some(logged) = self.events.get(&number) else { return Ok(None) };
        let happened_at = logged.event.occurred_at.unwrap_or(logged.received_at);
        Ok(Some((logged.event.clone(), Stamp { happened_at, sequence: number })))
    }

    fn revision(&self, key: i64) -> Result<Option<Arc<Revision>>> {
        Ok(self.version(key))
    }

    fn position_before(&self, since: Millis) -> Result<i64> {
        let mut since = self.all().filter(|stood| stood.made.created_at >= since);
        Ok(since.next().map_or(i64::MAX - 1, |first| first.made.number - 1))
    }

    fn next_again(
        &self,
        job: &RunningReplay,
        _: &Tail,
        limit: usize,
        may_send: MaySend<'_>,
    ) -> Result<Again> {
        let fits = |stood: &Stood<'_>| {
            stood.made.number > job.position
                && job.statuses.contains(&stood.status())
                && job.event.is_none_or(|event| event == stood.made.event_type)
                && (job.since..job.until).contains(&stood.made.created_at)
        };
        let numbers = self.of(job.webhook).filter(fits).map(|stood| {
            let Made { number, project_id, event, .. } = stood.made;
            (number, may_send(&project_id, event))
        });
        let mut numbers: Vec<_> = numbers.collect();
        let is_all = numbers.len() <= limit;
        numbers.truncate(limit);
        let reached = numbers.last().map(|(number, _)| *number).filter(|_| !is_all);
        Ok(Again { numbers, reached })
    }

    fn count_again(&self, webhook: WebhookKey, query: &ReplayQuery, may_send: MaySend<'_>) -> Result<u64> {
        let job = RunningReplay {
            number: 0,
            webhook,
            statuses: query.statuses(),
            event: query.event,
            since: query.since,
            until: query.until,
            position: 0,
        };
        let again = self.next_again(&job, &Tail::default(), usize::MAX, may_send)?;
        Ok(again.numbers.iter().map(|(_, may)| u64::from(*may)).sum())
    }
}

fn waiting(row: &Row) -> Option<Waiting> {
    Some(Waiting {
        number: row.new.number,
        event: row.new.event,
        revision: row.new.revision,
        due_at: row.due_at?,
        tries: row.tries,
        attempts: row.attempts,
        first_attempt_at: row.first_attempt_at,
        last_attempt_at: row.last_attempt_at,
        created_at: row.new.created_at,
        class: row.class(),
    })
}

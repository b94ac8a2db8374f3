//! What is kept beside the log.

use super::data::{Again, Data, Work};
use crate::{
    Result,
    id::{Ids, Kind},
    model::{
        WebhookKey,
        job::{Job, JobState},
        replay::{Replay, ReplayState},
    },
    store::{
        change::Secrets,
        rows::{Creation, RunningJob, RunningReplay},
        snapshot::Kept,
    },
};

impl Kept for Data {
    fn setting(&self, name: &str) -> Result<Option<String>> {
        Ok(self.settings.get(name).cloned())
    }

    fn settings(&self, prefix: &str) -> Result<Vec<(String, String)>> {
        let found = self.settings.iter().filter(|(name, _)| name.starts_with(prefix));
        Ok(found.map(|(name, value)| (name.clone(), value.clone())).collect())
    }

    fn creation(&self, key: &[u8]) -> Result<Option<Creation>> {
        let found = self.creations.get(key);
        Ok(found.map(|created| Creation {
            webhook: created.webhook,
            content: created.content.clone(),
            created_at: created.at,
        }))
    }

    fn secrets(&self, webhook: WebhookKey) -> Result<Secrets> {
        Ok(self.webhooks[&webhook].secrets.clone())
    }

    fn count_sealed(&self) -> Result<u64> {
        let sealed = self.webhooks.values().filter(|kept| kept.is_sealed()).count();
        Ok(u64::try_from(sealed).unwrap())
    }

    fn next_job(&self) -> Result<i64> {
        Ok(self.last_job + 1)
    }

    fn replay(&self, ids: &Ids, number: i64) -> Result<Option<Replay>> {
        let told = |replay: &Again| Replay {
            id: ids.of(Kind::Replay, number),
            webhook_id: self.id_of(replay.webhook).to_owned(),
            state: replay.state,
            total: replay.total,
            done: u64::try_from(replay.done).unwrap(),
            skipped: u64::try_from(replay.skipped).unwrap(),
            created_at: replay.at,
        };
        Ok(self.replays.get(&number).map(told))
    }

    fn running_replays(&self) -> Result<Vec<RunningReplay>> {
        let running = self.replays.iter().filter(|(_, replay)| replay.state == ReplayState::Running);
        let told = |(number, replay): (&i64, &Again)| RunningReplay {
            number: *number,
            webhook: replay.webhook,
            statuses: replay.query.statuses(),
            event: replay.query.event,
            since: replay.query.since,
            until: replay.query.until,
            position: replay.position,
        };
        Ok(running.map(told).collect())
    }

    fn job(&self, ids: &Ids, number: i64) -> Result<Option<Job>> {
        let told = |job: &Work| Job {
            id: ids.of(Kind::Replay, number),
            state: job.state,
            total: job.total,
            done: u64::try_from(job.done).unwrap(),
            created_at: job.at,
            ended_at: job.ended_at,
            detail: job.detail.clone(),
        };
        Ok(self.jobs.get(&number).map(told))
    }

    fn running_job(&self) -> Result<Option<RunningJob>> {
        let running = self.jobs.iter().find(|(_, job)| job.state == JobState::Running);
        Ok(running.map(|(number, job)| RunningJob { number: *number, position: job.position }))
    }
}

//! What each change changes.

use std::{collections::BTreeMap, sync::Arc};

use bluehook_core::{delivery::Status, event::Event, time::Millis};

use super::data::{Again, Commit, Created, Data, Done, Logged, Row, Tried, Work};
use crate::{
    Error, Result,
    id::Ids,
    know::Revision,
    model::{job::JobState, log::Attempt, replay::ReplayState},
    store::{
        Change,
        change::{ATTEMPTS_PER_DELIVERY, Became, Ending, NewReplay, NewRow, Place},
        numbers::{STEP, TIMED},
    },
};

/// Puts in what must not be there yet.
pub(super) fn once<K: Ord, V>(map: &mut BTreeMap<K, V>, key: K, value: V) -> Result<()> {
    if map.contains_key(&key) {
        return Err(Error::Store("it is there already".to_owned()));
    }
    map.insert(key, value);
    Ok(())
}

impl Data {
    pub(super) fn put(&mut self, change: Change<'_>) -> Result<()> {
        match change {
            Change::Event(event, place) => self.put_event(event, &place),
            Change::ClockStep { number, ahead } => {
                self.steps.push((number, ahead));
                Ok(())
            }
            Change::Row(new, became) => self.put_row(new, &became),
            Change::Moved(number, became) => {
                if let Some(row) = self.rows.get_mut(&number) {
                    row.becomes(&became);
                    self.put_attempt(&became);
                }
                Ok(())
            }
            Change::Commit { number, at, entries, moves } => {
                let commit = Commit { at, entries: entries.iter().collect(), moves: moves.to_vec() };
                once(&mut self.commits, number, commit)
            }
            Change::Replay(new) => self.put_replay(&new),
            Change::Job { number, total, at } => self.put_job(number, total, at),
            Change::Creation { key, content, webhook, at } => {
                let created = Created { content: content.to_vec(), webhook, at };
                once(&mut self.creations, key.to_vec(), created)
            }
            change => {
                self.put_simple(change);
                Ok(())
            }
        }
    }

    /// What cannot fail.
    fn put_simple(&mut self, change: Change<'_>) {
        match change {
            Change::OpenFrom { event, at } => self.open_from = (event, Some(at)),
            Change::Age(age) => self.age = Some(age),
            Change::LastNumber(number) => self.last_number = number,
            Change::Setting(name, Some(value)) => {
                drop(self.settings.insert(name.to_owned(), value.to_owned()));
            }
            Change::Setting(name, None) => drop(self.settings.remove(name)),
            Change::Directory(change, life) => self.directory.apply(change.clone(), life),
            Change::Audit { at, author, births, note } => {
                self.last_audited += 1;
                let done = Done { at, author: author.clone(), births, note: note.clone() };
                self.audit.insert(self.last_audited, done);
            }
            Change::ForgetCreations { before } => self.creations.retain(|_, created| created.at >= before),
            Change::ReplayReached { number, position, done, skipped } => {
                if let Some(replay) = self.replays.get_mut(&number) {
                    replay.position = position;
                    replay.done += done;
                    replay.skipped += skipped;
                }
            }
            Change::ReplayEnded(number, state) => {
                let running = self.replays.get_mut(&number);
                if let Some(replay) = running.filter(|replay| replay.state == ReplayState::Running) {
                    replay.state = state;
                }
            }
            Change::JobReached { number, position, done } => {
                if let Some(job) = self.jobs.get_mut(&number) {
                    job.position = position;
                    job.done += done;
                }
            }
            Change::JobEnded { number, state, detail, at } => {
                let running = self.jobs.get_mut(&number);
                if let Some(job) = running.filter(|job| job.state == JobState::Running) {
                    (job.state, job.ended_at) = (state, Some(at));
                    job.detail = detail.map(std::borrow::Cow::into_owned);
                }
            }
            change => self.put_of_webhook(change),
        }
    }

    fn put_event(&mut self, event: &Event, place: &Place<'_>) -> Result<()> {
        let Place { number, received_at, age_from, targets, .. } = *place;
        let logged = Logged { event: event.clone(), received_at, age_from, targets: targets.to_vec() };
        once(&mut self.events, number, logged)?;
        if let Some(id) = &event.id {
            self.ids.insert((id.clone(), event.company_id.clone()), number);
        }
        Ok(())
    }

    fn put_row(&mut self, new: NewRow, became: &Became<'_>) -> Result<()> {
        let number = new.number;
        let mut row = Row {
            new,
            status: Status::Pending,
            due_at: None,
            tries: 0,
            attempts: 0,
            first_attempt_at: None,
            last_attempt_at: None,
            status_code: None,
            failure: None,
            because: None,
        };
        row.becomes(became);
        self.put_attempt(became);
        once(&mut self.rows, number, row)
    }

    fn put_attempt(&mut self, became: &Became<'_>) {
        let Became::Ended(Ending { attempt: new, .. }) = became else { return };
        if new.ordinal >= ATTEMPTS_PER_DELIVERY {
            return;
        }
        let attempt = Attempt {
            id: String::new(),
            number: new.ordinal,
            started_at: new.started_at,
            duration_us: new.duration_us,
            url: self.revisions[&new.revision].url.clone(),
            request_headers: Vec::new(),
            outcome: new.outcome.clone(),
            reused: Some(new.reused),
            phases: *new.phases,
        };
        self.attempts
            .entry((new.delivery, new.ordinal))
            .or_insert(Tried { attempt, head: new.head.to_vec() });
    }

    fn put_replay(&mut self, new: &NewReplay<'_>) -> Result<()> {
        let NewReplay { number, webhook, query, position, total, at } = *new;
        self.last_job = self.last_job.max(number);
        let (query, state) = (query.clone(), ReplayState::Running);
        let replay = Again { webhook, query, position, total, done: 0, skipped: 0, at, state };
        once(&mut self.replays, number, replay)
    }

    fn put_job(&mut self, number: i64, total: u64, at: Millis) -> Result<()> {
        if self.jobs.values().any(|job| job.state == JobState::Running) {
            return Err(Error::Store("one job goes on already".to_owned()));
        }
        self.last_job = self.last_job.max(number);
        let state = JobState::Running;
        let job = Work { position: 0, total, done: 0, at, ended_at: None, state, detail: None };
        once(&mut self.jobs, number, job)
    }

    /// The last number that was given.
    pub(super) fn last_given(&self) -> i64 {
        let of =
            |(number, logged): (&i64, &Logged)| number + i64::try_from(logged.targets.len()).unwrap() * STEP;
        self.events.last_key_value().map_or(TIMED, of).max(self.last_number).max(TIMED)
    }

    /// The id of an event.
    pub(super) fn event_id(&self, ids: &Ids, number: i64) -> String {
        let given = self.events[&number].event.id.clone();
        given.unwrap_or_else(|| ids.of(crate::id::Kind::Event, number))
    }

    /// A revision that there is.
    pub(super) fn version(&self, key: i64) -> Option<Arc<Revision>> {
        self.revisions.get(&key).map(|version| version.revision.clone())
    }
}

impl Row {
    fn becomes(&mut self, became: &Became<'_>) {
        match became {
            Became::Ended(ending) => {
                self.status = ending.step.status;
                self.due_at = ending.step.next_attempt_at;
                (self.tries, self.attempts) = (ending.tries, ending.attempt.ordinal);
                self.first_attempt_at = self.first_attempt_at.or(Some(ending.attempt.started_at));
                self.last_attempt_at = Some(ending.ended_at);
                (self.status_code, self.failure) = ending.code();
            }
            Became::Due { status, tries, at } => {
                (self.status, self.tries, self.due_at) = (*status, *tries, Some(*at));
                self.because = None;
            }
            Became::Postponed { at, first_attempt_at } => {
                (self.due_at, self.first_attempt_at) = (Some(*at), *first_attempt_at);
            }
            Became::Aside(status, because) => {
                (self.status, self.due_at, self.because) = (*status, None, *because);
            }
        }
    }
}

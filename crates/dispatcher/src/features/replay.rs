//! Replay: a span of a webhook's deliveries sent again, as a job that outlives the process and leaves room for what is new.

use bluehook_core::time::Millis;

use super::{NO_SUCH, manage::WEBHOOK_NOT_FOUND};
use crate::{
    Busy, Conflict, Dispatcher, Error, Result,
    id::Kind,
    know::{Entry, membership::may_send},
    ledger::{Context, Writing},
    model::{
        audit::{Action, Note},
        replay::{Replay, ReplayQuery, ReplayState},
    },
    store::{Change, Snapshot, change::NewReplay, rows::RunningReplay},
};

impl Dispatcher {
    /// How many deliveries a replay would send again.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Invalid`], [`Error::Store`].
    pub async fn count_replay(&self, query: ReplayQuery) -> Result<u64> {
        query.check()?;
        let entry = self.entry(&query.webhook_id)?;
        let (webhook, world, of) = (entry.key, self.known.now(), entry.webhook.clone());
        let count = move |snapshot: &dyn Snapshot| {
            let may_send = may_send(&world, &of);
            snapshot.count_again(webhook, &query, &may_send)
        };
        self.store.look_through(&self.background, &entry.webhook.company_id, count).await
    }

    /// Begins a replay. It goes on by itself, also after a restart.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Invalid`], [`Error::Conflict`] when the webhook is off or one of its replays runs,
    /// [`Error::Busy`] when too many of the company do, [`Error::Store`].
    pub async fn start_replay(&self, query: ReplayQuery) -> Result<Replay> {
        let total = self.count_replay(query.clone()).await?;
        let author = self.author.clone();
        let begin = move |writing: &Writing<'_>, context: &mut Context| {
            let entry = context.find(&query.webhook_id).ok_or(WEBHOOK_NOT_FOUND)?;
            if !entry.webhook.enabled {
                return Err(Error::Conflict(Conflict::WebhookOff));
            }
            let before = writing.look()?.before();
            may_begin(&before.running_replays()?, &entry, context)?;
            let (number, position) = (before.next_job()?, before.position_before(query.since)?);
            let (webhook, at) = (entry.key, context.clock.now());
            writing.put(Change::Replay(NewReplay { number, webhook, query: &query, position, total, at }))?;
            let id = context.ids.of(Kind::Replay, number);
            let note = Note::of_part(Action::ReplayStarted, &entry.webhook, "REPLAY", &id);
            context.note(writing, &author, &note)?;
            Ok(begun(id, &query, total, at))
        };
        let replay = self.store.look_and_change(begin).await?;
        self.workers.wake.notify_one();
        Ok(replay)
    }

    /// A replay and how far it is.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn replay(&self, id: &str) -> Result<Option<Replay>> {
        let number = self.ids.number(Kind::Replay, id).unwrap_or(NO_SUCH);
        let ids = self.ids.clone();
        self.store.read(move |snapshot| snapshot.replay(&ids, number)).await
    }

    /// Stops a replay: what it handed over already is still sent.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Store`].
    pub async fn cancel_replay(&self, id: &str) -> Result<()> {
        let number = self.ids.number(Kind::Replay, id).ok_or(Error::NotFound("Replay"))?;
        let author = self.author.clone();
        let stop = move |writing: &Writing<'_>, context: &mut Context| {
            let found = writing.look()?.before().replay(&context.ids, number)?;
            let running = found.filter(|replay| replay.state == ReplayState::Running);
            if let Some((replay, entry)) = running.and_then(|of| Some((of.id, context.find(&of.webhook_id)?)))
            {
                let note = Note::of_part(Action::ReplayStopped, &entry.webhook, "REPLAY", &replay);
                context.note(writing, &author, &note)?;
            }
            writing.put(Change::ReplayEnded(number, ReplayState::Cancelled))
        };
        self.store.look_and_change(stop).await
    }
}

/// The most replays of one company that run at once.
const MAX_OF_COMPANY: usize = 20;

/// A replay that has done nothing yet.
fn begun(id: String, query: &ReplayQuery, total: u64, at: Millis) -> Replay {
    Replay {
        id,
        webhook_id: query.webhook_id.clone(),
        state: ReplayState::Running,
        total,
        done: 0,
        skipped: 0,
        created_at: at,
    }
}

/// Whether one more may run: one of a webhook does, and so many of a company.
fn may_begin(running: &[RunningReplay], entry: &Entry, context: &Context) -> Result<()> {
    if running.iter().any(|running| running.webhook == entry.key) {
        return Err(Error::Conflict(Conflict::JobUnderWay));
    }
    let company = &entry.webhook.company_id;
    let is_theirs = |running: &&RunningReplay| {
        context.entry(running.webhook).is_some_and(|of| of.webhook.company_id == *company)
    };
    if running.iter().filter(is_theirs).count() >= MAX_OF_COMPANY {
        return Err(Error::Busy { what: Busy::Replays, retry_after_seconds: 30 });
    }
    Ok(())
}

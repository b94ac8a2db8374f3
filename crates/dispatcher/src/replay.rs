//! Replay: a span of a webhook's deliveries sent again, as a job that outlives the process and leaves room for what is new.

use bluehook_core::{
    delivery::Status,
    event::EventType,
    input::{Fault, Names},
    time::Millis,
    webhook::Webhook,
};
use rusqlite::Transaction;

use crate::{
    Busy, Conflict, Dispatcher, Error, Result, again,
    audit::{Action, Note},
    dispatcher::NO_SUCH,
    id::Kind,
    know::{Entry, World},
    manage::WEBHOOK_NOT_FOUND,
    membership::kept_from_webhook,
    rescue::Look,
    store::{self, Context, replays},
};

/// Which deliveries to send again.
#[derive(Clone, Debug)]
pub struct ReplayQuery {
    /// The webhook.
    pub webhook_id: String,
    /// Only deliveries made at or after.
    pub since: Millis,
    /// Only deliveries made before.
    pub until: Millis,
    /// Only those in this status; none means those that did not get through: `FAILED` and `HELD`.
    pub status: Option<Status>,
    /// Only of events of this type.
    pub event: Option<EventType>,
}

/// A replay and how far it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replay {
    /// Its id, `rpl_…`.
    pub id: String,
    /// The webhook.
    pub webhook_id: String,
    /// How it stands.
    pub state: ReplayState,
    /// How many deliveries it was to send when it began.
    pub total: u64,
    /// How many are on their way or sent.
    pub done: u64,
    /// How many were passed over, since the webhook's creator may not get them now.
    pub skipped: u64,
    /// When it began.
    pub created_at: Millis,
}

/// How a replay stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplayState {
    /// Deliveries are handed over.
    Running,
    /// All were handed over.
    Completed,
    /// Somebody stopped it, or its webhook was switched off or deleted.
    Cancelled,
}

impl ReplayState {
    /// The word in the API and the store.
    pub const fn name(self) -> &'static str {
        match self {
            ReplayState::Running => "RUNNING",
            ReplayState::Completed => "COMPLETED",
            ReplayState::Cancelled => "CANCELLED",
        }
    }

    /// Reads the word in the API and the store.
    pub fn from_name(name: &str) -> Option<ReplayState> {
        [ReplayState::Running, ReplayState::Completed, ReplayState::Cancelled]
            .into_iter()
            .find(|state| state.name() == name)
    }
}

impl ReplayQuery {
    /// The statuses that are looked for.
    pub(crate) fn statuses(&self) -> Vec<Status> {
        match self.status {
            Some(status) => vec![status],
            None => vec![Status::Failed, Status::Held],
        }
    }

    fn check(&self) -> Result<()> {
        if self.until <= self.since {
            return Err(Error::invalid("/until", Fault::NotAfter("since")));
        }
        match self.status {
            Some(status) if status.is_live() => {
                let ended = Status::ALL.into_iter().filter(|status| !status.is_live());
                let names = Names { nearest: None, allowed: ended.map(Status::name).collect() };
                Err(Error::invalid("/status", Fault::UnknownWord(names)))
            }
            _ => Ok(()),
        }
    }
}

impl Dispatcher {
    /// How many deliveries a replay would send again.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Invalid`], [`Error::Store`].
    pub async fn count_replay(&self, query: ReplayQuery) -> Result<u64> {
        query.check()?;
        let entry = self.entry(&query.webhook_id)?;
        let (webhook, world, of) = (entry.key, self.known.now(), entry.webhook.clone());
        let count = move |connection: &rusqlite::Connection| {
            let may_send = may_send(&world, &of);
            store::again::count_again(connection, webhook, &query, &may_send)
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
        let begin = move |tx: &Transaction<'_>, context: &mut Context| {
            let key = context.find(&query.webhook_id).ok_or(WEBHOOK_NOT_FOUND)?;
            if !key.webhook.enabled {
                return Err(Error::Conflict(Conflict::WebhookOff));
            }
            may_begin(&replays::running(tx)?, &key, context)?;
            let now = context.clock.now();
            let number = replays::insert(tx, key.key, &query, total, now)?;
            let id = context.ids.of(Kind::Replay, number);
            let note = Note::of_part(Action::ReplayStarted, &key.webhook, "REPLAY", &id);
            context.note(tx, &author, &note)?;
            replays::get(tx, &context.ids, number)?.ok_or(Error::NotFound("Replay"))
        };
        let replay = self.store.change(begin).await?;
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
        self.store.read(move |connection| replays::get(connection, &ids, number)).await
    }

    /// Stops a replay: what it handed over already is still sent.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Store`].
    pub async fn cancel_replay(&self, id: &str) -> Result<()> {
        let number = self.ids.number(Kind::Replay, id).ok_or(Error::NotFound("Replay"))?;
        let author = self.author.clone();
        let stop = move |tx: &Transaction<'_>, context: &mut Context| {
            let found = replays::get(tx, &context.ids, number)?;
            let running = found.filter(|replay| replay.state == ReplayState::Running);
            if let Some((replay, entry)) = running.and_then(|of| Some((of.id, context.find(&of.webhook_id)?)))
            {
                let note = Note::of_part(Action::ReplayStopped, &entry.webhook, "REPLAY", &replay);
                context.note(tx, &author, &note)?;
            }
            replays::end(tx, number, ReplayState::Cancelled)
        };
        self.store.change(stop).await
    }
}

/// The most replays of one company that run at once.
const MAX_OF_COMPANY: usize = 20;

/// Whether one more may run: one of a webhook does, and so many of a company.
fn may_begin(running: &[replays::Running], entry: &Entry, context: &Context) -> Result<()> {
    if running.iter().any(|running| running.webhook == entry.key) {
        return Err(Error::Conflict(Conflict::JobUnderWay));
    }
    let company = &entry.webhook.company_id;
    let is_theirs = |running: &&replays::Running| {
        context.entry(running.webhook).is_some_and(|of| of.webhook.company_id == *company)
    };
    if running.iter().filter(is_theirs).count() >= MAX_OF_COMPANY {
        return Err(Error::Busy { what: Busy::Replays, retry_after_seconds: 30 });
    }
    Ok(())
}

/// The most deliveries that one look hands over for one replay.
const PIECE: usize = 128;

/// Hands over one more piece of every running replay whose webhook has room. Gives now as the time to go on when there
/// is more.
pub(crate) fn go_on(tx: &Transaction<'_>, context: &mut Context, look: &mut Look) -> Result<Option<Millis>> {
    let mut again_at = None;
    let running = replays::running(tx)?;
    // All of them together leave half to what else waits.
    let piece = (look.allowance.at_most(usize::MAX) / 2 / running.len().max(1)).clamp(1, PIECE);
    for job in running {
        match context.entry(job.webhook) {
            Some(entry) if entry.webhook.enabled => {
                // Half of the room stays free for what is new.
                let room = look.allowance.at_most((entry.load.free() / 2).min(piece));
                look.allowance.spend(room);
                if room > 0 && hand_over(tx, context, (&job, &entry), room, look)? {
                    again_at = Some(look.now + PAUSE);
                }
            }
            _ => replays::end(tx, job.number, ReplayState::Cancelled)?,
        }
    }
    Ok(again_at)
}

/// Whether what happened in a project may be sent to a webhook now.
fn may_send<'a>(world: &'a World, webhook: &'a Webhook) -> impl Fn(&str, i64) -> bool + 'a {
    move |project, event| kept_from_webhook(world, webhook, project, event).is_none()
}

/// The pause between two pieces.
const PAUSE: Millis = 20;

/// Makes the next deliveries of a replay due. False when that was the last of them.
fn hand_over(
    tx: &Transaction<'_>,
    context: &mut Context,
    (job, entry): (&replays::Running, &Entry),
    room: usize,
    look: &mut Look,
) -> Result<bool> {
    let (tail, now) = (look.tail(tx)?, look.now);
    let next = {
        let may_send = may_send(context.world(), &entry.webhook);
        store::again::next_again(tx, (job, &tail), room, &may_send)?
    };
    let (mut done, mut skipped, mut backlog) = (0, 0, 0);
    for (number, may_send) in &next.numbers {
        if *may_send {
            // What is being sent at this moment is on its way already.
            backlog += i64::from(again::make_due(tx, context, *number, now)?);
            done += 1;
        } else {
            skipped += 1;
        }
    }
    context.backlog_changes(backlog);
    let last = next.reached.or_else(|| next.numbers.last().map(|(last, _)| *last));
    match last {
        Some(last) => replays::advance(tx, job.number, last, (done, skipped))?,
        None => replays::end(tx, job.number, ReplayState::Completed)?,
    }
    Ok(last.is_some())
}

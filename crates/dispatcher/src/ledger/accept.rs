//! accept: an event is checked against the directory, matched, and put in the store with its deliveries in one
//! group. Only when that is on disk does the caller hear of it, and do the workers get their jobs.

use std::sync::{
    Arc,
    atomic::{AtomicI64, AtomicUsize, Ordering},
};

use bluehook_core::{event::Event, input::Fault, request::Stamp, time::Millis};
use tokio::{sync::oneshot, time::Instant};

use super::{Context, Lasting, Write, Writing, lines::Lines};
use crate::{
    Conflict, Error, Result,
    decide::place::made_as,
    id::Kind,
    kill,
    know::{
        Entry, Revision, World,
        select::{self, Candidate, Held, Selected},
    },
    line::{Job, Message, Place, Workers},
    model::{WebhookKey, changes::DeliveryStep, log::Accepted, sums::Move},
    store::{
        Change, change,
        made::{MadeAs, Target},
        numbers, values,
    },
};

/// An event to be taken in.
pub(crate) struct Accept {
    event: Arc<Event>,
    /// The version of the company that it was matched with.
    version: u64,
    /// How often it was matched.
    times: u32,
    deliveries: Vec<Planned>,
    /// Its values, as they are kept.
    values: Vec<u8>,
    reply: oneshot::Sender<Result<Answer>>,
    done: Option<Result<Done>>,
    /// Counts as waiting until it is dropped.
    _waiting: Waiting,
}

/// An event that was matched with a version of what is known.
pub(crate) struct Matched {
    pub(crate) event: Arc<Event>,
    pub(crate) version: u64,
    pub(crate) selected: Vec<Selected>,
    /// How often that was done.
    pub(crate) times: u32,
}

/// What somebody who hands an event in hears.
pub(crate) enum Answer {
    /// It is on disk.
    Accepted(Accepted),
    /// Its company changed meanwhile, and its filters take long: it is to be matched again.
    Stale,
}

/// How often an event is matched again where nobody waits for it; then it is where everybody does.
pub(crate) const MAX_TIMES: u32 = 3;

/// Which webhooks may want an event.
///
/// # Errors
/// [`Error::Invalid`] when the project belongs to another company.
pub(crate) fn candidates(event: &Event, world: &World) -> Result<Vec<Candidate>> {
    if let Some(project) = world.directory.projects.get(&event.project_id)
        && project.company_id != event.company_id
    {
        return Err(Error::invalid("/projectId", Fault::ProjectElsewhere));
    }
    Ok(select::candidates(world, event))
}

/// A delivery to be made.
struct Planned {
    webhook: WebhookKey,
    revision: Arc<Revision>,
    held: Option<Held>,
    /// A worker has room for it: it goes there right after the commit.
    place: Option<Place>,
}

/// What came of an event in its group.
enum Done {
    Taken(Taken),
    Stale,
}

/// What taking in came to.
struct Taken {
    accepted: Accepted,
    received_at: Millis,
    /// Its sequence is its number in the log.
    stamp: Stamp,
}

impl Accept {
    /// Makes ready what is to be written of an event that was matched.
    pub(crate) fn new(
        matched: Matched,
        workers: &Workers,
        waiting: Waiting,
        reply: oneshot::Sender<Result<Answer>>,
    ) -> Accept {
        let Matched { event, version, selected, times } = matched;
        let (deliveries, values) = (planned(selected, workers), values::pack(&event));
        Accept { event, version, times, deliveries, values, reply, done: None, _waiting: waiting }
    }

    /// Matches the event again when its company changed since. False when that takes too long here.
    fn catch_up(&mut self, context: &Context) -> Result<bool> {
        let version = context.world().version_of(&self.event.company_id);
        if version == self.version {
            return Ok(true);
        }
        let candidates = candidates(&self.event, context.world())?;
        if self.times < MAX_TIMES && !select::is_light(&candidates, &self.event) {
            return Ok(false);
        }
        // The places that were taken are free before others are.
        self.deliveries.clear();
        self.deliveries = planned(select::select(candidates, &self.event), &context.workers);
        self.version = version;
        Ok(true)
    }

    fn take_in(&mut self, writing: &Writing<'_>, context: &mut Context) -> Result<Done> {
        if let Some(id) = &self.event.id
            && let Some(number) = writing.event_with_id(id, &self.event.company_id)?
            && number >= context.first_event(&self.event.company_id)
        {
            return self.repeated(writing, number).map(Done::Taken);
        }
        if !self.catch_up(context)? {
            return Ok(Done::Stale);
        }
        let (number, received_at) = context.take_numbers(writing, self.deliveries.len())?;
        let targets: Vec<Target> =
            self.deliveries.iter_mut().map(|planned| planned.target(&context.lines)).collect();
        let (age_from, values) = (context.age_from(received_at), &self.values);
        let place = change::Place { number, received_at, age_from, targets: &targets, values };
        writing.put(Change::Event(&self.event, place))?;
        for (place, (planned, target)) in self.deliveries.iter().zip(&targets).enumerate() {
            let delivery = (planned.webhook, numbers::of_delivery(number, place));
            let status = target.made_as.status();
            context.delivery_changes(delivery, DeliveryStep::Created, status, 0);
            context.moves(delivery.1, Move::made(planned.webhook, received_at, status));
            match target.made_as {
                MadeAs::Open => context.lines.take(delivery.0, delivery.1, number),
                MadeAs::Owed => context.lines.owe(delivery.0, delivery.1, number),
                MadeAs::Held | MadeAs::HeldByFilter => {}
            }
        }
        kill::point("before-commit");
        let live = targets.iter().filter(|target| target.made_as.is_live()).count();
        context.backlog_changes(i64::try_from(live).unwrap_or(0));
        let id = self.event.id.clone().unwrap_or_else(|| context.ids.of(Kind::Event, number));
        let deliveries = u32::try_from(targets.len()).unwrap_or(u32::MAX);
        let happened_at = self.event.occurred_at.unwrap_or(received_at);
        Ok(Done::Taken(Taken {
            accepted: Accepted { id, deliveries, duplicate: false },
            received_at,
            stamp: Stamp { happened_at, sequence: number },
        }))
    }

    /// The same id again: the first answer, or a conflict when the content differs.
    fn repeated(&self, writing: &Writing<'_>, number: i64) -> Result<Taken> {
        let (first, deliveries) = writing.event(number)?.ok_or(Error::NotFound("Event"))?;
        if first != *self.event {
            let id = first.id.unwrap_or_default();
            return Err(Error::Conflict(Conflict::EventIdUsed(id)));
        }
        let accepted = Accepted { id: first.id.unwrap_or_default(), deliveries, duplicate: true };
        // A repeat is sent nowhere.
        Ok(Taken { accepted, received_at: 0, stamp: Stamp::at(0) })
    }

    /// Hands the deliveries that there was room for to their workers.
    fn send(deliveries: Vec<Planned>, event: &Arc<Event>, taken: &Taken, workers: &Workers) {
        let number = taken.stamp.sequence;
        for (nth, planned) in deliveries.into_iter().enumerate() {
            let Some(place) = planned.place else { continue };
            let job = Job {
                number: numbers::of_delivery(number, nth),
                webhook: planned.webhook,
                revision: planned.revision,
                event: event.clone(),
                event_number: number,
                stamp: taken.stamp,
                stands: MadeAs::Open.status(),
                tries: 0,
                attempts: 0,
                first_attempt_at: None,
                created_at: taken.received_at,
                class: None,
                place,
                queued: Instant::now(),
            };
            // A worker that has ended leaves the delivery to the next start.
            let _ = workers.tell(planned.webhook, Message::Deliver(job));
        }
    }
}

/// The deliveries to be made, with a place in memory for each as far as there is room.
fn planned(selected: impl IntoIterator<Item = Selected>, workers: &Workers) -> Vec<Planned> {
    selected.into_iter().map(|selected| Planned::new(&selected.entry, selected.held, workers)).collect()
}

impl Planned {
    fn new(entry: &Entry, held: Option<Held>, workers: &Workers) -> Planned {
        let place = if held.is_some() { None } else { Place::reserve(&entry.load, &workers.wake) };
        Planned { webhook: entry.key, revision: entry.revision.clone(), held, place }
    }

    /// How the delivery is made. Where what waits for the webhook is not all in memory, a place there is given back: what is new
    /// comes after it.
    fn target(&mut self, lines: &Lines) -> Target {
        let waits_behind_others = lines.has_gap(self.webhook);
        let made_as = made_as(self.held, self.place.is_some(), waits_behind_others);
        if waits_behind_others {
            self.place = None;
        }
        Target { revision: self.revision.key, made_as }
    }
}

impl Write for Accept {
    fn apply(&mut self, writing: &Writing<'_>, context: &mut Context) -> Result<()> {
        match self.take_in(writing, context) {
            Err(error) if error.is_of_store() => Err(error),
            done => {
                self.done = Some(done);
                Ok(())
            }
        }
    }

    fn committed(self: Box<Self>, lasting: &Lasting) {
        let accept = *self;
        let answer = match accept.done {
            Some(Ok(Done::Stale)) => Ok(Answer::Stale),
            Some(Ok(Done::Taken(taken))) => {
                kill::point("after-commit");
                lasting.counters.accepted(taken.accepted.duplicate);
                if !taken.accepted.duplicate {
                    Accept::send(accept.deliveries, &accept.event, &taken, &lasting.workers);
                }
                Ok(Answer::Accepted(taken.accepted))
            }
            Some(Err(error)) => Err(error),
            None => Err(Error::ShuttingDown),
        };
        // A caller that went away still had its event taken in.
        let _ = accept.reply.send(answer);
    }

    fn failed(self: Box<Self>, error: Error) -> Option<Box<dyn Write>> {
        let _ = self.reply.send(Err(error));
        None
    }
}

/// The most events that may wait for the disk at once.
const MAX_WAITING: usize = 16_384;

/// Lets events in as long as neither too many of them wait for the disk, nor too many deliveries for their attempts.
#[derive(Clone)]
pub(crate) struct Gate {
    waiting: Arc<AtomicUsize>,
    backlog: Arc<AtomicI64>,
    max_backlog: u64,
}

/// One event that waits for the disk; counted until it is dropped.
pub(crate) struct Waiting(Arc<AtomicUsize>);

impl Gate {
    pub(crate) fn new(backlog: Arc<AtomicI64>, max_backlog: u64) -> Gate {
        Gate { waiting: Arc::default(), backlog, max_backlog }
    }

    /// How many events wait for the disk.
    pub(crate) fn waiting(&self) -> u64 {
        u64::try_from(self.waiting.load(Ordering::Relaxed)).unwrap_or(0)
    }

    /// How many deliveries are still to be attempted.
    pub(crate) fn backlog(&self) -> u64 {
        u64::try_from(self.backlog.load(Ordering::Relaxed)).unwrap_or(0)
    }

    /// Lets one more event in.
    ///
    /// # Errors
    /// [`Error::Overloaded`].
    pub(crate) fn enter(&self) -> Result<Waiting> {
        if u64::try_from(self.backlog.load(Ordering::Acquire)).unwrap_or(0) >= self.max_backlog {
            return Err(Error::Overloaded { retry_after_seconds: 5 });
        }
        let waiting = Waiting(self.waiting.clone());
        if self.waiting.fetch_add(1, Ordering::AcqRel) >= MAX_WAITING {
            return Err(Error::Overloaded { retry_after_seconds: 1 });
        }
        Ok(waiting)
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

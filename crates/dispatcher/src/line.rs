//! What goes between those who write and those who send: deliveries to be attempted, requests outside the log, and the ways
//! there.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicI64, Ordering},
};

use bluehook_core::{delivery::Status, event::Event, request::Stamp, time::Millis};
use tokio::{
    sync::{Notify, mpsc, oneshot},
    time::Instant,
};

use crate::{
    Error, Result,
    know::{Entry, Load, Revision},
    model::{
        WebhookKey,
        cause::ErrorClass,
        log::{Attempt, Phases},
    },
};

/// A delivery in a worker's memory.
pub(crate) struct Job {
    pub(crate) number: i64,
    pub(crate) webhook: WebhookKey,
    pub(crate) revision: Arc<Revision>,
    pub(crate) event: Arc<Event>,
    /// The event's number in the log.
    pub(crate) event_number: i64,
    /// When it happened, and its place among others.
    pub(crate) stamp: Stamp,
    /// Where it stands in the log.
    pub(crate) stands: Status,
    /// Attempts that ended, of this round of the schedule.
    pub(crate) tries: u32,
    /// Attempts that ended, in all.
    pub(crate) attempts: u32,
    pub(crate) first_attempt_at: Option<Millis>,
    pub(crate) created_at: Millis,
    /// The class of its last attempt, if that failed.
    pub(crate) class: Option<ErrorClass>,
    pub(crate) place: Place,
    /// Since when it waits for its turn.
    pub(crate) queued: Instant,
}

/// A place in memory, given back when dropped: after the delivery's outcome is on disk.
pub(crate) struct Place {
    load: Arc<Load>,
    wake: Arc<Notify>,
}

impl Place {
    /// Takes a place for one more delivery of this webhook, if there is room.
    pub(crate) fn reserve(load: &Arc<Load>, wake: &Arc<Notify>) -> Option<Place> {
        load.reserve().then(|| Place { load: load.clone(), wake: wake.clone() })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if self.load.release() {
            self.wake.notify_one();
        }
    }
}

/// What a worker is told.
pub(crate) enum Message {
    /// Attempt this delivery.
    Deliver(Job),
    /// Send this webhook's receiver a request outside the log, and tell what it said.
    Ask {
        /// The webhook as it is to be called and signed for.
        entry: Arc<Entry>,
        /// What to send.
        ask: Ask,
        /// Who wants to know.
        reply: oneshot::Sender<Asked>,
    },
    /// Start nothing more, and end when what is under way has ended.
    End,
}

/// A request outside the log: the probe that precedes enabling, or a test that a person asked for.
pub(crate) struct Ask {
    /// What the receiver sees as `webhook-id`.
    pub(crate) id: String,
    /// The event's name.
    pub(crate) event: &'static str,
    pub(crate) body: String,
}

/// What came of a request outside the log.
pub(crate) struct Asked {
    pub(crate) attempt: Attempt,
    pub(crate) phases: Phases,
}

/// The ways to the workers. Cloned freely.
#[derive(Clone)]
pub(crate) struct Workers {
    senders: Arc<[mpsc::UnboundedSender<Message>]>,
    /// Wakes the rescue: something in the store may be taken up now.
    pub(crate) wake: Arc<Notify>,
    /// When the rescue looks at the store next.
    planned: Arc<AtomicI64>,
    /// They were told to end.
    ended: Arc<AtomicBool>,
}

/// Workers that are not started yet, since the store they report to comes later.
pub(crate) struct Unstarted(pub(crate) Vec<mpsc::UnboundedReceiver<Message>>);

impl Workers {
    /// The ways to `count` workers, to be started with `Unstarted::start`.
    pub(crate) fn new(count: usize) -> (Workers, Unstarted) {
        let (senders, receivers): (Vec<_>, Vec<_>) =
            (0..count.max(1)).map(|_| mpsc::unbounded_channel()).unzip();
        let planned = Arc::new(AtomicI64::new(0));
        let (senders, wake, ended) = (senders.into(), Arc::new(Notify::new()), Arc::default());
        (Workers { senders, wake, planned, ended }, Unstarted(receivers))
    }

    /// Something in the store is due at `at`: the rescue is woken if it would look later.
    pub(crate) fn due(&self, at: Millis) {
        if at < self.planned.load(Ordering::Acquire) {
            self.wake.notify_one();
        }
    }

    /// Notes when the rescue looks at the store next.
    pub(crate) fn plan(&self, at: Millis) {
        self.planned.store(at, Ordering::Release);
    }

    /// Tells every worker to end.
    pub(crate) fn end(&self) {
        self.ended.store(true, Ordering::Release);
        for sender in self.senders.iter() {
            // One that has ended already need not be told.
            let _ = sender.send(Message::End);
        }
    }

    /// Whether they were told to end: they take nothing more.
    pub(crate) fn have_ended(&self) -> bool {
        self.ended.load(Ordering::Acquire)
    }

    /// Tells the worker that a webhook belongs to.
    pub(crate) fn tell(&self, webhook: WebhookKey, message: Message) -> Result<()> {
        let count = i64::try_from(self.senders.len()).unwrap_or(1);
        let index = usize::try_from(webhook.rem_euclid(count)).unwrap_or(0);
        let sender = self.senders.get(index).ok_or(Error::ShuttingDown)?;
        sender.send(message).map_err(|_| Error::ShuttingDown)
    }
}

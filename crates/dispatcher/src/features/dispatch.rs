//! Events are taken in.

use std::sync::Arc;

use bluehook_core::event::Event;
use tokio::sync::oneshot;

use crate::{
    Dispatcher, Error, Result,
    know::select,
    ledger::accept::{self, Accept, Answer, Matched},
    model::log::Accepted,
};

/// How many events of one call are looked at before others have their turn.
const TURN: usize = 32;

/// An event that was handed in.
struct Submitted {
    event: Arc<Event>,
    /// How often it was matched.
    times: u32,
    answer: oneshot::Receiver<Result<Answer>>,
}

impl Dispatcher {
    /// Takes an event in. Returns when it and its deliveries are on disk; they are then sent without anybody's asking.
    ///
    /// # Errors
    /// [`Error::Invalid`], [`Error::Conflict`] when its id was used for other content, [`Error::Overloaded`],
    /// [`Error::ShuttingDown`], [`Error::Unavailable`], [`Error::Store`]. The event was not taken in then.
    pub async fn dispatch(&self, event: Event) -> Result<Accepted> {
        let submitted = self.submit(Arc::new(event), 1).await?;
        self.taken(submitted).await
    }

    /// Takes several events in, each for itself; they share one wait for the disk. The results are in their order.
    pub async fn dispatch_all(&self, events: Vec<Event>) -> Vec<Result<Accepted>> {
        let mut submitted = Vec::with_capacity(events.len());
        for (i, event) in events.into_iter().enumerate() {
            submitted.push(self.submit(Arc::new(event), 1).await);
            if i % TURN == TURN - 1 {
                // Others that are answered by this thread are not to wait for all of them.
                tokio::task::yield_now().await;
            }
        }
        let mut results = Vec::with_capacity(submitted.len());
        for answer in submitted {
            results.push(match answer {
                Ok(submitted) => self.taken(submitted).await,
                Err(error) => Err(error),
            });
        }
        results
    }

    /// Waits until an event that was handed in is on disk.
    async fn taken(&self, mut submitted: Submitted) -> Result<Accepted> {
        loop {
            match submitted.answer.await.map_err(|_| Error::ShuttingDown)?? {
                Answer::Accepted(accepted) => return Ok(accepted),
                Answer::Stale => submitted = self.submit(submitted.event, submitted.times + 1).await?,
            }
        }
    }

    async fn submit(&self, event: Arc<Event>, times: u32) -> Result<Submitted> {
        if *self.ending.begun.borrow() {
            return Err(Error::ShuttingDown);
        }
        if let Some(trouble) = self.condition.refuses() {
            return Err(Error::Unavailable(trouble));
        }
        let waiting = self.gate.enter().inspect_err(|_| self.counters.refused())?;
        let matched = self.select(event.clone(), times).await?;
        let (reply, answer) = oneshot::channel();
        self.store.submit(Box::new(Accept::new(matched, &self.workers, waiting, reply)))?;
        Ok(Submitted { event, times, answer })
    }

    /// The webhooks that want an event. Where asking their filters takes long it is done aside, one event of a company at a
    /// time: nobody else waits for it.
    async fn select(&self, event: Arc<Event>, times: u32) -> Result<Matched> {
        let world = self.known.now();
        let version = world.version_of(&event.company_id);
        let candidates = accept::candidates(&event, &world)?;
        drop(world);
        if select::is_light(&candidates, &event) {
            let selected = select::select(candidates, &event).collect();
            return Ok(Matched { event, version, selected, times });
        }
        let company = event.company_id.clone();
        let ask = move || {
            let selected = select::select(candidates, &event).collect();
            Matched { event, version, selected, times }
        };
        self.background.run(&company, ask).await
    }

    /// Whether events are taken in.
    ///
    /// # Errors
    /// [`Error::ShuttingDown`], or [`Error::Unavailable`] with what is the matter.
    pub fn ready(&self) -> Result<()> {
        if *self.ending.begun.borrow() {
            return Err(Error::ShuttingDown);
        }
        self.condition.trouble().map_or(Ok(()), |trouble| Err(Error::Unavailable(trouble)))
    }
}

#[cfg(test)]
mod tests;

//! What a dispatcher says of itself: what holds here, its numbers, whether it lost a thread; and its threads for others' work.

use crate::{Dispatcher, Result, Terms, know::WebhookCounts, model::metrics::Metrics};

impl Dispatcher {
    /// What holds for every delivery here.
    pub fn terms(&self) -> &Terms {
        &self.terms
    }

    /// How many webhooks a company has, and may have.
    pub fn webhook_counts(&self, company_id: &str) -> WebhookCounts {
        self.known.now().counts(company_id, self.terms.webhook_limit)
    }

    /// What happened since the start and what is under way.
    pub fn metrics(&self) -> Metrics {
        let (counted, log) =
            (self.counters.read(self.gate.backlog(), self.gate.waiting()), self.condition.log());
        Metrics { log_bytes: log.bytes(), log_held: log.is_held(), ..counted }
    }

    /// Ends when a thread of the dispatcher's was lost to a panic, with the thread's name. Everything that was accepted is on
    /// disk, but this dispatcher goes on no more: end the process, and start it again.
    pub async fn lost(&self) -> String {
        self.threads.lost().await
    }

    /// Does something that takes long, for a company, on a thread that gives way to others; no more than one such piece of
    /// a company's at a time.
    ///
    /// # Errors
    /// [`crate::Error::Overloaded`] when too much waits, [`crate::Error::ShuttingDown`].
    pub async fn aside<T: Send + 'static>(
        &self,
        company: &str,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T> {
        self.background.run(company, work).await
    }
}

//! The probe that precedes switching on.

use bluehook_core::{event::HEALTH_CHECK, payload, webhook::Webhook};

use crate::{Dispatcher, Result, id, know::Entry, line::Ask, model::standing::Probe};

impl Dispatcher {
    /// Sends the probe that precedes switching on.
    pub(crate) async fn probe(&self, entry: &Entry, webhook: Webhook) -> Result<Probe> {
        let body = payload::health_check(&webhook.to_body_object());
        let id = format!("prb_{}", id::webhook(self.clock.now()));
        let entry = entry.changed(webhook, entry.revision.clone(), None);
        let asked = self.ask(entry, Ask { id, event: HEALTH_CHECK, body }).await?;
        Ok(Probe { attempt: asked.attempt })
    }
}

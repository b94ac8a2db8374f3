//! A test: a real request now, with a sample for a body, answered with what came of it. Nothing of it is kept: it is in no
//! log, says nothing of the webhook's health, and goes to a webhook that is off too.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use bluehook_core::{event::EventType, json::RawJson, payload, sample};
use tokio::sync::oneshot;

use crate::{
    Busy, Dispatcher, Error, Result, id,
    know::Entry,
    line::{Ask, Asked, Message},
    model::{
        WebhookKey,
        audit::{Action, Note},
        log::Test,
    },
};

/// The most tests and probes that are under way at once. One of a webhook is.
const MAX_ASKED: usize = 512;

/// The most of one company, so that the slow receivers of one do not keep others from theirs.
const MAX_OF_COMPANY: usize = 32;

/// What a test sends: the sample of an event, or values of the caller's.
#[derive(Clone, Debug, Default)]
pub struct Sample {
    /// The event; none: the first that the webhook chose.
    pub event: Option<EventType>,
    /// What takes the place of the sample's value before.
    pub previous_value: Option<RawJson>,
    /// What takes the place of the sample's value after.
    pub current_value: Option<RawJson>,
}

impl Dispatcher {
    /// Sends a webhook's receiver a signed sample now: of `event`, or of the first event that the webhook chose.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Busy`] while another test or probe of the webhook is under way, or too many are.
    pub async fn test_webhook(&self, id: &str, event: Option<EventType>) -> Result<Test> {
        self.test_webhook_with(id, Sample { event, ..Sample::default() }).await
    }

    /// The same with values of the caller's in place of the sample's.
    ///
    /// # Errors
    /// As [`Dispatcher::test_webhook`].
    pub async fn test_webhook_with(&self, id: &str, given: Sample) -> Result<Test> {
        let entry = self.entry(id)?;
        let _under_way = self.tests.begin(&entry)?;
        let chosen = entry.webhook.events.first().copied();
        let event_type = given.event.or(chosen).unwrap_or(EventType::TodoCreated);
        let mut event = sample::event(event_type);
        if let Some(value) = given.previous_value {
            event.previous_value = value;
        }
        if let Some(value) = given.current_value {
            event.current_value = value;
        }
        let body =
            payload::render(entry.revision.payload_format, &(&event).into(), &entry.revision.body_object);
        let id = format!("tst_{}", id::webhook(self.clock.now()));
        let ask = Ask { id: id.clone(), event: event_type.name(), body: body.clone() };
        let note = Note::of_webhook(Action::WebhookTested, &entry.webhook);
        let Asked { attempt, phases } = self.ask(entry, ask).await?;
        self.note(note).await?;
        Ok(Test { id, event_type, body, attempt, phases })
    }

    /// Whether a test or probe of a webhook may begin now.
    ///
    /// # Errors
    /// As [`Dispatcher::test_webhook`].
    pub fn may_ask(&self, id: &str) -> Result<()> {
        self.tests.begin(&*self.entry(id)?).map(drop)
    }

    /// Has the webhook's worker send a request outside the log.
    pub(crate) async fn ask(&self, entry: Arc<Entry>, ask: Ask) -> Result<Asked> {
        let (reply, answer) = oneshot::channel();
        self.workers.tell(entry.key, Message::Ask { entry, ask, reply })?;
        answer.await.map_err(|_| Error::ShuttingDown)
    }
}

/// The tests and probes that are under way, and whose they are.
#[derive(Clone, Default)]
pub(crate) struct Tests(Arc<Mutex<HashMap<WebhookKey, String>>>);

/// A test or probe that is under way until this is dropped.
pub(crate) struct UnderWay {
    tests: Tests,
    webhook: WebhookKey,
}

impl Tests {
    /// Begins one, if the webhook has none and others leave room for it.
    pub(crate) fn begin(&self, entry: &Entry) -> Result<UnderWay> {
        let mut tests = self.0.lock().map_err(|_| Error::ShuttingDown)?;
        let company = &entry.webhook.company_id;
        let busy = |what| Err(Error::Busy { what, retry_after_seconds: 5 });
        if tests.contains_key(&entry.key) {
            return busy(Busy::Webhook);
        }
        if tests.values().filter(|of| *of == company).count() >= MAX_OF_COMPANY {
            return busy(Busy::Company);
        }
        if tests.len() >= MAX_ASKED {
            return busy(Busy::All);
        }
        tests.insert(entry.key, company.clone());
        Ok(UnderWay { tests: self.clone(), webhook: entry.key })
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        if let Ok(mut tests) = self.tests.0.lock() {
            tests.remove(&self.webhook);
        }
    }
}

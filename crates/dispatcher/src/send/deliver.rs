//! deliver: one attempt. The body is rendered and signed at send time; whatever comes of it is an outcome, not an error.

use bluehook_core::{
    delivery::Ended,
    payload,
    request::{self, Stamp},
    retry::retry_after,
    time::Millis,
    webhook::HIDDEN,
};
use bytes::Bytes;
use tokio::time::Instant;

use super::{
    net::{Client, client::Sent, request::Request},
    worker::Surroundings,
};
use crate::{
    id::{self, Kind, random},
    kill,
    know::Entry,
    ledger::record::{Record, Subject},
    line::{Ask, Asked, Job},
    model::{
        failure::{Failure, FailureKind},
        log::{Attempt, Outcome, Phases},
    },
    store::heads::{self, About},
};

/// Attempts a delivery once.
pub(crate) async fn attempt(job: Job, entry: &Entry, client: &Client, surroundings: &Surroundings) -> Record {
    let started_at = surroundings.clock.now();
    let body =
        payload::render(job.revision.payload_format, &job.event.as_ref().into(), &job.revision.body_object);
    let (id, event) = (surroundings.ids.of(Kind::Delivery, job.number), job.event.event_type.name());
    let mut signed = Signed::new(entry, client, (&id, event, job.stamp), job.attempts + 1, body, started_at);
    let began = Instant::now();
    kill::point("before-send");
    let in_flight = surroundings.counters.in_flight();
    let sent = signed.send(client).await;
    drop(in_flight);
    kill::point("answered");
    let ended_at = surroundings.clock.now();
    let ended = ended(&sent, ended_at);
    let queued = Some(began.duration_since(job.queued));
    let (delivery, ordinal) = (job.number, job.attempts + 1);
    let head = heads::pack(shown(&signed.headers, entry), &About { delivery, id: &id, started_at, ordinal });
    Record {
        delivery: Subject::of(&job),
        called: entry.webhook.clone(),
        revision: entry.revision.key,
        tries: job.tries + 1,
        attempts: ordinal,
        first_attempt_at: job.first_attempt_at.map_or(started_at, |first| first.min(started_at)),
        class_before: job.class,
        started_at,
        ended_at,
        took: began.elapsed(),
        head,
        outcome: sent.outcome,
        reused: sent.reused,
        phases: Phases { queued, ..sent.phases },
        chance: if ended.is_success() { 0 } else { u32::from_le_bytes(random()) },
        ended,
        place: job.place,
    }
}

/// Sends a request outside the log, over a connection of its own.
pub(crate) async fn ask(entry: &Entry, ask: Ask, client: &Client, surroundings: &Surroundings) -> Asked {
    let started_at = surroundings.clock.now();
    let stamp = Stamp::at(started_at);
    let mut signed = Signed::new(entry, client, (&ask.id, ask.event, stamp), 1, ask.body, started_at);
    let began = Instant::now();
    let Sent { outcome, reused, phases, .. } = signed.send(client).await;
    let attempt = Attempt {
        id: format!("{}{}", Kind::Attempt.prefix(), id::webhook(started_at)),
        number: 1,
        started_at,
        duration_us: u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX),
        url: entry.webhook.url.clone(),
        request_headers: shown(&signed.headers, entry)
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        outcome,
        reused: Some(reused),
        phases,
    };
    Asked { attempt, phases }
}

/// A request that is ready to be sent, and Bluehook's headers of it.
struct Signed {
    request: Result<Request, Failure>,
    headers: Vec<(&'static str, String)>,
}

impl Signed {
    fn new(
        entry: &Entry,
        client: &Client,
        (id, event, stamp): (&str, &str, Stamp),
        number: u32,
        body: String,
        at: Millis,
    ) -> Signed {
        let attempt = request::Attempt {
            delivery_id: id,
            timestamp_seconds: at.div_euclid(1_000),
            number,
            event,
            stamp,
            body: body.as_bytes(),
        };
        let headers = request::headers(&attempt, entry.keys.signing(at).as_ref());
        Signed { request: built(entry, client, &headers, Bytes::from(body)), headers }
    }

    /// Sends it, or says why it cannot be sent.
    async fn send(&mut self, client: &Client) -> Sent {
        match std::mem::replace(&mut self.request, Err(Failure::new(FailureKind::Connect))) {
            Ok(request) => client.send(request).await,
            Err(failure) => Sent {
                outcome: Outcome::Failure(failure),
                retry_after: None,
                reused: false,
                phases: Phases::default(),
            },
        }
    }
}

/// The request as it is written: Bluehook's headers, then the webhook's own.
fn built(
    entry: &Entry,
    client: &Client,
    signed: &[(&'static str, String)],
    body: Bytes,
) -> Result<Request, Failure> {
    let target = client.read(&entry.webhook.url)?;
    let own = entry.webhook.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    Ok(Request::post(target, signed.iter().map(|(name, value)| (*name, value.as_str())).chain(own), body))
}

/// The headers as the log shows them: the values of the webhook's own are its owner's secrets.
fn shown<'h>(
    signed: &'h [(&'static str, String)],
    entry: &'h Entry,
) -> impl Iterator<Item = (&'h str, &'h str)> {
    let signed = signed.iter().map(|(name, value)| (*name, value.as_str()));
    signed.chain(entry.webhook.headers.iter().map(|(name, _)| (name.as_str(), HIDDEN)))
}

/// What of an outcome matters to retries.
fn ended(sent: &Sent, now: Millis) -> Ended {
    match &sent.outcome {
        Outcome::Failure(_) => Ended::Unanswered,
        Outcome::Response(response) => {
            let retry_after = sent.retry_after.as_deref().and_then(|value| retry_after(value, now));
            Ended::Answered { code: response.status_code, retry_after }
        }
    }
}

//! deliver: one attempt. The body is rendered and signed at send time; whatever comes of it is an outcome, not an error.

use std::{rc::Rc, time::Duration};

use awc::http::{
    Uri,
    header::{HeaderName, HeaderValue},
};
use bluehook_core::{delivery::Ended, payload, request, time::Millis};
use bytes::Bytes;
use tokio::time::Instant;

use crate::{
    failure::{Failure, FailureKind},
    id::{self, Kind, random},
    kill,
    log::{Attempt, Outcome, Phases},
    net::{Client, Exchange, client::Request},
    record::Record,
    registry::Entry,
    worker::{Job, Surroundings},
};

/// Attempts a delivery once.
pub(crate) async fn attempt(job: Job, entry: &Entry, client: &Client, surroundings: &Surroundings) -> Record {
    let started_at = surroundings.clock.now();
    let body =
        payload::render(job.revision.payload_format, &job.event.as_ref().into(), &job.revision.body_object);
    let (id, event) = (surroundings.ids.of(Kind::Delivery, job.number), job.event.event_type.name());
    let signed = Signed::new(entry, (&id, event), job.attempts + 1, body, started_at);
    let began = Instant::now();
    kill::point("before-send");
    let in_flight = surroundings.counters.in_flight();
    let exchange = Rc::<Exchange>::default();
    let outcome = match signed.request {
        Ok(request) => client.post_noting(&request, &exchange).await,
        Err(failure) => Outcome::Failure(failure),
    };
    drop(in_flight);
    kill::point("answered");
    let ended = ended(&outcome, started_at);
    let queued = Some(began.duration_since(job.queued));
    Record {
        webhook: job.webhook,
        delivery: job.number,
        called: entry.webhook.clone(),
        revision: entry.revision.key,
        tries: job.tries + 1,
        attempts: job.attempts + 1,
        first_attempt_at: job.first_attempt_at.map_or(started_at, |first| first.min(started_at)),
        created_at: job.created_at,
        class_before: job.class,
        started_at,
        ended_at: surroundings.clock.now(),
        took: began.elapsed(),
        request_headers: shown(signed.headers, entry),
        outcome,
        reused: exchange.reused(),
        phases: Phases { queued, ..exchange.phases(entry.webhook.url.starts_with("https:")) },
        chance: if ended.is_success() { 0 } else { u32::from_le_bytes(random()) },
        ended,
        place: job.place,
    }
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

/// Sends a request outside the log, over a connection of its own.
pub(crate) async fn ask(entry: &Entry, ask: Ask, client: &Client, surroundings: &Surroundings) -> Asked {
    let started_at = surroundings.clock.now();
    let signed = Signed::new(entry, (&ask.id, ask.event), 1, ask.body, started_at);
    let (began, exchange) = (Instant::now(), Rc::<Exchange>::default());
    let outcome = match signed.request {
        Ok(request) => client.post_noting(&request, &exchange).await,
        Err(failure) => Outcome::Failure(failure),
    };
    let url = entry.webhook.url.clone();
    let phases = exchange.phases(url.starts_with("https:"));
    let attempt = Attempt {
        id: format!("{}{}", Kind::Attempt.prefix(), id::webhook(started_at)),
        number: 1,
        started_at,
        duration_us: u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX),
        url,
        request_headers: shown(signed.headers, entry),
        outcome,
        reused: Some(exchange.reused()),
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
    fn new(entry: &Entry, (id, event): (&str, &str), number: u32, body: String, at: Millis) -> Signed {
        let attempt = request::Attempt {
            delivery_id: id,
            timestamp_seconds: at.div_euclid(1_000),
            number,
            event,
            body: body.as_bytes(),
        };
        let headers = request::headers(&attempt, entry.keys.signing(at).as_ref());
        Signed { request: built(entry, &headers, Bytes::from(body)), headers }
    }
}

/// The request as awc takes it: Bluehook's headers, then the webhook's own.
fn built(entry: &Entry, signed: &[(&'static str, String)], body: Bytes) -> Result<Request, Failure> {
    let invalid =
        |detail: String| Failure::new(FailureKind::Connect).with(|params| params.told = Some(detail));
    let uri = entry
        .webhook
        .url
        .parse::<Uri>()
        .map_err(|error| invalid(format!("the URL cannot be called: {error}")))?;
    let own = entry.webhook.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let all = own.chain(signed.iter().map(|(name, value)| (*name, value.as_str())));
    let headers = all.map(|(name, value)| {
        let name = HeaderName::try_from(name)
            .map_err(|error| invalid(format!("a header cannot be sent: {error}")))?;
        let value = HeaderValue::try_from(value)
            .map_err(|error| invalid(format!("a header cannot be sent: {error}")))?;
        Ok((name, value))
    });
    Ok(Request { uri, headers: headers.collect::<Result<_, _>>()?, body })
}

/// The headers as the log shows them: the values of the webhook's own are its owner's secrets.
fn shown(signed: Vec<(&'static str, String)>, entry: &Entry) -> Vec<(String, String)> {
    let signed = signed.into_iter().map(|(name, value)| (name.to_owned(), value));
    signed.chain(entry.webhook.headers.iter().map(|(name, _)| (name.clone(), "•••".to_owned()))).collect()
}

/// What of an outcome matters to retries.
fn ended(outcome: &Outcome, now: Millis) -> Ended {
    match outcome {
        Outcome::Failure(_) => Ended::Unanswered,
        Outcome::Response(response) => {
            let asked = response.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("retry-after"));
            let retry_after = asked.and_then(|(_, value)| retry_after(value, now));
            Ended::Answered { code: response.status_code, retry_after }
        }
    }
}

/// Reads `Retry-After` (RFC 9110, 10.2.3): seconds, or a date. In milliseconds from now.
fn retry_after(value: &str, now: Millis) -> Option<u64> {
    if let Ok(seconds) = value.trim().parse::<u64>() {
        return Some(Duration::from_secs(seconds).as_millis().try_into().unwrap_or(u64::MAX));
    }
    let date = jiff::fmt::rfc2822::parse(value.trim()).ok()?;
    Some(u64::try_from(date.timestamp().as_millisecond() - now).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        for (value, expected) in [
            ("120", Some(120_000)),
            (" 0 ", Some(0)),
            ("Thu, 01 Jan 1970 00:01:00 GMT", Some(59_000)),
            ("Thu, 01 Jan 1970 00:00:00 GMT", Some(0)),
            ("soon", None),
            ("-5", None),
            ("1.5", None),
        ] {
            assert_eq!(retry_after(value, 1_000), expected, "{value}");
        }
    }
}

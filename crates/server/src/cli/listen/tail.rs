//! `bluehook listen --tail`: a server's deliveries and webhooks, as they change.

use std::time::Duration;

use awc::{Client, http::StatusCode};
use futures_util::StreamExt;
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use crate::cli::{
    client::{Server, streaming_client},
    failure::Failure,
    output,
};

// Events in what arrives.
mod events;

// Lines for a person.
mod line;

use events::{Event, Events};

/// The longest silence: the server says something more often when it is there.
const LONGEST_SILENCE: Duration = Duration::from_secs(35);

/// The first pause before a lost connection is made again; it doubles.
const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Follows a server for good. What happens while the connection is lost is told afterwards.
pub(super) struct Tail {
    pub(super) server: Server,
    pub(super) webhook: Option<String>,
    pub(super) json: bool,
}

/// An event as one line.
pub(super) fn line_of(name: &str, data: &Value) -> Option<String> {
    line::of(name, data)
}

impl Tail {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let client = streaming_client()?;
        let mut position = String::new();
        let mut pause = FIRST_PAUSE;
        loop {
            let before = position.clone();
            match self.follow(&client, &mut position).await {
                Err(Ended::ForGood(failure)) => return Err(failure),
                // Nothing was ever read: the address may be wrong.
                Err(Ended::Lost(failure)) if position.is_empty() => return Err(failure),
                Err(Ended::Lost(failure)) => output::complain(&format!("{failure}; trying again")),
                Ok(()) => {}
            }
            pause = if before == position { (pause * 2).min(LONGEST_PAUSE) } else { FIRST_PAUSE };
            sleep(pause).await;
        }
    }

    /// Prints what one connection tells, until it ends.
    async fn follow(&self, client: &Client, position: &mut String) -> Result<(), Ended> {
        let mut request = client
            .get(self.server.address(&self.path()).map_err(Ended::ForGood)?)
            .bearer_auth(self.server.token().map_err(Ended::ForGood)?)
            .insert_header(("accept", "text/event-stream"));
        if !position.is_empty() {
            request = request.insert_header(("last-event-id", position.as_str()));
        }
        let lost = |error: &dyn std::fmt::Display| {
            Ended::Lost(Failure::failed(format!("the connection to the server was lost: {error}")))
        };
        let mut response = match timeout(LONGEST_SILENCE, request.send()).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => return Err(Ended::Lost(self.server.unanswered(&error))),
            Err(_) => return Err(lost(&"no answer")),
        };
        if response.status() != StatusCode::OK {
            let failure = self.server.refusal(&mut response).await;
            let passes =
                response.status().is_server_error() || response.status() == StatusCode::TOO_MANY_REQUESTS;
            return Err(if passes { Ended::Lost(failure) } else { Ended::ForGood(failure) });
        }
        if position.is_empty() {
            output::tell("following; Ctrl-C ends");
        }
        let mut events = Events::default();
        while let Ok(Some(bytes)) = timeout(LONGEST_SILENCE, response.next()).await {
            let bytes = bytes.map_err(|error| lost(&error))?;
            events.push(&bytes).map_err(|error| lost(&error))?;
            while let Some(event) = events.next() {
                self.print(&event).map_err(Ended::ForGood)?;
            }
            events.last_id().clone_into(position);
        }
        Ok(())
    }

    fn path(&self) -> String {
        let query = self.webhook.as_deref().map(|id| {
            let pairs =
                url::form_urlencoded::Serializer::new(String::new()).append_pair("webhookId", id).finish();
            format!("?{pairs}")
        });
        format!("/v1/stream{}", query.unwrap_or_default())
    }

    fn print(&self, event: &Event) -> Result<(), Failure> {
        let data: Value = serde_json::from_str(&event.data).unwrap_or(Value::Null);
        if self.json {
            return output::print_json(&json!({ "event": event.name, "id": event.id, "data": data }));
        }
        match line::of(&event.name, &data) {
            Some(line) => output::print(&format!("{line}\n")),
            None => Ok(()),
        }
    }
}

/// Why a connection ended, other than by being ended.
enum Ended {
    /// The server does not want to tell, or nothing can be printed.
    ForGood(Failure),
    /// It may go on another time.
    Lost(Failure),
}

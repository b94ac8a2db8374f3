//! `bluehook send`: an event to a server.

use bluehook_core::{
    event::{Event, event_name},
    sample,
};
use clap::Args;
use serde::Serialize;
use serde_json::{Value, value::RawValue};

use super::{
    answer::{number, text},
    client::Server,
    failure::Failure,
    input::Body,
    output,
};

/// Post an event to a server.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Send {
    /// Send a sample of this event instead of a file
    #[arg(long, value_name = "EVENT", conflicts_with = "file")]
    sample: Option<String>,

    /// The sample's company
    #[arg(long, value_name = "ID", requires = "sample")]
    company_id: Option<String>,

    /// The sample's project
    #[arg(long, value_name = "ID", requires = "sample")]
    project_id: Option<String>,

    /// Who did it in the sample
    #[arg(long, value_name = "ID", requires = "sample")]
    user_id: Option<String>,

    /// Print the server's answer as JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    server: Server,

    #[command(flatten)]
    body: Body,
}

const EXAMPLES: &str = "\
Examples:
  bluehook send --sample TODO_CREATED --company-id c1 --project-id p1
  bluehook send event.json --url https://webhooks.example.com --token …
  jq -c .event export.json | bluehook send";

impl Send {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let body = match &self.sample {
            Some(name) => self.sample_body(name)?,
            None => self.body.read()?,
        };
        let answer = self.server.post("/v1/events", body).await?;
        if self.json { output::print_json(&answer) } else { output::print(&as_text(&answer)) }
    }

    fn sample_body(&self, name: &str) -> Result<Vec<u8>, Failure> {
        let mut event =
            sample::event(event_name(name).map_err(|fault| Failure::usage(format!("--sample: {fault}")))?);
        let replace = |place: &mut String, given: &Option<String>| {
            if let Some(given) = given {
                place.clone_from(given);
            }
        };
        replace(&mut event.company_id, &self.company_id);
        replace(&mut event.project_id, &self.project_id);
        replace(&mut event.user_id, &self.user_id);
        event_body(&event).map_err(Failure::failed)
    }
}

fn event_body(event: &Event) -> serde_json::Result<Vec<u8>> {
    serde_json::to_vec(&EventBody {
        event: event.event_type.name(),
        company_id: &event.company_id,
        project_id: &event.project_id,
        user_id: &event.user_id,
        previous_value: serde_json::from_str(event.previous_value.as_str())?,
        current_value: serde_json::from_str(event.current_value.as_str())?,
    })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EventBody<'a> {
    event: &'static str,
    company_id: &'a str,
    project_id: &'a str,
    user_id: &'a str,
    previous_value: &'a RawValue,
    current_value: &'a RawValue,
}

fn as_text(answer: &Value) -> String {
    let (id, deliveries) = (text(answer, "/id"), number(answer, "/deliveries"));
    let plural = if deliveries == 1 { "delivery" } else { "deliveries" };
    let again = if answer.get("duplicate").is_some() { " (taken in before)" } else { "" };
    format!("{id}: {deliveries} {plural}{again}\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use bluehook_core::event::EventType;

    #[test]
    fn every_sample_is_a_body_that_reads_back() {
        for event_type in EventType::ALL {
            let event = sample::event(event_type);
            assert_eq!(Event::parse(&event_body(&event).unwrap()), Ok(event));
        }
    }

    #[test]
    fn answers_in_words() {
        assert_eq!(as_text(&serde_json::json!({"id": "evt_1", "deliveries": 1})), "evt_1: 1 delivery\n");
        let again = serde_json::json!({"id": "evt_1", "deliveries": 0, "duplicate": true});
        assert_eq!(as_text(&again), "evt_1: 0 deliveries (taken in before)\n");
    }
}

//! `bluehook events`: the catalogue.

use std::fmt::Write;

use bluehook_core::event::{EventType, Group};
use clap::Args;
use serde_json::{Value, json};

use super::{failure::Failure, output};

/// List the events that a webhook can subscribe to.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Events {
    /// Print JSON: a list of {event, group, entity, description}
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Examples:
  bluehook events
  bluehook events --json | jq -r '.[] | select(.group == \"Comment\") | .event'";

impl Events {
    pub(super) fn run(self) -> Result<(), Failure> {
        if self.json { output::print_json(&as_json()) } else { output::print(&as_text()) }
    }
}

fn as_json() -> Value {
    let entry = |event: EventType| {
        json!({
            "event": event.name(),
            "group": event.group().name(),
            "entity": event.entity().name(),
            "description": event.description(),
        })
    };
    EventType::ALL.into_iter().map(entry).collect()
}

fn as_text() -> String {
    let width = EventType::ALL.iter().map(|event| event.name().len()).max().unwrap_or_default();
    let mut out = String::new();
    for group in Group::ALL {
        out.push_str(group.name());
        out.push('\n');
        for event in EventType::ALL.into_iter().filter(|event| event.group() == group) {
            let _ = writeln!(out, "  {:width$}  {}", event.name(), event.description());
        }
    }
    out
}

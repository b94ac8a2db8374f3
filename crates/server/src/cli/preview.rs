//! `bluehook preview`: a delivery before it is sent.

use bluehook_core::preview::preview_json;
use clap::Args;

use super::{
    failure::Failure,
    input::{Body, now_seconds},
    output,
};

/// Show the exact delivery of an event to a webhook, and whether it would be sent.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Preview {
    #[command(flatten)]
    body: Body,
}

const EXAMPLES: &str = "\
The body is {\"webhook\", \"event\", \"secret\"?, \"now\"?}: the webhook as GET /v1/webhooks/{id} shows it, the event as
POST /v1/events takes it. Prints {body, headers, size, matches, why} as JSON.

Example:
  jq -n --argjson webhook \"$(cat webhook.json)\" --argjson event \"$(cat event.json)\" '$ARGS.named' | bluehook preview";

impl Preview {
    pub(super) fn run(self) -> Result<(), Failure> {
        let body = self.body.read()?;
        let text = str::from_utf8(&body)
            .map_err(|error| Failure::failed(format!("the body is not text: {error}")))?;
        let shown = preview_json(text, now_seconds().saturating_mul(1_000)).map_err(|problems| {
            Failure::failed(problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
        })?;
        output::print(&format!("{shown}\n"))
    }
}

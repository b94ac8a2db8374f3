//! `bluehook preview`: a delivery before it is sent.

use bluehook_core::preview::{self, Preview as Shown, Request};
use clap::Args;

use super::{
    failure::Failure,
    input::{Body, now_seconds},
    output,
};
use crate::harmless;

/// Show the exact delivery of an event to a webhook, and whether it would be sent.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Preview {
    /// Print JSON: {body, headers, size, matches, why}
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    body: Body,
}

const EXAMPLES: &str = "\
The body is {\"webhook\", \"event\", \"secret\"?, \"now\"?}: the webhook as GET /v1/webhooks/{id} shows it, the event as
POST /v1/events takes it.

Examples:
  bluehook preview asked.json
  jq -n --argjson webhook \"$(cat webhook.json)\" --argjson event \"$(cat event.json)\" '$ARGS.named' |
    bluehook preview --json | jq .matches";

impl Preview {
    pub(super) fn run(self) -> Result<(), Failure> {
        let body = self.body.read()?;
        let text = str::from_utf8(&body)
            .map_err(|error| Failure::failed(format!("the body is not text: {error}")))?;
        let request = preview::read(text, now_seconds().saturating_mul(1_000)).map_err(|problems| {
            Failure::failed(problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
        })?;
        let shown = preview::preview(&request);
        if self.json {
            output::print_json_text(&shown.to_json())
        } else {
            output::print(&as_text(&request, &shown))
        }
    }
}

/// How far the body stands in, so that no line of it begins where ours do.
const BODY_INDENT: usize = 2;

/// The request as it goes over the wire, and the verdict.
fn as_text(request: &Request, shown: &Shown) -> String {
    let first = format!("POST {}\n", request.webhook.url);
    let head = shown.headers.iter().fold(first, |head, (name, value)| head + name + ": " + value + "\n");
    let verdict = shown.why.as_ref().map_or_else(
        || "It would be sent.".to_owned(),
        |why| format!("It would not be sent ({}): {}", why.code, why.en),
    );
    head + "\n" + &harmless::indented(&shown.body, BODY_INDENT) + "\n\n" + &verdict + "\n"
}

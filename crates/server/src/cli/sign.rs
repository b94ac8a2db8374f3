//! `bluehook sign`: the headers of a delivery, for trying a receiver.

use bluehook_core::signature::Signer;
use clap::Args;
use serde_json::{Map, Value};

use super::{
    failure::Failure,
    given::trimmed,
    input::{self, Body, now_seconds},
    output,
};

/// Print the signature headers of a body.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Sign {
    /// The secret, as the person sees it
    #[arg(long, env = "BLUEHOOK_SECRET", hide_env_values = true, value_parser = trimmed)]
    secret: String,

    /// The delivery's id
    #[arg(long, default_value = "dlv_example")]
    id: String,

    /// Seconds since 1970 [default: now]
    #[arg(long, value_name = "SECONDS")]
    timestamp: Option<i64>,

    /// Print JSON: an object of header names and values
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    body: Body,
}

const EXAMPLES: &str = "\
Examples:
  bluehook sign --secret whsec_… body.json
  printf '{}' | bluehook sign --secret whsec_… --id dlv_1 --timestamp 1700000000 --json";

impl Sign {
    pub(super) fn run(self) -> Result<(), Failure> {
        if self.id.is_empty() || self.id.contains(['.', ' ']) || self.id.contains(char::is_control) {
            return Err(Failure::usage(
                "--id must not be empty nor contain full stops, spaces or control characters",
            ));
        }
        let signer = input::signer(&self.secret)?;
        let body = self.body.read()?;
        let headers = headers(&signer, &self.id, self.timestamp.unwrap_or_else(now_seconds), &body);
        if self.json { output::print_json(&as_json(&headers)) } else { output::print(&as_text(&headers)) }
    }
}

fn headers(signer: &Signer, id: &str, timestamp: i64, body: &[u8]) -> [(&'static str, String); 4] {
    use bluehook_core::request::{WEBHOOK_ID, WEBHOOK_SIGNATURE, WEBHOOK_TIMESTAMP, X_SIGNATURE};
    [
        (X_SIGNATURE, signer.x_signature(body)),
        (WEBHOOK_ID, id.to_owned()),
        (WEBHOOK_TIMESTAMP, timestamp.to_string()),
        (WEBHOOK_SIGNATURE, signer.standard(id, timestamp, body)),
    ]
}

fn as_json(headers: &[(&'static str, String)]) -> Map<String, Value> {
    headers.iter().map(|(name, value)| ((*name).to_owned(), Value::from(value.as_str()))).collect()
}

fn as_text(headers: &[(&'static str, String)]) -> String {
    headers.iter().fold(String::new(), |lines, (name, value)| lines + name + ": " + value + "\n")
}

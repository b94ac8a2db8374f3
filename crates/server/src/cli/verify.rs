//! `bluehook verify`: is this request from who holds the secret?

use std::fmt;

use bluehook_core::{
    explain::{Request, explain},
    signature::{DEFAULT_TOLERANCE_SECONDS, Headers, Policy, Refusal, Secret, Signer, Verdict, Verifier},
};
use clap::Args;
use serde_json::{Value, json};

use super::{
    failure::Failure,
    given::trimmed,
    input::{Body, now_seconds},
    output,
};

/// Check the signature of a request: exit code 0 when it is valid, 1 when not.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Verify {
    /// The secret; several while secrets are being changed
    #[arg(long, env = "BLUEHOOK_SECRET", hide_env_values = true, required = true, value_parser = trimmed)]
    secret: Vec<String>,

    /// A header of the request, such as 'X-Signature: 1f0a…'; others than signature headers are ignored
    #[arg(long = "header", short = 'H', value_name = "NAME: VALUE", value_parser = header)]
    headers: Vec<(String, String)>,

    /// How far the timestamp may lie from now, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = DEFAULT_TOLERANCE_SECONDS)]
    tolerance: u32,

    /// Refuse requests without a timestamp, which could be old ones sent again
    #[arg(long)]
    require_timestamp: bool,

    /// Print JSON: {valid, scheme, secretIndex, replayProtected} or {valid, code, message, hint}
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    body: Body,
}

const EXAMPLES: &str = "\
The body has to be the exact bytes that were received.

Examples:
  bluehook verify --secret whsec_… -H 'X-Signature: 1f0a…' body.json
  bluehook verify --secret whsec_… -H 'webhook-id: dlv_…' -H 'webhook-timestamp: 1700000000' \\
      -H 'webhook-signature: v1,…' body.json";

impl Verify {
    pub(super) fn run(self) -> Result<(), Failure> {
        let policy = Policy { tolerance_seconds: self.tolerance, require_timestamp: self.require_timestamp };
        let secrets = self
            .secret
            .into_iter()
            .map(Secret::new)
            .collect::<Result<Vec<_>, _>>()
            .map_err(Failure::usage)?;
        let body = self.body.read()?;
        let headers = signature_headers(&self.headers);
        let verifier = Verifier::new(secrets.iter().map(Signer::new).collect(), policy);
        let checked = verifier.verify(&body, &headers, now_seconds()).map_err(|refusal| Refused {
            refusal,
            hint: explain(&Request { body: &body, headers }, &secrets, refusal),
        });
        if self.json {
            output::print_json(&as_json(checked))?;
        } else if let Ok(verdict) = checked {
            output::print(&as_text(verdict))?;
        }
        checked.map(|_| ()).map_err(Failure::failed)
    }
}

fn header(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once(':').ok_or("expected NAME: VALUE")?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}

/// The headers that decide, in whatever case they were given.
pub(super) fn signature_headers(headers: &[(String, String)]) -> Headers<'_> {
    use bluehook_core::request::{
        WEBHOOK_ID, WEBHOOK_SIGNATURE, WEBHOOK_TIMESTAMP, X_SIGNATURE, X_SIGNATURE_NEXT,
    };
    let value = |wanted: &str| {
        headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value.as_str())
    };
    Headers {
        x_signature: value(X_SIGNATURE),
        x_signature_next: value(X_SIGNATURE_NEXT),
        id: value(WEBHOOK_ID),
        timestamp: value(WEBHOOK_TIMESTAMP),
        signature: value(WEBHOOK_SIGNATURE),
    }
}

/// A request that is not valid: why, and what to change when the cause was found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Refused {
    pub(super) refusal: Refusal,
    pub(super) hint: Option<&'static str>,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.refusal.code(), self.refusal)?;
        self.hint.map_or(Ok(()), |hint| write!(f, "; hint: {hint}"))
    }
}

/// What was found, as `--json` shows it.
pub(super) fn as_json(checked: Result<Verdict, Refused>) -> Value {
    match checked {
        Ok(Verdict { scheme, secret_index, replay_protected }) => json!({
            "valid": true,
            "scheme": scheme.name(),
            "secretIndex": secret_index,
            "replayProtected": replay_protected,
        }),
        Err(Refused { refusal, hint }) => json!({
            "valid": false,
            "code": refusal.code(),
            "message": refusal.to_string(),
            "hint": hint,
        }),
    }
}

fn as_text(verdict: Verdict) -> String {
    let replay =
        if verdict.replay_protected { "" } else { "; without a timestamp, so it could be an old one" };
    format!("valid by {}{replay}\n", verdict.scheme.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_read_in_any_case() {
        let given = [header("x-SIGNATURE:  ab "), header("Webhook-Id: dlv_1"), header("Host: a:1")]
            .map(Result::unwrap);
        let headers = signature_headers(&given);
        assert_eq!((headers.x_signature, headers.id, headers.timestamp), (Some("ab"), Some("dlv_1"), None));
        assert!(header("no colon").is_err());
    }

    #[test]
    fn verdicts_as_json() {
        let refused = Refused { refusal: Refusal::MissingSignature, hint: None };
        assert_eq!(as_json(Err(refused))["code"], "MISSING_SIGNATURE");
        let signer = Signer::new(&Secret::new("a secret".to_owned()).unwrap());
        let signature = signer.x_signature(b"{}");
        let headers = Headers { x_signature: Some(&signature), ..Headers::default() };
        let checked = Verifier::new(vec![signer], Policy::default()).verify(b"{}", &headers, 0);
        assert_eq!(
            as_json(checked.map_err(|refusal| Refused { refusal, hint: None }))["scheme"],
            "x-signature"
        );
    }
}

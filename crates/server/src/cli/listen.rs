//! `bluehook listen`: a receiver in the terminal, or a server followed from there.

use std::net::TcpListener;

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use bluehook_core::{
    explain::{Request, explain},
    signature::{Policy, Secret, Signer, Verifier},
};
use clap::Args;
use serde_json::Value;

use super::{
    client::{Server, of_http},
    colour,
    failure::Failure,
    given::trimmed,
    input::now_seconds,
    output,
    verify::{Refused, signature_headers},
};

// A delivery as it is printed.
mod shown;

// Passing deliveries on.
mod forward;

// A server followed.
mod tail;

use shown::Verified;
use tail::Tail;

/// The largest body that is received.
const MAX_BODY: usize = 32 << 20;

/// Receive deliveries, verify them, print them; or follow a server's deliveries.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Listen {
    /// The port on this machine; 0 takes any free one
    #[arg(long, default_value_t = 4000)]
    port: u16,

    /// The secret; several while secrets are being changed; without any, nothing is verified
    #[arg(long, env = "BLUEHOOK_SECRET", hide_env_values = true, value_parser = trimmed)]
    secret: Vec<String>,

    /// Pass every valid delivery on to this URL, and its answer back; without a scheme it is http
    #[arg(long, value_name = "URL")]
    forward_to: Option<String>,

    /// Follow a server's deliveries and webhooks instead, for as long as it runs, across lost connections
    #[arg(long, conflicts_with_all = ["port", "forward_to"])]
    tail: bool,

    /// With --tail: only of this webhook
    #[arg(long, value_name = "ID", requires = "tail")]
    webhook: Option<String>,

    /// With --tail: the server
    #[arg(long, env = "BLUEHOOK_URL", default_value = "http://127.0.0.1:8080", value_parser = trimmed)]
    url: String,

    /// With --tail: the token, as `bluehook serve` made it or was given it
    #[arg(long, env = "BLUEHOOK_TOKEN", hide_env_values = true, value_parser = trimmed)]
    token: Option<String>,

    /// Print one line of JSON for each delivery
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
The server has to be allowed to call this machine: bluehook serve --allow-network 127.0.0.0/8

Examples:
  bluehook listen --secret whsec_…
  bluehook listen --secret whsec_… --forward-to http://127.0.0.1:3000/webhooks
  bluehook listen --json | jq -r .body
  bluehook listen --tail --token bluehook_… --url https://hooks.example.com";

/// What every request is checked against and where it goes.
struct Receiver {
    secrets: Vec<Secret>,
    forward_to: Option<String>,
    json: bool,
}

impl Listen {
    pub(super) async fn run(self) -> Result<(), Failure> {
        if self.tail { self.tail().await } else { self.receive().await }
    }

    async fn tail(self) -> Result<(), Failure> {
        let token = self.token.ok_or_else(|| {
            Failure::usage("--tail needs a token of the server: --token TOKEN, or BLUEHOOK_TOKEN")
        })?;
        let server = Server::new(self.url, token);
        Tail { server, webhook: self.webhook, json: self.json }.run().await
    }

    async fn receive(self) -> Result<(), Failure> {
        let secrets =
            self.secret.into_iter().map(Secret::new).collect::<Result<_, _>>().map_err(Failure::usage)?;
        let forward_to = self.forward_to.as_deref().map(forward::address);
        let forward_to = forward_to.as_deref().map(of_http).transpose();
        let forward_to = forward_to
            .map_err(|problem| Failure::usage(format!("--forward-to: {problem}")))?
            .map(String::from);
        let receiver = web::Data::new(Receiver { secrets, forward_to, json: self.json });
        let listener = TcpListener::bind(("127.0.0.1", self.port))
            .map_err(|error| Failure::failed(format!("cannot listen on port {}: {error}", self.port)))?;
        let address = listener.local_addr().map_err(Failure::failed)?;
        output::tell(&format!("listening at http://{address}; Ctrl-C ends"));
        let app = move || {
            let payload = web::PayloadConfig::new(MAX_BODY);
            App::new().app_data(receiver.clone()).app_data(payload).default_service(web::to(receive))
        };
        HttpServer::new(app)
            .workers(1)
            .listen(listener)
            .map_err(Failure::failed)?
            .run()
            .await
            .map_err(Failure::failed)
    }
}

/// A delivery as it is printed, for people and for programs, before it is made harmless.
pub(super) fn printed(headers: &[(String, String)], body: &[u8]) -> (String, Value) {
    let delivery = shown::Delivery { method: "POST", headers, body, verdict: Verified::NotAsked };
    (delivery.to_text(false), delivery.to_json())
}

/// An event of a stream as it is printed, likewise.
pub(super) fn printed_event(name: &str, data: &Value) -> Option<String> {
    tail::line_of(name, data)
}

async fn receive(request: HttpRequest, body: web::Bytes, receiver: web::Data<Receiver>) -> HttpResponse {
    let headers = headers(&request);
    let verdict = receiver.check(&headers, &body);
    let delivery =
        shown::Delivery { method: request.method().as_str(), headers: &headers, body: &body, verdict };
    let printed = if receiver.json {
        output::print_json(&delivery.to_json())
    } else {
        output::print(&delivery.to_text(colour::is_wanted(&std::io::stdout())))
    };
    match (printed, verdict) {
        (Err(failure), _) => HttpResponse::InternalServerError().body(failure.to_string()),
        // As the adapters of the npm package answer.
        (_, Verified::No(refused)) => HttpResponse::Unauthorized().body(refused.to_string()),
        (_, Verified::Yes(_)) => match unfit(&body) {
            Some(told) => {
                output::complain(told);
                HttpResponse::BadRequest().body(told)
            }
            None => answer(&request, &headers, body, &receiver).await,
        },
        (_, Verified::NotAsked) => answer(&request, &headers, body, &receiver).await,
    }
}

/// What is wrong with a body that was rightly signed: it is no event, as the adapters see it.
fn unfit(body: &[u8]) -> Option<&'static str> {
    match serde_json::from_slice::<Value>(body) {
        Err(_) => Some("BODY_NOT_JSON: rightly signed, but not JSON"),
        Ok(value) if value.get("event").is_some_and(Value::is_string) => None,
        Ok(_) => Some("NOT_AN_EVENT: rightly signed, but no event: there is no `event`"),
    }
}

async fn answer(
    request: &HttpRequest,
    headers: &[(String, String)],
    body: web::Bytes,
    receiver: &Receiver,
) -> HttpResponse {
    let Some(url) = &receiver.forward_to else { return HttpResponse::NoContent().finish() };
    match forward::forward(url, request.method(), headers, body).await {
        Ok(answer) => {
            output::tell(&format!("{url} answered {}", answer.status().as_u16()));
            answer
        }
        Err(failure) => {
            output::complain(&failure.to_string());
            HttpResponse::BadGateway().body(failure.to_string())
        }
    }
}

impl Receiver {
    fn check(&self, headers: &[(String, String)], body: &[u8]) -> Verified {
        if self.secrets.is_empty() {
            return Verified::NotAsked;
        }
        let signers = self.secrets.iter().map(Signer::new).collect();
        let headers = signature_headers(headers);
        match Verifier::new(signers, Policy::default()).verify(body, &headers, now_seconds()) {
            Ok(verdict) => Verified::Yes(verdict),
            Err(refusal) => {
                let hint = explain(&Request { body, headers }, &self.secrets, refusal);
                Verified::No(Refused { refusal, hint })
            }
        }
    }
}

/// The headers as text; bytes that are not are shown as such.
fn headers(request: &HttpRequest) -> Vec<(String, String)> {
    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    request.headers().iter().map(|(name, value)| (name.to_string(), text(value.as_bytes()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_rightly_signed_has_to_be_an_event_too() {
        for (body, told) in [
            (r#"{"event":"TODO_CREATED"}"#, None),
            ("nonsense", Some("BODY_NOT_JSON")),
            (r#"{"event":1}"#, Some("NOT_AN_EVENT")),
            ("[]", Some("NOT_AN_EVENT")),
        ] {
            let found = unfit(body.as_bytes()).map(|told| told.split(':').next().unwrap().to_owned());
            assert_eq!(found.as_deref(), told, "{body}");
        }
    }
}

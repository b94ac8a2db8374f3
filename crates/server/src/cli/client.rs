//! Requests to a server, and to where a receiver passes deliveries on.

use std::{sync::Arc, time::Duration};

use actix_web::web::Bytes;
use awc::{
    Client, ClientResponse, Connector,
    error::PayloadError,
    http::{Method, StatusCode},
};
use clap::Args;
use futures_util::Stream;
use serde_json::Value;

use super::failure::Failure;

/// How long an answer may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The most of an answer that is read.
pub(super) const MAX_ANSWER: usize = 16 << 20;

/// Which server is asked, and by whom.
#[derive(Args)]
pub(super) struct Server {
    /// The server
    #[arg(long, env = "BLUEHOOK_URL", default_value = "http://127.0.0.1:8080")]
    url: String,

    /// The token, as `bluehook serve` printed it or was given it
    #[arg(long, env = "BLUEHOOK_TOKEN", hide_env_values = true)]
    token: String,
}

impl Server {
    pub(super) fn new(url: String, token: String) -> Server {
        Server { url, token }
    }

    /// The address of a path.
    pub(super) fn address(&self, path: &str) -> String {
        format!("{}{path}", self.url.trim_end_matches('/'))
    }

    pub(super) fn token(&self) -> &str {
        &self.token
    }

    /// Why the server refused.
    pub(super) async fn refusal<S>(&self, response: &mut ClientResponse<S>) -> Failure
    where
        S: Stream<Item = Result<Bytes, PayloadError>>,
    {
        let answer = response.body().limit(MAX_ANSWER).await.unwrap_or_default();
        refused(response.status(), &serde_json::from_slice(&answer).unwrap_or(Value::Null))
    }

    /// Posts a body of JSON to a path; gives the answer of a success.
    pub(super) async fn post(&self, path: &str, body: Vec<u8>) -> Result<Value, Failure> {
        self.call(Method::POST, path, body).await
    }

    /// Calls a path; gives the answer of a success.
    pub(super) async fn call(&self, method: Method, path: &str, body: Vec<u8>) -> Result<Value, Failure> {
        let url = self.address(path);
        let request =
            client()?.request(method, &url).bearer_auth(&self.token).content_type("application/json");
        let mut response = request.send_body(body).await.map_err(|error| {
            Failure::failed(format!("cannot reach {url}: {error}; is the server running?"))
        })?;
        let answer = response.body().limit(MAX_ANSWER).await;
        let answer =
            answer.map_err(|error| Failure::failed(format!("the answer of {url} broke off: {error}")))?;
        let answer = serde_json::from_slice(&answer).unwrap_or(Value::Null);
        if response.status().is_success() { Ok(answer) } else { Err(refused(response.status(), &answer)) }
    }
}

/// A problem as one line: its code, and every place that is wrong.
fn refused(status: StatusCode, problem: &Value) -> Failure {
    let text =
        |value: &Value, name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let places = problem.get("errors").and_then(Value::as_array).map(|errors| {
        let place = |error: &Value| format!("{}: {}", text(error, "pointer"), text(error, "detail"));
        errors.iter().map(place).collect::<Vec<_>>().join("; ")
    });
    let detail = places.unwrap_or_else(|| text(problem, "detail"));
    Failure::failed(format!("the server refused: {} {}: {detail}", status.as_u16(), text(problem, "code")))
}

/// A client that trusts what the system trusts, and follows nothing.
pub(super) fn client() -> Result<Client, Failure> {
    client_within(Some(TIMEOUT))
}

/// The same for answers that never end.
pub(super) fn streaming_client() -> Result<Client, Failure> {
    client_within(None)
}

fn client_within(timeout: Option<Duration>) -> Result<Client, Failure> {
    let mut roots = rustls::RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(Failure::failed)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connector = Connector::new().rustls_0_23(Arc::new(tls)).timeout(TIMEOUT);
    let builder = Client::builder().connector(connector).disable_redirects();
    Ok(match timeout {
        Some(timeout) => builder.timeout(timeout).finish(),
        None => builder.disable_timeout().finish(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_becomes_one_line() {
        let problem = serde_json::json!({
            "code": "BAD_USER_INPUT", "detail": "2 problems",
            "errors": [{"pointer": "/a", "detail": "no"}, {"pointer": "/b", "detail": "nor this"}],
        });
        let failure = refused(StatusCode::BAD_REQUEST, &problem);
        assert_eq!(failure.to_string(), "the server refused: 400 BAD_USER_INPUT: /a: no; /b: nor this");
    }
}

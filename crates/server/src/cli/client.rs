//! Requests to a server, and to where a receiver passes deliveries on.

use std::{sync::Arc, time::Duration};

use actix_web::web::Bytes;
use awc::{
    Client, ClientResponse, Connector,
    error::{PayloadError, SendRequestError},
    http::{Method, StatusCode},
};
use clap::Args;
use futures_util::Stream;
use serde_json::Value;

use super::{answer::text, failure::Failure, given::trimmed};

// Where a server is.
mod address;

// Why there was no answer.
mod unanswered;

pub(super) use address::of_http;
pub(super) use unanswered::why as why_unanswered;

/// How long an answer may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The most of an answer that is read.
pub(super) const MAX_ANSWER: usize = 16 << 20;

/// How an address is given, as messages name it.
const URL: &str = "--url or BLUEHOOK_URL";

/// How a token is given, as messages name it.
const TOKEN: &str = "--token or BLUEHOOK_TOKEN";

/// Which server is asked, and by whom.
#[derive(Args)]
pub(super) struct Server {
    /// The server
    #[arg(long, env = "BLUEHOOK_URL", default_value = "http://127.0.0.1:8080", value_parser = trimmed)]
    url: String,

    /// The token, as `bluehook serve` made it or was given it
    #[arg(long, env = "BLUEHOOK_TOKEN", hide_env_values = true, value_parser = trimmed)]
    token: String,
}

impl Server {
    pub(super) fn new(url: String, token: String) -> Server {
        Server { url, token }
    }

    /// The address of a path.
    pub(super) fn address(&self, path: &str) -> Result<String, Failure> {
        let base =
            address::of_server(&self.url).map_err(|problem| Failure::usage(format!("{URL}: {problem}")))?;
        Ok(base + path)
    }

    /// Whether anybody takes connections there.
    pub(super) async fn is_there(&self) -> Result<bool, Failure> {
        let address = url::Url::parse(&self.address("/")?).map_err(Failure::usage)?;
        let Some((host, port)) = address.host_str().zip(address.port_or_known_default()) else {
            return Ok(false);
        };
        let host = host.trim_matches(['[', ']']);
        let connected = tokio::time::timeout(TIMEOUT, tokio::net::TcpStream::connect((host, port))).await;
        Ok(matches!(connected, Ok(Ok(_))))
    }

    /// The token, if it can stand in a header.
    pub(super) fn token(&self) -> Result<&str, Failure> {
        let wrong = |what| Err(Failure::usage(format!("{TOKEN}: {what}")));
        match self.token.trim() {
            "" => wrong("it is empty"),
            token if token.contains(char::is_whitespace) => wrong("there is white space in the token"),
            token if !token.bytes().all(|byte| byte.is_ascii_graphic()) => {
                wrong("there is a character in the token that no token has")
            }
            token => Ok(token),
        }
    }

    /// Why there was no answer.
    pub(super) fn unanswered(&self, error: &SendRequestError) -> Failure {
        Failure::failed(unanswered::why(self.url.trim(), URL, error))
    }

    /// Why the server refused.
    pub(super) async fn refusal<S>(&self, response: &mut ClientResponse<S>) -> Failure
    where
        S: Stream<Item = Result<Bytes, PayloadError>>,
    {
        let answer = response.body().limit(MAX_ANSWER).await.unwrap_or_default();
        let moved = response.headers().get("location").and_then(|location| location.to_str().ok());
        refused(response.status(), moved, &serde_json::from_slice(&answer).unwrap_or(Value::Null))
    }

    /// Posts a body of JSON to a path; gives the answer of a success.
    pub(super) async fn post(&self, path: &str, body: Vec<u8>) -> Result<Value, Failure> {
        self.call(Method::POST, path, body).await
    }

    /// Calls a path; gives the answer of a success.
    pub(super) async fn call(&self, method: Method, path: &str, body: Vec<u8>) -> Result<Value, Failure> {
        let url = self.address(path)?;
        let request =
            client()?.request(method, &url).bearer_auth(self.token()?).content_type("application/json");
        let mut response = request.send_body(body).await.map_err(|error| self.unanswered(&error))?;
        if !response.status().is_success() {
            return Err(self.refusal(&mut response).await);
        }
        let answer = response.body().limit(MAX_ANSWER).await;
        let answer =
            answer.map_err(|error| Failure::failed(format!("the answer of {url} broke off: {error}")))?;
        if response.status() == StatusCode::NO_CONTENT {
            return Ok(Value::Null);
        }
        serde_json::from_slice(&answer)
            .map_err(|_| Failure::failed(format!("what answers at {} is not Bluehook; see {URL}", self.url)))
    }
}

/// A part of a path: an id, whatever is in it.
pub(super) fn segment(id: &str) -> Result<String, Failure> {
    match id.trim() {
        "" => Err(Failure::usage("the id is empty")),
        "." | ".." => Err(Failure::usage(format!("`{id}` is no id"))),
        id => Ok(url::form_urlencoded::byte_serialize(id.as_bytes()).collect::<String>().replace('+', "%20")),
    }
}

/// A problem as one line: its code, and every place that is wrong. What has no code is not from Bluehook.
pub(super) fn refused(status: StatusCode, moved: Option<&str>, problem: &Value) -> Failure {
    let code = text(problem, "/code");
    if code.is_empty() {
        let moved = moved.map_or_else(String::new, |address| format!(": it names {address}"));
        return Failure::failed(format!("what answers is not Bluehook, but says {status}{moved}; see {URL}"));
    }
    let places = problem.get("errors").and_then(Value::as_array).filter(|errors| !errors.is_empty());
    let places = places.map(|errors| {
        let place = |error: &Value| format!("{}: {}", text(error, "/pointer"), text(error, "/detail"));
        errors.iter().map(place).collect::<Vec<_>>().join("; ")
    });
    let detail = places.unwrap_or_else(|| text(problem, "/detail"));
    let given = if status == StatusCode::UNAUTHORIZED { format!("; see {TOKEN}") } else { String::new() };
    Failure::failed(format!("the server refused: {} {code}: {detail}{given}", status.as_u16()))
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
        let failure = refused(StatusCode::BAD_REQUEST, None, &problem);
        assert_eq!(failure.to_string(), "the server refused: 400 BAD_USER_INPUT: /a: no; /b: nor this");
        let unknown = serde_json::json!({"code": "UNAUTHENTICATED", "detail": "no"});
        let told = refused(StatusCode::UNAUTHORIZED, None, &unknown).to_string();
        assert_eq!(told, "the server refused: 401 UNAUTHENTICATED: no; see --token or BLUEHOOK_TOKEN");
    }

    #[test]
    fn what_is_not_bluehook_is_not_called_so() {
        let told = refused(StatusCode::MOVED_PERMANENTLY, Some("https://a/"), &Value::Null).to_string();
        assert!(told.starts_with("what answers is not Bluehook") && told.contains("https://a/"), "{told}");
    }

    #[test]
    fn ids_stay_within_their_part_of_a_path() {
        assert_eq!(segment(" a b/c?d ").as_deref(), Ok("a%20b%2Fc%3Fd"));
        for bad in ["", " ", ".."] {
            assert!(segment(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_token_is_looked_at_before_it_is_sent() {
        let token = |text: &str| Server::new(String::new(), text.to_owned()).token().map(str::to_owned);
        assert_eq!(token("t\n").as_deref(), Ok("t"));
        for bad in ["", "a b", "a\nb", "é"] {
            let told = token(bad).unwrap_err().to_string();
            assert!(told.starts_with("--token or BLUEHOOK_TOKEN: ") && !told.contains("a b"), "{told}");
        }
    }
}

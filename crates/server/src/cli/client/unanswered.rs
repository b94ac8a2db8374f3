//! Why there was no answer: whether anybody is there, and what about the address is wrong when somebody is.

use awc::error::{ConnectError, SendRequestError};

/// What to say of a request to this address that was not answered. `given` says how the address was given.
pub(in crate::cli) fn why(url: &str, given: &str, error: &SendRequestError) -> String {
    let secure = url.starts_with("https:");
    match error {
        SendRequestError::Connect(ConnectError::Resolver(error)) => {
            format!("there is no such host as in {url}: {error}; see {given}")
        }
        SendRequestError::Connect(ConnectError::NoRecords | ConnectError::Unresolved) => {
            format!("there is no such host as in {url}; see {given}")
        }
        SendRequestError::Connect(ConnectError::Io(error)) if secure && is_of_tls(error) => {
            format!("no TLS with {url}: {error}; see {given}: a server without TLS is at http://")
        }
        SendRequestError::Connect(ConnectError::Io(error)) => nobody(url, error),
        SendRequestError::Timeout | SendRequestError::Connect(ConnectError::Timeout) => nobody(url, error),
        SendRequestError::Connect(ConnectError::Disconnected) | SendRequestError::Send(_) if !secure => {
            format!(
                "{url} closed the connection without an answer; see {given}: a server with TLS is at https://"
            )
        }
        SendRequestError::Response(error) if !secure => {
            format!(
                "what answers at {url} speaks no HTTP: {error}; see {given}: a server with TLS is at https://"
            )
        }
        SendRequestError::Url(error) => format!("{url} is no address: {error}; see {given}"),
        SendRequestError::Http(error) => format!("the request to {url} cannot be written: {error}"),
        error => format!("no answer from {url}: {error}; see {given}"),
    }
}

fn nobody(url: &str, error: &dyn std::fmt::Display) -> String {
    format!("cannot reach {url}: {error}; is the server running?")
}

/// The connection stood; what came over it did not agree.
fn is_of_tls(error: &std::io::Error) -> bool {
    let Some(inner) = error.get_ref() else { return false };
    inner.is::<rustls::Error>()
        || matches!(error.kind(), std::io::ErrorKind::InvalidData | std::io::ErrorKind::UnexpectedEof)
}

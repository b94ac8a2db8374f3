//! The HTTP API as a backend calls it.

use std::time::Duration;

use awc::{
    Client, Connector,
    error::SendRequestError,
    http::{Method, header},
};
use serde_json::Value;

use crate::server::{ADMIN_TOKEN, Server};

/// Answers larger than this are refused by the client.
const MAX_ANSWER: usize = 16 << 20;

/// A client of one server, with one token.
#[derive(Clone)]
pub struct Api {
    client: Client,
    url: String,
    token: String,
    headers: Vec<(String, String)>,
}

/// What the server answered.
#[derive(Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The tag of what is shown; empty when there is none.
    pub etag: String,
    /// The content type; empty when there is none.
    pub content_type: String,
    /// The body.
    pub body: Vec<u8>,
}

impl Api {
    /// The backend: it may do everything.
    pub fn of(server: &Server) -> Api {
        Api::with_token(server, ADMIN_TOKEN)
    }

    /// A caller with some token.
    pub fn with_token(server: &Server, token: &str) -> Api {
        Api::to(server.url(), token)
    }

    /// The backend, posting to something else that takes events in.
    pub fn at(url: &str) -> Api {
        Api::to(url, ADMIN_TOKEN)
    }

    fn to(url: &str, token: &str) -> Api {
        let connector = Connector::new().limit(0);
        let client = Client::builder()
            .connector(connector)
            .timeout(Duration::from_secs(30))
            .disable_redirects()
            .finish();
        Api { client, url: url.to_owned(), token: token.to_owned(), headers: Vec::new() }
    }

    /// The same caller, who says this too.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Api {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// One request; an error when no answer came.
    ///
    /// # Errors
    /// The connection failed, or ended before the answer.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        body: impl Into<Vec<u8>>,
    ) -> Result<Answer, SendRequestError> {
        let mut request = self
            .client
            .request(method, format!("{}{path}", self.url))
            .insert_header((header::AUTHORIZATION, format!("Bearer {}", self.token)))
            .insert_header((header::CONTENT_TYPE, "application/json"));
        for header in &self.headers {
            request = request.insert_header((header.0.as_str(), header.1.as_str()));
        }
        let mut response = request.send_body(body.into()).await?;
        let header =
            |name| response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let (content_type, etag) = (header(header::CONTENT_TYPE).to_owned(), header(header::ETAG).to_owned());
        let body = response.body().limit(MAX_ANSWER).await.map_err(|_| SendRequestError::Timeout)?;
        Ok(Answer { status: response.status().as_u16(), etag, content_type, body: body.to_vec() })
    }

    /// What a path shows.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, Vec::new()).await.expect("an answer")
    }

    /// Posts a body.
    pub async fn post(&self, path: &str, body: impl Into<Vec<u8>>) -> Answer {
        self.send(Method::POST, path, body).await.expect("an answer")
    }

    /// Puts a value.
    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::PUT, path, body.to_string()).await.expect("an answer")
    }
}

impl Answer {
    /// The body as JSON, after checking the status.
    #[track_caller]
    pub fn json(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        serde_json::from_slice(&self.body).expect("a JSON body")
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

//! A reader of `GET /v1/stream`, as a browser's `EventSource` reads it.

use actix_web::web::Bytes;
use awc::{Client, ClientResponse, Connector, error::PayloadError, http::header};
use futures_util::{Stream, StreamExt};
use serde_json::Value;

use crate::wait::within;

type Body = std::pin::Pin<Box<dyn Stream<Item = Result<Bytes, PayloadError>>>>;

/// An open stream. Dropping it closes the connection.
pub struct Changes {
    /// The status that it was answered with.
    pub status: u16,
    /// The last id that arrived: where to come back to.
    pub position: String,
    body: Body,
    text: String,
}

/// One event.
#[derive(Clone, Debug)]
pub struct Change {
    /// Its id.
    pub id: String,
    /// Its name.
    pub event: String,
    /// What it carries.
    pub data: Value,
}

impl Changes {
    /// Opens a stream of a server; `path` may have a query, `position` is where an earlier one ended.
    pub async fn open(url: &str, path: &str, token: &str, position: Option<&str>) -> Changes {
        let client = Client::builder().connector(Connector::new().limit(0)).disable_timeout().finish();
        let mut request = client
            .get(format!("{url}{path}"))
            .insert_header((header::AUTHORIZATION, format!("Bearer {token}")));
        if let Some(position) = position {
            request = request.insert_header(("last-event-id", position));
        }
        let response = within("a stream opens", request.send()).await.expect("an answer");
        let mut changes = Changes {
            status: response.status().as_u16(),
            position: String::new(),
            body: body(response),
            text: String::new(),
        };
        if changes.status == 200 {
            while changes.position.is_empty() {
                assert!(changes.block().await.is_none(), "the place comes first");
            }
        }
        changes
    }

    /// The next event; none when the stream ends.
    pub async fn next(&mut self) -> Option<Change> {
        within("a change is told", async {
            loop {
                if let Some(change) = self.block().await {
                    return change;
                }
            }
        })
        .await
    }

    /// The next event that is not left out.
    pub async fn find(&mut self, mut wanted: impl FnMut(&Change) -> bool) -> Change {
        loop {
            let change = self.next().await.expect("the stream goes on");
            if wanted(&change) {
                return change;
            }
        }
    }

    /// The next block: an event, or none when it was a comment or an id alone. The inner none is the end.
    async fn block(&mut self) -> Option<Option<Change>> {
        let end = loop {
            if let Some(end) = self.text.find("\n\n") {
                break end;
            }
            match self.body.next().await {
                Some(Ok(bytes)) => self.text.push_str(std::str::from_utf8(&bytes).expect("text")),
                Some(Err(_)) | None => return Some(None),
            }
        };
        let block: String = self.text.drain(..end + 2).collect();
        let field = |name: &str| block.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        if let Some(id) = field("id") {
            id.clone_into(&mut self.position);
        }
        let data = serde_json::from_str(field("data")?).expect("JSON");
        let event = field("event").unwrap_or("message").to_owned();
        Some(Some(Change { id: self.position.clone(), event, data }))
    }
}

fn body(response: ClientResponse<impl Stream<Item = Result<Bytes, PayloadError>> + Unpin + 'static>) -> Body {
    Box::pin(response)
}

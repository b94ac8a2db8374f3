//! Server-sent events: deliveries and webhooks as they change, told from a place that the reader names.
//!
//! A stream holds no queue. It reads from the store's log of changes as fast as its reader takes what is written, so a slow
//! reader costs nothing and misses nothing, and one that comes back goes on where it was.

use std::time::Duration;

use actix_web::{
    HttpRequest, HttpResponse,
    http::header,
    web::{self, Bytes},
};
use bluehook_core::input::Fault;
use bluehook_dispatcher::{ChangeQuery, Error, Position};
use futures_util::stream;
use tokio::{
    sync::watch,
    time::{self, Instant},
};

use super::{language, only, params::Params};
use crate::{
    around,
    auth::{self, Caller},
    limits::Limit,
    problem::Problem,
    state::State,
};

// The streams that are open.
mod seats;

// Changes as they are written.
mod message;

use seats::Seat;
pub(crate) use seats::Seats;

/// How often something is written when nothing happens, so that both sides know that the other is there.
const HEARTBEAT: Duration = Duration::from_secs(10);

/// The shortest time between two readings: however fast commits follow each other, a stream costs little.
const PAUSE: Duration = Duration::from_millis(25);

/// The most changes that are read at once.
const BATCH: usize = 256;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.service(web::resource("/v1/stream").get(open).default_service(only("GET, HEAD")));
}

async fn open(
    caller: Caller,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let mut params = Params::of(&request);
    let query = ChangeQuery {
        webhook_id: params.id("webhookId"),
        company_id: params.id("companyId"),
        created_by_id: params.id("createdById"),
    };
    let given = params.take("lastEventId", |text| position(&state, text));
    params.finish()?;
    let access = state.access(&caller);
    if let Some(id) = &query.webhook_id {
        access.own(id)?;
    }
    let query = access.changes(query);
    if around::wants_head_only(&request) {
        return Ok(HttpResponse::Ok().content_type("text/event-stream").finish());
    }
    let from = match last_event_id(&request, &state)?.or(given) {
        Some(position) => position,
        None => state.dispatcher.latest_position(),
    };
    let seat = state.seats.take(&caller).inspect_err(|_| state.limits.refusals().note(Limit::Streams))?;
    let reader = Reader {
        commits: state.dispatcher.commits(),
        stopping: state.stopping(),
        read_at: Instant::now(),
        written_at: Instant::now(),
        position: from,
        phase: Phase::Greeting,
        caller,
        request,
        query,
        seat,
        state,
    };
    let told = stream::unfold(reader, async |mut reader| {
        reader.next().await.map(|text| (Ok::<_, actix_web::Error>(text), reader))
    });
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/event-stream"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        // Proxies that gather answers would keep events back.
        .insert_header(("x-accel-buffering", "no"))
        .streaming(told))
}

/// Where a reader that comes back was: the header is newer than an address that was made before.
fn last_event_id(request: &HttpRequest, state: &State) -> Result<Option<Position>, Problem> {
    let Some(given) = request.headers().get("last-event-id") else { return Ok(None) };
    let read = given.to_str().map_err(|_| Fault::BadPosition).and_then(|text| position(state, text));
    read.map(Some).map_err(|fault| Problem::at("/Last-Event-ID", fault))
}

fn position(state: &State, text: &str) -> Result<Position, Fault> {
    state.dispatcher.read_position(text).map_err(|_| Fault::BadPosition)
}

/// What a stream does next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Greeting,
    Reading,
    Waiting,
}

/// One open stream.
struct Reader {
    state: web::Data<State>,
    request: HttpRequest,
    caller: Caller,
    query: ChangeQuery,
    position: Position,
    phase: Phase,
    commits: watch::Receiver<u64>,
    stopping: watch::Receiver<bool>,
    read_at: Instant,
    written_at: Instant,
    seat: Seat,
}

impl Reader {
    /// What is written next; none when the stream ends.
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            let text = match self.phase {
                Phase::Greeting => {
                    self.phase = Phase::Reading;
                    Some(message::greeting(&self.place()))
                }
                Phase::Reading => self.read().await?,
                Phase::Waiting => self.wait().await?,
            };
            if let Some(text) = text {
                self.written_at = Instant::now();
                return Some(text);
            }
        }
    }

    /// The next changes, if there are any; none around it when the stream ends.
    async fn read(&mut self) -> Option<Option<Bytes>> {
        if *self.stopping.borrow() || self.seat.is_taken_away() || !self.is_allowed() {
            return None;
        }
        self.commits.mark_unchanged();
        self.read_at = Instant::now();
        let changes = self.state.dispatcher.changes_since(self.position, self.query.clone(), BATCH).await;
        let changes = match changes {
            Ok(changes) => changes,
            // It has waited already, and asks again.
            Err(Error::Busy { .. }) => {
                self.phase = Phase::Reading;
                return Some(None);
            }
            Err(error) => {
                tracing::warn!(%error, "a stream could not go on");
                return None;
            }
        };
        self.position = changes.next;
        self.phase = if changes.more { Phase::Reading } else { Phase::Waiting };
        let language = language::of(&self.request);
        Some(message::changes(&changes, &self.state.access(&self.caller), language))
    }

    /// Where the reader is, as they keep it.
    fn place(&self) -> String {
        self.state.dispatcher.show_position(self.position)
    }

    /// Whether whoever opened the stream is still who they were: their token or session may have ended meanwhile.
    fn is_allowed(&self) -> bool {
        auth::authenticate(&self.request).is_ok_and(|caller| caller == self.caller)
    }

    /// Waits for a commit; writes something meanwhile when none comes.
    async fn wait(&mut self) -> Option<Option<Bytes>> {
        let committed = async {
            let changed = self.commits.changed().await;
            time::sleep_until(self.read_at + PAUSE).await;
            changed
        };
        let heartbeat = tokio::select! {
            changed = committed => changed.map(|()| false).ok()?,
            _ = self.stopping.wait_for(|stopping| *stopping) => return None,
            () = self.seat.taken_away() => return None,
            () = time::sleep_until(self.written_at + HEARTBEAT) => true,
        };
        if heartbeat && self.is_allowed() {
            return Some(Some(message::heartbeat(&self.place())));
        }
        self.phase = Phase::Reading;
        Some(None)
    }
}

#[cfg(test)]
mod tests;

//! Several events at once: each for itself, answered in order.

use actix_web::{HttpRequest, HttpResponse, web};
use bluehook_core::{
    event::Event,
    input::{Expected, Fault, Fields, Unit},
    json::Json,
    language::Language,
};
use bluehook_dispatcher::Accepted;
use serde::Serialize;

use super::{
    body::{Batch, Body},
    only,
    view::{AcceptedView, ItemsView},
};
use crate::{
    auth::Service,
    language,
    problem::{self, Problem, RequestId},
    state::State,
};

/// The most events of one batch.
const MAX_EVENTS: usize = 1_000;

/// The most problems that one batch is answered with, beside one for each event.
const MAX_TOLD: usize = 500;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.service(web::resource("/v1/events/batch").post(take_in).default_service(only("POST")));
}

/// Answers once every event that is taken in is on disk. A refused one does not hold up the others.
async fn take_in(
    _: Service,
    request: HttpRequest,
    state: web::Data<State>,
    batch: Batch,
) -> Result<HttpResponse, Problem> {
    let read = match &batch {
        Batch::Json(body) => listed(body)?,
        Batch::Lines(bytes) => lines(bytes)?,
    };
    drop(batch);
    let (events, refused) = apart(read);
    let accepted = state.dispatcher.dispatch_all(events).await;
    let results = together(accepted.into_iter().map(|one| one.map_err(Problem::from)), refused);
    let (language, id) = (language::of(&request), RequestId::new());
    let mut left = MAX_TOLD;
    let items = results.iter().map(|result| ItemView::new(result, (language, &id), &mut left)).collect();
    Ok(HttpResponse::Ok().json(ItemsView { items }))
}

/// The events of `{"events": […]}`.
fn listed(body: &Body) -> Result<Vec<Result<Event, Problem>>, Problem> {
    body.read(|mut fields| {
        let list = fields.required("events", |fields, name, raw| list(fields, name, raw));
        fields.finish(list)
    })
}

fn list<'a>(
    fields: &mut Fields<'a>,
    name: &'static str,
    raw: Json<'a>,
) -> Option<Vec<Result<Event, Problem>>> {
    let Some(members) = raw.elements().map(Iterator::collect::<Vec<_>>) else {
        fields.problem(name, Fault::WrongType(Expected::Events, raw.kind()));
        return None;
    };
    if !(1..=MAX_EVENTS).contains(&members.len()) {
        fields.problem(name, Fault::From1To(Unit::Events, MAX_EVENTS, members.len()));
        return None;
    }
    let place = fields.pointer_to(name);
    let event = |(i, member): (usize, Json<'a>)| {
        Fields::of(member, format!("{place}/{i}")).and_then(Event::read).map_err(Problem::invalid)
    };
    Some(members.into_iter().enumerate().map(event).collect())
}

/// One event a line; empty lines are skipped.
fn lines(bytes: &[u8]) -> Result<Vec<Result<Event, Problem>>, Problem> {
    let lines = || bytes.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    match lines().count() {
        1..=MAX_EVENTS => Ok(lines().map(|line| Event::parse(line).map_err(Problem::invalid)).collect()),
        found => Err(Problem::at("", Fault::From1To(Unit::Lines, MAX_EVENTS, found))),
    }
}

/// What can be dispatched, and what was refused in its place.
fn apart(read: Vec<Result<Event, Problem>>) -> (Vec<Event>, Vec<Option<Problem>>) {
    let mut events = Vec::with_capacity(read.len());
    let mut refused = Vec::with_capacity(read.len());
    for one in read {
        match one {
            Ok(event) => {
                events.push(event);
                refused.push(None);
            }
            Err(problem) => refused.push(Some(problem)),
        }
    }
    (events, refused)
}

/// The results in the order of the request.
fn together(
    mut accepted: impl Iterator<Item = Result<Accepted, Problem>>,
    refused: Vec<Option<Problem>>,
) -> Vec<Result<Accepted, Problem>> {
    refused
        .into_iter()
        .filter_map(|refused| refused.map_or_else(|| accepted.next(), |problem| Some(Err(problem))))
        .collect()
}

/// What one event came to: as if it had been posted alone, with the status beside it.
#[derive(Serialize)]
#[serde(untagged)]
enum ItemView<'a> {
    Accepted {
        status: u16,
        #[serde(flatten)]
        accepted: AcceptedView<'a>,
    },
    Refused(problem::Body<'a>),
}

impl<'a> ItemView<'a> {
    /// Of a batch that is wrong all over, each event is told one place, and the first ones all of theirs: `left` are.
    fn new(
        result: &'a Result<Accepted, Problem>,
        (language, id): (Language, &'a RequestId),
        left: &mut usize,
    ) -> ItemView<'a> {
        match result {
            Ok(accepted) => ItemView::Accepted {
                status: if accepted.duplicate { 200 } else { 202 },
                accepted: AcceptedView::new(accepted),
            },
            Err(problem) => {
                let body = problem::Body::within((*left).max(1), problem, language, id);
                *left = left.saturating_sub(body.places());
                ItemView::Refused(body)
            }
        }
    }
}

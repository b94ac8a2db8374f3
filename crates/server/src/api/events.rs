//! Events in, and what was taken in.

use actix_web::{HttpRequest, HttpResponse, web};
use bluehook_core::{event::Event, input::Fault};
use bluehook_dispatcher::EventQuery;

use super::{
    body::Body,
    idempotency_key, only,
    params::{MAX_PAGE, Params},
    view::{self, AcceptedView, EventDetailView, EventView},
};
use crate::{
    auth::Service,
    problem::{Code, Detail, Problem},
    state::State,
};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(web::resource("/v1/events").get(list).post(take_in).default_service(only("GET, HEAD, POST")))
        .service(web::resource("/v1/events/{id}").get(show).default_service(only("GET, HEAD")));
}

/// Answers 202 once the event and its deliveries are on disk; 200 for one that was taken in before.
async fn take_in(
    _: Service,
    request: HttpRequest,
    state: web::Data<State>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let mut event = Event::parse(&body.0).map_err(Problem::invalid)?;
    apply_idempotency_key(&mut event, &request)?;
    drop(body);
    let accepted = state.dispatcher.dispatch(event).await?;
    let mut response = if accepted.duplicate { HttpResponse::Ok() } else { HttpResponse::Accepted() };
    Ok(response.json(AcceptedView::new(&accepted)))
}

/// `Idempotency-Key` is another way to say the event's id.
fn apply_idempotency_key(event: &mut Event, request: &HttpRequest) -> Result<(), Problem> {
    let Some(key) = idempotency_key(request)? else { return Ok(()) };
    match &event.id {
        Some(id) if *id != key => Err(Problem::at("/id", Fault::IdsDiffer)),
        _ => {
            event.id = Some(key);
            Ok(())
        }
    }
}

async fn list(_: Service, request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse, Problem> {
    let mut params = Params::of(&request);
    let page = params.page();
    let (since, until) = params.span();
    let query = EventQuery {
        company_id: params.id("companyId"),
        project_id: params.id("projectId"),
        event: params.event(),
        since,
        until,
    };
    params.finish()?;
    let events = state.dispatcher.events(query, page).await?;
    Ok(view::page(&events, EventView::new))
}

async fn show(
    _: Service,
    id: web::Path<String>,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let mut params = Params::of(&request);
    let company_id = params.id("companyId");
    params.finish()?;
    let event = state.dispatcher.event(&id, company_id.as_deref(), MAX_PAGE).await?;
    let event = event.ok_or_else(|| Problem::not_found("Event"))?;
    let detail = EventDetailView::new(&event)
        .ok_or_else(|| Problem::new(Code::InternalServerError, Detail::DamagedEvent))?;
    Ok(HttpResponse::Ok().json(detail))
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;
    use bluehook_core::{event::EventType, sample};

    #[track_caller]
    fn check(id: Option<&str>, key: &str, expected: Result<&str, &str>) {
        let mut event = Event { id: id.map(str::to_owned), ..sample::event(EventType::TodoCreated) };
        let request = TestRequest::default().insert_header(("Idempotency-Key", key)).to_http_request();
        let applied = apply_idempotency_key(&mut event, &request);
        let found = applied.map(|()| event.id.unwrap()).map_err(|problem| problem.to_string());
        assert_eq!(found, expected.map(str::to_owned).map_err(str::to_owned));
    }

    #[test]
    fn the_idempotency_key_is_the_events_id() {
        check(None, "k", Ok("k"));
        check(Some("k"), "k", Ok("k"));
        check(Some("i"), "k", Err("/id: Idempotency-Key differs from the event's id; give one of the two"));
        check(None, " ", Err("/Idempotency-Key: must not be empty"));
        check(None, &"k".repeat(129), Err("/Idempotency-Key: at most 128 characters, found 129"));
    }
}

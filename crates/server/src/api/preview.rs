//! A delivery before it is sent: the same answer as the npm package's `preview`.

use actix_web::{HttpResponse, http::header, web};
use bluehook_core::{input::utf8, preview::preview_json, time::Millis};
use bluehook_dispatcher::Clock;

use super::{body::Body, only};
use crate::{auth::Caller, problem::Problem, state::State};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.service(web::resource("/v1/preview").post(preview).default_service(only("POST")));
}

async fn preview(caller: Caller, state: web::Data<State>, body: Body) -> Result<HttpResponse, Problem> {
    let now = Clock::system().now();
    // Its filter can take long: whoever is answered by this thread does not wait for it.
    let shown = state.limits.aside(&state.dispatcher, &caller, move || shown(&body, now)).await??;
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .content_type(header::ContentType::json())
        .body(shown))
}

fn shown(body: &Body, now: Millis) -> Result<String, Problem> {
    let text = utf8(&body.0).map_err(Problem::invalid)?;
    preview_json(text, now).map_err(Problem::invalid)
}

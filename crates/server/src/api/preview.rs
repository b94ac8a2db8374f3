//! A delivery before it is sent: the same answer as the npm package's `preview`.

use actix_web::{HttpResponse, http::header, web};
use bluehook_core::{input::utf8, preview::preview_json};
use bluehook_dispatcher::Clock;

use super::{body::Body, only};
use crate::{auth::Caller, problem::Problem};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.service(web::resource("/v1/preview").post(preview).default_service(only("POST")));
}

async fn preview(_: Caller, body: Body) -> Result<HttpResponse, Problem> {
    let text = utf8(&body.0).map_err(Problem::invalid)?;
    let shown = preview_json(text, Clock::system().now()).map_err(Problem::invalid)?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .content_type(header::ContentType::json())
        .body(shown))
}

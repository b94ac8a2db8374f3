//! A page to try queries on, served at `GET /graphql` where a setting says so. Files of our own: the content security
//! policy lets nothing else run.

use actix_web::{HttpResponse, http::header, web};

use crate::{api::only, assets};

const PAGE: &str = include_str!("explorer/page.html");
const SCRIPT: &str = include_str!("explorer/explorer.js");
const STYLE: &str = include_str!("explorer/explorer.css");

pub(super) fn routes(config: &mut web::ServiceConfig) {
    let resource = |path: &str| web::resource(path.to_owned()).default_service(only("GET"));
    config
        .service(resource("/graphql/explorer.js").get(script))
        .service(resource("/graphql/explorer.css").get(style));
}

pub(super) fn page() -> HttpResponse {
    answer("text/html; charset=utf-8", PAGE)
}

async fn script() -> HttpResponse {
    answer("text/javascript; charset=utf-8", SCRIPT)
}

async fn style() -> HttpResponse {
    answer("text/css; charset=utf-8", STYLE)
}

fn answer(content_type: &'static str, text: &'static str) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    response.insert_header((header::CACHE_CONTROL, "no-cache")).content_type(content_type);
    assets::secure(&mut response);
    response.body(text)
}

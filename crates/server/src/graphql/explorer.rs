//! A page to try queries on, served at `GET /graphql` where a setting says so. Files of our own: the content security
//! policy lets nothing else run.

use std::sync::LazyLock;

use actix_web::{HttpRequest, HttpResponse, web};

use crate::{api::only, assets, docs};

const CONTENT: &str = include_str!("explorer/content.html");
const SCRIPT: &str = include_str!("explorer/explorer.js");
const STYLE: &str = include_str!("explorer/explorer.css");

/// The page as it is sent.
static PAGE: LazyLock<String> = LazyLock::new(|| {
    let style = assets::address("/graphql/explorer.css", STYLE);
    let script = assets::address("/graphql/explorer.js", SCRIPT);
    let head = format!(
        "<link rel=\"stylesheet\" href=\"{style}\"><script type=\"module\" src=\"{script}\"></script>"
    );
    docs::wide("GraphQL", &head, CONTENT)
});

pub(super) fn routes(config: &mut web::ServiceConfig) {
    let resource = |path: &str| web::resource(path.to_owned()).default_service(only("GET, HEAD"));
    config
        .service(resource("/graphql/explorer.js").get(script))
        .service(resource("/graphql/explorer.css").get(style));
}

pub(super) fn page(request: &HttpRequest) -> HttpResponse {
    assets::text(request, "text/html; charset=utf-8", &PAGE)
}

async fn script(request: HttpRequest) -> HttpResponse {
    assets::text(&request, "text/javascript; charset=utf-8", SCRIPT)
}

async fn style(request: HttpRequest) -> HttpResponse {
    assets::text(&request, "text/css; charset=utf-8", STYLE)
}

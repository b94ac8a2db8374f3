//! The documentation at `/docs`: Markdown from `crates/server/docs`, rendered once; read without a network or a script.

use std::sync::LazyLock;

use actix_web::{
    HttpRequest, HttpResponse,
    web::{self, Path},
};

use crate::{api::only, assets, problem::Problem};

// What there is to read.
mod pages;

// Markdown to HTML.
mod markdown;

// What the program itself knows: its settings, commands and operations.
mod generated;

// What is around every page.
mod frame;

pub(crate) use frame::{bare, escape, wide};
use pages::{FIRST, PAGES, Page};

/// Every page as it is sent.
static RENDERED: LazyLock<Vec<(&Page, String)>> =
    LazyLock::new(|| PAGES.iter().map(|page| (page, frame::html(page, &content(page)))).collect());

/// How the pages look.
const STYLE: &str = include_str!("docs/style.css");

pub(crate) fn routes(config: &mut web::ServiceConfig) {
    let resource = |path: &str| web::resource(path.to_owned()).default_service(only("GET, HEAD"));
    config
        .service(resource("/docs").get(first))
        .service(resource("/docs/style.css").get(style))
        .service(resource("/docs/{page}").get(other));
}

async fn first(request: HttpRequest) -> Result<HttpResponse, Problem> {
    shown(&request, FIRST)
}

async fn other(request: HttpRequest, name: Path<String>) -> Result<HttpResponse, Problem> {
    shown(&request, &name)
}

async fn style(request: HttpRequest) -> HttpResponse {
    assets::text(&request, "text/css; charset=utf-8", STYLE)
}

fn shown(request: &HttpRequest, name: &str) -> Result<HttpResponse, Problem> {
    let found = RENDERED.iter().find(|(page, _)| page.name == name);
    found
        .map(|(_, html)| assets::text(request, "text/html; charset=utf-8", html))
        .ok_or_else(|| Problem::not_found("This page"))
}

fn content(page: &Page) -> String {
    markdown::html(page.source, generated::part)
}

#[cfg(test)]
mod tests;

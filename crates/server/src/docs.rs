//! The documentation at `/docs`: Markdown from `crates/server/docs`, rendered once; read without a network or a script.

use std::sync::LazyLock;

use actix_web::{
    HttpResponse,
    http::header,
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

pub(crate) use frame::{bare, escape};
use pages::{FIRST, PAGES, Page};

/// Every page as it is sent.
static RENDERED: LazyLock<Vec<(&Page, String)>> =
    LazyLock::new(|| PAGES.iter().map(|page| (page, frame::html(page, &content(page)))).collect());

/// How the pages look.
const STYLE: &str = include_str!("docs/style.css");

pub(crate) fn routes(config: &mut web::ServiceConfig) {
    let resource = |path: &str| web::resource(path.to_owned()).default_service(only("GET"));
    config
        .service(resource("/docs").get(first))
        .service(resource("/docs/style.css").get(style))
        .service(resource("/docs/{page}").get(other));
}

async fn first() -> Result<HttpResponse, Problem> {
    shown(FIRST)
}

async fn other(name: Path<String>) -> Result<HttpResponse, Problem> {
    shown(&name)
}

async fn style() -> HttpResponse {
    answer("text/css; charset=utf-8", STYLE)
}

fn shown(name: &str) -> Result<HttpResponse, Problem> {
    let found = RENDERED.iter().find(|(page, _)| page.name == name);
    found
        .map(|(_, html)| answer("text/html; charset=utf-8", html))
        .ok_or_else(|| Problem::not_found("This page"))
}

fn answer(content_type: &'static str, text: &'static str) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    response.insert_header((header::CACHE_CONTROL, "no-cache")).content_type(content_type);
    assets::secure(&mut response);
    response.body(text)
}

fn content(page: &Page) -> String {
    markdown::html(page.source, generated::part)
}

#[cfg(test)]
mod tests;

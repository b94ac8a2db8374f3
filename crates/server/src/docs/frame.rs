//! What is around every page: the head, the bar of the product, the list of pages, the way past it.

use std::fmt::Write;

use bluehook_core::language::Language;

use super::{
    STYLE,
    pages::{FIRST, PAGES, Page},
};
use crate::assets;

/// A page of the documentation around its content.
pub(super) fn html(page: &Page, content: &str) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let body = format!(
        "<a class=\"skip\" href=\"#content\">Skip to the content</a>{}\
         <div class=\"columns\"><nav class=\"beside\" aria-label=\"Pages\">{list}</nav>\
         <nav class=\"above\" aria-label=\"Pages\"><details><summary>{}</summary>{list}</details></nav>\
         <main id=\"content\" tabindex=\"-1\">{content}</main></div>\
         <footer>Bluehook {version}</footer>",
        bar(" aria-current=\"page\"", "Docs", HOME),
        escape(page.title()),
        list = list(page),
    );
    document(Language::English, &escape(page.title()), "", &body)
}

/// A page that works on something, as wide as the app's; `head` names what it loads besides.
pub(crate) fn wide(title: &str, head: &str, content: &str) -> String {
    let body = format!("{}<main id=\"content\" class=\"wide\">{content}</main>", bar("", "Docs", HOME));
    document(Language::English, title, head, &body)
}

/// A page of its own, with little on it.
pub(crate) fn bare(language: Language, title: &str, content: &str) -> String {
    let docs = match language {
        Language::English => "Docs",
        Language::Italian => "Documentazione",
    };
    let body = format!("{}<main id=\"content\" class=\"bare\">{content}</main>", bar("", docs, ""));
    document(language, title, "", &body)
}

fn document(language: Language, title: &str, head: &str, body: &str) -> String {
    let (tokens, style) = (assets::tokens_address(), assets::address("/docs/style.css", STYLE));
    format!(
        "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>{title} · Bluehook</title>\
         <link rel=\"icon\" href=\"/icon.svg\"><link rel=\"stylesheet\" href=\"{tokens}\">\
         <link rel=\"stylesheet\" href=\"{style}\">{head}</head><body>{body}</body></html>",
        language.tag()
    )
}

/// The way into the app.
const HOME: &str = "<a class=\"place\" href=\"/webhooks\">Webhooks</a>";

/// The same bar as the app's.
fn bar(current: &str, docs: &str, home: &str) -> String {
    format!(
        "<header><div class=\"inside\"><a class=\"brand\" href=\"/\"><img src=\"/icon.svg\" alt=\"\" width=\"20\" \
         height=\"20\">Bluehook</a>{home}<a class=\"place end\" href=\"/docs\"{current}>{docs}</a></div></header>"
    )
}

fn list(current: &Page) -> String {
    let mut out = "<ul>".to_owned();
    for page in PAGES {
        let here = if page.name == current.name { " aria-current=\"page\"" } else { "" };
        let _ = write!(out, "<li><a href=\"{}\"{here}>{}</a></li>", address(page), escape(page.title()));
    }
    out + "</ul>"
}

/// Where a page is.
pub(super) fn address(page: &Page) -> String {
    if page.name == FIRST { "/docs".to_owned() } else { format!("/docs/{}", page.name) }
}

/// Text as HTML.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

//! What is around every page: the head, the list of pages, the way past it.

use std::fmt::Write;

use super::pages::{FIRST, PAGES, Page};

/// A page around its content.
pub(super) fn html(page: &Page, content: &str) -> String {
    let (title, version) = (escape(page.title()), env!("CARGO_PKG_VERSION"));
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>{title} · Bluehook</title>\
         <link rel=\"icon\" href=\"/icon.svg\"><link rel=\"stylesheet\" href=\"/docs/style.css\"></head><body>\
         <a class=\"skip\" href=\"#content\">Skip to the content</a>\
         <header><a href=\"/docs\">Bluehook documentation</a></header>\
         <div class=\"columns\"><nav aria-label=\"Pages\">{}</nav>\
         <main id=\"content\" tabindex=\"-1\">{content}</main></div>\
         <footer>Bluehook {version}</footer></body></html>",
        list(page)
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

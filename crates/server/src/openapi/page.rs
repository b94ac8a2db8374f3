//! The page at `/docs`: every operation, readable without a network and without a script.

use std::fmt::Write;

use super::operations::{OPERATIONS, Operation};
use crate::problem::Code;

const HEAD: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
    <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>Bluehook API</title>\
    <h1>Bluehook API</h1><p>The whole description, for tools: <a href=\"/openapi.json\">/openapi.json</a>. \
    Requests carry <code>Authorization: Bearer &lt;token&gt;</code>; refusals are \
    <code>application/problem+json</code> with a <code>code</code> and every wrong place in <code>errors</code>.</p>";

pub(super) fn html() -> String {
    let mut out = HEAD.to_owned();
    let mut tag = "";
    for operation in OPERATIONS {
        if operation.tag != tag {
            tag = operation.tag;
            let _ = write!(out, "<h2>{tag}</h2>");
        }
        section(&mut out, operation);
    }
    errors(&mut out);
    out
}

/// Where the `type` of a problem leads.
fn errors(out: &mut String) {
    out.push_str("<h2>error codes</h2><dl>");
    for code in Code::ALL {
        let (name, status, title) = (code.name(), code.status().as_u16(), code.title());
        let _ = write!(out, "<dt id=\"{name}\"><code>{name}</code> ({status})</dt><dd>{title}.</dd>");
    }
    out.push_str("</dl>");
}

fn section(out: &mut String, operation: &Operation) {
    let Operation { method, path, summary, .. } = operation;
    let _ = write!(out, "<h3><code>{} {path}</code></h3><p>{summary}.</p>", method.to_uppercase());
    let parameters: Vec<&str> = operation.parameters().collect();
    if !parameters.is_empty() {
        let _ = write!(out, "<p>Parameters: <code>{}</code></p>", parameters.join("</code>, <code>"));
    }
    out.push_str("<ul>");
    if let Some(body) = operation.body {
        let _ = write!(out, "<li>Body: <code>{body}</code></li>");
    }
    for (status, meaning, body) in operation.answers {
        let body = body.map(|body| format!(" (<code>{body}</code>)")).unwrap_or_default();
        let _ = write!(out, "<li>{status}: {meaning}{body}</li>");
    }
    out.push_str("</ul>");
}

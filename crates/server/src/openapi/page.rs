//! The API as pages of the documentation show it: every operation in a line, and every operation with its forms.

use std::fmt::Write;

use serde_json::Value;

use super::{
    operations::{OPERATIONS, Operation, spelt},
    schemas,
};
use crate::docs::escape;

/// Every operation in a line.
pub(crate) fn overview() -> String {
    let mut out =
        "<div class=\"table\" tabindex=\"0\"><table><thead><tr><th>Operation</th><th>What it does</th></tr>\
                   </thead><tbody>"
            .to_owned();
    for Operation { method, path, id, summary, .. } in OPERATIONS {
        let method = method.to_uppercase();
        let _ = write!(
            out,
            "<tr><td><a href=\"/docs/api#{id}\"><code>{method} {path}</code></a></td><td>{}</td></tr>",
            escape(summary)
        );
    }
    out + "</tbody></table></div>"
}

/// Every operation, and every form of a body.
pub(crate) fn in_full() -> String {
    let mut out = String::new();
    let mut tag = "";
    for operation in OPERATIONS {
        if operation.tag != tag {
            tag = operation.tag;
            let _ = write!(out, "<h2 id=\"{tag}\">{tag}</h2>");
        }
        section(&mut out, operation);
    }
    out.push_str("<h2 id=\"forms\">Forms</h2>");
    for (name, schema) in schemas::all() {
        form(&mut out, &name, &schema);
    }
    out
}

fn section(out: &mut String, operation: &Operation) {
    let Operation { method, path, id, summary, .. } = operation;
    let (method, summary) = (method.to_uppercase(), escape(summary));
    let _ = write!(out, "<h3 id=\"{id}\"><code>{method} {path}</code></h3><p>{summary}.</p>");
    let parameters: Vec<&str> = operation.parameters().map(spelt).collect();
    if !parameters.is_empty() {
        let _ = write!(out, "<p>Parameters: <code>{}</code></p>", parameters.join("</code>, <code>"));
    }
    out.push_str("<ul>");
    if let Some(body) = operation.body {
        let _ = write!(out, "<li>Body: {}</li>", link(body));
    }
    for (status, meaning, body) in operation.answers {
        let body = body.map(|body| format!(" ({})", link(body))).unwrap_or_default();
        let _ = write!(out, "<li>{status}: {}{body}</li>", escape(meaning));
    }
    out.push_str("</ul>");
}

fn link(form: &str) -> String {
    format!("<a href=\"#form-{form}\"><code>{form}</code></a>")
}

fn form(out: &mut String, name: &str, schema: &Value) {
    let text = serde_json::to_string_pretty(schema).unwrap_or_default();
    let _ = write!(
        out,
        "<h3 id=\"form-{name}\"><code>{name}</code></h3><pre tabindex=\"0\">{}</pre>",
        escape(&text)
    );
}

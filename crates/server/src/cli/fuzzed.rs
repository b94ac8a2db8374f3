//! What fuzzing calls: all that commands print of what a server answers or a sender sends.

use actix_web::http::StatusCode;
use serde_json::Value;

use super::{client, listen, output, token};

/// What is printed, and in which form.
pub(crate) enum Printed {
    /// One line.
    Line(String),
    /// Several lines, of which only the first begins where ours do.
    Block(String),
    /// JSON, with what it was before.
    Json(String, String),
}

/// A refusal: its status, where it sends the caller, and its body.
pub(crate) fn refusal(status: u16, location: &str, body: &[u8]) -> Vec<Printed> {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::IM_A_TEAPOT);
    let failure = client::refused(status, Some(location), &read(body));
    vec![Printed::Line(output::told(&failure.to_string()))]
}

/// A delivery that was received.
pub(crate) fn delivery(headers: &[(String, String)], body: &[u8]) -> Vec<Printed> {
    let (text, json) = listen::printed(headers, body);
    vec![Printed::Block(output::printed(&text, false)), as_json(&json)]
}

/// An event of a stream, and a token of a list.
pub(crate) fn told(name: &str, data: &[u8]) -> Vec<Printed> {
    let data = read(data);
    let lines =
        [listen::printed_event(name, &data), Some(token::line(&data).trim_end_matches('\n').to_owned())];
    let lines = lines.into_iter().flatten().map(|line| Printed::Line(output::printed(&line, false)));
    lines.chain([as_json(&data)]).collect()
}

fn as_json(value: &Value) -> Printed {
    let json = value.to_string();
    Printed::Json(output::printed_json(&json), json)
}

fn read(body: &[u8]) -> Value {
    serde_json::from_slice(body).unwrap_or(Value::Null)
}

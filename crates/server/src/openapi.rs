//! The API described: OpenAPI 3.1 at `/openapi.json`, and parts of the documentation.

use std::sync::LazyLock;

use actix_web::{HttpResponse, http::header, web};
use bluehook_core::{event::EventType, schema};
use serde_json::{Map, Value, json};

use crate::api::only;

// Every operation.
mod operations;

// Every form of a body.
mod schemas;

// The API in the documentation.
mod page;

use operations::{LINKS, OPERATIONS, Operation, PARAMETERS, TAGS, spelt};
pub(crate) use page::{in_full, overview};

static DOCUMENT: LazyLock<String> = LazyLock::new(|| document().to_string());

pub(crate) fn routes(config: &mut web::ServiceConfig) {
    config.service(web::resource("/openapi.json").get(show).default_service(only("GET, HEAD")));
}

async fn show() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .content_type(header::ContentType::json())
        .body(DOCUMENT.as_str())
}

/// The whole document.
pub(crate) fn document() -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Bluehook",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Outgoing webhooks for Blue: events in, signed deliveries out.",
            "license": { "name": "Apache-2.0 OR MIT", "identifier": "Apache-2.0 OR MIT" },
        },
        "servers": [{ "url": "/" }],
        "security": [{ "bearer": [] }, { "tokenId": [], "tokenSecret": [] }, { "session": [] }, { "session": [], "csrf": [] }],
        "tags": tags(),
        "paths": paths(),
        "webhooks": deliveries(),
        "components": {
            "parameters": parameters(),
            "schemas": schemas(),
            "securitySchemes": {
                "bearer": { "type": "http", "scheme": "bearer" },
                "tokenId": { "type": "apiKey", "in": "header", "name": "X-Bloo-Token-ID" },
                "session": { "type": "apiKey", "in": "cookie", "name": "bluehook_session" },
                "csrf": { "type": "apiKey", "in": "header", "name": "X-Bluehook-Csrf" },
                "tokenSecret": { "type": "apiKey", "in": "header", "name": "X-Bloo-Token-Secret" },
            },
        },
    })
}

/// How references to what events carry begin: Blue's entities have a prefix, to be kept apart from the API's own forms.
const ENTITIES: &str = "#/components/schemas/Blue";

fn schemas() -> Map<String, Value> {
    let entity = |(name, schema): (&str, String)| {
        let schema: Value = serde_json::from_str(&schema).unwrap_or_default();
        (format!("Blue{name}"), schema)
    };
    schemas::all().into_iter().chain(schema::entities(ENTITIES).map(entity)).collect()
}

/// Whether an operation reads query parameters; of one that there is not, that it does.
pub(crate) fn reads_query(method: &str, path: &str) -> bool {
    let of_query =
        |name: &str| PARAMETERS.iter().any(|(known, place, ..)| *known == name && *place == "query");
    let mut known = OPERATIONS
        .iter()
        .filter(|operation| operation.path == path && operation.method.eq_ignore_ascii_case(method));
    known.next().is_none_or(|operation| operation.parameters().any(of_query))
}

fn tags() -> Value {
    TAGS.iter().map(|(name, description)| json!({ "name": name, "description": description })).collect()
}

fn paths() -> Value {
    let mut paths = Map::new();
    for operation in OPERATIONS {
        let path = paths.entry(operation.path).or_insert_with(|| json!({}));
        if let Some(path) = path.as_object_mut() {
            path.insert(operation.method.to_owned(), described(operation));
        }
    }
    Value::Object(paths)
}

fn described(operation: &Operation) -> Value {
    let mut described = json!({
        "operationId": operation.id,
        "tags": [operation.tag],
        "summary": operation.summary,
        "responses": responses(operation),
    });
    if let Some(described) = described.as_object_mut() {
        if operation.is_open {
            described.insert("security".to_owned(), json!([]));
        }
        let parameters: Vec<Value> =
            operation.parameters().map(|name| reference("parameters", name)).collect();
        if !parameters.is_empty() {
            described.insert("parameters".to_owned(), parameters.into());
        }
        if let Some(body) = operation.body {
            let mut content = content("application/json", &reference("schemas", body));
            if let (Some(item), Some(content)) = (operation.lines, content.as_object_mut()) {
                let told = format!("{item} after {item}, each on a line of its own");
                let lines = json!({ "schema": { "type": "string", "description": told } });
                content.insert("application/x-ndjson".to_owned(), lines);
            }
            let required = !operation.body_is_optional;
            described.insert("requestBody".to_owned(), json!({ "required": required, "content": content }));
        }
    }
    described
}

/// What an answer of a form is sent as.
fn media_type(form: &str) -> &'static str {
    match form {
        "EventStream" => "text/event-stream",
        "Metrics" => "text/plain",
        "ChangedMeanwhile" => "application/problem+json",
        _ => "application/json",
    }
}

fn responses(operation: &Operation) -> Value {
    let mut responses = Map::new();
    for (status, description, schema) in operation.answers {
        let mut response = json!({ "description": description });
        if let (Some(schema), Some(response)) = (schema, response.as_object_mut()) {
            response.insert("content".to_owned(), content(media_type(schema), &reference("schemas", schema)));
        }
        let links = links(operation.id, *status);
        if let Some(response) = response.as_object_mut().filter(|_| !links.is_empty()) {
            response.insert("links".to_owned(), links.into());
        }
        responses.insert(status.to_string(), response);
    }
    let problem = content("application/problem+json", &reference("schemas", "Problem"));
    if !operation.is_open {
        responses.insert("429".to_owned(), json!({
            "description": "More than a limit allows, or too much waits: try again after as many seconds as Retry-After says",
            "headers": { "Retry-After": { "schema": { "type": "integer", "minimum": 0 } } },
            "content": problem.clone(),
        }));
    }
    responses
        .insert("4XX".to_owned(), json!({ "description": "The request is refused", "content": problem }));
    responses.insert(
        "5XX".to_owned(),
        json!({ "description": "The server cannot do it now", "content": problem }),
    );
    Value::Object(responses)
}

/// Where the id in an answer leads.
fn links(operation: &str, status: u16) -> Map<String, Value> {
    let of_answer = LINKS.iter().filter(|(from, with, _, _)| (*from, *with) == (operation, status));
    let link = |(_, _, place, others): &(_, _, &str, &'static [&'static str])| {
        let id = format!("$response.body#{place}");
        others
            .iter()
            .map(move |to| ((*to).to_owned(), json!({ "operationId": to, "parameters": { "id": id } })))
    };
    of_answer.flat_map(link).collect()
}

/// What receivers get: one entry for each event.
fn deliveries() -> Value {
    let delivery = |event: EventType| {
        let values: Value = serde_json::from_str(&schema::event(event, ENTITIES)).unwrap_or_default();
        let name = json!({ "properties": { "event": { "const": event.name() } } });
        let schema = json!({ "allOf": [reference("schemas", "FullDelivery"), name, values] });
        let described = json!({
            "post": {
                "operationId": format!("on{}", camel(event.name())),
                "summary": event.description(),
                "security": [],
                "requestBody": { "required": true, "content": content("application/json", &schema) },
                "responses": {
                    "2XX": { "description": "Taken" },
                    "410": { "description": "Not wanted any more: the webhook is switched off" },
                    "default": { "description": "Not taken: tried again later" },
                },
            },
        });
        (event.name().to_owned(), described)
    };
    Value::Object(EventType::ALL.into_iter().map(delivery).collect())
}

/// `TodoCreated` for `TODO_CREATED`.
fn camel(name: &str) -> String {
    let word = |word: &str| {
        let (first, rest) = word.split_at_checked(1).unwrap_or((word, ""));
        first.to_owned() + &rest.to_ascii_lowercase()
    };
    name.split('_').map(word).collect()
}

fn parameters() -> Value {
    let parameter = |(name, place, schema, description): &(&str, &str, &str, &str)| {
        let schema: Value = serde_json::from_str(schema).unwrap_or_default();
        let described = json!({
            "name": spelt(name), "in": place, "required": *place == "path", "schema": schema, "description": description,
        });
        ((*name).to_owned(), described)
    };
    Value::Object(PARAMETERS.iter().map(parameter).collect())
}

fn reference(kind: &str, name: &str) -> Value {
    json!({ "$ref": format!("#/components/{kind}/{name}") })
}

fn content(media_type: &str, schema: &Value) -> Value {
    json!({ media_type: { "schema": schema } })
}

#[cfg(test)]
mod tests;

//! The catalogue of events, each with a schema of what is delivered and a sample of what is posted.

use actix_web::{HttpResponse, web};
use bluehook_core::{event::EventType, sample::sample};
use serde::Serialize;
use serde_json::{Value, json, value::RawValue};

use super::{only, view::ItemsView};
use crate::{auth::Caller, problem::Problem};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.service(web::resource("/v1/event-types").get(list).default_service(only("GET")));
}

async fn list(_: Caller) -> Result<HttpResponse, Problem> {
    let samples: Vec<_> = EventType::ALL.into_iter().map(|event| (event, sample(event))).collect();
    let items = samples
        .iter()
        .filter_map(|(event, sample)| {
            let previous_value = serde_json::from_str(sample.previous_value.as_str()).ok()?;
            let current_value = serde_json::from_str(sample.current_value.as_str()).ok()?;
            Some(EventTypeView::new(*event, SampleView { previous_value, current_value }))
        })
        .collect();
    Ok(HttpResponse::Ok().json(ItemsView { items }))
}

/// An event that a webhook can subscribe to.
#[derive(Serialize)]
struct EventTypeView<'a> {
    event: &'static str,
    group: &'static str,
    entity: &'static str,
    description: &'static str,
    schema: Value,
    sample: SampleView<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SampleView<'a> {
    previous_value: &'a RawValue,
    current_value: &'a RawValue,
}

impl<'a> EventTypeView<'a> {
    fn new(event: EventType, sample: SampleView<'a>) -> EventTypeView<'a> {
        EventTypeView {
            event: event.name(),
            group: event.group().name(),
            entity: event.entity().name(),
            description: event.description(),
            schema: delivered(event, &sample),
            sample,
        }
    }
}

/// The JSON Schema of a `full` body. Values are what the backend gave, so only that they are there is promised.
fn delivered(event: EventType, sample: &SampleView<'_>) -> Value {
    let value = |sample: &RawValue| {
        if sample.get() == "null" { json!({"type": "null"}) } else { json!({"type": "object"}) }
    };
    json!({
        "type": "object",
        "required": ["event", "webhook", "previousValue", "currentValue"],
        "properties": {
            "event": { "const": event.name() },
            "webhook": { "type": "object" },
            "previousValue": value(sample.previous_value),
            "currentValue": value(sample.current_value),
        },
    })
}

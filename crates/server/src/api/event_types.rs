//! The catalogue of events, each with a schema of what is delivered and a sample of what is posted.

use actix_web::{HttpResponse, web};
use bluehook_core::{event::EventType, sample::sample, schema};
use serde::Serialize;
use serde_json::value::RawValue;

use super::{only, view::ItemsView};
use crate::{auth::Caller, problem::Problem};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.service(web::resource("/v1/event-types").get(list).default_service(only("GET")));
}

async fn list(_: Caller) -> Result<HttpResponse, Problem> {
    let known: Vec<_> =
        EventType::ALL.into_iter().map(|event| (event, schema::document(event), sample(event))).collect();
    let items = known
        .iter()
        .filter_map(|(event, schema, sample)| {
            let previous_value = serde_json::from_str(sample.previous_value.as_str()).ok()?;
            let current_value = serde_json::from_str(sample.current_value.as_str()).ok()?;
            let schema = serde_json::from_str(schema).ok()?;
            Some(EventTypeView::new(*event, schema, SampleView { previous_value, current_value }))
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
    schema: &'a RawValue,
    sample: SampleView<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SampleView<'a> {
    previous_value: &'a RawValue,
    current_value: &'a RawValue,
}

impl<'a> EventTypeView<'a> {
    fn new(event: EventType, schema: &'a RawValue, sample: SampleView<'a>) -> EventTypeView<'a> {
        EventTypeView {
            event: event.name(),
            group: event.group().name(),
            entity: event.entity().name(),
            description: event.description(),
            schema,
            sample,
        }
    }
}

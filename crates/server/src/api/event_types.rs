//! The catalogue of events, each with a schema of what is delivered and a sample of what is posted.

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use bluehook_core::{event::EventType, language::Language, sample::sample, schema};
use serde::Serialize;
use serde_json::value::RawValue;

use super::{
    only,
    params::{Params, boolean},
    view::ItemsView,
};
use crate::{auth::Caller, language, problem::Problem};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(web::resource("/v1/event-types").get(list).default_service(only("GET, HEAD")))
        .service(web::resource("/v1/event-types/{eventType}").get(show).default_service(only("GET, HEAD")));
}

/// All of them; with `brief` without schemas and samples, which are most of it.
async fn list(_: Caller, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let mut params = Params::of(&request);
    let brief = params.take("brief", boolean).unwrap_or_default();
    params.finish()?;
    let language = language::of(&request);
    let view = |event| EventTypeView::new(event, language, !brief);
    Ok(answer(language, &ItemsView { items: EventType::ALL.into_iter().map(view).collect() }))
}

async fn show(_: Caller, name: web::Path<String>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    Params::of(&request).finish()?;
    let event = EventType::from_name(&name).ok_or_else(|| Problem::not_found("Event type"))?;
    let language = language::of(&request);
    Ok(answer(language, &EventTypeView::new(event, language, true)))
}

fn answer(language: Language, view: &impl Serialize) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_LANGUAGE, language.tag()))
        .insert_header((header::VARY, "Accept-Language"))
        .json(view)
}

/// An event that a webhook can subscribe to.
#[derive(Serialize)]
struct EventTypeView {
    event: &'static str,
    group: &'static str,
    entity: &'static str,
    description: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    schema: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sample: Option<SampleView>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SampleView {
    previous_value: Box<RawValue>,
    current_value: Box<RawValue>,
}

impl EventTypeView {
    fn new(event: EventType, language: Language, whole: bool) -> EventTypeView {
        EventTypeView {
            event: event.name(),
            group: event.group().name(),
            entity: event.entity().name(),
            description: event.description_in(language),
            schema: whole.then(|| RawValue::from_string(schema::document(event)).ok()).flatten(),
            sample: whole.then(|| SampleView::of(event)).flatten(),
        }
    }
}

impl SampleView {
    fn of(event: EventType) -> Option<SampleView> {
        let sample = sample(event);
        let raw = |json: &str| RawValue::from_string(json.to_owned()).ok();
        Some(SampleView {
            previous_value: raw(sample.previous_value.as_str())?,
            current_value: raw(sample.current_value.as_str())?,
        })
    }
}

#[cfg(test)]
mod tests {
    use awc::http::Method;
    use serde_json::{Value, json};

    use super::*;
    use crate::trial::{ADMIN, World};

    #[actix_web::test]
    async fn the_catalogue_in_brief_and_one_whole() {
        let world = World::new().await;
        let get = async |path: &str| world.call(ADMIN, Method::GET, path, Value::Null).await;
        let (_, all) = get("/v1/event-types").await;
        let (_, brief) = get("/v1/event-types?brief=true").await;
        assert_eq!(brief["items"].as_array().map(Vec::len), Some(EventType::ALL.len()));
        assert!(brief.to_string().len() < 8_000 && all.to_string().len() > 100_000);
        assert!(brief["items"][0].get("schema").is_none() && brief["items"][0].get("sample").is_none());
        for name in ["TODO_CREATED", "RECORD_CREATED"] {
            let (status, one) = get(&format!("/v1/event-types/{name}")).await;
            assert_eq!((status, &one), (200, &all["items"][0]), "{name}");
        }
        assert_eq!(get("/v1/event-types/NOTHING").await.0, 404);
        let (status, problem) = get("/v1/event-types?brief=yes").await;
        assert_eq!((status, &problem["errors"][0]["code"]), (400, &json!("UNKNOWN_WORD")));
    }

    #[actix_web::test]
    async fn descriptions_are_in_the_readers_language() {
        let world = World::new().await;
        let request = world.client.get(format!("{}/v1/event-types?brief=true", world.url)).bearer_auth(ADMIN);
        let mut answer = request.insert_header(("accept-language", "it")).send().await.unwrap();
        assert_eq!(answer.headers().get("content-language").unwrap(), "it");
        let told: Value = serde_json::from_slice(&answer.body().await.unwrap()).unwrap();
        assert_eq!(told["items"][0]["description"], "Un record è stato creato");
    }
}

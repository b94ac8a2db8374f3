//! The description and the server agree.

use awc::http::Method;
use bluehook_dispatcher::Role;
use serde_json::{Value, json};

use super::{
    document,
    operations::{LINKS, OPERATIONS, TAGS},
};
use crate::trial::{ADMIN, World};

/// Every `$ref` in a document.
fn references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            found.extend(members.get("$ref").and_then(Value::as_str).map(str::to_owned));
            members.values().for_each(|value| references(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let document = document();
    let mut found = Vec::new();
    references(&document, &mut found);
    assert!(found.len() > 100);
    for reference in found {
        assert!(document.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
    }
    assert_eq!(document["webhooks"].as_object().map(serde_json::Map::len), Some(37));
}

/// What the types of the settings UI are made from.
const FORMS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../www/forms.json");

/// Set to have the file written.
const WRITE: &str = "BLUEHOOK_WRITE_FORMS";

#[test]
fn the_settings_ui_knows_the_forms_as_they_are() {
    let mut document = document();
    let forms = document["components"]["schemas"].as_object_mut().unwrap();
    forms.retain(|name, _| !name.starts_with("Blue"));
    if std::env::var_os(WRITE).is_some() {
        std::fs::write(FORMS, format!("{:#}\n", json!(forms))).unwrap();
    }
    let known: Value = serde_json::from_str(&std::fs::read_to_string(FORMS).unwrap()).unwrap();
    assert!(
        known == json!(forms),
        "www/forms.json is not what is described; write it anew: {WRITE}=1 cargo nextest run -p bluehook-server the_settings_ui"
    );
}

#[test]
fn tags_and_links_name_what_there_is() {
    let known = |id: &str| OPERATIONS.iter().any(|operation| operation.id == id);
    assert!(OPERATIONS.iter().all(|operation| TAGS.iter().any(|(name, _)| *name == operation.tag)));
    for (from, status, _, others) in LINKS {
        assert!(known(from) && others.iter().all(|to| known(to)), "{from}");
        let links = &document()["paths"];
        assert!(links.to_string().contains(&format!("\"operationId\":\"{}\"", others[0])), "{from} {status}");
    }
}

#[actix_web::test]
async fn every_operation_is_there() {
    let world = World::new().await;
    for operation in OPERATIONS {
        let method: Method = operation.method.to_uppercase().parse().unwrap();
        let path =
            operation.path.replace("{id}", "none").replace("{userId}", "none").replace("{eventType}", "none");
        // A stream would not end.
        let path = if operation.id == "stream" { path + "?lastEventId=none" } else { path };
        let (status, problem) = world.call(ADMIN, method, &path, Value::Null).await;
        assert_ne!(status, 405, "{} {path}", operation.method);
        assert_ne!(problem["detail"], "This route was not found.", "{} {path}", operation.method);
    }
}

/// The members of a form, and of an answer.
#[track_caller]
fn check(form: &str, answer: &Value) {
    let document = document();
    let expected = &document["components"]["schemas"][form]["properties"];
    let names =
        |value: &Value| value.as_object().map(|value| value.keys().cloned().collect::<Vec<_>>()).unwrap();
    let (mut expected, mut found) = (names(expected), names(answer));
    expected.sort();
    found.sort();
    assert_eq!(found, expected, "{form}");
}

#[actix_web::test]
async fn answers_have_the_forms_that_are_described() {
    let world = World::new().await;
    let token = world.person("me", "c", Role::Admin).await;
    let id = world.webhook("me", "c").await;
    let get = async |path: &str| world.service(Method::GET, path, Value::Null).await;
    check("Webhook", &get(&format!("/v1/webhooks/{id}")).await);
    check("Stats", &get(&format!("/v1/webhooks/{id}/stats")).await);
    let link = json!({"userId": "me", "companyId": "c"});
    check("NewSession", &world.service(Method::POST, "/v1/sessions", link).await);
    let event = json!({"event": "TAG_CREATED", "companyId": "c", "projectId": "p-c", "userId": "u", "currentValue": {}});
    let accepted = world.service(Method::POST, "/v1/events", event).await;
    let event = get(&format!("/v1/events/{}", accepted["id"].as_str().unwrap())).await;
    check("EventDetail", &event);
    check("Delivery", &event["deliveries"][0]);
    check("EventSummary", &get("/v1/events").await["items"][0]);
    let delivery = get(&format!("/v1/deliveries/{}", event["deliveries"][0]["id"].as_str().unwrap())).await;
    check("DeliveryDetail", &delivery);
    check("EventType", &get("/v1/event-types").await["items"][0]);
    let (_, me) = world.call(&token, Method::GET, "/v1/me", Value::Null).await;
    check("Me", &me);
    let checked = world.service(Method::POST, "/v1/url-check", json!({"url": "nothing"})).await;
    check("UrlCheck", &checked);
    check("Token", &get("/v1/tokens").await["items"][0]);
    check("Project", &get("/v1/projects?companyId=c").await["items"][0]);
    let made = world.service(Method::POST, "/v1/tokens", json!({"name": "n"})).await;
    check("NewToken", &made);
}

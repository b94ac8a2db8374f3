//! What each error becomes, in which language, and with which headers.

use bluehook_dispatcher::{Busy, Conflict, Counted, Role, Trouble};

use super::*;
use crate::trial::{ADMIN, World};

fn body(problem: &Problem, language: Language) -> Value {
    serde_json::to_value(Body::new(problem, language, &RequestId::new())).unwrap()
}

#[track_caller]
fn check(error: Error, status: u16, code: &str, detail: &str) {
    let problem = Problem::from(error);
    let body = body(&problem, Language::English);
    assert_eq!(problem.error_response().status().as_u16(), status);
    assert_eq!(body["type"], format!("/docs/errors#{code}"));
    assert_eq!((body["status"].as_u64(), body["code"].as_str()), (Some(status.into()), Some(code)));
    assert_eq!(body["detail"], detail);
    assert!(body["params"].is_object() && body["requestId"].as_str().unwrap().starts_with("req_"), "{body}");
}

#[test]
fn every_error_of_the_dispatcher_has_its_problem() {
    let place = || input::Problem::new("/a", Fault::Required);
    check(Error::Invalid(vec![place()]), 400, "BAD_USER_INPUT", "/a: required, but missing");
    check(Error::Invalid(vec![place(), place()]), 400, "BAD_USER_INPUT", "2 problems were found");
    check(Error::NotFound("Webhook"), 404, "WEBHOOK_NOT_FOUND", "Webhook was not found.");
    check(Error::NotFound("Event"), 404, "NOT_FOUND", "Event was not found.");
    check(Error::Changed, 412, "PRECONDITION_FAILED", "it was changed since it was read; read it again");
    check(Error::Conflict(Conflict::BeingSent), 409, "CONFLICT", "the delivery is under way already");
    check(Error::PrivateAddress, 400, "PRIVATE_ADDRESS", "URL resolves to a private/internal address");
    check(
        Error::LimitReached { limit: 3, used: 3, counts: Counted::On },
        403,
        "PLAN_LIMIT_REACHED",
        "the company already has 3 enabled webhooks, which is its limit",
    );
    check(
        Error::Overloaded { retry_after_seconds: 5 },
        429,
        "OVERLOADED",
        "too many deliveries are waiting; try again in 5 s",
    );
    check(
        Error::Busy { what: Busy::Reading, retry_after_seconds: 1 },
        503,
        "UNAVAILABLE",
        "too much is being read at once; try again in 1 s",
    );
    check(Error::ShuttingDown, 503, "UNAVAILABLE", "the server is shutting down; try again");
    let held = Trouble::Held.sentence(Language::English);
    check(Error::Unavailable(Trouble::Held), 503, "UNAVAILABLE", held);
    check(Error::Store("disk full at /a".to_owned()), 503, "UNAVAILABLE", "the store failed; try again");
    check(Error::Config("x".to_owned()), 500, "INTERNAL_SERVER_ERROR", "the server is not set up for this");
}

#[test]
fn headers_say_what_to_do() {
    let header = |problem: &Problem, name: &str| {
        problem.error_response().headers().get(name).map(|value| value.to_str().unwrap().to_owned())
    };
    let overloaded = Problem::from(Error::Overloaded { retry_after_seconds: 5 });
    assert_eq!(header(&overloaded, "retry-after").as_deref(), Some("5"));
    assert_eq!(
        header(&Problem::method_not_allowed("GET, HEAD, POST"), "allow").as_deref(),
        Some("GET, HEAD, POST")
    );
    let unknown = Problem::new(Code::Unauthenticated, Detail::NoCredentials);
    assert_eq!(header(&unknown, "www-authenticate").as_deref(), Some("Bearer realm=\"bluehook\""));
    assert_eq!(header(&unknown, "content-type").as_deref(), Some("application/problem+json"));
}

#[test]
fn programs_are_told_what_the_sentence_needs() {
    let params = |problem: Problem| body(&problem, Language::Italian)["params"].clone();
    assert_eq!(params(Error::Conflict(Conflict::WebhookOff).into()), json!({"why": "WEBHOOK_OFF"}));
    let limit = Error::LimitReached { limit: 3, used: 4, counts: Counted::All };
    assert_eq!(params(limit.into()), json!({"limit": 3, "used": 4, "counts": "ALL"}));
    let often = params(Problem::rate_limited(30, "HOST", 7));
    assert_eq!(often, json!({"limit": 30, "scope": "HOST", "retryAfterSeconds": 7}));
    let changed = body(&Problem::changed(json!({"id": "w"}), "\"t\""), Language::English);
    assert_eq!((&changed["current"]["id"], &changed["etag"]), (&json!("w"), &json!("\"t\"")));
}

#[test]
fn the_first_hundred_places_are_named_and_all_are_counted() {
    let places = (0..150).map(|i| input::Problem::new(format!("/{i}"), Fault::Required)).collect();
    let body = body(&Problem::invalid(places), Language::Italian);
    assert_eq!(body["errors"].as_array().map(Vec::len), Some(100));
    assert_eq!(body["errorCount"], 150);
    assert_eq!(body["errors"][0]["detail"], "obbligatorio, ma manca");
    assert_eq!(body["detail"], "ci sono 150 problemi");
}

/// What somebody is told who asks for a webhook that is not there: in which language, and what.
async fn told(world: &World, token: &str, accepted: Option<&str>) -> (String, String) {
    let mut request = world.client.get(format!("{}/v1/webhooks/none", world.url)).bearer_auth(token);
    if let Some(accepted) = accepted {
        request = request.insert_header(("accept-language", accepted));
    }
    let mut answer = request.send().await.unwrap();
    assert_eq!(answer.headers().get("vary").unwrap(), "Accept-Language");
    let language = answer.headers().get("content-language").unwrap().to_str().unwrap().to_owned();
    let problem: Value = serde_json::from_slice(&answer.body().await.unwrap()).unwrap();
    (language, problem["detail"].as_str().unwrap().to_owned())
}

#[actix_web::test]
async fn the_language_is_the_requests_else_the_persons_else_english() {
    const ENGLISH: &str = "Webhook was not found.";
    const ITALIAN: &str = "Webhook non trovato.";
    let world = World::new().await;
    let token = world.person("ada", "c", Role::Admin).await;
    let expect = |language: &str, detail: &str| (language.to_owned(), detail.to_owned());
    assert_eq!(told(&world, &token, None).await, expect("en", ENGLISH));
    assert_eq!(told(&world, ADMIN, Some("it-IT,it;q=0.9,en;q=0.8")).await, expect("it", ITALIAN));
    let user = json!({"email": "a@example.com", "fullName": "Ada", "locale": "it"});
    world.service(awc::http::Method::PUT, "/v1/users/ada", user).await;
    assert_eq!(told(&world, &token, None).await, expect("it", ITALIAN));
    assert_eq!(told(&world, &token, Some("en")).await, expect("en", ENGLISH));
    assert_eq!(told(&world, &token, Some("fr")).await, expect("it", ITALIAN));
}

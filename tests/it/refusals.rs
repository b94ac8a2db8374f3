//! Bad input is refused with what is wrong and where, and the server goes on.

use awc::http::Method;
use bluehook_tests::{
    api::{Answer, Api},
    company::Company,
    receiver::Receiver,
    server::Place,
};
use serde_json::{Value, json};

/// A body with one thing wrong, the status, and where the problems are.
struct Case {
    what: &'static str,
    body: Vec<u8>,
    status: u16,
    pointers: &'static [&'static str],
}

fn case(
    what: &'static str,
    body: impl Into<Vec<u8>>,
    status: u16,
    pointers: &'static [&'static str],
) -> Case {
    Case { what, body: body.into(), status, pointers }
}

fn cases(company: &Company) -> Vec<Case> {
    let good = company.record_created(r#"{"id":"refused"}"#);
    let with = |from: &str, to: &str| {
        assert!(good.contains(from), "{from}");
        good.replacen(from, to, 1)
    };
    let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    vec![
        case("nothing", "", 400, &[""]),
        case("half an object", r#"{"event":"#, 400, &[""]),
        case("not JSON", "event=TODO_CREATED", 400, &[""]),
        case("two documents", format!("{good}{good}"), 400, &[""]),
        case("a list", "[]", 400, &[""]),
        case("invalid UTF-8", with_invalid_utf8(&good), 400, &[""]),
        case("unknown event", with("TODO_CREATED", "TODO_CRATED"), 400, &["/event"]),
        case("a probe", with("TODO_CREATED", "WEBHOOK_HEALTH_CHECK"), 400, &["/event"]),
        case("an event that is a number", with("\"TODO_CREATED\"", "7"), 400, &["/event"]),
        case("an unknown field", with("{", r#"{"extra":1,"#), 400, &["/extra"]),
        case("a repeated field", with("{", r#"{"event":"TODO_DELETED","#), 400, &["/event"]),
        case("a value that is a list", with(r#"{"id":"refused"}"#, "[]"), 400, &["/currentValue"]),
        case("no value at all", with(r#"{"id":"refused"}"#, "null"), 400, &["/currentValue"]),
        case("brackets", with(r#"{"id":"refused"}"#, &nested(100_000)), 400, &["/currentValue"]),
        case("only brackets", nested(100_000), 400, &[""]),
        case("deep values", with(r#""refused""#, &nested(1_000)), 400, &["/currentValue"]),
        case(
            "an id that is too long",
            with("{", &format!(r#"{{"id":"{}","#, "x".repeat(1_000))),
            400,
            &["/id"],
        ),
        case("no time", with("{", r#"{"occurredAt":"yesterday","#), 400, &["/occurredAt"]),
        case("too large", with("refused", &"x".repeat(2 << 20)), 413, &[]),
        case(
            "everything wrong",
            r#"{"event":7,"companyId":"","projectId":null,"extra":0}"#,
            400,
            &["/event", "/companyId", "/projectId", "/userId", "/extra"],
        ),
    ]
}

/// The record's id with a byte in it that UTF-8 does not know.
fn with_invalid_utf8(body: &str) -> Vec<u8> {
    let mut bytes = body.as_bytes().to_vec();
    let at = body.find("refused").unwrap();
    bytes[at] = 0xff;
    bytes
}

#[actix_web::test]
async fn bad_events_are_refused_and_the_server_goes_on() {
    let place = Place::new();
    let mut server = place.serve();
    let receiver = Receiver::start();
    let company = Company::create(&server, "refusals").await;
    company.webhook(receiver.url(), json!({})).await;
    let api = Api::of(&server);

    for Case { what, body, status, pointers } in cases(&company) {
        let answer = api.post("/v1/events", body).await;
        check_problem(what, &answer, status);
        assert_eq!(pointers_of(&answer), pointers, "{what}: {}", answer.text());
    }

    assert!(server.is_running());
    api.post("/v1/events", company.record_created(r#"{"id":"taken"}"#)).await.json(202);
    let received = receiver.wait_for_count(1).await;
    assert_eq!(received.len(), 1);
    assert!(received[0].text().contains("taken"));
}

#[actix_web::test]
async fn everything_wrong_with_a_webhook_is_told_at_once() {
    let place = Place::new();
    let server = place.serve();
    let company = Company::create(&server, "wrong-webhooks").await;
    let api = Api::of(&server);
    let mut wrong = json!({
        "name": "", "url": "ftp://example.com", "events": ["NOPE"], "projectIds": ["none"],
        "payloadFormat": "fat", "rateLimitPerSecond": -3, "headers": {"Host": "x", "a b": "c"},
        "filter": {"currentValue": {"$foo": 1}},
    });
    let mut pointers = vec![
        "/events/0",
        "/filter/currentValue/$foo",
        "/headers/Host",
        "/headers/a b",
        "/name",
        "/payloadFormat",
        "/projectIds/0",
        "/rateLimitPerSecond",
        "/url",
    ];

    let webhook = company.webhook("http://127.0.0.1:9/", json!({})).await;
    let id = webhook["id"].as_str().unwrap();
    let answer = api.send(Method::PATCH, &format!("/v1/webhooks/{id}"), wrong.to_string()).await.unwrap();
    check_problem("a change", &answer, 400);
    assert_eq!(sorted(pointers_of(&answer)), pointers, "{}", answer.text());

    wrong["companyId"] = webhook["companyId"].clone();
    wrong["secret"] = "short".into();
    pointers.extend(["/createdById", "/secret"]);
    pointers.sort_unstable();
    let answer = api.post("/v1/webhooks", wrong.to_string()).await;
    check_problem("a new one", &answer, 400);
    assert_eq!(sorted(pointers_of(&answer)), pointers, "{}", answer.text());
}

#[actix_web::test]
async fn a_secret_that_is_almost_a_generated_one_is_not_taken() {
    let server = Place::new().serve();
    let company = Company::create(&server, "spoilt").await;
    let api = Api::of(&server);
    let webhook = company.webhook("http://127.0.0.1:9/", json!({})).await;
    let rotate = format!("/v1/webhooks/{}/rotate-secret", webhook["id"].as_str().unwrap());
    for spoilt in [
        "whsec_not*base64",
        "whsec_AAECAwQFBgcICQoLDA0ODw_-",
        "WHSEC_AAECAwQFBgcICQoLDA0ODw==",
        "whsec-AAECAwQFBgcICQoLDA0ODw==",
        "\"whsec_AAECAwQFBgcICQoLDA0ODw==\"",
        "whsec_AAECAwQFBgcICQoLDA0ODw=",
    ] {
        let new = json!({"companyId": company.id, "createdById": company.person_id, "name": "Webhook",
            "url": "http://127.0.0.1:9/", "secret": spoilt});
        for (path, body) in [("/v1/webhooks", new), (&*rotate, json!({"secret": spoilt}))] {
            let answer = api.post(path, body.to_string()).await;
            check_problem(spoilt, &answer, 400);
            assert_eq!(answer.json(400)["errors"][0]["code"], "SECRET_ENCODING", "{}", answer.text());
        }
    }
    let whole = json!({"secret": "whsec_AAECAwQFBgcICQoLDA0ODw=="});
    assert_eq!(api.post(&rotate, whole.to_string()).await.json(200)["secret"], whole["secret"]);
}

fn sorted(mut pointers: Vec<String>) -> Vec<String> {
    pointers.sort_unstable();
    pointers
}

#[actix_web::test]
async fn a_token_that_has_expired_is_not_made() {
    let place = Place::new();
    let server = place.serve();
    let new = json!({"name": "late", "expiresAt": "2020-01-01T00:00:00Z"}).to_string();
    let answer = Api::of(&server).post("/v1/tokens", new).await;
    check_problem("a token", &answer, 400);
    assert_eq!(pointers_of(&answer), ["/expiresAt"]);
}

#[actix_web::test]
async fn strangers_are_refused() {
    let place = Place::new();
    let server = place.serve();
    let company = Company::create(&server, "strangers").await;
    let event = company.record_created("{}");
    for token in ["", "wrong", "admin-token-of-the-tests-012345678", "\"; drop table events"] {
        let api = Api::with_token(&server, token);
        check_problem(token, &api.post("/v1/events", event.clone()).await, 401);
        check_problem(token, &api.get("/v1/webhooks").await, 401);
    }
}

#[actix_web::test]
async fn other_paths_and_methods_are_problems_too() {
    let place = Place::new();
    let server = place.serve();
    let api = Api::of(&server);
    check_problem("no such path", &api.get("/v1/nothing").await, 404);
    check_problem("no such webhook", &api.get("/v1/webhooks/clb4qaopy0000vt24mlp28v03").await, 404);
    let answer = api.send(Method::DELETE, "/v1/events", Vec::new()).await.unwrap();
    check_problem("no such method", &answer, 405);
}

/// RFC 9457: the members that every problem has.
fn check_problem(what: &str, answer: &Answer, status: u16) {
    assert_eq!(answer.status, status, "{what}: {}", answer.text());
    assert_eq!(answer.content_type, "application/problem+json", "{what}");
    let problem = answer.json(status);
    assert_eq!(problem["status"], status, "{what}");
    for member in ["type", "title", "detail", "code"] {
        assert!(
            problem[member].as_str().is_some_and(|text| !text.is_empty()),
            "{what}: {member} in {problem}"
        );
    }
}

fn pointers_of(answer: &Answer) -> Vec<String> {
    let problem: Value = serde_json::from_slice(&answer.body).unwrap();
    let errors = problem["errors"].as_array().cloned().unwrap_or_default();
    errors.iter().map(|error| error["pointer"].as_str().unwrap().to_owned()).collect()
}

//! `ca-file` through the program itself: a receiver with a certificate of one's own authority is refused without it, and
//! called with it.

use bluehook_tests::{receiver::Receiver as Nobody, server::Place, world::World};
use serde_json::{Value, json};

use crate::{
    certificates::{Authority, server, valid},
    receiver::{OK, Receiver, answer},
};

/// What the log says of a delivery to a receiver, after its only attempt, and what a check of its URL finds of its TLS.
async fn sent(receiver: &Receiver, trusted: Option<&Authority>) -> (Value, Value) {
    let place = Place::new().with("RETRY_SCHEDULE", "none").with("TIMEOUT", "20s");
    let place = match trusted {
        Some(authority) => place.with("CA_FILE", &authority.file().display().to_string()),
        None => place,
    };
    let world = World::start(place, Nobody::start()).await;
    world.webhook(json!({"url": receiver.url()})).await;
    world.record_created("{}").await;
    let ended = |page: &Value| page["items"][0]["attemptCount"] == 1;
    let listed = world.shows("/v1/deliveries", ended).await;
    let path = format!("/v1/deliveries/{}", listed["items"][0]["id"].as_str().unwrap());
    let delivery = world.api.get(&path).await.json(200);
    let checked = world.api.post("/v1/url-check", json!({"url": receiver.url()}).to_string()).await.json(200);
    let steps = checked["steps"].as_array().unwrap();
    (delivery, steps.iter().find(|step| step["step"] == "TLS").unwrap().clone())
}

/// That it was refused for this reason, before anything was sent.
async fn check_refused(receiver: &Receiver, trusted: Option<&Authority>, reason: &str) {
    let (delivery, tls) = sent(receiver, trusted).await;
    let attempt = &delivery["attempts"][0];
    assert_eq!(
        (&delivery["status"], &attempt["errorClass"], &attempt["error"]["reason"], &attempt["response"]),
        (&json!("FAILED"), &json!("TLS"), &json!(reason), &Value::Null),
        "{delivery}"
    );
    assert_eq!((&tls["result"], &tls["reason"]), (&json!("FAILED"), &json!(reason)), "{tls}");
    assert_eq!(receiver.requests().len(), 0, "nothing was sent to it");
}

#[actix_web::test]
async fn ones_own_authority_is_trusted_where_it_is_named_and_nowhere_else() {
    let (own, another) = (Authority::named("Our own"), Authority::named("Somebody else's"));
    let identity = own.whole(&server(&["127.0.0.1"]));
    let receiver = Receiver::over(Some(identity.acceptor(&[])), |_| answer(OK)).await;
    check_refused(&receiver, None, "UNKNOWN_ISSUER").await;
    check_refused(&receiver, Some(&another), "UNKNOWN_ISSUER").await;
    let (delivery, tls) = sent(&receiver, Some(&own)).await;
    assert_eq!(
        (&delivery["status"], &delivery["attempts"][0]["response"]["statusCode"]),
        (&json!("SUCCEEDED"), &json!(200)),
        "{delivery}"
    );
    assert_eq!(tls["result"], "OK", "{tls}");
    assert_eq!(receiver.requests().len(), 1);
}

#[actix_web::test]
async fn ones_own_authority_is_believed_no_more_than_others() {
    let own = Authority::named("Our own");
    for (params, reason) in
        [(valid(2020, 2021), "EXPIRED"), (server(&["a.example.com", "10.0.0.1"]), "WRONG_NAME")]
    {
        let receiver = Receiver::over(Some(own.whole(&params).acceptor(&[])), |_| answer(OK)).await;
        check_refused(&receiver, Some(&own), reason).await;
    }
}

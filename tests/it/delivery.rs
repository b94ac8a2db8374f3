//! What arrives is what was posted, what the log shows and what the previews said, byte for byte.

use std::collections::HashMap;

use bluehook_core::preview;
use bluehook_tests::{
    company::sample_record,
    receiver::{Received, Receiver},
    server::Place,
    world::World,
};
use serde_json::{Value, json};

use crate::node;

/// Values that a reader of JSON would like to change: repeated keys, spellings of numbers, escapes, empty names.
const HOSTILE: &str = r#"{"b":1,"a":-0,"b":2,"big":1e400,"long":12345678901234567890.01234567890123456789,"n":1.0,"e":1E+2,"s":"\ud800\u0000\/\u00e9é\u2028","":{"x":[]},"html":"<p>&amp;</p>"}"#;

/// Reads a request and an event's text, and prints the preview.
const PREVIEW: &str = "import { preview } from 'bluehook/preview';
import { readFileSync } from 'node:fs';
const [request, event] = JSON.parse(readFileSync(0, 'utf8'));
process.stdout.write(JSON.stringify(preview({ ...request, event })));";

#[actix_web::test]
async fn hostile_values_arrive_as_they_were_posted() {
    let world = World::start(Place::new(), Receiver::start()).await;
    for (format, expected) in [
        ("full", format!(r#","previousValue":{HOSTILE},"currentValue":{HOSTILE}}}"#)),
        ("compact", format!(r#"{{"event":"RECORD_NAME_CHANGED","record":{HOSTILE},"company":"#)),
    ] {
        let event = world.company.event("TODO_NAME_CHANGED", HOSTILE, HOSTILE);
        let delivered = deliver(&world, format, &event).await;
        assert!(delivered.request.text().contains(&expected), "{}", delivered.request.text());
        delivered.check_previews(&event);
    }
}

#[actix_web::test]
async fn white_space_between_tokens_is_all_that_goes() {
    let world = World::start(Place::new(), Receiver::start()).await;
    let event = world.company.record_created("{ \"a\" : [ 1 ,\n\t2 ] , \"b c\" : \" d \" }");
    let delivered = deliver(&world, "full", &event).await;
    assert!(
        delivered
            .request
            .text()
            .ends_with(r#","previousValue":null,"currentValue":{"a":[1,2],"b c":" d "}}"#)
    );
}

#[actix_web::test]
async fn the_real_sample_arrives_as_it_is_previewed() {
    let world = World::start(Place::new(), Receiver::start()).await;
    for format in ["full", "compact"] {
        let event = world.company.record_created(&sample_record());
        let delivered = deliver(&world, format, &event).await;
        assert!(delivered.request.text().contains(&sample_record()));
        delivered.check_previews(&event);
    }
}

/// Posts an event to a new webhook of the format, and checks that the log shows what arrived.
async fn deliver(world: &World, format: &str, event: &str) -> Delivered {
    let path = format!("/{format}");
    let url = world.receiver.url().replace("/hook", &path);
    let created = world.company.webhook(&url, json!({"payloadFormat": format})).await;
    let id = created["id"].as_str().unwrap();
    let webhook = world.api.get(&format!("/v1/webhooks/{id}")).await.json(200);
    world.api.post("/v1/events", event.to_owned()).await.json(202);

    let arrived = |request: &&Received| request.path == path;
    let all =
        world.receiver.wait_for("the delivery arrives", |all| all.iter().any(|request| arrived(&request)));
    let request = all.await.iter().find(arrived).unwrap().clone();
    let log = world.api.get(&format!("/v1/deliveries/{}", request.header("webhook-id"))).await.json(200);
    assert_eq!(log["request"]["body"], request.text());
    Delivered { webhook, secret: created["secret"].clone(), request }
}

/// A delivery that arrived, and the webhook that it belongs to.
struct Delivered {
    webhook: Value,
    secret: Value,
    request: Received,
}

impl Delivered {
    /// The native preview and the one in Node are this very delivery.
    fn check_previews(&self, event: &str) {
        let timestamp: i64 = self.request.header("webhook-timestamp").parse().unwrap();
        let request = json!({
            "webhook": self.webhook,
            "secret": self.secret,
            "deliveryId": self.request.header("webhook-id"),
            "now": bluehook_core::time::format(timestamp * 1_000),
        });
        let with_event = request.to_string().replacen('{', &format!(r#"{{"event":{event},"#), 1);
        let native = preview::preview(&preview::read(&with_event, 0).unwrap());
        self.check_preview(&native.body, &native.headers);
        assert!(native.why.is_none());

        let in_node: Value =
            serde_json::from_str(&node::run(PREVIEW, &json!([request, event]).to_string())).unwrap();
        let headers: HashMap<String, String> = serde_json::from_value(in_node["headers"].clone()).unwrap();
        self.check_preview(in_node["body"].as_str().unwrap(), &Vec::from_iter(headers));
        assert_eq!(in_node["matches"], true);
        assert_eq!(in_node["size"], self.request.body.len());
    }

    fn check_preview(&self, body: &str, headers: &[(String, String)]) {
        assert_eq!(body, self.request.text());
        assert!(headers.iter().any(|(name, _)| name == "X-Signature"));
        for (name, value) in headers {
            let sent = self.request.header(&name.to_lowercase());
            // Made when the event was taken in.
            if name == "X-Bluehook-Event-Time" || name == "X-Bluehook-Sequence" {
                assert_eq!(sent.len(), value.len(), "{name}");
            } else {
                assert_eq!(sent, value, "{name}");
            }
        }
    }
}

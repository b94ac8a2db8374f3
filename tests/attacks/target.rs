//! The server under attack: a company whose people attack, and another whose event is to be taken in.

use std::net::SocketAddr;

use bluehook_tests::{
    api::Api,
    company::Company,
    receiver::Receiver,
    server::{ADMIN_TOKEN, Place, Server},
};
use serde_json::json;

/// Everything that an attack needs.
pub(crate) struct Target {
    pub(crate) server: Server,
    pub(crate) address: SocketAddr,
    pub(crate) attackers: Company,
    /// A person of the attackers' company, who administers a project.
    pub(crate) token: String,
    /// The backend's token.
    pub(crate) admin: &'static str,
    /// A webhook of that person's.
    pub(crate) webhook: String,
    pub(crate) victim: Company,
    pub(crate) api: Api,
    _receiver: Receiver,
    _place: Place,
}

impl Target {
    pub(crate) async fn start() -> Target {
        let place = Place::new();
        let server = place.serve();
        let address = server.url().trim_start_matches("http://").parse().expect("an address");
        let receiver = Receiver::start();
        let (attackers, victim) =
            (Company::create(&server, "attackers").await, Company::create(&server, "victim").await);
        let api = Api::of(&server);
        let token = json!({"userId": attackers.person_id, "companyId": attackers.id, "name": "attack"});
        let token = api.post("/v1/tokens", token.to_string()).await.json(201);
        let webhook = attackers.webhook(receiver.url(), json!({})).await;
        victim.webhook(receiver.url(), json!({})).await;
        Target {
            address,
            attackers,
            token: token["token"].as_str().unwrap_or_default().to_owned(),
            admin: ADMIN_TOKEN,
            webhook: webhook["id"].as_str().unwrap_or_default().to_owned(),
            victim,
            api,
            server,
            _receiver: receiver,
            _place: place,
        }
    }

    /// Twelve webhooks of the attackers with the costliest filter.
    pub(crate) async fn add_costly_webhooks(&self) {
        for _ in 0..12 {
            self.attackers.webhook("http://127.0.0.1:9/", json!({"filter": costly_filter()})).await;
        }
    }

    /// Events of the attackers with large values, in the log.
    pub(crate) async fn fill_log(&self, count: usize) {
        let value = large_value();
        for _ in 0..count {
            self.api.post("/v1/events", self.attackers.record_created(&value)).await.json(202);
        }
    }
}

/// A record with a list of 450,000 numbers: as many tokens as fit into a body.
pub(crate) fn large_value() -> String {
    let numbers = vec!["1"; 450_000].join(",");
    format!(r#"{{"id":"r","list":[{numbers}]}}"#)
}

/// As many conditions on that list as there may be, each of which looks at all of it.
pub(crate) fn costly_filter() -> serde_json::Value {
    let conditions: Vec<_> = (0..90).map(|n| 1_000 + n).collect();
    json!({ "currentValue": { "list": { "$or": conditions } } })
}

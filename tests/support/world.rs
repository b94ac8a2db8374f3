//! What most tests begin with: a server, a company in its directory, and a receiver.

use serde_json::Value;

use crate::{
    api::Api,
    company::Company,
    receiver::Receiver,
    server::{Place, Server},
    wait::until,
};

/// A server with a company, and a receiver.
pub struct World {
    /// Where the server keeps its database.
    pub place: Place,
    /// The server that runs now.
    pub server: Server,
    /// The backend's way to it.
    pub api: Api,
    /// A company with a person in a project.
    pub company: Company,
    /// Where webhooks may point.
    pub receiver: Receiver,
}

impl World {
    /// Starts a server at a place, and puts a company into it.
    pub async fn start(place: Place, receiver: Receiver) -> World {
        let server = place.serve();
        let company = Company::create(&server, "world").await;
        World { api: Api::of(&server), company, receiver, place, server }
    }

    /// A webhook of the company's person to the receiver; `more` adds to or replaces fields.
    pub async fn webhook(&self, more: Value) -> Value {
        self.company.webhook(self.receiver.url(), more).await
    }

    /// Posts that a record was created, its value given as JSON text, and gives the server's answer.
    pub async fn record_created(&self, value: &str) -> Value {
        self.api.post("/v1/events", self.company.record_created(value)).await.json(202)
    }

    /// Asks for a path until its answer is as expected, and gives it.
    pub async fn shows(&self, path: &str, expected: impl Fn(&Value) -> bool) -> Value {
        until(path, async || Some(self.api.get(path).await.json(200)).filter(&expected)).await
    }

    /// Kills the server and starts it again on the same database.
    #[must_use]
    pub fn restart(self) -> World {
        let World { place, server, company, receiver, .. } = self;
        server.kill();
        let server = place.serve();
        World { api: Api::of(&server), company: company.on(&server), place, server, receiver }
    }
}

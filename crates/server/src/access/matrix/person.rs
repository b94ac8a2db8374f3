//! Somebody with one webhook, one delivery and one project of each kind, and what they meet.

use awc::http::Method;
use bluehook_dispatcher::Role;
use serde_json::{Value, json};

use super::{By, Whose};
use crate::trial::World;

/// What the values of every event here hold.
pub(super) const PLANTED: &str = "planted value";

/// A webhook with a delivery of a project.
pub(super) struct Thing {
    pub(super) whose: Whose,
    pub(super) project: String,
    pub(super) webhook: String,
    pub(super) delivery: String,
}

/// A person with one thing of each kind.
pub(super) struct Person {
    pub(super) name: String,
    pub(super) token: String,
    pub(super) role: Role,
    pub(super) is_rest: bool,
    pub(super) things: Vec<Thing>,
    /// The place in the stream before anything of theirs was there.
    pub(super) before: String,
}

impl Person {
    pub(super) async fn new(world: &World, role: Role, is_rest: bool) -> Person {
        let before = position(world).await;
        let name = format!("{}-{is_rest}", role.name());
        let token = Person::token(world, &name, role).await;
        let mut things = Vec::new();
        for whose in Whose::ALL {
            things.push(thing(world, whose, (&name, role)).await);
        }
        Person { name, token, role, is_rest, things, before }
    }

    /// A person who is in nothing but the project that everybody is in.
    pub(super) async fn token(world: &World, name: &str, role: Role) -> String {
        world.person(name, "c", role).await
    }
}

/// The newest place in the stream.
pub(super) async fn position(world: &World) -> String {
    let listed = world.service(Method::GET, "/v1/webhooks?limit=1", Value::Null).await;
    listed["position"].as_str().unwrap().to_owned()
}

async fn thing(world: &World, whose: Whose, (name, role): (&str, Role)) -> Thing {
    let project = format!("p-{whose:?}-{name}");
    let (webhook, delivery) = match whose {
        Whose::Other => delivered(world, ("colleague", "c"), &project).await,
        Whose::Company => delivered(world, ("stranger", "other"), &project).await,
        Whose::Nothing => ("clb4there0is0none00000000".to_owned(), "dlv_nothing".to_owned()),
        _ => delivered(world, (name, "c"), &project).await,
    };
    let path = format!("/v1/projects/{project}");
    let member = format!("{path}/members/{name}");
    if whose == Whose::Left {
        world.service(Method::DELETE, &member, Value::Null).await;
    }
    if matches!(whose, Whose::Deleted | Whose::Again) {
        world.service(Method::DELETE, &path, Value::Null).await;
    }
    if whose == Whose::Again {
        put_project(world, &project, "c").await;
        world.service(Method::PUT, &member, json!({"role": role.name()})).await;
    }
    Thing { whose, project, webhook, delivery }
}

async fn put_project(world: &World, id: &str, company: &str) {
    let body = json!({"companyId": company, "name": id});
    world.service(Method::PUT, &format!("/v1/projects/{id}"), body).await;
}

/// A webhook of a person's that chose a project which they are in, with a delivery of it that was attempted.
pub(super) async fn delivered(
    world: &World,
    (user, company): (&str, &str),
    project: &str,
) -> (String, String) {
    put_project(world, project, company).await;
    let member = format!("/v1/projects/{project}/members/{user}");
    world.service(Method::PUT, &member, json!({"role": "MEMBER"})).await;
    let body = json!({
        "companyId": company, "createdById": user, "url": "http://127.0.0.1:9/",
        "projectIds": [project, format!("p-{company}")],
    });
    let made = world.service(Method::POST, "/v1/webhooks", body).await;
    happen(world, company, project).await;
    let webhook = made["id"].as_str().unwrap().to_owned();
    let path = format!("/v1/deliveries?webhookId={webhook}");
    loop {
        let listed = world.service(Method::GET, &path, Value::Null).await;
        let delivery = &listed["items"][0];
        if delivery["attemptCount"].as_u64() > Some(0) {
            return (webhook, delivery["id"].as_str().unwrap().to_owned());
        }
    }
}

/// An event in a project.
pub(super) async fn happen(world: &World, company: &str, project: &str) {
    let event = json!({
        "event": "TAG_CREATED", "companyId": company, "projectId": project, "userId": "u",
        "currentValue": {"title": PLANTED},
    });
    world.service(Method::POST, "/v1/events", event).await;
}

/// What an action meets, done to `what`.
pub(super) async fn met(world: &World, token: &str, by: By, what: &str) -> String {
    met_with(world, token, by, (what, "")).await
}

/// The same with the webhook that it is done with.
pub(super) async fn met_with(world: &World, token: &str, by: By, names: (&str, &str)) -> String {
    met_in(world, token, (by, "c"), names).await
}

/// The same in the company that a request of Blue's clients names.
pub(super) async fn met_in(
    world: &World,
    token: &str,
    (by, company): (By, &str),
    (what, with): (&str, &str),
) -> String {
    let (method, path, body) = match by {
        By::Rest(method, path, body) => {
            let named = |text: &str| text.replace('$', what).replace('@', with);
            (method.parse().unwrap(), named(path), serde_json::from_str(&named(body)).unwrap_or(Value::Null))
        }
        By::Graphql(text) => {
            let quoted = |name: &str| json!(name).to_string();
            let query = text.replace('$', &quoted(what)).replace('@', &quoted(with));
            (Method::POST, "/graphql".to_owned(), json!({ "query": query }))
        }
    };
    let (status, answer) = world.call_in(company, token, method, &path, body).await;
    if matches!(by, By::Graphql(_)) {
        let error = &answer["errors"][0];
        assert!(error.is_null() || answer["data"].is_null(), "{path}: {answer}");
        return error["extensions"]["code"].as_str().unwrap_or("data").to_owned();
    }
    match (answer["code"].as_str(), answer["params"]["why"].as_str()) {
        (Some(code), Some(why)) => format!("{code} {why}"),
        (Some(code), None) => code.to_owned(),
        (None, _) => status.to_string(),
    }
}

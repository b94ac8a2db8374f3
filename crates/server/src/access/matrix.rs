//! The rights matrix: every action × role × whose it is, by REST, GraphQL and the stream, on a real server over a real
//! socket. One row says what each role meets; what is another company's answers exactly like what does not exist.

use awc::http::Method;
use bluehook_dispatcher::Role;
use serde_json::{Value, json};

use crate::trial::{ADMIN, World};

/// What a webhook or delivery is to the person who tries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    /// Their own.
    Own,
    /// A colleague's.
    Other,
    /// Of another company.
    Company,
    /// Their own, with deliveries of a project that they left.
    Left,
    /// Their own, with deliveries of a project that was deleted.
    Deleted,
    /// Their own, with deliveries of a project that was deleted and put again with its id.
    Again,
    /// What there is not.
    Nothing,
}

const WHOSE: [Whose; 7] =
    [Whose::Own, Whose::Other, Whose::Company, Whose::Left, Whose::Deleted, Whose::Again, Whose::Nothing];

/// Where an action is done.
#[derive(Clone, Copy)]
enum By {
    /// REST, at a webhook.
    Webhook(&'static str, &'static str, &'static str),
    /// REST, at a delivery.
    Delivery(&'static str, &'static str),
    /// GraphQL: an operation on a webhook.
    Graphql(&'static str),
}

/// What is met: the status or Blue's code.
type Met = &'static str;

const NO_WEBHOOK: Met = "WEBHOOK_NOT_FOUND";
const NO_DELIVERY: Met = "NOT_FOUND";

/// An action; what it meets at one's own webhook, at a colleague's for those who administer, and for others.
#[rustfmt::skip]
const WEBHOOK_ROWS: &[(By, Met, Met, Met)] = &[
    (By::Webhook("GET", "", ""), "200", "200", NO_WEBHOOK),
    (By::Webhook("GET", "?include=activity,stats,projects,history", ""), "200", "200", NO_WEBHOOK),
    (By::Webhook("GET", "/stats", ""), "200", "200", NO_WEBHOOK),
    (By::Webhook("GET", "/history", ""), "200", "FORBIDDEN", NO_WEBHOOK),
    (By::Webhook("PATCH", "", r#"{"name":"n"}"#), "200", "FORBIDDEN", NO_WEBHOOK),
    (By::Webhook("POST", "/dry-run", "{}"), "200", "200", NO_WEBHOOK),
    (By::Webhook("POST", "/replay", r#"{"since":"2020-01-01T00:00:00Z","until":"2040-01-01T00:00:00Z","dryRun":true}"#), "200", "FORBIDDEN", NO_WEBHOOK),
    (By::Webhook("POST", "/rotate-secret", r#"{"overlapSeconds":0}"#), "200", "FORBIDDEN", NO_WEBHOOK),
    (By::Webhook("POST", "/finish-rotation", ""), "200", "FORBIDDEN", NO_WEBHOOK),
    (By::Webhook("DELETE", "/secret", ""), "200", "FORBIDDEN", NO_WEBHOOK),
    (By::Webhook("POST", "/hand-over", r#"{"userId":"nobody"}"#), "BAD_USER_INPUT", "FORBIDDEN", NO_WEBHOOK),
    (By::Webhook("POST", "/disable", ""), "200", "200", NO_WEBHOOK),
    (By::Graphql("query { webhook(id: $) { id } }"), "data", NO_WEBHOOK, NO_WEBHOOK),
    (By::Graphql("mutation { updateWebhook(input: {webhookId: $, name: \"n\"}) { id } }"), "data", "FORBIDDEN", "FORBIDDEN"),
    (By::Graphql("mutation { disableWebhook(input: {webhookId: $}) { success } }"), "data", "data", "FORBIDDEN"),
];

/// The same of deliveries: nobody but the creator sees any.
#[rustfmt::skip]
const DELIVERY_ROWS: &[(By, Met)] = &[
    (By::Delivery("GET", ""), "200"),
    (By::Delivery("POST", "/redeliver"), "202"),
];

/// Everything that only the backend may do.
#[rustfmt::skip]
const BACKENDS: &[(&str, &str, &str)] = &[
    ("GET", "/v1/events", ""), ("POST", "/v1/events", "{}"), ("POST", "/v1/events/batch", "{}"), ("GET", "/v1/tokens", ""),
    ("POST", "/v1/tokens", "{}"), ("DELETE", "/v1/tokens/tok_x", ""), ("POST", "/v1/sessions", "{}"),
    ("PUT", "/v1/companies/c", "{}"), ("DELETE", "/v1/companies/c", ""), ("PUT", "/v1/projects/p-c", "{}"),
    ("DELETE", "/v1/projects/p-c", ""), ("PUT", "/v1/users/x", "{}"), ("DELETE", "/v1/users/x", ""),
    ("PUT", "/v1/projects/p-c/members/x", "{}"), ("DELETE", "/v1/projects/p-c/members/x", ""), ("GET", "/metrics", ""),
];

/// A person with one webhook and one delivery of each kind.
struct Person {
    token: String,
    role: Role,
    webhooks: Vec<(Whose, String)>,
    deliveries: Vec<(Whose, String)>,
}

async fn project(world: &World, id: &str, company: &str) {
    world
        .service(Method::PUT, &format!("/v1/projects/{id}"), json!({"companyId": company, "name": id}))
        .await;
}

/// A webhook of a person's that chose a project which they are in, with a delivery of it.
async fn delivered(world: &World, user: &str, company: &str, id: &str) -> (String, String) {
    project(world, id, company).await;
    let member = format!("/v1/projects/{id}/members/{user}");
    world.service(Method::PUT, &member, json!({"role": "MEMBER"})).await;
    let body = json!({
        "companyId": company, "createdById": user, "url": "http://127.0.0.1:9/", "projectIds": [id, format!("p-{company}")],
    });
    let made = world.service(Method::POST, "/v1/webhooks", body).await;
    let event = json!({
        "event": "TAG_CREATED", "companyId": company, "projectId": id, "userId": "u", "currentValue": {"title": "planted value"},
    });
    world.service(Method::POST, "/v1/events", event).await;
    let webhook = made["id"].as_str().unwrap().to_owned();
    let listed =
        world.service(Method::GET, &format!("/v1/deliveries?webhookId={webhook}"), Value::Null).await;
    (webhook, listed["items"][0]["id"].as_str().unwrap().to_owned())
}

impl Person {
    async fn new(world: &World, role: Role) -> Person {
        let name = format!("person-{}", role.name());
        let token = world.person(&name, "c", role).await;
        let (mut webhooks, mut deliveries) = (Vec::new(), Vec::new());
        for whose in WHOSE {
            let id = format!("p-{whose:?}-{}", role.name());
            let (webhook, delivery) = match whose {
                Whose::Other => delivered(world, "colleague", "c", &id).await,
                Whose::Company => delivered(world, "stranger", "other", &id).await,
                Whose::Nothing => ("nothing".to_owned(), "dlv_nothing".to_owned()),
                _ => delivered(world, &name, "c", &id).await,
            };
            match whose {
                Whose::Left => {
                    let member = format!("/v1/projects/{id}/members/{name}");
                    world.service(Method::DELETE, &member, Value::Null).await;
                }
                Whose::Deleted | Whose::Again => {
                    world.service(Method::DELETE, &format!("/v1/projects/{id}"), Value::Null).await;
                }
                _ => {}
            }
            if whose == Whose::Again {
                project(world, &id, "c").await;
                let member = format!("/v1/projects/{id}/members/{name}");
                world.service(Method::PUT, &member, json!({"role": role.name()})).await;
            }
            webhooks.push((whose, webhook));
            deliveries.push((whose, delivery));
        }
        Person { token, role, webhooks, deliveries }
    }

    async fn meets(&self, world: &World, by: By, id: &str) -> String {
        let (method, path, body) = match by {
            By::Webhook(method, rest, body) => (method, format!("/v1/webhooks/{id}{rest}"), body.to_owned()),
            By::Delivery(method, rest) => (method, format!("/v1/deliveries/{id}{rest}"), String::new()),
            By::Graphql(text) => {
                let query = text.replace('$', &json!(id).to_string());
                ("POST", "/graphql".to_owned(), json!({ "query": query }).to_string())
            }
        };
        let body = serde_json::from_str(&body).unwrap_or(Value::Null);
        let (status, answer) = world.call(&self.token, method.parse().unwrap(), &path, body).await;
        if matches!(by, By::Graphql(_)) {
            let code = answer["errors"][0]["extensions"]["code"].as_str();
            return code.unwrap_or("data").to_owned();
        }
        answer["code"].as_str().map_or_else(|| status.to_string(), str::to_owned)
    }
}

#[actix_web::test]
async fn who_may_do_what_to_whose() {
    let world = World::new().await;
    world.person("colleague", "c", Role::Admin).await;
    world.person("stranger", "other", Role::Owner).await;
    for role in Role::ALL {
        let person = Person::new(&world, role).await;
        for (by, own, administers, others) in WEBHOOK_ROWS {
            for (whose, id) in &person.webhooks {
                let expected = match whose {
                    Whose::Other if person.role.administers() => administers,
                    // A webhook of one's company is forbidden in Blue's words, in ours it is not there.
                    Whose::Other => others,
                    Whose::Company | Whose::Nothing => &NO_WEBHOOK,
                    _ => own,
                };
                let met = person.meets(&world, *by, id).await;
                let what = match by {
                    By::Webhook(method, rest, _) => format!("{method} {rest}"),
                    By::Graphql(text) => (*text).to_owned(),
                    By::Delivery(..) => String::new(),
                };
                assert_eq!(met, *expected, "{} {whose:?}: {what}", role.name());
            }
        }
        for (by, own) in DELIVERY_ROWS {
            let redelivers = matches!(by, By::Delivery(_, "/redeliver"));
            for (whose, id) in &person.deliveries {
                let expected = match whose {
                    Whose::Other | Whose::Company | Whose::Nothing => NO_DELIVERY,
                    // Every webhook was switched off above.
                    _ if redelivers => "CONFLICT",
                    _ => own,
                };
                assert_eq!(person.meets(&world, *by, id).await, expected, "{} {whose:?}", role.name());
            }
        }
        bodies_are_for_those_in_the_project(&world, &person).await;
        for (method, path, body) in BACKENDS {
            let body = serde_json::from_str(body).unwrap_or(Value::Null);
            let (status, _) = world.call(&person.token, method.parse().unwrap(), path, body).await;
            assert_eq!(status, 403, "{} {method} {path}", role.name());
        }
    }
}

/// What somebody left or what is gone stays in their list, without what is in it: in the list, whole, and on the stream.
async fn bodies_are_for_those_in_the_project(world: &World, person: &Person) {
    let (_, listed) = world.call(&person.token, Method::GET, "/v1/deliveries?limit=200", Value::Null).await;
    let streamed = told(world, person).await;
    assert!(!streamed.contains("planted value") && !listed.to_string().contains("planted value"));
    for (whose, id) in &person.deliveries {
        let item = listed["items"].as_array().unwrap().iter().find(|item| item["id"] == json!(id));
        let (status, shown) =
            world.call(&person.token, Method::GET, &format!("/v1/deliveries/{id}"), Value::Null).await;
        let is_own = !matches!(whose, Whose::Other | Whose::Company | Whose::Nothing);
        assert_eq!((item.is_some(), status == 200), (is_own, is_own), "{whose:?}");
        if !is_own {
            assert!(!streamed.contains(id), "{whose:?}");
            continue;
        }
        let readable = *whose == Whose::Own;
        assert_eq!(
            (&item.unwrap()["readable"], &shown["readable"]),
            (&json!(readable), &json!(readable)),
            "{whose:?}"
        );
        assert_eq!(shown["request"]["body"].is_string(), readable, "{whose:?}");
        assert_eq!(shown.to_string().contains("planted value"), readable, "{whose:?}");
    }
    let redelivery = format!("/v1/deliveries/{}/redeliver", person.deliveries[0].1);
    assert_ne!(world.call(ADMIN, Method::POST, &redelivery, Value::Null).await.0, 404, "the backend may");
}

/// Everything that the stream tells a person from here on, up to a change that they make themselves.
async fn told(world: &World, person: &Person) -> String {
    use futures_util::StreamExt;
    let request = world.client.get(format!("{}/v1/stream", world.url)).bearer_auth(&person.token);
    let mut stream = request.send().await.unwrap();
    for (whose, id) in &person.webhooks {
        if *whose != Whose::Nothing {
            let path = format!("/v1/webhooks/{id}");
            world.service(Method::PATCH, &path, json!({"description": format!("{whose:?} told")})).await;
        }
    }
    let last = "Again told";
    let mut text = String::new();
    while !text.contains(last) {
        text.push_str(std::str::from_utf8(&stream.next().await.unwrap().unwrap()).unwrap());
    }
    assert!(!text.contains("Other told") && !text.contains("Company told"), "{text}");
    text
}

#[actix_web::test]
async fn an_administrator_may_give_away_what_its_creator_left() {
    let world = World::new().await;
    let boss = world.person("boss", "c", Role::Owner).await;
    world.person("leaver", "c", Role::Admin).await;
    let (webhook, _) = delivered(&world, "leaver", "c", "p-x").await;
    let give = async |token: &str| {
        let path = format!("/v1/webhooks/{webhook}/hand-over");
        world.call(token, Method::POST, &path, json!({"userId": "boss"})).await
    };
    assert_eq!(give(&boss).await.0, 403, "its creator is there");
    let shown = world.call(&boss, Method::GET, &format!("/v1/webhooks/{webhook}"), Value::Null).await.1;
    assert_eq!(shown["may"]["handOver"], false);
}

#[actix_web::test]
async fn a_webhook_that_is_off_says_what_it_needs() {
    let world = World::new().await;
    let me = world.person("me", "c", Role::Admin).await;
    let (webhook, _) = delivered(&world, "me", "c", "p-x").await;
    let path = format!("/v1/webhooks/{webhook}");
    let only = json!({"projectIds": ["p-x"], "enabled": false});
    world.service(Method::PATCH, &path, only).await;
    let shown = async || world.call(&me, Method::GET, &path, Value::Null).await.1["disabled"].clone();
    assert_eq!((&shown().await["needs"], &shown().await["mayEnable"]), (&json!([]), &json!(true)));
    world.service(Method::DELETE, "/v1/projects/p-x/members/me", Value::Null).await;
    assert_eq!((&shown().await["needs"], &shown().await["mayEnable"]), (&json!(["MEMBER"]), &json!(false)));
    world.service(Method::DELETE, "/v1/projects/p-x", Value::Null).await;
    assert_eq!(shown().await["needs"], json!(["MEMBER", "PROJECTS"]));
    let (status, problem) = world.call(&me, Method::POST, &format!("{path}/enable"), Value::Null).await;
    assert_eq!((status, &problem["params"]["why"]), (409, &json!("PROJECT_DELETED")), "{problem}");
    let (status, both) =
        world.call(&me, Method::PATCH, &path, json!({"projectIds": ["p-c"], "enabled": true})).await;
    assert_eq!((status, &both["projectIds"]), (200, &json!(["p-c"])), "{both}");
}

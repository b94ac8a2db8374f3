//! What lists, deliveries and the stream tell a person: what is theirs, and of that the values only of projects that they
//! are in.

use std::{collections::BTreeSet, pin::Pin};

use actix_web::web::Bytes;
use awc::{error::PayloadError, http::Method};
use futures_util::{Stream, StreamExt};
use serde_json::{Value, json};

use super::{
    By::Rest,
    NO_WEBHOOK, Whose,
    person::{self, PLANTED, Person, Thing},
};
use crate::trial::World;

/// What sending a delivery again meets.
fn sent_again(whose: Whose) -> &'static str {
    match whose {
        Whose::Own => "202",
        Whose::Left => "CONFLICT MEMBERSHIP",
        Whose::Deleted | Whose::Again => "CONFLICT PROJECT_DELETED",
        Whose::Other | Whose::Company | Whose::Nothing => "NOT_FOUND",
    }
}

impl Person {
    async fn get(&self, world: &World, path: &str) -> (u16, Value) {
        world.call(&self.token, Method::GET, path, Value::Null).await
    }

    fn of(&self, wanted: fn(Whose) -> bool) -> impl Iterator<Item = &Thing> {
        self.things.iter().filter(move |thing| wanted(thing.whose))
    }

    fn webhooks(&self) -> BTreeSet<&str> {
        self.of(Whose::is_theirs).map(|thing| thing.webhook.as_str()).collect()
    }

    /// What somebody left or what is gone stays in their list, without what is in it; it cannot be sent again.
    pub(super) async fn sees_deliveries(&self, world: &World) {
        let (_, listed) = self.get(world, "/v1/deliveries?limit=200").await;
        assert!(!listed.to_string().contains(PLANTED), "{listed}");
        for Thing { whose, delivery, .. } in &self.things {
            let item = listed["items"].as_array().unwrap().iter().find(|item| item["id"] == json!(delivery));
            let (status, shown) = self.get(world, &format!("/v1/deliveries/{delivery}")).await;
            let met = (item.is_some(), status == 200);
            assert_eq!(met, (whose.is_theirs(), whose.is_theirs()), "{whose:?}");
            if let Some(item) = item {
                let is_readable = *whose == Whose::Own;
                let readable = (&item["readable"], &shown["readable"]);
                assert_eq!(readable, (&json!(is_readable), &json!(is_readable)), "{whose:?}");
                assert_eq!(shown["request"]["body"].is_string(), is_readable, "{whose:?}");
                assert_eq!(shown.to_string().contains(PLANTED), is_readable, "{whose:?}");
            }
            let again = Rest("POST", "/v1/deliveries/$/redeliver", "");
            assert_eq!(
                person::met(world, &self.token, again, delivery).await,
                sent_again(*whose),
                "{whose:?}"
            );
        }
    }

    /// Lists have what is theirs; asked for what is not, they are as empty as for what there is not.
    pub(super) async fn sees_lists(&self, world: &World) {
        if self.is_rest {
            self.sees_lists_by_rest(world).await;
        } else {
            self.sees_lists_by_graphql(world).await;
        }
    }

    async fn sees_lists_by_rest(&self, world: &World) {
        let (_, own) = self.get(world, "/v1/webhooks?limit=200").await;
        assert_eq!(ids(&own["items"]), self.webhooks());
        let (status, all) = self.get(world, "/v1/webhooks?limit=200&scope=company").await;
        assert_eq!(status == 200, self.role.administers(), "{all}");
        let all = if status == 200 { ids(&all["items"]) } else { BTreeSet::new() };
        for thing in self.of(|whose| !whose.is_theirs()) {
            let is_listed = self.role.administers() && thing.whose == Whose::Other;
            assert_eq!(all.contains(thing.webhook.as_str()), is_listed, "{:?}", thing.whose);
            for list in ["deliveries", "audit"] {
                let (status, asked) =
                    self.get(world, &format!("/v1/{list}?webhookId={}", thing.webhook)).await;
                assert_eq!((status, &asked["items"]), (200, &json!([])), "{list} {:?}", thing.whose);
            }
        }
        let (_, projects) = self.get(world, "/v1/projects").await;
        let theirs = self.of(Whose::is_in).map(|thing| thing.project.as_str()).chain(["p-c"]);
        assert_eq!(ids(&projects["items"]), theirs.collect());
        let dry_run = format!("/v1/webhooks/{}/dry-run", self.things[0].webhook);
        let tried = world.call(&self.token, Method::POST, &dry_run, json!({"projectIds": []})).await.1;
        let tried = tried.to_string();
        for thing in &self.things {
            // What was in a project before it was put again is nobody's.
            let is_told = thing.whose == Whose::Own;
            assert_eq!(
                tried.contains(&format!("\"{}\"", thing.project)),
                is_told,
                "{:?} {tried}",
                thing.whose
            );
        }
    }

    async fn sees_lists_by_graphql(&self, world: &World) {
        for filter in ["", "filter: {enabled: true},"] {
            let query =
                format!("{{ webhooks({filter} take: 200) {{ items {{ id }} pageInfo {{ totalItems }} }} }}");
            let (_, listed) =
                world.call(&self.token, Method::POST, "/graphql", json!({ "query": query })).await;
            let page = &listed["data"]["webhooks"];
            assert_eq!(ids(&page["items"]), self.webhooks(), "{listed}");
            assert_eq!(page["pageInfo"]["totalItems"], json!(self.webhooks().len()));
        }
    }

    /// The stream tells of their own webhooks: from before, and of what happens now in projects that they are in.
    pub(super) async fn hears(&self, world: &World) {
        let live = Told::open(world, &self.token, "").await;
        let again = self.of(|whose| whose == Whose::Again).next().unwrap();
        let chosen = json!({"projectIds": [again.project, "p-c"]});
        world.service(Method::PATCH, &format!("/v1/webhooks/{}", again.webhook), chosen).await;
        for thing in &self.things {
            person::happen(world, if thing.whose == Whose::Company { "other" } else { "c" }, &thing.project)
                .await;
        }
        let last = world.webhook(&self.name, "c").await;
        let live = live.until_made(&last).await;
        let all = Told::open(world, &self.token, &format!("?lastEventId={}", self.before)).await;
        let all = all.until_made(&last).await;
        world.service(Method::DELETE, &format!("/v1/webhooks/{last}"), Value::Null).await;
        for thing in &self.things {
            self.hears_of(thing, &live, &all);
            let by = if thing.whose.is_theirs() { "HEAD" } else { "GET" };
            let met = person::met(world, &self.token, Rest(by, "/v1/stream?webhookId=$", ""), &thing.webhook);
            assert_eq!(
                met.await,
                if thing.whose.is_theirs() { "200" } else { NO_WEBHOOK },
                "{:?}",
                thing.whose
            );
        }
    }

    fn hears_of(&self, thing: &Thing, live: &Told, all: &Told) {
        let (role, whose) = (self.role.name(), thing.whose);
        let told = |told: &Told, is_old| {
            let about = told.deliveries.iter().filter(|(webhook, ..)| *webhook == thing.webhook);
            let about = about.filter(|(_, id, _)| (*id == thing.delivery) == is_old);
            about.map(|(.., readable)| *readable).collect::<BTreeSet<bool>>()
        };
        let only = |is_told, readable| if is_told { BTreeSet::from([readable]) } else { BTreeSet::new() };
        assert_eq!(told(all, true), only(whose.is_theirs(), whose == Whose::Own), "{role} {whose:?} before");
        assert_eq!(told(live, false), only(whose.is_in(), true), "{role} {whose:?} now");
        assert_eq!(told(all, false), only(whose.is_in(), true), "{role} {whose:?} now, read later");
        let is_named = |name: &str| all.text.contains(name) || live.text.contains(name);
        assert_eq!(is_named(&thing.webhook), whose.is_theirs(), "{role} {whose:?}");
        assert!(whose.is_theirs() || !is_named(&thing.project), "{role} {whose:?}");
        assert!(!is_named(PLANTED), "{role}: values are no part of it");
    }
}

fn ids(items: &Value) -> BTreeSet<&str> {
    items.as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect()
}

/// What a stream told.
pub(super) struct Told {
    stream: Pin<Box<dyn Stream<Item = Result<Bytes, PayloadError>>>>,
    pub(super) text: String,
    /// The webhook, the delivery, and whether it may be read.
    deliveries: Vec<(String, String, bool)>,
}

impl Told {
    pub(super) async fn open(world: &World, token: &str, query: &str) -> Told {
        let request = world.client.get(format!("{}/v1/stream{query}", world.url)).bearer_auth(token);
        let stream = request.send().await.unwrap();
        assert_eq!(stream.status(), 200, "{query}");
        let mut told = Told { stream: Box::pin(stream), text: String::new(), deliveries: Vec::new() };
        told.until("\n\n").await;
        told
    }

    pub(super) async fn until(&mut self, expected: &str) {
        while !self.text.contains(expected) {
            let bytes = self.stream.next().await.unwrap_or_else(|| panic!("no {expected} in {}", self.text));
            self.text.push_str(std::str::from_utf8(&bytes.unwrap()).unwrap());
        }
    }

    /// Everything up to the making of a webhook.
    async fn until_made(mut self, webhook: &str) -> Told {
        self.until(&format!(r#""webhookId":"{webhook}""#)).await;
        for data in self.text.lines().filter_map(|line| line.strip_prefix("data: ")) {
            let Ok(data) = serde_json::from_str::<Value>(data) else { continue };
            let delivery = &data["delivery"];
            if let (Some(webhook), Some(id)) = (delivery["webhookId"].as_str(), delivery["id"].as_str()) {
                self.deliveries.push((
                    webhook.to_owned(),
                    id.to_owned(),
                    delivery["readable"] == json!(true),
                ));
            }
        }
        self
    }
}

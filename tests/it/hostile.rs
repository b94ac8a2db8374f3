//! URLs and names that lead where nobody may call: each is refused when it is saved, and again when it is connected to,
//! should it have got past that or lead elsewhere by then. Tried through the program, with somebody who listens on this
//! machine and is never reached.

use std::{
    collections::BTreeMap,
    net::{IpAddr, TcpListener},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
};

use awc::http::Method;
use bluehook_tests::{
    api::Api,
    company::Company,
    names::{NameServer, Reply},
    receiver::{Answer, Receiver},
    server::{Place, Server},
    wait::until,
    world::World,
};
use rusqlite::Connection;
use serde_json::{Value, json};

// URLs.
mod urls;

// Addresses that names lead to.
mod names;

/// Somebody who listens on this machine, at both of its addresses, and counts who comes.
struct Bait {
    port: u16,
    reached: Arc<AtomicUsize>,
}

impl Bait {
    fn new() -> Bait {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let bait = Bait { port, reached: Arc::default() };
        bait.count(listener);
        // Not every machine has the other family.
        if let Ok(listener) = TcpListener::bind(("::1", port)) {
            bait.count(listener);
        }
        bait
    }

    /// Ends with the process.
    fn count(&self, listener: TcpListener) {
        let reached = self.reached.clone();
        thread::spawn(move || {
            for _ in listener.incoming() {
                reached.fetch_add(1, Ordering::SeqCst);
            }
        });
    }

    #[track_caller]
    fn check(&self) {
        assert_eq!(self.reached.load(Ordering::SeqCst), 0, "somebody was called on this machine");
    }
}

/// A place where no network is open; attempts are short, and made once.
fn closed() -> Place {
    Place::new()
        .without("ALLOW_NETWORK")
        .with("WEBHOOK_LIMIT_PER_COMPANY", "1000")
        .with("TIMEOUT", "5s")
        .with("RETRY_SCHEDULE", "none")
}

fn webhook(company: &Company, url: &str) -> String {
    json!({"companyId": company.id, "createdById": company.person_id, "name": "w", "url": url}).to_string()
}

/// Refused as a new webhook's URL and as an old one's, by either API: the codes.
async fn refused(api: &Api, company: &Company, old: &str, url: &str) -> Vec<String> {
    let made = api.post("/v1/webhooks", webhook(company, url)).await;
    let path = format!("/v1/webhooks/{old}");
    let changed = api.send(Method::PATCH, &path, json!({ "url": url }).to_string()).await.unwrap();
    let mut codes = Vec::new();
    for answer in [made, changed] {
        let problem = answer.json(400);
        assert_eq!(problem["errors"][0]["pointer"], "/url", "{url:?}: {problem}");
        let told = problem.to_string();
        assert!(!told.contains("127.0.0.1 is") && !told.contains("hunter2"), "{problem}");
        codes.push(problem["errors"][0]["code"].as_str().unwrap().to_owned());
    }
    codes
}

/// The error class of the last attempt of every delivery, by webhook, once all have ended.
async fn classes(api: &Api, count: usize) -> BTreeMap<String, String> {
    until("every attempt ended", async || {
        let mut found = BTreeMap::new();
        let mut path = "/v1/deliveries?limit=200".to_owned();
        loop {
            let page = api.get(&path).await.json(200);
            for delivery in page["items"].as_array().unwrap() {
                if delivery["status"] == "FAILED" {
                    let detail =
                        api.get(&format!("/v1/deliveries/{}", delivery["id"].as_str().unwrap())).await;
                    let detail = detail.json(200);
                    let class = detail["attempts"][0]["errorClass"].as_str().unwrap_or("NONE").to_owned();
                    found.insert(delivery["webhookId"].as_str().unwrap().to_owned(), class);
                }
            }
            let Some(cursor) = page["nextCursor"].as_str() else { break };
            path = format!("/v1/deliveries?limit=200&cursor={cursor}");
        }
        (found.len() == count).then_some(found)
    })
    .await
}

async fn created(api: &Api, company: &Company, url: &str) -> String {
    let made = api.post("/v1/webhooks", webhook(company, url)).await.json(201);
    made["id"].as_str().unwrap().to_owned()
}

#[actix_web::test]
async fn hostile_urls_are_refused_at_save_and_at_connect() {
    let bait = Bait::new();
    let urls = urls::hostile(bait.port);
    assert!(urls.len() >= 120, "{}", urls.len());
    let place = closed();
    let server = place.serve();
    let (api, company) = (Api::of(&server), Company::create(&server, "hostile").await);
    let old = created(&api, &company, "https://hooks.example.com/").await;
    for (url, code) in &urls {
        let codes = refused(&api, &company, &old, url).await;
        assert!(codes.iter().all(|found| found == code), "{url:?}: expected {code}, found {codes:?}");
    }
    bait.check();
    // As if they had been saved by a version with other rules.
    let mut planted = BTreeMap::new();
    for (url, code) in &urls {
        planted.insert(created(&api, &company, "https://hooks.example.com/").await, (url, *code));
    }
    let path = format!("/v1/webhooks/{old}");
    assert_eq!(api.send(Method::DELETE, &path, "").await.unwrap().status, 204);
    assert!(server.terminate().success());
    let connection = Connection::open(place.file("bluehook.db")).unwrap();
    for (id, (url, _)) in &planted {
        connection.execute("UPDATE webhooks SET url = ?2 WHERE id = ?1", [id, *url]).unwrap();
    }
    drop(connection);
    let server = place.serve();
    let (api, company) = (Api::of(&server), company.on(&server));
    api.post("/v1/events", company.record_created("{}")).await.json(202);
    for (webhook, class) in classes(&api, planted.len()).await {
        let (url, code) = planted[&webhook];
        let is_blocked = matches!(code, "PRIVATE_ADDRESS" | "URL_NEVER_PUBLIC");
        let expected = if is_blocked { "BLOCKED_ADDRESS" } else { "CONNECT" };
        assert_eq!(class, expected, "{url:?}");
    }
    bait.check();
}

/// A server whose names are those of this name server.
fn asking(names: &NameServer) -> Place {
    closed().with("NAME_SERVERS", &names.address.to_string())
}

#[actix_web::test]
async fn names_that_lead_inside_are_refused_at_save_and_at_connect() {
    let bait = Bait::new();
    let hostile = Arc::new(AtomicBool::new(true));
    let is_hostile = hostile.clone();
    let names = NameServer::scripted(move |name, is_v6| match names::reply(name, is_v6) {
        Some(reply) if is_hostile.load(Ordering::SeqCst) => reply,
        _ => Reply::NoSuchName,
    });
    let place = asking(&names);
    let server = place.serve();
    let (api, company) = (Api::of(&server), Company::create(&server, "names").await);
    let old = created(&api, &company, "https://hooks.example.com/").await;
    for name in names::all() {
        let url = format!("http://{name}:{}/", bait.port);
        let codes = refused(&api, &company, &old, &url).await;
        assert!(codes.iter().all(|code| code == "PRIVATE_ADDRESS"), "{name}: {codes:?}");
        let checked = api.post("/v1/url-check", json!({ "url": url }).to_string()).await;
        // So many hosts a minute may be tried.
        if checked.status == 200 {
            let steps = checked.json(200);
            assert_eq!(steps["steps"][2]["class"], "BLOCKED_ADDRESS", "{name}: {steps}");
        }
    }
    bait.check();
    assert_eq!(api.send(Method::DELETE, &format!("/v1/webhooks/{old}"), "").await.unwrap().status, 204);
    // They lead nowhere when they are saved, and inside when they are called.
    hostile.store(false, Ordering::SeqCst);
    let mut saved = BTreeMap::new();
    for name in names::all() {
        saved.insert(created(&api, &company, &format!("http://{name}:{}/", bait.port)).await, name);
    }
    hostile.store(true, Ordering::SeqCst);
    // "There is no such name" may be remembered for a while: a server that starts remembers nothing.
    assert!(server.terminate().success());
    let server = place.serve();
    let (api, company) = (Api::of(&server), company.on(&server));
    api.post("/v1/events", company.record_created("{}")).await.json(202);
    for (webhook, class) in classes(&api, saved.len()).await {
        assert_eq!(class, "BLOCKED_ADDRESS", "{}", saved[&webhook]);
    }
    bait.check();
}

/// It leads to a public address when it is vetted, and to this machine ever after, or from question to question.
#[actix_web::test]
async fn a_name_that_is_bound_again_never_reaches_this_machine() {
    let bait = Bait::new();
    let binds = Arc::new(AtomicBool::new(false));
    let is_bound = binds.clone();
    let inside =
        |is_v6: bool| -> IpAddr { if is_v6 { "::1".parse().unwrap() } else { "127.0.0.1".parse().unwrap() } };
    let mut asked = 0;
    let names = NameServer::scripted(move |name, is_v6| {
        asked += 1;
        match name {
            _ if !is_bound.load(Ordering::SeqCst) => {
                Reply::Address(if is_v6 { "2606:4700::1111" } else { "1.1.1.1" }.parse().unwrap())
            }
            "flips.example.com" if asked % 3 == 0 => Reply::NoSuchName,
            "fails.example.com" if asked % 3 == 0 => Reply::Failure(2),
            "six.example.com" if !is_v6 => Reply::NoData,
            _ => Reply::Address(inside(is_v6)),
        }
    });
    let place = asking(&names);
    let server = place.serve();
    let (api, company) = (Api::of(&server), Company::create(&server, "rebound").await);
    let mut webhooks = Vec::new();
    for name in ["rebinds.example.com", "flips.example.com", "fails.example.com", "six.example.com"] {
        for scheme in ["http", "https"] {
            let url = format!("{scheme}://{name}:{}/", bait.port);
            webhooks.push(created(&api, &company, &url).await);
        }
    }
    binds.store(true, Ordering::SeqCst);
    // What was answered before was not to be remembered: its time to live is 0.
    for id in &webhooks {
        for _ in 0..3 {
            let tested = api.post(&format!("/v1/webhooks/{id}/test"), "").await;
            if tested.status != 429 {
                let class = tested.json(200)["attempt"]["errorClass"].clone();
                assert!(class == "BLOCKED_ADDRESS" || class == "DNS", "{class}");
            }
        }
        let enabled = api.post(&format!("/v1/webhooks/{id}/enable"), "").await;
        assert!(enabled.status == 429 || enabled.json(200)["enabled"] == false);
    }
    for (_, class) in classes_after_event(&api, &company).await {
        assert!(class == "BLOCKED_ADDRESS" || class == "DNS", "{class}");
    }
    bait.check();
}

/// Posts an event, and tells how the deliveries that are made of it end.
async fn classes_after_event(api: &Api, company: &Company) -> BTreeMap<String, String> {
    let accepted = api.post("/v1/events", company.record_created("{}")).await.json(202);
    let held = accepted["held"].as_u64().unwrap_or_default();
    let on = api.get("/v1/webhooks?enabled=true&limit=200").await.json(200);
    let on = on["items"].as_array().unwrap().len() as u64;
    classes(api, usize::try_from(on.min(accepted["deliveries"].as_u64().unwrap() - held)).unwrap()).await
}

#[actix_web::test]
async fn redirects_and_proxies_of_the_environment_are_ignored() {
    let bait = Bait::new();
    let place = Place::new().with("RETRY_SCHEDULE", "none");
    let to_bait = format!("http://127.0.0.1:{}/", bait.port);
    let location = to_bait.clone();
    let receiver = Receiver::scripted(move |received| match received.len() {
        n @ 1..=5 => Answer::Response([301, 302, 303, 307, 308][n - 1], vec![("location", location.clone())]),
        _ => 200.into(),
    });
    let server: Server = place.serve_with(|command| {
        for name in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
            command.env(name, &to_bait);
        }
    });
    let company = Company::create(&server, "world").await;
    let world = World { api: Api::of(&server), company, receiver, place, server };
    let id = world.webhook(json!({})).await["id"].as_str().unwrap().to_owned();
    for status in [301, 302, 303, 307, 308, 200] {
        let tested: Value = world.api.post(&format!("/v1/webhooks/{id}/test"), "").await.json(200);
        assert_eq!(tested["attempt"]["response"]["statusCode"], status, "{tested}");
    }
    assert_eq!(world.receiver.all().len(), 6, "each request came here, once");
    bait.check();
}

//! Many who read what is large, all at once: what the server holds for them.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use bluehook_tests::{api::Answer, server::ADMIN_TOKEN};

use crate::{battle::resident_mib, client, target::Target};

/// How many read at once.
const READERS: usize = 200;

/// How many events of nearly 1 MiB there are.
const LARGE: usize = 40;

/// How much the server's memory may grow, in MiB: a few of what is read, not one for each who reads.
const MAX_GROWTH: f64 = 100.0;

#[actix_web::test]
async fn many_who_read_what_is_large_take_little_memory() {
    let target = Target::start().await;
    let value = format!(r#"{{"id":"r","text":"{}"}}"#, "x".repeat(900_000));
    for _ in 0..LARGE {
        target.api.post("/v1/events", target.attackers.record_created(&value)).await.json(202);
    }
    let ids = |answer: Answer| -> Vec<String> {
        let items = answer.json(200)["items"].as_array().cloned().unwrap_or_default();
        items.iter().filter_map(|item| item["id"].as_str().map(str::to_owned)).collect()
    };
    let events = ids(target.api.get("/v1/events?limit=100").await);
    let deliveries = ids(target.api.get("/v1/deliveries?limit=100").await);
    assert!(events.len() >= LARGE && deliveries.len() >= LARGE);
    let details = |kind: &str, ids: &[String]| ids.iter().map(|id| format!("/v1/{kind}/{id}")).collect();
    for paths in [
        vec!["/v1/events?limit=100".to_owned()],
        vec!["/v1/deliveries?limit=100".to_owned()],
        details("events", &events),
        details("deliveries", &deliveries),
    ] {
        check(&target, &paths).await;
    }
}

/// Everybody asks at once for one of these.
async fn check(target: &Target, paths: &[String]) {
    let (id, address) = (target.server.id(), target.address);
    let before = resident_mib(id);
    let readers: Vec<_> = paths
        .iter()
        .cycle()
        .take(READERS)
        .map(|path| {
            let request = client::request("GET", path, Some(ADMIN_TOKEN), "");
            actix_web::rt::spawn(async move { client::ask(address, &request).await.unwrap_or_default() })
        })
        .collect();
    let is_over = Arc::new(AtomicBool::new(false));
    let watching = actix_web::rt::spawn({
        let is_over = is_over.clone();
        async move {
            let mut most = before;
            while !is_over.load(Ordering::Acquire) {
                most = resident_mib(id).max(most);
                tokio::task::yield_now().await;
            }
            most
        }
    });
    let (mut shown, mut refused) = (0, 0);
    for reader in readers {
        let answer = reader.await.unwrap_or_default();
        if answer.get(9..12) == Some("200") {
            shown += 1;
            continue;
        }
        let is_refused =
            ["HTTP/1.1 503", "retry-after: 1", "READING"].iter().all(|part| answer.contains(part));
        assert!(is_refused, "{answer}");
        refused += 1;
    }
    is_over.store(true, Ordering::Release);
    let growth = watching.await.unwrap_or(f64::MAX) - before;
    println!("{}: {shown} shown, {refused} refused, {growth:.0} MiB", paths[0]);
    assert!(shown > 0 && growth < MAX_GROWTH, "{}: {growth:.0} MiB", paths[0]);
}

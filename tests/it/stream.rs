//! Whoever follows the changes misses none of them: however often they come and go, and when the server is killed.

use std::collections::BTreeMap;

use bluehook_tests::{
    receiver::Receiver,
    server::{ADMIN_TOKEN, Place},
    stream::{Change, Changes},
    wait::{until, within},
    world::World,
};
use serde_json::json;

/// What was told of each delivery, in order.
type Told = BTreeMap<String, Vec<String>>;

async fn open(world: &World, position: Option<&str>) -> Changes {
    Changes::open(world.server.url(), "/v1/stream", ADMIN_TOKEN, position).await
}

fn note(told: &mut Told, change: &Change) {
    if change.event == "webhook" {
        assert_eq!(change.data["change"], "HEALTH", "{change:?}");
        return;
    }
    assert_eq!(change.event, "delivery", "{change:?}");
    let word = |name: &str| change.data[name].as_str().unwrap().to_owned();
    let id = change.data["delivery"]["id"].as_str().unwrap().to_owned();
    told.entry(id).or_default().push(format!("{} {}", word("change"), word("status")));
}

fn ended(told: &Told) -> usize {
    told.values().filter(|steps| steps.last().is_some_and(|last| last == "ATTEMPTED SUCCEEDED")).count()
}

/// Every delivery in the log.
async fn in_the_log(world: &World) -> Vec<String> {
    let (mut ids, mut path) = (Vec::new(), "/v1/deliveries?limit=200".to_owned());
    loop {
        let page = world.api.get(&path).await.json(200);
        ids.extend(
            page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()),
        );
        let Some(cursor) = page["nextCursor"].as_str() else { return ids };
        path = format!("/v1/deliveries?limit=200&cursor={cursor}");
    }
}

#[actix_web::test]
async fn a_reader_that_disconnects_a_hundred_times_under_load_misses_nothing() {
    const EVENTS: usize = 3_000;
    const DISCONNECTS: usize = 100;
    let world = World::start(Place::new(), Receiver::start()).await;
    world.webhook(json!({})).await;
    let mut position = open(&world, None).await.position;

    let load = async {
        for piece in 0..EVENTS / 100 {
            let events: Vec<String> = (0..100)
                .map(|n| world.company.record_created(&format!(r#"{{"n":{}}}"#, piece * 100 + n)))
                .collect();
            let body = format!(r#"{{"events":[{}]}}"#, events.join(","));
            world.api.post("/v1/events/batch", body).await.json(200);
        }
    };
    let follow = async {
        let (mut told, mut disconnects) = (Told::new(), 0);
        while disconnects < DISCONNECTS || ended(&told) < EVENTS {
            let mut changes = open(&world, Some(&position)).await;
            // Of each stream a little is read, and then the reader is gone, with more on its way.
            let wanted = if disconnects < DISCONNECTS { 1 + disconnects * 7 % 50 } else { usize::MAX };
            for _ in 0..wanted {
                if ended(&told) == EVENTS {
                    break;
                }
                note(&mut told, &changes.next().await.unwrap());
            }
            position = changes.position;
            disconnects += 1;
        }
        told
    };
    let ((), told) = tokio::join!(load, within("everything is told", follow));
    let mut logged = in_the_log(&world).await;
    logged.sort();
    assert_eq!(told.keys().cloned().collect::<Vec<_>>(), logged);
    for (id, steps) in told {
        // Where there was no room for one in memory, it waited at first.
        let made = ["CREATED DELIVERING", "CREATED PENDING"].contains(&steps[0].as_str());
        assert!(made && steps[1..] == ["ATTEMPTED SUCCEEDED"], "{id}: {steps:?}");
    }
}

#[actix_web::test]
async fn a_reader_goes_on_after_the_server_was_killed() {
    let place = Place::new().with("RETRY_SCHEDULE", "100ms,100ms");
    let receiver = Receiver::scripted(|received| if received.len() <= 2 { 503 } else { 204 }.into());
    let world = World::start(place, receiver).await;
    world.webhook(json!({})).await;
    let mut changes = open(&world, None).await;
    world.record_created("{}").await;
    let mut told = Told::new();
    note(&mut told, &changes.next().await.unwrap());
    let position = changes.position.clone();
    // What happens from here on, nobody reads before the server is another one.
    until("the receiver took it", async || (world.receiver.all().len() >= 3).then_some(())).await;
    world.shows("/v1/deliveries", |page| page["items"][0]["status"] == "SUCCEEDED").await;
    let world = world.restart();
    let mut changes = open(&world, Some(&position)).await;
    world.record_created("{}").await;
    while ended(&told) < 2 {
        note(&mut told, &changes.next().await.unwrap());
    }
    // Ids tell no order: the delivery that was retried is the longer one.
    let mut steps: Vec<Vec<String>> = told.into_values().collect();
    steps.sort_by_key(|steps| std::cmp::Reverse(steps.len()));
    let retried = ["CREATED DELIVERING", "ATTEMPTED RETRYING", "ATTEMPTED RETRYING", "ATTEMPTED SUCCEEDED"];
    assert_eq!(steps, [retried.to_vec(), vec!["CREATED DELIVERING", "ATTEMPTED SUCCEEDED"]]);
}

//! A healthy receiver beside hundreds that hang or refuse, all of them subscribed to everything.

use std::{
    net::TcpListener,
    time::{Duration, Instant},
};

use bluehook_tests::{api::Api, company::Company};
use serde_json::json;
use tokio::time::{MissedTickBehavior, interval};

use crate::{process, record::Record, sink::Sink, spread::percentile, stage::Stage};

const PER_SECOND: u32 = 200;
const WARM_UP: usize = 2 * PER_SECOND as usize;
const COUNTED: usize = 10 * PER_SECOND as usize;

/// How many receivers accept connections and never answer, and how many refuse them.
const DEAD: usize = 200;

/// What was seen with and without the dead.
pub(crate) struct Isolation {
    /// POST to arrival at the healthy receiver, p99, milliseconds.
    pub(crate) p99: f64,
    /// Resident memory of the server after the warm-up and at the end, MiB.
    pub(crate) memory: [f64; 2],
}

/// The healthy receiver's figures, alone or beside the dead.
pub(crate) async fn measure(stage: &Stage, beside_dead: bool) -> Isolation {
    let sink = Sink::start();
    let place = stage.place().with("WEBHOOK_LIMIT_PER_COMPANY", "1000");
    let server = place.serve();
    let company = Company::create(&server, "isolation").await;
    company.webhook(&sink.url, json!({})).await;
    // Connections are taken into its backlog and never answered.
    let hanging: Vec<TcpListener> = if beside_dead { add_dead(&company, DEAD).await } else { Vec::new() };
    let (api, record) = (Api::of(&server), Record::new());

    let mut posted = Vec::new();
    let mut posts = Vec::new();
    let mut ticks = interval(Duration::from_secs(1) / PER_SECOND);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut memory = [0.0; 2];
    for number in 0..WARM_UP + COUNTED {
        ticks.tick().await;
        if number == WARM_UP {
            memory[0] = process::resident_mib(server.id());
        }
        let (api, event) = (api.clone(), company.record_created(&record.numbered(number)));
        posted.push(Instant::now());
        posts.push(actix_web::rt::spawn(async move { api.post("/v1/events", event).await.status }));
    }
    for post in posts {
        assert_eq!(post.await.expect("the post ends"), 202);
    }
    let arrivals = sink.wait_for(WARM_UP + COUNTED).await;
    memory[1] = process::resident_mib(server.id());
    drop(hanging);
    let counted = arrivals.iter().filter(|(number, _)| *number >= WARM_UP);
    let took = counted.map(|(number, at)| at.duration_since(*posted.get(*number).expect("posted")));
    let mut took: Vec<f64> = took.map(|took| took.as_secs_f64() * 1_000.0).collect();
    took.sort_by(f64::total_cmp);
    Isolation { p99: percentile(&took, 99.0), memory }
}

/// Adds so many receivers that take connections and never answer, as long as what is given back lives, and as many that
/// refuse them.
pub(crate) async fn add_dead(company: &Company, count: usize) -> Vec<TcpListener> {
    let mut hanging = Vec::with_capacity(count);
    for _ in 0..count {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
        let address = listener.local_addr().expect("an address");
        company.webhook(&format!("http://{address}/hangs"), json!({})).await;
        hanging.push(listener);
        // Nobody listens on the port that this one had.
        let refusing =
            TcpListener::bind(("127.0.0.1", 0)).and_then(|free| free.local_addr()).expect("a port");
        company.webhook(&format!("http://{refusing}/refuses"), json!({})).await;
    }
    hanging
}

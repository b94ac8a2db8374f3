//! One attack, and those who are to be answered meanwhile.

use std::{
    fs,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::sync::watch;

use crate::{
    client,
    table::{Attack, Strike},
    target::Target,
};

/// How many clients attack at once.
const CLIENTS: usize = 4;

/// How long an attack goes on.
const ATTACK: Duration = Duration::from_secs(2);

/// The most connections that one client holds: together more than one address may have.
const HELD: usize = 400;

/// What an attack came to.
pub(crate) struct Outcome {
    /// The longest that `/healthz` took.
    pub(crate) healthz: Duration,
    /// The longest that another company's event took.
    pub(crate) post: Duration,
    /// How much the server's resident memory grew, in MiB.
    pub(crate) growth: f64,
    /// How often both were asked before the attack ended.
    pub(crate) rounds: usize,
    /// How many requests of the attackers were answered.
    pub(crate) answered: usize,
    /// The server lives.
    pub(crate) running: bool,
}

/// Attacks, and asks for what others ask for until the attack ends.
pub(crate) async fn fight(target: &mut Target, attack: &Attack) -> Outcome {
    if attack.costly_webhooks {
        target.add_costly_webhooks().await;
    }
    target.fill_log(attack.large_events).await;
    let before = resident_mib(target.server.id());
    let (over, is_over) = watch::channel(false);
    let answered = Arc::new(AtomicUsize::new(0));
    let requests = Arc::new((attack.requests)(target));
    let attackers: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let (is_over, answered, requests) = (is_over.clone(), answered.clone(), requests.clone());
            actix_web::rt::spawn(strike(attack.strike, target.address, requests, is_over, answered))
        })
        .collect();
    let end = Instant::now() + ATTACK;
    let mut outcome = Outcome {
        healthz: Duration::ZERO,
        post: Duration::ZERO,
        growth: 0.0,
        rounds: 0,
        answered: 0,
        running: false,
    };
    while Instant::now() < end {
        let (health, event) = (asked(target.api.get("/healthz"), 200), target.victim.record_created("{}"));
        outcome.healthz = outcome.healthz.max(health.await);
        outcome.post = outcome.post.max(asked(target.api.post("/v1/events", event), 202).await);
        outcome.growth = outcome.growth.max(resident_mib(target.server.id()) - before);
        outcome.rounds += 1;
    }
    over.send_replace(true);
    for attacker in attackers {
        attacker.abort();
    }
    outcome.answered = answered.load(Ordering::Acquire);
    outcome.running = target.server.is_running();
    outcome
}

/// How long an answer took, which has to be as expected.
async fn asked(answer: impl Future<Output = bluehook_tests::api::Answer>, status: u16) -> Duration {
    let begin = Instant::now();
    let answer = answer.await;
    assert_eq!(answer.status, status, "{}", answer.text());
    begin.elapsed()
}

/// One client.
async fn strike(
    strike: Strike,
    address: std::net::SocketAddr,
    requests: Arc<Vec<Vec<u8>>>,
    mut over: watch::Receiver<bool>,
    answered: Arc<AtomicUsize>,
) {
    let mut held = Vec::new();
    while !*over.borrow() && held.len() < HELD {
        for request in requests.iter() {
            match strike {
                Strike::Ask => {
                    if client::ask(address, request).await.is_ok_and(|answer| !answer.is_empty()) {
                        answered.fetch_add(1, Ordering::AcqRel);
                    }
                }
                Strike::Hold => {
                    if let Ok(stream) = client::connect(address).await {
                        let _ = stream.try_write(request);
                        answered.fetch_add(1, Ordering::AcqRel);
                        held.push(stream);
                    }
                }
            }
            tokio::task::yield_now().await;
        }
    }
    // Those that are held stay open until the attack is over.
    let _ = over.wait_for(|over| *over).await;
}

/// The resident memory of a process, in MiB.
pub(crate) fn resident_mib(id: u32) -> f64 {
    let status = fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib: f64 = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0.0);
    kib / 1024.0
}

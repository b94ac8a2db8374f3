//! What a terminal, a supervisor and a container ask of the server, from its first moment to its last.

use std::{
    cell::RefCell,
    os::unix::net::UnixDatagram,
    sync::{Mutex, mpsc::channel},
    time::{Duration, Instant},
};

use bluehook_tests::{
    receiver::{Answer, Receiver},
    server::{Place, send_signal},
    wait::until,
    world::World,
};
use serde_json::json;

#[actix_web::test]
async fn signals_that_ask_for_nothing_end_nothing() {
    let world = World::start(Place::new(), Receiver::start()).await;
    world.webhook(json!({})).await;
    for signal in ["HUP", "USR1", "USR2", "HUP"] {
        world.server.signal(signal);
        world.record_created("{}").await;
    }
    world.receiver.wait_for_count(4).await;
    until("the level is read again", async || world.server.log().contains("(SIGHUP)").then_some(())).await;
    assert!(world.server.terminate().success());
}

#[actix_web::test]
async fn hup_takes_up_another_level() {
    let place = Place::new().with("CONFIG", "b.toml");
    std::fs::write(place.file("b.toml"), "log-level = \"warn,bluehook_server=info\"").unwrap();
    let server = place.serve();
    std::fs::write(place.file("b.toml"), "log-level = \"debug\"").unwrap();
    server.signal("HUP");
    until("the level is taken up", async || server.log().contains("level=\"debug\"").then_some(())).await;
    server.signal("USR1");
    until("the level is in force", async || server.log().contains("SIGUSR1 means nothing").then_some(()))
        .await;
    std::fs::write(place.file("b.toml"), "log-level = \"loud\"").unwrap();
    server.signal("HUP");
    until("what is wrong is told", async || server.log().contains("could not be read again").then_some(()))
        .await;
}

#[actix_web::test]
async fn every_way_to_ask_for_the_end_is_an_end() {
    for signal in ["TERM", "INT", "QUIT"] {
        let server = Place::new().serve();
        server.signal(signal);
        assert!(server.ended().success(), "{signal}");
    }
}

#[actix_web::test]
async fn a_stop_takes_no_longer_than_it_may_and_the_next_start_goes_on() {
    let place = Place::new().with("TIMEOUT", "60s").with("STOP_TIMEOUT", "1s");
    let receiver =
        Receiver::scripted(|received| if received.len() == 1 { Answer::Silence } else { 204.into() });
    let world = World::start(place, receiver).await;
    world.webhook(json!({})).await;
    world.record_created("{}").await;
    world.receiver.wait_for_count(1).await;
    let asked = Instant::now();
    let World { place, server, receiver, .. } = world;
    assert!(server.terminate().success());
    assert!(asked.elapsed() < Duration::from_secs(10), "{:?}", asked.elapsed());
    let server = place.serve();
    receiver.wait_for_count(2).await;
    drop(server);
}

#[actix_web::test]
async fn who_asks_twice_does_not_want_to_wait() {
    let place = Place::new().with("TIMEOUT", "60s").with("STOP_TIMEOUT", "50s");
    let world = World::start(place, Receiver::scripted(|_| Answer::Silence)).await;
    world.webhook(json!({})).await;
    world.record_created("{}").await;
    world.receiver.wait_for_count(1).await;
    let asked = Instant::now();
    let server = RefCell::new(world.server);
    server.borrow().signal("TERM");
    until("it heard", async || server.borrow().log().contains("asked to stop").then_some(())).await;
    until("it ends", async || {
        server.borrow().signal("TERM");
        (!server.borrow_mut().is_running()).then_some(())
    })
    .await;
    assert!(asked.elapsed() < Duration::from_secs(30));
    let said = "asked again, stopped at once";
    until("it says so", async || server.borrow().log().contains(said).then_some(())).await;
    assert!(server.into_inner().ended().success());
}

#[actix_web::test]
async fn who_asks_by_two_ways_at_once_asks_once() {
    let place = Place::new().with("TIMEOUT", "60s").with("STOP_TIMEOUT", "50s");
    let (arrived, arrives) = channel();
    let (go, goes) = channel::<()>();
    let goes = Mutex::new(goes);
    let receiver = Receiver::scripted(move |_| {
        arrived.send(()).unwrap();
        goes.lock().unwrap().recv().unwrap_err();
        204.into()
    });
    let world = World::start(place, receiver).await;
    world.webhook(json!({})).await;
    world.record_created("{}").await;
    arrives.recv_timeout(bluehook_tests::wait::LIMIT).unwrap();
    // As `timeout` does it: to the process, and to its group. What is under way is answered after that.
    for signal in ["TERM", "INT", "TERM"] {
        world.server.signal(signal);
    }
    until("it heard", async || world.server.log().contains("asked to stop").then_some(())).await;
    drop(go);
    let server = RefCell::new(world.server);
    until("it ends", async || (!server.borrow_mut().is_running()).then_some(())).await;
    let says = |log: &str| log.lines().any(|line| line.ends_with("stopped"));
    until("it says how", async || says(&server.borrow().log()).then_some(())).await;
    let server = server.into_inner();
    assert!(!server.log().contains("at once"), "{}", server.log());
    assert!(server.ended().success());
}

#[actix_web::test]
async fn a_signal_during_the_start_is_heard() {
    let place = Place::new();
    assert!(place.serve().terminate().success());
    // Somebody holds the file, so that the start waits.
    let holder = rusqlite::Connection::open(place.file("bluehook.db")).unwrap();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut child = place.command().spawn().unwrap();
    let handles = format!("/proc/{}/status", child.id());
    until("it handles signals", async || {
        let status = std::fs::read_to_string(&handles).unwrap();
        let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:")).unwrap().trim();
        let caught = u64::from_str_radix(caught, 16).unwrap();
        [1, 2, 3, 10, 12, 15].iter().all(|signal| caught & (1 << (signal - 1)) != 0).then_some(())
    })
    .await;
    send_signal(child.id(), "HUP");
    send_signal(child.id(), "TERM");
    let asked = Instant::now();
    assert!(child.wait().unwrap().success());
    assert!(asked.elapsed() < Duration::from_secs(10), "it waited for the file: {:?}", asked.elapsed());
}

#[actix_web::test]
async fn a_supervisor_hears_when_it_is_ready_and_when_it_stops() {
    let place = Place::new();
    let path = place.file("notify");
    let socket = UnixDatagram::bind(&path).unwrap();
    socket.set_read_timeout(Some(bluehook_tests::wait::LIMIT)).unwrap();
    let heard = || {
        let mut bytes = [0; 256];
        let length = socket.recv(&mut bytes).unwrap();
        String::from_utf8_lossy(&bytes[..length]).into_owned()
    };
    let mut child = place.command().env("NOTIFY_SOCKET", &path).spawn().unwrap();
    assert_eq!(heard(), "READY=1");
    send_signal(child.id(), "TERM");
    assert_eq!(heard(), "STOPPING=1");
    assert!(child.wait().unwrap().success());
}

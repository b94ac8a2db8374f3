//! What one caller may take, and how connections are read: who meets a limit is told so, and others go on.

use std::net::SocketAddr;

use bluehook_tests::{
    api::Api,
    receiver::Receiver,
    server::{ADMIN_TOKEN, Place, Server},
    wait::LIMIT,
    world::World,
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    time::timeout,
};

/// A connection from one of this machine's own addresses.
async fn connect(server: &Server, from: &str) -> TcpStream {
    let to: SocketAddr = server.url().trim_start_matches("http://").parse().unwrap();
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(format!("{from}:0").parse().unwrap()).unwrap();
    socket.connect(to).await.unwrap()
}

/// Sends a text and reads until the server closes.
async fn ask(server: &Server, from: &str, text: &str) -> String {
    let mut stream = connect(server, from).await;
    stream.write_all(text.as_bytes()).await.unwrap();
    rest(&mut stream).await
}

async fn rest(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    // A connection that is reset has said what it had to say.
    let _ = timeout(LIMIT, stream.read_to_end(&mut answer)).await.unwrap();
    String::from_utf8(answer).unwrap()
}

/// Reads until something was said.
async fn until(stream: &mut TcpStream, wanted: &str) -> String {
    let mut said = String::new();
    let mut piece = [0; 4_096];
    while !said.contains(wanted) {
        let count = timeout(LIMIT, stream.read(&mut piece))
            .await
            .unwrap_or_else(|_| panic!("{wanted} was not said: {said}"))
            .unwrap();
        assert!(count > 0, "{said}");
        said.push_str(str::from_utf8(&piece[..count]).unwrap());
    }
    said
}

fn get(path: &str, token: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: h\r\nauthorization: Bearer {token}\r\nconnection: close\r\n\r\n")
}

/// More requests than the server keeps in mind, small and large answers in turn, and nothing after them.
#[actix_web::test]
async fn requests_sent_at_once_are_all_answered_in_their_order() {
    let server = Place::new().serve();
    let request = |path| format!("GET {path} HTTP/1.1\r\nhost: h\r\nx: {}\r\n\r\n", "y".repeat(200));
    let requests = [request("/openapi.json"), request("/healthz"), request("/healthz")].concat().repeat(40);
    let mut stream = connect(&server, "127.0.0.1").await;
    let (mut reading, mut writing) = stream.split();
    let mut answers = Vec::new();
    let (read, written) = tokio::join!(timeout(LIMIT, reading.read_to_end(&mut answers)), async {
        writing.write_all(requests.as_bytes()).await.unwrap();
        writing.shutdown().await
    });
    read.unwrap().unwrap();
    written.unwrap();
    let text = String::from_utf8(answers).unwrap();
    let answers: Vec<bool> =
        text.split("HTTP/1.1 200 OK").skip(1).map(|answer| answer.contains("openapi")).collect();
    assert_eq!(answers, (0..120).map(|n| n % 3 == 0).collect::<Vec<_>>());
}

#[actix_web::test]
async fn who_guesses_tokens_is_held_back_and_others_are_not() {
    let place = Place::new();
    let server = place.serve();
    let mut statuses = Vec::new();
    for n in 0..32 {
        let answer = ask(&server, "127.0.0.2", &get("/v1/webhooks", &format!("guess-{n}"))).await;
        statuses.push(answer.get(9..12).unwrap_or_default().to_owned());
    }
    assert_eq!(statuses.iter().filter(|status| *status == "401").count(), 30, "{statuses:?}");
    let refused = ask(&server, "127.0.0.2", &get("/v1/webhooks", "guess")).await;
    assert!(refused.contains("RATE_LIMITED") && refused.contains("\"scope\":\"ADDRESS\""), "{refused}");
    assert!(refused.to_ascii_lowercase().contains("retry-after: "), "{refused}");
    let elsewhere = ask(&server, "127.0.0.3", &get("/v1/webhooks", ADMIN_TOKEN)).await;
    assert!(elsewhere.starts_with("HTTP/1.1 200"), "{elsewhere}");
    let metrics = Api::of(&server).get("/metrics").await.text();
    assert!(metrics.contains("bluehook_refusals_total{limit=\"credentials\"}"), "{metrics}");
    assert_eq!(server.log().matches("held back").count(), 1, "{}", server.log());
}

#[actix_web::test]
async fn whose_request_it_is_is_believed_from_trusted_proxies_only() {
    let place = Place::new().with("TRUSTED_PROXIES", "127.0.0.2/32");
    let server = place.serve();
    let forwarded = |n: usize| {
        get("/v1/webhooks", &format!("guess-{n}"))
            .replace("host: h", &format!("host: h\r\nx-forwarded-for: 203.0.113.9, 198.51.100.{n}"))
    };
    let mut held_back = [0, 0];
    for n in 0..35 {
        for (from, held_back) in ["127.0.0.2", "127.0.0.3"].iter().zip(&mut held_back) {
            *held_back += usize::from(ask(&server, from, &forwarded(n)).await.contains("RATE_LIMITED"));
        }
    }
    assert_eq!(
        held_back,
        [0, 5],
        "behind the proxy each is another; from elsewhere the address is the peer's"
    );
}

#[actix_web::test]
async fn one_token_is_guessed_ten_times_only() {
    let place = Place::new();
    let server = place.serve();
    let guess = |n: usize| get("/v1/webhooks", &format!("tok_known.{n}"));
    let mut held_back = 0;
    for n in 0..14 {
        held_back += usize::from(ask(&server, "127.0.0.2", &guess(n)).await.contains("RATE_LIMITED"));
    }
    assert_eq!(held_back, 4);
}

#[actix_web::test]
async fn an_address_has_only_so_many_connections_but_for_services() {
    let place = Place::new().with("MAX_CONNECTIONS_PER_ADDRESS", "3");
    let server = place.serve();
    let mut held = Vec::new();
    for _ in 0..3 {
        let mut stream = connect(&server, "127.0.0.2").await;
        stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: h\r\n\r\n").await.unwrap();
        until(&mut stream, "alive").await;
        held.push(stream);
    }
    let refused = rest(&mut connect(&server, "127.0.0.2").await).await;
    assert!(refused.starts_with("HTTP/1.1 429") && refused.contains("RATE_LIMITED"), "{refused}");
    let elsewhere = ask(&server, "127.0.0.3", &get("/healthz", ADMIN_TOKEN)).await;
    assert!(elsewhere.starts_with("HTTP/1.1 200"), "{elsewhere}");
    let service = get("/v1/webhooks", ADMIN_TOKEN).replace("connection: close\r\n", "");
    held[0].write_all(service.as_bytes()).await.unwrap();
    until(&mut held[0], "items").await;
    let again = ask(&server, "127.0.0.2", &get("/healthz", "")).await;
    assert!(again.starts_with("HTTP/1.1 200"), "{again}");
}

#[actix_web::test]
async fn an_upgrade_is_ignored_and_what_follows_is_a_request() {
    let place = Place::new();
    let server = place.serve();
    let body = "{}";
    let first = format!(
        "POST /v1/preview HTTP/1.1\r\nhost: h\r\nauthorization: Bearer {ADMIN_TOKEN}\r\ncontent-type: application/json\r\n\
         upgrade: websocket\r\nconnection: upgrade\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let answer = ask(&server, "127.0.0.1", &(first + &get("/healthz", ""))).await;
    let statuses: Vec<&str> =
        answer.match_indices("HTTP/1.1 ").map(|(at, _)| &answer[at + 9..at + 12]).collect();
    assert_eq!(statuses, ["400", "200"], "{answer}");
}

#[actix_web::test]
async fn a_caller_hears_that_its_body_is_wanted_only_when_it_is() {
    let place = Place::new();
    let server = place.serve();
    let head = |token: &str, length: usize| {
        format!(
            "POST /v1/preview HTTP/1.1\r\nhost: h\r\nauthorization: Bearer {token}\r\n\
             content-type: application/json\r\nexpect: 100-continue\r\ncontent-length: {length}\r\n\r\n"
        )
    };
    for (token, length, status) in [("stranger", 2, "401"), (ADMIN_TOKEN, 2 << 20, "413")] {
        let answer = ask(&server, "127.0.0.1", &head(token, length)).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{answer}");
        assert!(!answer.contains("100 Continue"), "{answer}");
    }
    let mut stream = connect(&server, "127.0.0.1").await;
    stream.write_all(head(ADMIN_TOKEN, 2).as_bytes()).await.unwrap();
    assert_eq!(until(&mut stream, "\r\n\r\n").await, "HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(b"{}").await.unwrap();
    assert!(until(&mut stream, "errors").await.starts_with("HTTP/1.1 400"));
}

#[actix_web::test]
async fn heads_that_are_no_good_are_answered_with_a_problem() {
    let place = Place::new();
    let server = place.serve();
    for (head, status) in [
        ("GET / HTTP/1.1\r\nhost: h\r\ncontent-length: 1\r\ncontent-length: 1\r\n\r\n".to_owned(), "400"),
        (
            "GET / HTTP/1.1\r\nhost: h\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n".to_owned(),
            "400",
        ),
        ("\u{16}\u{3}\u{1}\r\n\r\n".to_owned(), "400"),
        (format!("GET /{} HTTP/1.1\r\nhost: h\r\n\r\n", "a".repeat(40_000)), "431"),
        (format!("GET / HTTP/1.1\r\nhost: h\r\n{}\r\n", "a: b\r\n".repeat(100)), "431"),
        // The second head of a connection has a deadline too.
        ("GET /healthz HTTP/1.1\r\nhost: h\r\n\r\nGET / HTTP/1.1\r\nhost:".to_owned(), "408"),
    ] {
        let answer = ask(&server, "127.0.0.1", &head).await;
        let last = answer.rfind("HTTP/1.1 4").and_then(|at| answer.get(at..)).unwrap_or_default();
        assert!(last.starts_with(&format!("HTTP/1.1 {status}")), "{answer}");
        assert!(last.contains("application/problem+json"), "{answer}");
    }
    assert!(!server.log().contains("ERROR"), "{}", server.log());
}

#[actix_web::test]
async fn a_filter_beyond_its_budget_holds_the_event_for_its_webhook_alone() {
    let world = World::start(Place::new(), Receiver::start()).await;
    let conditions: Vec<Value> = (0..33).map(|n| json!({"currentValue": {"list": 1_000 + n}})).collect();
    let costly = world.webhook(json!({"filter": {"$or": conditions}})).await;
    world.webhook(json!({})).await;
    let list = vec!["1"; 400_000].join(",");
    let accepted = world.record_created(&format!("{{\"id\":\"r\",\"list\":[{list}]}}")).await;
    assert_eq!(accepted["deliveries"], 2);
    world.receiver.wait_for_count(1).await;
    let id = costly["id"].as_str().unwrap();
    let listed = world.api.get(&format!("/v1/deliveries?webhookId={id}")).await.json(200);
    let held = &listed["items"][0];
    assert_eq!((&held["status"], &held["heldBecause"]), (&json!("HELD"), &json!("FILTER")), "{listed}");
    let small = world.record_created("{\"id\":\"r\",\"list\":[1,1032]}").await;
    assert_eq!(small["deliveries"], 2, "a small event is asked as ever");
}

#[actix_web::test]
async fn a_person_has_so_many_probes_and_tests_a_minute() {
    let world = World::start(Place::new(), Receiver::start()).await;
    let webhook = world.webhook(json!({})).await;
    let token = json!({"userId": world.company.person_id, "companyId": world.company.id, "name": "p"});
    let token = world.api.post("/v1/tokens", token.to_string()).await.json(201);
    let api = Api::with_token(&world.server, token["token"].as_str().unwrap());
    let path = format!("/v1/webhooks/{}", webhook["id"].as_str().unwrap());
    for n in 0..20 {
        let what = if n % 2 == 0 { "test" } else { "enable" };
        api.post(&format!("{path}/{what}"), "{}").await.json(200);
    }
    for what in ["test", "enable"] {
        let refused = api.post(&format!("{path}/{what}"), "{}").await.json(429);
        assert_eq!(
            (&refused["params"]["scope"], &refused["params"]["limit"]),
            (&json!("PERSON"), &json!(20))
        );
    }
    let update = format!(
        "mutation {{ updateWebhook(input: {{webhookId: {}, enabled: true}}) {{ id }} }}",
        webhook["id"]
    );
    let refused = api.post("/graphql", json!({ "query": update }).to_string()).await.json(200);
    assert_eq!(refused["errors"][0]["extensions"]["code"], "RATE_LIMITED", "{refused}");
    let shown = api.get(&path).await.json(200);
    assert_eq!(shown["enabled"], true, "a working webhook stays on");
}

#[actix_web::test]
async fn one_replay_of_a_webhook_runs_at_once() {
    let world = World::start(Place::new(), Receiver::start()).await;
    let webhook = world.webhook(json!({})).await;
    let path = format!("/v1/webhooks/{}", webhook["id"].as_str().unwrap());
    world.api.post(&format!("{path}/disable"), "").await.json(200);
    let events = vec![world.company.record_created("{}"); 1_000].join(",");
    world.api.post("/v1/events/batch", format!("{{\"events\":[{events}]}}")).await.json(200);
    assert_eq!(world.api.post(&format!("{path}/enable"), "").await.json(200)["enabled"], true);
    let span = json!({"since": "2020-01-01T00:00:00Z", "until": "2100-01-01T00:00:00Z"}).to_string();
    let replay = format!("{path}/replay");
    let (first, second) =
        tokio::join!(world.api.post(&replay, span.clone()), world.api.post(&replay, span.clone()));
    let mut statuses = [first.status, second.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [202, 409], "{} {}", first.text(), second.text());
}

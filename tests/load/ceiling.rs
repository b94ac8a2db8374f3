//! The ceiling: the same requests, signed and sent by bare awc loops, one per core, with nothing accepted or stored.

use std::{
    thread,
    time::{Duration, Instant, SystemTime},
};

use actix_web::rt::{System, spawn};
use awc::{Client, Connector};
use bluehook_core::{
    request::{Attempt, Signing, headers},
    signature::{Secret, Signer},
};

use crate::{record::Record, sink::Sink};

const DURATION: Duration = Duration::from_secs(10);

/// The webhook as a `full` body carries it, as long as a real one.
const WEBHOOK: &str = r#"{"id":"clb4qaopy0000vt24mlp28v03","uid":"edb5b5d51dc9461a952160dbe72153b4","name":"Load","url":"http://127.0.0.1:49152/hook","secret":"","status":"HEALTHY","enabled":true,"metadata":{"events":[],"projectIds":[]},"createdById":"person-of-load-0","createdAt":"2022-12-01T07:01:25.014Z","updatedAt":"2022-12-01T07:01:25.014Z"}"#;

/// Answered requests per second, so many under way at once.
pub(crate) fn measure(concurrency: usize) -> f64 {
    let sink = Sink::start();
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let began = Instant::now();
    let threads: Vec<_> = (0..cores)
        .map(|_| {
            let url = sink.url.clone();
            thread::spawn(move || System::new().block_on(send_from_one_thread(url, concurrency / cores)))
        })
        .collect();
    let answered: u32 = threads.into_iter().map(|thread| thread.join().unwrap()).sum();
    f64::from(answered) / began.elapsed().as_secs_f64()
}

async fn send_from_one_thread(url: String, concurrency: usize) -> u32 {
    let client = Client::builder().connector(Connector::new().limit(0)).disable_redirects().finish();
    let loops: Vec<_> = (0..concurrency).map(|_| spawn(send(client.clone(), url.clone()))).collect();
    let mut answered = 0;
    for sender in loops {
        answered += sender.await.unwrap();
    }
    answered
}

/// One request after the other, each body rendered and signed anew.
async fn send(client: Client, url: String) -> u32 {
    let (record, signer) = (Record::new(), Signer::new(&Secret::from_random([7; 32])));
    let began = Instant::now();
    let mut answered = 0;
    while began.elapsed() < DURATION {
        let value = record.numbered(usize::try_from(answered).unwrap());
        let body = with_webhook(&value);
        let mut request = client.post(&url);
        for (name, value) in signed(&body, &signer) {
            request = request.insert_header((name, value));
        }
        let mut response = request.send_body(body).await.unwrap();
        assert_eq!(response.status(), 204);
        response.body().await.unwrap();
        answered += 1;
    }
    answered
}

/// A `full` body around a record.
pub(crate) fn with_webhook(value: &str) -> String {
    format!(r#"{{"event":"TODO_CREATED","webhook":{WEBHOOK},"previousValue":null,"currentValue":{value}}}"#)
}

pub(crate) fn signed(body: &str, signer: &Signer) -> Vec<(&'static str, String)> {
    let now = SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs();
    let attempt = Attempt {
        delivery_id: "dlv_clb4qaopy0000vt24mlp28v03",
        timestamp_seconds: i64::try_from(now).unwrap(),
        number: 1,
        event: "TODO_CREATED",
        stamp: bluehook_core::request::Stamp::at(0),
        body: body.as_bytes(),
    };
    headers(&attempt, Some(&Signing { current: signer, next: None }))
}

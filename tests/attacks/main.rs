//! Attacks: four clients at one address do their worst, while somebody else at another address is to be answered as ever.
//!
//! A new attack is a new row of [`table`]. What is asserted here holds on a busy machine too; how long the others wait is
//! measured by `cargo xtask bench attacks`.
#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test that cannot go on has to fail")]

use std::time::Duration;

// Who attacks what.
mod table;

// Raw requests from an address.
mod client;

// The server under attack, and what it holds.
mod target;

// One attack, and those who are to be answered meanwhile.
mod battle;

// Many who read at once.
mod readers;

use battle::Outcome;
use target::Target;

/// The longest that anybody waits during an attack.
const LIMIT: Duration = Duration::from_secs(10);

/// How much the server's memory may grow, in MiB.
const MAX_GROWTH: f64 = 100.0;

#[actix_web::test]
async fn nobody_is_kept_from_others_by_an_attack() {
    let mut failed = Vec::new();
    for attack in table::ATTACKS {
        let mut target = Target::start().await;
        let Outcome { healthz, post, growth, rounds, answered, running } =
            battle::fight(&mut target, attack).await;
        println!(
            "{}: {answered} answers; healthz {healthz:?}, post {post:?}, {growth:.0} MiB, {rounds} rounds",
            attack.name
        );
        let fine = running && rounds > 0 && healthz < LIMIT && post < LIMIT && growth < MAX_GROWTH;
        if !fine {
            failed.push((attack.name, healthz, post, growth, rounds, running));
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
}

#[actix_web::test]
async fn a_stranger_gets_answers_not_lines_in_the_log() {
    let target = Target::start().await;
    let malformed = b"GET /healthz HTTP/1.1\r\nhost: h\r\ncontent-length: x\r\n\r\n";
    for _ in 0..200 {
        let answer = client::ask(target.address, malformed).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
        assert!(answer.contains("application/problem+json") && answer.contains("BAD_USER_INPUT"), "{answer}");
    }
    assert!(!target.server.log().contains("ERROR"), "{}", target.server.log());
}

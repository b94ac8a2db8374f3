//! Answers as real servers, careless ones and hostile ones give them. The status line decides: one attempt, the right log,
//! over http and over TLS.

use bluehook_core::delivery::Status;
use bluehook_dispatcher::{Attempt, BodyCut, FailureKind, Outcome, Reason};

use crate::{
    certificates::Authority,
    house::House,
    receiver::{OK, Receiver, Step},
};

/// What the log has of an attempt.
#[derive(Clone, Debug, PartialEq)]
enum Logged {
    /// A status, a body, why it was cut.
    Answer(u16, String, Option<BodyCut>),
    Failed(FailureKind, Option<Reason>),
}

impl Logged {
    fn of(attempt: &Attempt) -> Logged {
        match &attempt.outcome {
            Outcome::Response(response) => Logged::Answer(
                response.status_code,
                String::from_utf8_lossy(&response.body).into_owned(),
                response.body_cut,
            ),
            Outcome::Failure(failure) => Logged::Failed(failure.kind, failure.reason),
        }
    }
}

/// What a receiver writes after it read the request, what it does then, and what the log has to say.
type Case = (Vec<u8>, Step, Logged);

fn whole(text: impl Into<Vec<u8>>, last: Step, code: u16, body: &str) -> Case {
    (text.into(), last, Logged::Answer(code, body.to_owned(), None))
}

/// Goes on to the next request.
fn next() -> Step {
    Step::Write(Vec::new())
}

fn cut(text: impl Into<Vec<u8>>, last: Step, (body, cut): (&str, BodyCut)) -> Case {
    (text.into(), last, Logged::Answer(200, body.to_owned(), Some(cut)))
}

/// Every case is one delivery with one attempt, one after the other to the same receiver.
async fn check(cases: Vec<Case>) {
    let authority = Authority::new();
    for tls in [None, Some(authority.good().acceptor(&[]))] {
        let house = House::with(|config| config.ca_file = Some(authority.file())).await;
        let scripts: Vec<Vec<Step>> = cases
            .iter()
            .map(|(text, last, _)| vec![Step::Read, Step::Write(text.clone()), last.clone()])
            .collect();
        let receiver = Receiver::over(tls, move |turn| scripts[turn].clone()).await;
        house.webhook(&receiver.url()).await;
        for (number, (text, _, expected)) in cases.iter().enumerate() {
            let id = house.deliver(&format!("event {number}")).await;
            let success = matches!(expected, Logged::Answer(200..=299, ..));
            let status = if success { Status::Succeeded } else { Status::Retrying };
            let shown = String::from_utf8_lossy(&text[..text.len().min(200)]).into_owned();
            let what = format!("an attempt: {} {shown:?}", receiver.url());
            let attempted = async || Some(house.detail(&id).await).filter(|seen| seen.delivery.attempts > 0);
            let detail = house.until(&what, attempted).await;
            assert_eq!(Logged::of(&detail.attempts[0]), *expected, "{what}");
            assert_eq!((detail.delivery.attempts, detail.delivery.status), (1, status), "{what}");
        }
    }
}

#[tokio::test]
async fn bodies_end_as_they_say() {
    let ok = "HTTP/1.1 200 OK\r\n";
    check(vec![
        whole(format!("{ok}\r\nuntil close"), Step::Close, 200, "until close"),
        whole("HTTP/1.0 200 OK\r\n\r\nold", Step::Close, 200, "old"),
        // As Apache refuses what is too large.
        whole(
            "HTTP/1.1 413 Request Entity Too Large\r\nConnection: close\r\nContent-Type: text/html; charset=iso-8859-1\r\n\r\n<html>",
            Step::Close,
            413,
            "<html>",
        ),
        // As Java's own server spells it.
        whole("HTTP/1.1 200 OK\r\nTransfer-encoding: chunked\r\n\r\n2\r\nOK\r\n0\r\n\r\n", next(), 200, "OK"),
        cut(format!("{ok}\r\nreset"), Step::Reset, ("reset", BodyCut::Broken)),
        whole("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", next(), 204, ""),
        whole("HTTP/1.1 204 No Content\r\nContent-Encoding: gzip\r\n\r\n", next(), 204, ""),
        whole("HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n", next(), 304, ""),
        whole(format!("{ok}Content-Length: 2\r\nContent-Length: 2\r\n\r\nOK"), next(), 200, "OK"),
        whole(
            format!("{ok}Content-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nOK\r\n0\r\n\r\n"),
            next(),
            200,
            "OK",
        ),
        whole(format!("{ok}Transfer-Encoding: gzip, chunked\r\n\r\n2\r\nOK\r\n0\r\n\r\n"), next(), 200, "OK"),
        whole(
            format!("{ok}Transfer-Encoding:\r\n chunked\r\n\r\n2\r\nOK\r\n0\r\nTrailer: x\r\n\r\n"),
            next(),
            200,
            "OK",
        ),
        whole(
            format!("{ok}Upgrade: websocket\r\nConnection: Upgrade\r\nContent-Length: 2\r\n\r\nOK"),
            next(),
            200,
            "OK",
        ),
        whole(
            "HTTP/1.1 426 Upgrade Required\r\nUpgrade: h2c\r\nContent-Length: 2\r\n\r\nNo",
            next(),
            426,
            "No",
        ),
        whole("HTTP/1.2 200 OK\r\nContent-Length: 2\r\n\r\nOK", next(), 200, "OK"),
    ])
    .await;
}

#[tokio::test]
async fn what_breaks_after_the_status_breaks_the_body_alone() {
    let ok = "HTTP/1.1 200 OK\r\n";
    check(vec![
        cut(format!("{ok}Content-Length: 9\r\n\r\nshort"), Step::Close, ("short", BodyCut::Broken)),
        cut(format!("{ok}Content-Length: 9\r\n\r\nshort"), Step::Reset, ("short", BodyCut::Broken)),
        cut(format!("{ok}Content-Length: 9\r\n\r\nslow"), Step::Hang, ("slow", BodyCut::Timeout)),
        cut(
            format!("{ok}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"),
            Step::Close,
            ("hello", BodyCut::Broken),
        ),
        cut(
            format!("{ok}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"),
            Step::Hang,
            ("hello", BodyCut::Timeout),
        ),
        cut(
            format!("{ok}Transfer-Encoding: chunked\r\n\r\nnot a size\r\n"),
            Step::Hang,
            ("", BodyCut::Broken),
        ),
        cut(format!("{ok}Content-Le"), Step::Close, ("", BodyCut::Broken)),
        cut(format!("{ok}Content-Le"), Step::Hang, ("", BodyCut::Timeout)),
    ])
    .await;
}

#[tokio::test]
async fn interim_answers_are_passed_over() {
    check(vec![
        whole(format!("HTTP/1.1 100 Continue\r\n\r\n{OK}"), next(), 200, "OK"),
        whole(
            format!("HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n{OK}"),
            next(),
            200,
            "OK",
        ),
        (
            b"HTTP/1.1 103 Early Hints\r\n\r\n".to_vec(),
            Step::Close,
            Logged::Failed(FailureKind::Connection, Some(Reason::Closed)),
        ),
        (
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n".to_vec(),
            Step::Hang,
            Logged::Failed(FailureKind::InvalidResponse, Some(Reason::NotHttp)),
        ),
    ])
    .await;
}

#[tokio::test]
async fn what_curl_and_browsers_take_is_taken() {
    let rest = "Content-Length: 2\r\n\r\nOK";
    let heads = [
        "http/1.1 200 ok\r\n",
        "HTTP/1.1  200  OK\r\n",
        "HTTP/1.1 200\r\n",
        "HTTP/1.1 200 OK\n",
        "HTTP/1.1 200 OK\r\nPHP Warning:  Undefined variable\r\nOn line 3\r\n",
        "HTTP/1.1 200 OK\r\nBad Name: x\r\n",
        "HTTP/1.1 200 OK\r\nGrüße: x\r\n",
        "HTTP/1.1 200 OK\r\nX-Bell: \u{7}\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length:\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: lots\r\n",
    ];
    let mut cases: Vec<Case> =
        heads.iter().map(|head| whole(format!("{head}{rest}"), next(), 200, "OK")).collect();
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n";
    cases.push(whole(format!("{chunked}2\nOK\n0\n\n"), next(), 200, "OK"));
    let many = "X-Line: one of many\r\n".repeat(97);
    cases.push(whole(format!("HTTP/1.1 200 OK\r\n{many}{rest}"), next(), 200, "OK"));
    let long = "X-Line: one of very many\r\n".repeat(5_400);
    cases.push(whole(format!("HTTP/1.1 200 OK\r\n{long}{rest}"), next(), 200, "OK"));
    cases.push(cut("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nOK", Step::Hang, ("OK", BodyCut::Timeout)));
    check(cases).await;
}

#[tokio::test]
async fn what_is_not_http_is_told() {
    let not_http = || Logged::Failed(FailureKind::InvalidResponse, Some(Reason::NotHttp));
    let settings = vec![0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 100];
    check(vec![
        (b"SSH-2.0-OpenSSH_9.2\r\n".to_vec(), Step::Hang, not_http()),
        (b"{\"ok\":true}".to_vec(), Step::Close, not_http()),
        (b"HTTP/1.1 99999 What\r\n\r\n".to_vec(), Step::Hang, not_http()),
        (settings, Step::Hang, Logged::Failed(FailureKind::InvalidResponse, Some(Reason::Http2Only))),
        (b"HTTP/1.1 2".to_vec(), Step::Close, Logged::Failed(FailureKind::Connection, Some(Reason::Closed))),
        (b"HTTP/1.1 2".to_vec(), Step::Reset, Logged::Failed(FailureKind::Connection, Some(Reason::Reset))),
        (b"HTTP/1.1 2".to_vec(), Step::Hang, Logged::Failed(FailureKind::Timeout, Some(Reason::Body))),
        (vec![], Step::Hang, Logged::Failed(FailureKind::Timeout, Some(Reason::FirstByte))),
    ])
    .await;
}

/// What goes beyond the budget, each in its own way. The status decides, and what is kept is little.
#[tokio::test]
async fn an_answer_costs_no_more_than_its_budget() {
    let ok = "HTTP/1.1 200 OK\r\n";
    let chunked = format!("{ok}Transfer-Encoding: chunked\r\n\r\n");
    let decided = || Logged::Answer(200, String::new(), Some(BodyCut::Limit));
    let too_large = || Logged::Failed(FailureKind::InvalidResponse, Some(Reason::HeadTooLarge));
    check(vec![
        (ok.into(), Step::Flood(b"X-More: and more\r\n".repeat(100)), decided()),
        (format!("{ok}X: ").into(), Step::Flood(vec![b'x'; 4_096]), decided()),
        (format!("{chunked}1;").into(), Step::Flood(vec![b'x'; 4_096]), decided()),
        (chunked.clone().into(), Step::Flood(vec![b'0'; 4_096]), decided()),
        (format!("{chunked}0\r\n").into(), Step::Flood(b"T: x\r\n".repeat(700)), decided()),
        (vec![], Step::Flood(b"HTTP/1.1 103 E\r\n\r\n".repeat(200)), too_large()),
        (vec![], Step::Flood(b"\r\n".repeat(2_000)), too_large()),
        (b"HTTP/1.1 200 ".to_vec(), Step::Flood(vec![b'x'; 4_096]), too_large()),
    ])
    .await;
}

#[tokio::test]
async fn little_of_an_answer_is_kept() {
    let house = House::new().await;
    let head =
        format!("HTTP/1.1 200 OK\r\n{}Content-Length: 20000\r\n\r\n", "X-More: and more\r\n".repeat(6_000));
    let receiver =
        Receiver::always(vec![Step::Read, Step::Write([head.as_bytes(), &[b'x'; 20_000]].concat())]).await;
    house.webhook(&receiver.url()).await;
    for number in 0..2 {
        let id = house.deliver(&format!("event {number}")).await;
        let detail = house.until_attempted(&id, 1, Status::Succeeded).await;
        let Outcome::Response(response) = &detail.attempts[0].outcome else { panic!("{detail:?}") };
        assert_eq!((response.body.len(), response.body_cut), (16 * 1024, Some(BodyCut::Limit)));
        assert!(
            response.headers.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>() <= 16 * 1024
        );
    }
    assert_eq!(receiver.connections(), 1, "it was read to its end, so the connection was kept");
}

//! TLS that can be trusted is used, for HTTP/1.1 alone; TLS that cannot is a failure, and each kind of it is told apart.

use std::{path::Path, process::Command};

use bluehook_core::{delivery::Status, language::Language};
use bluehook_dispatcher::{Failed, Failure, FailureKind, Outcome, Reason, Step};
use tokio_rustls::TlsAcceptor;

use crate::{
    certificates::{Authority, Identity, client, server, valid},
    child::Child,
    house::{House, TIMEOUT},
    receiver::{self, OK, Receiver, answer},
};

/// A house that trusts an authority.
async fn trusting(authority: &Authority) -> House {
    House::with(|config| {
        config.timeout = 5 * TIMEOUT;
        config.ca_file = Some(authority.file());
    })
    .await
}

/// Why the only attempt failed.
async fn failed(house: &House, url: &str) -> Failure {
    house.webhook(url).await;
    let id = house.deliver(url).await;
    let detail = house.until_attempted(&id, 1, Status::Retrying).await;
    match detail.attempts[0].outcome.clone() {
        Outcome::Failure(failure) => failure,
        Outcome::Response(response) => panic!("{response:?}"),
    }
}

/// A receiver whose TLS is not accepted; nothing is sent to it.
async fn refused(authority: &Authority, tls: TlsAcceptor) -> Failure {
    let house = trusting(authority).await;
    let receiver = Receiver::over(Some(tls), |_| answer(OK)).await;
    let failure = failed(&house, &receiver.url()).await;
    assert_eq!(failure.kind, FailureKind::Tls, "{failure:?}");
    assert_eq!(receiver.requests().len(), 0, "no request was made");
    let sentence = failure.detail(Language::English);
    assert!(!sentence.contains("http") && sentence.contains("127.0.0.1"), "{sentence}");
    // Who asks before saving hears the same.
    let check = house.dispatcher.check_url(&receiver.url()).await;
    let steps = [Step::Syntax, Step::Address, Step::Connect].map(|step| (step, None));
    let failed = (Step::Tls, Some(Failed::Attempt(failure.clone())));
    assert_eq!(check.steps, [&steps[..], &[failed]].concat());
    failure
}

#[tokio::test]
async fn certificates_are_told_apart() {
    let (known, unknown) = (Authority::new(), Authority::named("Nobody knows us"));
    for (identity, reason) in [
        (known.identity(&valid(2020, 2021)), Reason::Expired),
        (known.identity(&valid(2090, 2091)), Reason::NotYetValid),
        (known.identity(&client()), Reason::NotForServers),
        (known.identity(&server(&["a.example.com"])), Reason::WrongName),
        (known.below(false), Reason::IncompleteChain),
        (unknown.whole(&server(&["127.0.0.1"])), Reason::UnknownIssuer),
        (Identity::self_signed(), Reason::SelfSigned),
    ] {
        let failure = refused(&known, identity.acceptor(&[])).await;
        assert_eq!(failure.reason, Some(reason), "{failure:?}");
    }
}

#[tokio::test]
async fn what_the_owner_needs_to_know_is_told() {
    let known = Authority::new();
    let expired = refused(&known, known.identity(&valid(2020, 2021)).acceptor(&[])).await;
    assert_eq!(expired.params.expires_at.as_deref(), Some("2021-01-01T00:00:00.000Z"));
    assert!(expired.detail(Language::English).contains("2021-01-01"));
    let early = refused(&known, known.identity(&valid(2090, 2091)).acceptor(&[])).await;
    assert_eq!(early.params.valid_from.as_deref(), Some("2090-01-01T00:00:00.000Z"));
    let names = ["a.example.com", "b.example.com", "10.0.0.1", "d.example.com"];
    let other = refused(&known, known.identity(&server(&names)).acceptor(&[])).await;
    assert_eq!(other.params.names, names[..3]);
    assert!(!other.detail(Language::Italian).contains("d.example.com"));
    let unknown =
        refused(&known, Authority::named("Nobody knows us").whole(&server(&["127.0.0.1"])).acceptor(&[]))
            .await;
    assert_eq!(unknown.params.issuer.as_deref(), Some("Nobody knows us"));
}

/// Signed with SHA-1, and with a key of 1,024 bits, by an authority that is trusted.
#[tokio::test]
async fn weak_certificates_are_told() {
    let folder = tempfile::TempDir::new().unwrap();
    let house = House::with(|config| {
        config.timeout = 5 * TIMEOUT;
        config.ca_file = Some(folder.path().join("ca.pem"));
        openssl(
            folder.path(),
            "req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 9 -subj /CN=ca",
        );
    })
    .await;
    for (bits, digest) in [(2_048, "sha1"), (1_024, "sha256")] {
        openssl(
            folder.path(),
            &format!("req -newkey rsa:{bits} -nodes -keyout own.key -out own.csr -subj /CN=own"),
        );
        std::fs::write(folder.path().join("own.ext"), "subjectAltName=IP:127.0.0.1").unwrap();
        openssl(
            folder.path(),
            &format!(
                "x509 -req -in own.csr -CA ca.pem -CAkey ca.key -CAcreateserial -{digest} -days 9 -extfile own.ext -out own.pem"
            ),
        );
        let text = |name| std::fs::read_to_string(folder.path().join(name)).unwrap();
        let Ok(acceptor) = Identity::from_pem(&text("own.pem"), &text("own.key")).try_acceptor() else {
            // The library that serves here does not take such a key: openssl serves it.
            let server = serve(folder.path());
            let failure = failed(&house, &format!("https://127.0.0.1:{}/", server.1)).await;
            assert_eq!(
                (failure.kind, failure.reason),
                (FailureKind::Tls, Some(Reason::Weak)),
                "{bits} {digest}"
            );
            continue;
        };
        let receiver = Receiver::over(Some(acceptor), |_| answer(OK)).await;
        let failure = failed(&house, &receiver.url()).await;
        assert_eq!((failure.kind, failure.reason), (FailureKind::Tls, Some(Reason::Weak)), "{bits} {digest}");
    }
}

/// Ends with its owner.
struct Serving(std::process::Child, u16);

impl Drop for Serving {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

/// openssl as a server, on a port of its choice.
fn serve(folder: &Path) -> Serving {
    use std::io::{BufRead, BufReader};
    let mut command = Command::new("openssl");
    command.args([
        "s_server",
        "-accept",
        "127.0.0.1:0",
        "-cert",
        "own.pem",
        "-key",
        "own.key",
        "-cipher",
        "DEFAULT@SECLEVEL=0",
        "-www",
    ]);
    let mut child = command
        .current_dir(folder)
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    // `ACCEPT 127.0.0.1:40123`
    let port = lines.find_map(|line| line.strip_prefix("ACCEPT ")?.rsplit(':').next()?.parse().ok());
    Serving(child, port.unwrap())
}

fn openssl(folder: &Path, arguments: &str) {
    let done = Command::new("openssl").args(arguments.split(' ')).current_dir(folder).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

/// What stands in a connection's way before TLS is agreed on, byte by byte.
#[tokio::test]
async fn what_does_not_agree_on_tls_is_told() {
    let old_hello = [&[22, 3, 2, 0, 42, 2, 0, 0, 38, 3, 2][..], &[7; 32], &[0, 0, 0x2f, 0]].concat();
    for (bytes, last, reason) in [
        (OK.as_bytes().to_vec(), receiver::Step::Close, Reason::Handshake),
        (b"SSH-2.0-OpenSSH_9.2\r\n".to_vec(), receiver::Step::Close, Reason::Handshake),
        (vec![], receiver::Step::Close, Reason::Handshake),
        (vec![], receiver::Step::Reset, Reason::Handshake),
        (vec![21, 3, 1, 0, 2, 2, 40], receiver::Step::Close, Reason::Handshake),
        (vec![21, 3, 1, 0, 2, 2, 70], receiver::Step::Close, Reason::OldTls),
        (old_hello, receiver::Step::Close, Reason::OldTls),
        (vec![21, 3, 3, 0, 2, 2, 120], receiver::Step::Close, Reason::Http2Only),
    ] {
        let house = House::new().await;
        let receiver = Receiver::always(vec![receiver::Step::Write(bytes), last]).await;
        let failure = failed(&house, &format!("https://127.0.0.1:{}/hook", receiver.port())).await;
        assert_eq!((failure.kind, failure.reason), (FailureKind::Tls, Some(reason)), "{failure:?}");
    }
}

#[tokio::test]
async fn a_handshake_that_stalls_is_left_in_time() {
    let house = House::new().await;
    let receiver = Receiver::always(vec![receiver::Step::Hang]).await;
    let failure = failed(&house, &format!("https://127.0.0.1:{}/hook", receiver.port())).await;
    assert_eq!((failure.kind, failure.reason), (FailureKind::Timeout, Some(Reason::Tls)), "{failure:?}");
    assert_eq!(failure.params.phase.as_deref(), Some("TLS"));
}

#[tokio::test]
async fn http_1_1_is_spoken_whatever_else_is_offered() {
    let authority = Authority::new();
    for (identity, protocols) in [
        (authority.good(), &["h2", "http/1.1"][..]),
        (authority.good(), &["http/1.1"]),
        (authority.good(), &[]),
        (authority.below(true), &[]),
    ] {
        let house = trusting(&authority).await;
        let receiver = Receiver::over(Some(identity.acceptor(protocols)), |_| answer(OK)).await;
        house.webhook(&receiver.url()).await;
        let id = house.deliver("event").await;
        let detail = house.until_attempted(&id, 1, Status::Succeeded).await;
        assert!(receiver.requests()[0].head().starts_with("POST /hook HTTP/1.1\r\nHost: 127.0.0.1:"));
        let phases = detail.attempts[0].phases;
        assert!(
            phases.dns.and(phases.connect).and(phases.tls).and(phases.first_byte).is_some(),
            "{phases:?}"
        );
    }
}

#[tokio::test]
async fn a_receiver_of_http_2_alone_is_told_so() {
    let authority = Authority::new();
    let failure = refused(&authority, authority.good().acceptor(&["h2"])).await;
    assert_eq!(failure.reason, Some(Reason::Http2Only));
}

/// Whom the system trusts is trusted: the child's system is told to trust the receiver's authority.
#[tokio::test]
async fn a_certificate_that_the_system_trusts_is_accepted() {
    let house = House::with(|config| config.timeout = 5 * TIMEOUT).await;
    let authority = Authority::new();
    let receiver = Receiver::over(Some(authority.good().acceptor(&[])), |_| answer(OK)).await;
    let webhook = house.webhook(&receiver.url()).await;
    house.close().await;

    let trusting = |trusted: bool| {
        let mut command = Child::command(&house.database());
        if trusted {
            command.env("SSL_CERT_FILE", authority.file());
        }
        command
    };
    check_test(trusting(true), &webhook.id, "tested true: dns, connect, tls, first byte").await;
    check_test(trusting(false), &webhook.id, "tested false: dns, connect").await;
}

/// Has a process test a webhook.
async fn check_test(command: Command, webhook: &str, expected: &str) {
    let mut child = Child::start_as(command);
    child.tell(&format!("test {webhook}"));
    child.until_says(expected).await;
    assert!(child.end().await.success());
}

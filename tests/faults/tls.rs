//! TLS that cannot be trusted is a failure; TLS that can is used, with HTTP/2 where the receiver speaks it.

use std::{net::SocketAddr, path::Path, process::Command, sync::Arc};

use bluehook_core::delivery::Status;
use bluehook_dispatcher::{FailureKind, Outcome};
use bytes::Bytes;
use rcgen::{CertifiedKey, KeyPair, generate_simple_self_signed};
use rustls::{ServerConfig, pki_types::PrivatePkcs8KeyDer};
use tokio::{
    io::AsyncWriteExt,
    net::{TcpListener, TcpStream},
    sync::mpsc,
    task::JoinHandle,
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use crate::{
    child::Child,
    house::{House, TIMEOUT},
    receiver::{OK, Receiver, Step, answer, read_request},
};

#[tokio::test]
async fn what_does_not_speak_tls_is_a_failure() {
    check_plain(answer(OK), FailureKind::Tls).await;
    check_plain(vec![Step::Write(b"SSH-2.0-OpenSSH_9.2\r\n".to_vec()), Step::Hang], FailureKind::Tls).await;
    check_plain(vec![Step::Hang], FailureKind::Timeout).await;
}

/// A receiver without TLS that is called by `https`.
async fn check_plain(steps: Vec<Step>, expected: FailureKind) {
    let house = House::new().await;
    // What arrives is a TLS greeting, not a request to be read.
    let steps: Vec<Step> = steps.into_iter().filter(|step| !matches!(step, Step::Read)).collect();
    let receiver = Receiver::always(steps).await;
    check_failure(&house, receiver.port(), expected).await;
}

async fn check_failure(house: &House, port: u16, expected: FailureKind) {
    house.webhook(&format!("https://127.0.0.1:{port}/hook")).await;
    let id = house.deliver("event").await;
    let detail = house.until_attempted(&id, 1, Status::Retrying).await;
    match &detail.attempts[0].outcome {
        Outcome::Failure(failure) => assert_eq!(failure.kind, expected, "{failure:?}"),
        Outcome::Response(response) => panic!("{response:?}"),
    }
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_refused() {
    let house = House::new().await;
    let mut receiver = Secure::start(&["http/1.1"]).await;
    check_failure(&house, receiver.address.port(), FailureKind::Tls).await;
    assert!(receiver.protocols.try_recv().is_err(), "no request was made");
}

#[tokio::test]
async fn a_certificate_that_the_system_trusts_is_accepted() {
    check_trusted(&["http/1.1"], "http/1.1").await;
    check_trusted(&[], "").await;
}

#[tokio::test]
async fn http_2_is_spoken_where_the_receiver_does() {
    check_trusted(&["h2", "http/1.1"], "h2").await;
}

/// A process that trusts the receiver's certificate delivers to it.
async fn check_trusted(offered: &[&str], expected: &str) {
    let mut house = House::with(|config| config.timeout = 10 * TIMEOUT).await;
    let mut receiver = Secure::start(offered).await;
    house.webhook(&format!("https://{}/hook", receiver.address)).await;
    house.close().await;

    let certificate = house.database().with_file_name("receiver.pem");
    std::fs::write(&certificate, &receiver.certificate).unwrap();
    deliver_trusting(&certificate, &house.database()).await;
    assert_eq!(receiver.protocols.recv().await.unwrap(), expected);
    house.open().await;
    assert_eq!(house.in_status(Status::Succeeded).await, 1);
    assert_eq!(house.count("SELECT count(*) FROM attempts"), 1);
}

#[tokio::test]
async fn a_test_tells_each_step_as_far_as_it_came() {
    let house = House::with(|config| config.timeout = 10 * TIMEOUT).await;
    let receiver = Secure::start(&["http/1.1"]).await;
    let webhook = house.webhook(&format!("https://{}/hook", receiver.address)).await;
    house.close().await;

    let certificate = house.database().with_file_name("receiver.pem");
    std::fs::write(&certificate, &receiver.certificate).unwrap();
    let mut command = Child::command(&house.database());
    command.env("SSL_CERT_FILE", &certificate);
    check_test(command, &webhook.id, "tested true: dns, connect, tls, first byte").await;
    check_test(Child::command(&house.database()), &webhook.id, "tested false: dns, connect").await;
}

/// Has a process test a webhook.
async fn check_test(command: Command, webhook: &str, expected: &str) {
    let mut child = Child::start_as(command);
    child.tell(&format!("test {webhook}"));
    child.until_says(expected).await;
    assert!(child.end().await.success());
}

async fn deliver_trusting(certificate: &Path, database: &Path) {
    let mut command = Child::command(database);
    command.env("SSL_CERT_FILE", certificate);
    let mut child = Child::start_as(command);
    child.tell("take event");
    child.until_says("accepted event").await;
    child.tell("drain");
    child.until_says("drained").await;
    assert!(child.end().await.success());
}

/// A receiver with a certificate that it signed itself. It tells the protocol of each request.
struct Secure {
    address: SocketAddr,
    certificate: String,
    protocols: mpsc::UnboundedReceiver<String>,
    listening: JoinHandle<()>,
}

impl Secure {
    async fn start(offered: &[&str]) -> Secure {
        let made = generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
        let certificate = made.cert.pem();
        let acceptor = TlsAcceptor::from(Arc::new(server_config(&made, offered)));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (sender, protocols) = mpsc::unbounded_channel();
        let listening = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                serve(&acceptor, stream, &sender).await;
            }
        });
        Secure { address, certificate, protocols, listening }
    }
}

impl Drop for Secure {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

fn server_config(made: &CertifiedKey<KeyPair>, offered: &[&str]) -> ServerConfig {
    let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let builder = builder.unwrap().with_no_client_auth();
    let mut config = builder.with_single_cert(vec![made.cert.der().clone()], key.into()).unwrap();
    config.alpn_protocols = offered.iter().map(|name| name.as_bytes().to_vec()).collect();
    config
}

/// One connection at a time; each is answered once. A handshake that fails is the caller's business.
async fn serve(acceptor: &TlsAcceptor, stream: TcpStream, protocols: &mpsc::UnboundedSender<String>) {
    let Ok(mut stream) = acceptor.accept(stream).await else { return };
    let protocol = stream.get_ref().1.alpn_protocol().unwrap_or_default();
    let protocol = String::from_utf8(protocol.to_vec()).unwrap();
    if protocol == "h2" {
        protocols.send(protocol).unwrap();
        return serve_h2(stream).await;
    }
    if read_request(&mut stream).await.is_some() {
        protocols.send(protocol).unwrap();
        stream.write_all(OK.as_bytes()).await.unwrap();
        stream.flush().await.unwrap();
    }
}

async fn serve_h2(stream: TlsStream<TcpStream>) {
    let mut connection = h2::server::handshake(stream).await.unwrap();
    while let Some(Ok((_, mut respond))) = connection.accept().await {
        let answer = h2::server::SendResponse::send_response(&mut respond, http::Response::new(()), false);
        answer.unwrap().send_data(Bytes::from_static(b"OK"), true).unwrap();
    }
}

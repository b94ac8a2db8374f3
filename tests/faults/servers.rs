//! Real servers: nginx and Node. Small and large deliveries, success, refusals, and connections that they close when
//! nothing came over them for too long.

use std::{
    fs,
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
};

use bluehook_core::{delivery::Status, event::Event};
use bluehook_dispatcher::{Attempt, Outcome};
use bluehook_tests::wait::until;
use tempfile::TempDir;

use crate::house::{House, SECOND, TIMEOUT};

/// A server of another's making, which ends with the value.
struct Server {
    process: Child,
    port: u16,
    _folder: TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Server {
    /// Starts one, and waits until it accepts connections.
    async fn start(command: impl FnOnce(&Path, u16) -> Command) -> Server {
        let folder = TempDir::new().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = command(folder.path(), port);
        let process =
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::inherit()).spawn().unwrap();
        let server = Server { process, port, _folder: folder };
        until("the server listens", async || {
            tokio::net::TcpStream::connect(("127.0.0.1", port)).await.ok().map(drop)
        })
        .await;
        server
    }

    async fn nginx() -> Server {
        Server::start(|folder, port| {
            let folder = folder.display();
            let configuration = format!(
                "daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;
                events {{ }}
                http {{
                  access_log off;
                  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fcgi;
                  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
                  server {{
                    listen 127.0.0.1:{port}; keepalive_timeout 2s; client_max_body_size 4m;
                    location /ok {{ return 200 \"received\"; }}
                    location /busy {{ add_header Retry-After 120 always; return 503 \"busy\"; }}
                    location /large {{ client_max_body_size 100k; return 200 \"received\"; }}
                  }}
                }}"
            );
            let file = format!("{folder}/nginx.conf");
            fs::write(&file, configuration).unwrap();
            let mut command = Command::new("nginx");
            command.args(["-p", &folder.to_string(), "-c", &file, "-e", &format!("{folder}/error.log")]);
            command
        })
        .await
    }

    async fn node() -> Server {
        Server::start(|_, port| {
            let script = format!(
                "const server = require('http').createServer((request, response) => {{
                   if (request.url === '/large' && request.headers['content-length'] > 100000) {{
                     response.writeHead(413, {{ connection: 'close' }});
                     return response.end('too large');
                   }}
                   request.resume().on('end', () => {{
                     if (request.url === '/busy') response.writeHead(503, {{ 'retry-after': '120' }});
                     response.end(request.url === '/busy' ? 'busy' : 'received');
                   }});
                 }});
                 server.keepAliveTimeout = 3000;
                 server.listen({port}, '127.0.0.1');"
            );
            let mut command = Command::new("node");
            command.args(["-e", &script]);
            command
        })
        .await
    }
}

/// A house with one webhook.
async fn house(server: &Server, path: &str) -> House {
    let house = House::with(|config| config.timeout = 10 * TIMEOUT).await;
    house.webhook(&format!("http://127.0.0.1:{}{path}", server.port)).await;
    house
}

/// The attempt of an event whose value has so many bytes.
async fn attempt(house: &House, id: &str, size: usize, status: Status) -> Attempt {
    let text = "x".repeat(size);
    let body = format!(
        r#"{{"id":"{id}","event":"TODO_CREATED","companyId":"company","projectId":"project","userId":"person","currentValue":{{"text":"{text}"}}}}"#
    );
    let accepted = house.dispatcher.dispatch(Event::parse(body.as_bytes()).unwrap()).await.unwrap();
    let delivery = house.of_event(&accepted.id).await;
    house.until_attempted(&delivery, 1, status).await.attempts.remove(0)
}

fn answered(attempt: &Attempt) -> (u16, String) {
    match &attempt.outcome {
        Outcome::Response(response) => {
            (response.status_code, String::from_utf8_lossy(&response.body).into_owned())
        }
        Outcome::Failure(failure) => panic!("{failure:?}"),
    }
}

/// What both servers do.
async fn check(server: Server) {
    let ok = house(&server, "/ok").await;
    for (number, size) in [1_000, 1_000_000, 1_000].into_iter().enumerate() {
        let attempt = attempt(&ok, &format!("event {number}"), size, Status::Succeeded).await;
        assert_eq!(answered(&attempt), (200, "received".to_owned()));
        assert_eq!(attempt.reused, Some(number > 0));
    }
    until("the server closes the idle connection", async || (closed(server.port) > 0).then_some(())).await;
    let again = attempt(&ok, "after a while", 1_000, Status::Succeeded).await;
    assert_eq!((answered(&again).0, again.reused), (200, Some(false)));

    let large = house(&server, "/large").await;
    assert_eq!(answered(&attempt(&large, "small", 1_000, Status::Succeeded).await).0, 200);
    assert_eq!(answered(&attempt(&large, "large", 1_000_000, Status::Retrying).await).0, 413);

    let busy = house(&server, "/busy").await;
    let attempt = attempt(&busy, "event", 1_000, Status::Retrying).await;
    assert_eq!(answered(&attempt).0, 503);
    let delivery = busy.detail(&busy.only().await).await.delivery;
    assert_eq!(delivery.next_attempt_at.unwrap() - busy.clock.now(), 120 * SECOND);
}

/// How many connections to a port the other side has closed, and this side has not: state 8 in the kernel's list.
fn closed(port: u16) -> usize {
    let list = fs::read_to_string("/proc/net/tcp").unwrap();
    let remote = format!(":{port:04X}");
    let fields = list.lines().skip(1).map(|line| line.split_whitespace().collect::<Vec<_>>());
    fields.filter(|fields| fields[2].ends_with(&remote) && fields[3] == "08").count()
}

#[tokio::test]
async fn nginx() {
    check(Server::nginx().await).await;
}

#[tokio::test]
async fn node() {
    check(Server::node().await).await;
}

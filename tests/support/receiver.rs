//! A receiver that keeps what arrives and answers as its script says.

use std::{
    sync::{Arc, Mutex, MutexGuard},
    thread,
};

use actix_web::{
    App, HttpRequest, HttpResponse, HttpServer,
    dev::ServerHandle,
    http::StatusCode,
    web::{Bytes, Data, PayloadConfig, to},
};
use tokio::sync::watch;

use crate::wait::within;

/// The largest body that is taken.
const MAX_BODY: usize = 8 << 20;

/// One request, as it arrived.
#[derive(Clone, Debug)]
pub struct Received {
    /// The method.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// Names in lower case, in the order of arrival.
    pub headers: Vec<(String, String)>,
    /// The exact bytes.
    pub body: Vec<u8>,
}

impl Received {
    /// A header's value; empty when there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(given, _)| given == name).map_or("", |(_, value)| value)
    }

    /// The body as text.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("a body in UTF-8")
    }
}

/// What a receiver answers. A plain number is a status without anything else.
#[derive(Clone, Debug)]
pub enum Answer {
    /// A response with this status and these headers.
    Response(u16, Vec<(&'static str, String)>),
    /// Nothing, ever: the connection stays open.
    Silence,
}

impl From<u16> for Answer {
    fn from(status: u16) -> Answer {
        Answer::Response(status, Vec::new())
    }
}

/// What to answer, with everything that came before and the request itself last.
type Script = Box<dyn Fn(&[Received]) -> Answer + Send + Sync>;

/// A receiver on a port of its own, in a thread of its own, until it is dropped.
pub struct Receiver {
    url: String,
    shared: Arc<Shared>,
    server: ServerHandle,
}

struct Shared {
    received: Mutex<Vec<Received>>,
    count: watch::Sender<usize>,
    script: Script,
}

impl Shared {
    fn received(&self) -> MutexGuard<'_, Vec<Received>> {
        self.received.lock().expect("no script panicked")
    }

    fn take(&self, request: Received) -> Answer {
        let mut received = self.received();
        received.push(request);
        let answer = (self.script)(&received);
        self.count.send_replace(received.len());
        answer
    }
}

impl Receiver {
    /// One that answers 204 to everything.
    pub fn start() -> Receiver {
        Receiver::scripted(|_| 204.into())
    }

    /// One that answers according to everything that arrived so far, the newest last.
    pub fn scripted(script: impl Fn(&[Received]) -> Answer + Send + Sync + 'static) -> Receiver {
        let script: Script = Box::new(script);
        let shared = Arc::new(Shared { received: Mutex::default(), count: watch::Sender::new(0), script });
        let data = Data::from(Arc::clone(&shared));
        let (sender, started) = std::sync::mpsc::channel();
        thread::spawn(move || {
            let app = move || {
                App::new()
                    .app_data(data.clone())
                    .app_data(PayloadConfig::new(MAX_BODY))
                    .default_service(to(take))
            };
            let server =
                HttpServer::new(app).workers(1).disable_signals().bind(("127.0.0.1", 0)).expect("a port");
            let address = server.addrs().first().copied().expect("an address");
            actix_web::rt::System::new().block_on(async move {
                let server = server.run();
                sender.send((address, server.handle())).expect("the test waits");
                server.await.expect("the receiver serves");
            });
        });
        let (address, server) = started.recv().expect("the receiver starts");
        Receiver { url: format!("http://{address}/hook"), shared, server }
    }

    /// Where it listens, as in `http://127.0.0.1:49152/hook`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Everything that arrived so far.
    pub fn all(&self) -> Vec<Received> {
        self.shared.received().clone()
    }

    /// Waits until what arrived is enough, and gives it.
    pub async fn wait_for(&self, what: &str, enough: impl Fn(&[Received]) -> bool) -> Vec<Received> {
        let mut count = self.shared.count.subscribe();
        let arrives = async {
            while !enough(&self.shared.received()) {
                count.changed().await.expect("the receiver lives");
            }
        };
        within(what, arrives).await;
        self.all()
    }

    /// Waits until so many requests arrived, and gives them.
    pub async fn wait_for_count(&self, count: usize) -> Vec<Received> {
        self.wait_for(&format!("{count} requests arrive"), |received| received.len() >= count).await
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        // Stopping begins at once; nobody needs to see its end.
        drop(self.server.stop(false));
    }
}

async fn take(request: HttpRequest, body: Bytes, shared: Data<Shared>) -> HttpResponse {
    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    let headers = request.headers().iter();
    let answer = shared.take(Received {
        method: request.method().to_string(),
        path: request.uri().to_string(),
        headers: headers.map(|(name, value)| (name.to_string(), text(value.as_bytes()))).collect(),
        body: body.to_vec(),
    });
    let (status, headers) = match answer {
        Answer::Response(status, headers) => (status, headers),
        Answer::Silence => std::future::pending().await,
    };
    let mut response = HttpResponse::build(StatusCode::from_u16(status).expect("a status code"));
    for header in headers {
        response.insert_header(header);
    }
    response.finish()
}

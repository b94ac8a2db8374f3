//! A receiver that does as little as it can: it notes when which record arrived, and answers 204.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, mpsc::channel},
    thread,
    time::Instant,
};

use actix_web::{
    App, HttpResponse, HttpServer,
    dev::ServerHandle,
    rt::System,
    web::{Bytes, Data, to},
};
use bluehook_tests::wait::within;
use tokio::sync::watch;

use crate::record::number_in;

/// A receiver on a port and a thread of its own.
pub(crate) struct Sink {
    /// Where it listens.
    pub(crate) url: String,
    /// The port of it.
    pub(crate) port: u16,
    arrivals: Arc<Arrivals>,
    server: ServerHandle,
}

struct Arrivals {
    list: Mutex<Vec<(usize, Instant)>>,
    count: watch::Sender<usize>,
}

impl Sink {
    /// Starts to listen.
    pub(crate) fn start() -> Sink {
        Sink::start_at("127.0.0.1")
    }

    /// Starts to listen on every address of this machine: the whole of 127.0.0.0/8 reaches it.
    pub(crate) fn start_everywhere() -> Sink {
        Sink::start_at("0.0.0.0")
    }

    fn start_at(host: &'static str) -> Sink {
        let arrivals = Arc::new(Arrivals { list: Mutex::default(), count: watch::Sender::new(0) });
        let data = Data::from(Arc::clone(&arrivals));
        let (sender, started) = channel();
        thread::spawn(move || {
            let app = move || App::new().app_data(data.clone()).default_service(to(take));
            let server = HttpServer::new(app).workers(1).disable_signals().bind((host, 0)).expect("a port");
            let address = server.addrs().first().copied().expect("an address");
            System::new().block_on(async move {
                let server = server.run();
                sender.send((address, server.handle())).expect("the measurement waits");
                server.await.expect("the sink serves");
            });
        });
        let (address, server) = started.recv().expect("the sink starts");
        Sink { url: format!("http://{address}/hook"), port: address.port(), arrivals, server }
    }

    /// Waits until so many requests arrived, and tells which record arrived when.
    pub(crate) async fn wait_for(&self, count: usize) -> Vec<(usize, Instant)> {
        let mut arrived = self.arrivals.count.subscribe();
        within("every accepted event arrives", arrived.wait_for(|arrived| *arrived >= count))
            .await
            .expect("the sink");
        self.arrivals.list.lock().expect("the arrivals").clone()
    }
}

impl Sink {
    /// Waits until each of these records arrived, and tells which record arrived when.
    pub(crate) async fn wait_for_each(&self, numbers: &[usize]) -> Vec<(usize, Instant)> {
        let mut changes = self.arrivals.count.subscribe();
        let wanted: HashSet<usize> = numbers.iter().copied().collect();
        let all_here = || {
            let list = self.arrivals.list.lock().expect("the arrivals");
            let here: HashSet<usize> = list.iter().map(|(number, _)| *number).collect();
            wanted.is_subset(&here)
        };
        // The list is looked at between two waits, not within one: an arrival takes the same two locks the other way.
        within("every accepted event arrives", async {
            while !all_here() {
                changes.changed().await.expect("the sink");
            }
        })
        .await;
        self.arrivals.list.lock().expect("the arrivals").clone()
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        drop(self.server.stop(false));
    }
}

async fn take(body: Bytes, arrivals: Data<Arrivals>) -> HttpResponse {
    let at = Instant::now();
    if let Some(number) = number_in(&body) {
        let mut list = arrivals.list.lock().expect("the arrivals");
        list.push((number, at));
        arrivals.count.send_replace(list.len());
    }
    HttpResponse::NoContent().finish()
}

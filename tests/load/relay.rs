//! The ceiling of a server that takes in and sends: an actix handler that does nothing with what it is posted but sign it
//! and send it on with awc. No checks, no matching, no store, no log: the sockets' work alone.

use std::{rc::Rc, sync::mpsc::channel, thread, time::Duration};

use actix_web::{
    App, HttpResponse, HttpServer,
    dev::ServerHandle,
    rt::{System, spawn},
    web::{Bytes, Data, to},
};
use awc::{Client, Connector};
use bluehook_core::signature::{Secret, Signer};
use tokio::sync::Semaphore;

use crate::ceiling::{signed, with_webhook};

/// A relay on a port and threads of its own.
pub(crate) struct Relay {
    /// Where it takes events in.
    pub(crate) url: String,
    server: ServerHandle,
}

struct Onward {
    client: Client,
    signer: Signer,
    /// Nobody: it answers, and that is all.
    target: Option<String>,
    room: Semaphore,
}

impl Relay {
    /// Starts to listen, and to send on to a target where there is one, at most so many at once in each thread.
    pub(crate) fn start(target: Option<String>, at_once: usize) -> Relay {
        let (sender, started) = channel();
        thread::spawn(move || {
            let app = move || {
                let client = Client::builder()
                    .connector(Connector::new().limit(0))
                    .timeout(Duration::from_secs(7))
                    .disable_redirects()
                    .finish();
                let signer = Signer::new(&Secret::from_random([7; 32]));
                let room = Semaphore::new(at_once);
                let onward = Rc::new(Onward { client, signer, target: target.clone(), room });
                App::new().app_data(Data::new(onward)).default_service(to(take))
            };
            let server = HttpServer::new(app).disable_signals().bind(("127.0.0.1", 0)).expect("a port");
            let address = server.addrs().first().copied().expect("an address");
            System::new().block_on(async move {
                let server = server.run();
                sender.send((address, server.handle())).expect("the measurement waits");
                server.await.expect("the relay serves");
            });
        });
        let (address, server) = started.recv().expect("the relay starts");
        Relay { url: format!("http://{address}"), server }
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        drop(self.server.stop(false));
    }
}

async fn take(body: Bytes, onward: Data<Rc<Onward>>) -> HttpResponse {
    let Some(target) = onward.target.clone() else { return HttpResponse::Accepted().finish() };
    let text = std::str::from_utf8(&body).expect("events are text");
    let value = text.split_once("\"currentValue\":").expect("a value").1;
    let body = with_webhook(value.strip_suffix('}').expect("the event's end"));
    let onward = Rc::clone(&onward);
    // So many may be on their way at once; the caller waits when more are.
    onward.room.acquire().await.expect("never closed").forget();
    spawn(async move {
        let mut request = onward.client.post(target);
        for (name, value) in signed(&body, &onward.signer) {
            request = request.insert_header((name, value));
        }
        let mut response = request.send_body(body).await.expect("an answer");
        response.body().await.expect("a body");
        onward.room.add_permits(1);
    });
    HttpResponse::Accepted().finish()
}

//! Who asks while the server starts is answered: it is alive, and takes nothing in yet. A start takes long when another
//! program holds the database, or when its schema is brought up to date.

use std::{future::Future, io, net::TcpListener, pin::pin, time::Duration};

use actix_web::{App, HttpResponse, middleware::from_fn, web};

use crate::{
    api, around,
    problem::{Code, Detail, Problem, speak},
    wire::{self, Door},
};

/// A start that is done this soon leaves nobody waiting.
const SOON: Duration = Duration::from_millis(500);

/// A start that takes this long is told.
const LONG: Duration = Duration::from_secs(3);

/// How long an answer may still be on its way when the start is done.
const LAST_ANSWERS: Duration = Duration::from_secs(1);

/// Waits for a start, and answers meanwhile.
///
/// # Errors
/// When the connections cannot be taken.
pub(crate) async fn answering<T>(
    listener: &TcpListener,
    door: &Door,
    start: impl Future<Output = T>,
) -> io::Result<T> {
    let mut start = pin!(start);
    if let Ok(started) = tokio::time::timeout(SOON, &mut start).await {
        return Ok(started);
    }
    let mut server = pin!(wire::serve(listener.try_clone()?, door.clone(), (1, LAST_ANSWERS), || {
        App::new()
            .wrap(from_fn(speak))
            .wrap(from_fn(around::every_answer))
            .wrap(from_fn(wire::one_at_a_time))
            .configure(wire::routes)
            .configure(api::alive_routes)
            .default_service(web::to(not_yet))
    })?);
    tracing::debug!("alive, but not ready, at http://{}", listener.local_addr()?);
    let handle = server.handle();
    let mut start = pin!(told_when_long(start));
    let started = tokio::select! {
        started = &mut start => started,
        ended = &mut server => {
            ended?;
            return Ok(start.await);
        }
    };
    // What breaks now was broken off: the server itself answers from here on.
    let _ = tokio::join!(handle.stop(true), server);
    Ok(started)
}

async fn told_when_long<T>(mut start: impl Future<Output = T> + Unpin) -> T {
    if let Ok(started) = tokio::time::timeout(LONG, &mut start).await {
        return started;
    }
    tracing::warn!(
        "the start takes long: another program holds the database, or its schema is brought up to date"
    );
    start.await
}

async fn not_yet() -> Result<HttpResponse, Problem> {
    Err(Problem::new(Code::Unavailable, Detail::Starting).retry_after(1))
}

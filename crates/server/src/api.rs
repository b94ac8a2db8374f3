//! The routes. Each handler reads what it is given, asks the dispatcher, and shows the answer.

use actix_web::{HttpRequest, Route, web};
use bluehook_core::{
    event::MAX_ID,
    input::{Fault, text_problem},
};

use crate::{auth, language, openapi, problem::Problem};

// Events in.
mod events;

// Several events at once.
mod batch;

// The catalogue of events.
mod event_types;

// A delivery before it is sent.
mod preview;

// A URL before it is saved.
mod url_check;

// Webhooks managed.
mod webhooks;

// Deliveries looked at.
mod deliveries;

// Changes told as they happen.
mod stream;

// The directory kept in step.
mod directory;

// API tokens.
mod tokens;

// People signed in.
mod sessions;

// Who did what.
mod audit;

// Who is here.
mod me;

// What happens, in numbers.
mod metrics;

// The keys that secrets are encrypted with, and jobs.
mod keys;

// Alive, and ready.
mod health;

// Who may take a webhook over.
mod users;

// Bodies of requests.
mod body;

// Query parameters.
mod params;

// Changes that are made from what was read.
mod if_match;

// Bodies of answers.
mod view;

pub(crate) use body::Body;
pub(crate) use health::alive_routes;
pub(crate) use stream::Seats;
pub(crate) use webhooks::{fuzzed, may_probe};

/// Every route under `/v1`, and the probes.
pub(crate) fn routes(config: &mut web::ServiceConfig) {
    config
        .configure(health::routes)
        .configure(batch::routes)
        .configure(events::routes)
        .configure(event_types::routes)
        .configure(users::routes)
        .configure(preview::routes)
        .configure(url_check::routes)
        .configure(webhooks::routes)
        .configure(deliveries::routes)
        .configure(stream::routes)
        .configure(directory::routes)
        .configure(tokens::routes)
        .configure(sessions::routes)
        .configure(audit::routes)
        .configure(me::routes)
        .configure(metrics::routes)
        .configure(keys::routes)
        .service(web::scope("/v1").default_service(web::to(unknown_route)));
}

/// Refuses query parameters of a request whose handler reads none. Who calls is asked first.
pub(crate) fn refuse_unread(request: &HttpRequest) -> Result<(), Problem> {
    if request.query_string().is_empty() || !request.path().starts_with("/v1/") {
        return Ok(());
    }
    let pattern = request.match_pattern().unwrap_or_default();
    if openapi::reads_query(request.method().as_str(), &pattern) {
        return Ok(());
    }
    auth::caller(request)?;
    params::Params::of(request).finish()
}

async fn unknown_route() -> Problem {
    Problem::not_found("This route")
}

/// The header that makes a repeat of the same request harmless.
const IDEMPOTENCY_KEY: &str = "Idempotency-Key";

/// What a request says in `Idempotency-Key`.
fn idempotency_key(request: &HttpRequest) -> Result<Option<String>, Problem> {
    let Some(key) = request.headers().get(IDEMPOTENCY_KEY) else { return Ok(None) };
    let key = key.to_str().map_err(|_| Fault::HeaderAscii);
    let key = key.and_then(|key| text_problem(key, MAX_ID).map_or_else(|| Ok(key.to_owned()), Err));
    key.map(Some).map_err(|fault| Problem::at(&format!("/{IDEMPOTENCY_KEY}"), fault))
}

/// What a path answers to all other methods.
pub(crate) fn only(allowed: &'static str) -> Route {
    web::to(move || std::future::ready(Problem::method_not_allowed(allowed)))
}

#[cfg(test)]
mod tests;

//! A webhook as it is answered with: tagged by its version, so that a change can say what it was made from.

use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, http::header};
use bluehook_dispatcher::{Error, Fares, Probe};
use sha2::{Digest, Sha256};

use crate::{
    api::{
        language::{self, told},
        view::WebhookView,
    },
    auth::Caller,
    problem::Problem,
    state::State,
};

/// How a webhook stands.
pub(super) async fn fares(state: &State, id: &str, activity: bool) -> Result<Fares, Problem> {
    let found = state.dispatcher.fares(&[id], activity).await?.pop();
    found.ok_or_else(|| Problem::not_found("Webhook"))
}

/// A webhook, with a tag by which a later change can say what it was made from.
pub(super) async fn shown(
    state: &State,
    caller: &Caller,
    request: &HttpRequest,
    id: &str,
    probe: Option<&Probe>,
) -> Result<HttpResponse, Problem> {
    let fares = fares(state, id, false).await?;
    let (access, language) = (state.access(caller), language::of(request));
    let mut view = WebhookView::new(&fares, &access, language);
    if let Some(probe) = probe {
        view = view.with_probe(probe, language);
    }
    Ok(tagged(told(&mut HttpResponse::Ok(), language), &fares).json(view))
}

/// What came of a change: the webhook, or the problem; when it was not as the caller read it, with the webhook as it is.
pub(super) async fn shown_or_changed(
    state: &State,
    caller: &Caller,
    request: &HttpRequest,
    id: &str,
    done: Result<(), Error>,
) -> Result<HttpResponse, Problem> {
    match done {
        Ok(()) => shown(state, caller, request, id, None).await,
        Err(Error::Changed) => {
            let fares = fares(state, id, false).await?;
            let (access, language) = (state.access(caller), language::of(request));
            let current = WebhookView::new(&fares, &access, language);
            Err(Problem::changed(current, &etag(&fares.version)))
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) fn tagged<'a>(
    response: &'a mut HttpResponseBuilder,
    fares: &Fares,
) -> &'a mut HttpResponseBuilder {
    response.insert_header((header::ETAG, etag(&fares.version)))
}

/// The tag of what people change: how deliveries fare is no part of it.
pub(super) fn etag(version: &str) -> String {
    let hash: [u8; 32] = Sha256::digest(version).into();
    format!("\"{}\"", hex::encode(hash.first_chunk::<16>().unwrap_or(&[0; 16])))
}

/// `If-Match`: of two people who edit what they read at the same time, the second hears of the first. A proxy that packs
/// an answer makes its tag weak, which says as much here.
pub(super) fn as_it_was_read(request: &HttpRequest) -> impl Fn(&str) -> bool + Send + 'static {
    let tags = |header: &header::HeaderValue| header.to_str().unwrap_or_default().to_owned();
    let given: Vec<String> = request.headers().get_all(header::IF_MATCH).map(tags).collect();
    move |version| {
        let current = etag(version);
        let fits = |tag: &str| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == current;
        given.is_empty() || given.iter().flat_map(|tags| tags.split(',')).any(|tag| fits(tag.trim()))
    }
}

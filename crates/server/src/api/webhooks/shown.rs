//! A webhook as it is answered with: tagged by its version, so that a change can say what it was made from.

use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, http::header};
use bluehook_dispatcher::{Error, Fares, Probe};

use crate::{
    api::{
        if_match::etag,
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

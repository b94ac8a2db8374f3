//! A request about one webhook: who asks, of which one.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, HttpResponse, dev::Payload, web};
use bluehook_dispatcher::{Dispatcher, Error};

use super::shown::shown_or_changed;
use crate::{
    access::Access,
    api::if_match::as_it_was_read,
    auth::{self, Caller},
    problem::{Code, Detail, Problem},
    state::State,
};

/// Who asks, of which webhook, by which request.
pub(super) struct Asked {
    pub(super) caller: Caller,
    pub(super) id: String,
    pub(super) request: HttpRequest,
    pub(super) state: web::Data<State>,
}

impl FromRequest for Asked {
    type Error = Problem;
    type Future = Ready<Result<Asked, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        ready(Asked::of(request, payload))
    }
}

impl Asked {
    fn of(request: &HttpRequest, payload: &mut Payload) -> Result<Asked, Problem> {
        let caller = auth::caller(request)?;
        let not_set_up = || Problem::new(Code::InternalServerError, Detail::NotSetUp);
        let state = request.app_data::<web::Data<State>>().cloned().ok_or_else(not_set_up)?;
        let id = web::Path::<String>::from_request(request, payload).into_inner();
        let id = id.map_err(|_| Problem::not_found("Webhook"))?.into_inner();
        Ok(Asked { caller, id, request: request.clone(), state })
    }

    /// What the caller may do.
    pub(super) fn access(&self) -> Access<'_> {
        self.state.access(&self.caller)
    }

    /// The dispatcher, for changes that are the caller's.
    pub(super) fn by(&self) -> Dispatcher {
        self.state.by(&self.caller, &self.request)
    }

    /// Whether the webhook is as the caller read it.
    pub(super) fn expected(&self) -> impl Fn(&str) -> bool + Send + 'static {
        as_it_was_read(&self.request)
    }

    /// What came of a change: the webhook as it is then, or the problem.
    pub(super) async fn answer(&self, done: Result<(), Error>) -> Result<HttpResponse, Problem> {
        shown_or_changed(&self.state, &self.caller, &self.request, &self.id, done).await
    }
}

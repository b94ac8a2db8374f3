//! The sessions that there are: a person sees and ends their own, the backend those of a person.

use actix_web::{HttpRequest, HttpResponse, web};
use bluehook_dispatcher::Page;

use super::signed_out;
use crate::{
    api::{
        if_match::IfMatch,
        params::Params,
        view::{self, OpenSessionView},
    },
    auth::{self, Caller, Key, Owner},
    problem::Problem,
    state::State,
};

/// Whose sessions a request is about.
enum Whose {
    Own(Owner),
    Of(String),
    All,
}

impl Whose {
    fn are(&self, owner: &Owner) -> bool {
        match self {
            Whose::Own(own) => owner == own,
            Whose::Of(user_id) => owner.user_id == *user_id,
            Whose::All => true,
        }
    }
}

/// A person's own; the backend has to say whose.
fn asked(caller: &Caller, request: &HttpRequest) -> Result<Whose, Problem> {
    let mut params = Params::of(request);
    let whose = match caller {
        Caller::Service => params.required_id("userId").map(Whose::Of),
        Caller::User(owner) => {
            params.id("userId");
            Some(Whose::Own(owner.clone()))
        }
    };
    params.finish()?;
    whose.ok_or_else(Problem::forbidden)
}

/// The id of the session by which a request came; none when it came otherwise.
fn current(request: &HttpRequest) -> Option<String> {
    match auth::person(request) {
        Ok((_, Key::Session(_, session))) => Some(session.id),
        _ => None,
    }
}

pub(super) async fn list(
    caller: Caller,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let (whose, current) = (asked(&caller, &request)?, current(&request));
    let items = state.sessions.list(|owner| whose.are(owner));
    let page = Page { items, next_cursor: None };
    Ok(view::page(&page, |session| OpenSessionView::new(session, current.as_deref())))
}

/// One that is somebody else's is not there.
pub(super) async fn end_one(
    caller: Caller,
    id: web::Path<String>,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let whose = match &caller {
        Caller::Service => Whose::All,
        Caller::User(owner) => Whose::Own(owner.clone()),
    };
    IfMatch::of(&request).check(&id)?;
    let is_current = current(&request).as_ref() == Some(&*id);
    state.sessions.end_one(&id, |owner| whose.are(owner), &auth::author(&request, &caller)).await?;
    Ok(if is_current { signed_out() } else { HttpResponse::NoContent().finish() })
}

/// "Sign out everywhere": this session last.
pub(super) async fn end_all(
    caller: Caller,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let (whose, current) = (asked(&caller, &request)?, current(&request));
    let author = auth::author(&request, &caller);
    state.sessions.end_all(|owner| whose.are(owner), current.as_deref(), &author).await?;
    Ok(if current.is_some() { signed_out() } else { HttpResponse::NoContent().finish() })
}

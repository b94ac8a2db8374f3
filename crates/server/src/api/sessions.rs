//! People signed in: a link that the backend asks for, the browser that follows it, and the page that asks who it serves.

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use bluehook_core::{
    event::MAX_ID,
    input::{self, Expected, Fault, Fields},
    json::Json,
};
use bluehook_dispatcher::Dispatcher;

use super::{
    body::Body,
    only,
    view::{NewSessionView, SessionView},
};
use crate::{
    assets,
    auth::{self, Caller, Owner, Service, cookie},
    problem::Problem,
    state::State,
};

// The page of a link.
mod sign_in;

// Those that there are, and their end.
mod list;

/// The longest path that a person is sent on to, in characters.
const MAX_RETURN_TO: usize = 2_000;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource("/v1/sessions")
                .get(list::list)
                .post(create)
                .delete(list::end_all)
                .default_service(only("GET, HEAD, POST, DELETE")),
        )
        .service(web::resource("/v1/sessions/{id}").delete(list::end_one).default_service(only("DELETE")))
        .service(
            web::resource("/v1/session").get(show).delete(end).default_service(only("GET, HEAD, DELETE")),
        )
        .service(
            web::resource("/sign-in/{code}")
                .get(sign_in::show)
                .post(sign_in::begin)
                .default_service(only("GET, HEAD, POST")),
        );
}

/// Makes a link for a person. Whoever presses its button first is signed in as them.
async fn create(_: Service, state: web::Data<State>, body: Body) -> Result<HttpResponse, Problem> {
    let (owner, return_to) = body.read(|fields| asked(fields, &state.dispatcher))?;
    let (code, expires_at) = state.sessions.link(owner, return_to)?;
    // Without a public address the link is relative: what a request says of its host may be anybody's.
    let url = format!("{}/sign-in/{code}", state.public_url.as_deref().unwrap_or_default());
    Ok(HttpResponse::Created()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(NewSessionView::new(&url, expires_at)))
}

fn asked(
    mut fields: Fields<'_>,
    dispatcher: &Dispatcher,
) -> Result<(Owner, Option<String>), Vec<input::Problem>> {
    let user_id = fields.required("userId", input::text(MAX_ID));
    let company_id = fields.required("companyId", input::text(MAX_ID));
    if user_id.as_ref().is_some_and(|id| dispatcher.user(id).is_none()) {
        fields.problem("userId", Fault::NoSuchUser);
    }
    if company_id.as_ref().is_some_and(|id| dispatcher.company(id).is_none()) {
        fields.problem("companyId", Fault::NoSuchCompany);
    }
    let return_to = fields.optional("returnTo", ui_path);
    let owner = user_id.zip(company_id).map(|(user_id, company_id)| Owner { user_id, company_id });
    fields.finish(owner.map(|owner| (owner, return_to)))
}

/// A path of the UI: nothing that a browser could take for another place.
fn ui_path<'a>(fields: &mut Fields<'a>, name: &'static str, raw: Json<'a>) -> Option<String> {
    let path = input::text(MAX_RETURN_TO)(fields, name, raw)?;
    if assets::is_screen(&path) {
        return Some(path);
    }
    fields.problem(name, Fault::WrongForm(Expected::UiPath));
    None
}

/// Who is signed in, and what unsafe requests have to carry.
async fn show(request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse, Problem> {
    let (secret, session) = auth::session(&request)?;
    let csrf = auth::csrf_token(&secret);
    let view = SessionView::new(&session, &csrf, &state.dispatcher);
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(view))
}

/// Signs out.
async fn end(request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse, Problem> {
    let (secret, session) = auth::session(&request)?;
    let author = auth::author(&request, &Caller::User(session.owner));
    state.sessions.end(&secret, &author).await?;
    Ok(signed_out())
}

/// Done, and the browser forgets its cookie.
fn signed_out() -> HttpResponse {
    let mut response = HttpResponse::NoContent();
    for cookie in cookie::ending() {
        response.append_header((header::SET_COOKIE, cookie));
    }
    response.finish()
}

#[cfg(test)]
mod tests;

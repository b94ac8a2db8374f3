//! People signed in: a link that the backend asks for, the browser that follows it, and the page that asks who it serves.

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use bluehook_core::{
    event::MAX_ID,
    input::{self, Fault, Fields},
};
use bluehook_dispatcher::Dispatcher;

use super::{
    body::Body,
    only,
    view::{NewSessionView, SessionView},
};
use crate::{
    auth::{self, Owner, Service, cookie},
    problem::Problem,
    state::State,
};

/// What a person sees whose link does not work.
const OVER: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Bluehook</title>\
    <h1>This sign-in link does not work any more</h1><p>A link works once, for five minutes. Go back to where you \
    found it and ask for another one.</p></html>";

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(web::resource("/v1/sessions").post(create).default_service(only("POST")))
        .service(web::resource("/v1/session").get(show).delete(end).default_service(only("GET, DELETE")))
        .service(web::resource("/sign-in/{code}").get(begin).default_service(only("GET")));
}

/// Makes a link for a person. Whoever opens it first is signed in as them.
async fn create(
    _: Service,
    request: HttpRequest,
    state: web::Data<State>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let owner = body.read(|fields| owner(fields, &state.dispatcher))?;
    let (code, expires_at) = state.sessions.link(owner)?;
    let url = format!("{}/sign-in/{code}", base(&request, &state));
    Ok(HttpResponse::Created()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(NewSessionView::new(&url, expires_at)))
}

/// Where people reach this server: as the operator says, else as this caller did.
fn base(request: &HttpRequest, state: &State) -> String {
    let here = || {
        let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
        format!("http://{}", host.unwrap_or("127.0.0.1"))
    };
    state.public_url.clone().unwrap_or_else(here)
}

fn owner(mut fields: Fields<'_>, dispatcher: &Dispatcher) -> Result<Owner, Vec<input::Problem>> {
    let user_id = fields.required("userId", input::text(MAX_ID));
    let company_id = fields.required("companyId", input::text(MAX_ID));
    if user_id.as_ref().is_some_and(|id| dispatcher.user(id).is_none()) {
        fields.problem("userId", Fault::NoSuchUser);
    }
    if company_id.as_ref().is_some_and(|id| dispatcher.company(id).is_none()) {
        fields.problem("companyId", Fault::NoSuchCompany);
    }
    fields.finish(user_id.zip(company_id).map(|(user_id, company_id)| Owner { user_id, company_id }))
}

/// Follows a link: the session's cookie is set, and the UI shown. Only where a person goes there themselves: not as an
/// image or in the background of another page.
async fn begin(
    code: web::Path<String>,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let mode = request.headers().get("sec-fetch-mode").and_then(|mode| mode.to_str().ok());
    if mode.is_some_and(|mode| mode != "navigate") {
        return Err(Problem::forbidden());
    }
    let Some(secret) = state.sessions.begin(&code).await? else { return Ok(over()) };
    let is_secure = state.public_url.as_ref().is_some_and(|url| url.starts_with("https:"));
    Ok(HttpResponse::SeeOther()
        .insert_header((header::LOCATION, "/"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .insert_header((header::SET_COOKIE, cookie::beginning(&secret, is_secure)))
        .finish())
}

fn over() -> HttpResponse {
    let mut response = HttpResponse::Gone();
    response.insert_header((header::CACHE_CONTROL, "no-store")).content_type("text/html; charset=utf-8");
    crate::assets::secure(&mut response);
    response.body(OVER)
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
    let (secret, _) = auth::session(&request)?;
    state.sessions.end(&secret).await?;
    let mut response = HttpResponse::NoContent();
    for cookie in cookie::ending() {
        response.append_header((header::SET_COOKIE, cookie));
    }
    Ok(response.finish())
}

#[cfg(test)]
mod tests;

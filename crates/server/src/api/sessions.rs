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
    auth::{self, Owner, Service, cookie},
    problem::Problem,
    state::State,
};

// The page of a link.
mod sign_in;

/// The longest path that a person is sent on to, in characters.
const MAX_RETURN_TO: usize = 2_000;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(web::resource("/v1/sessions").post(create).default_service(only("POST")))
        .service(web::resource("/v1/session").get(show).delete(end).default_service(only("GET, DELETE")))
        .service(
            web::resource("/sign-in/{code}")
                .get(sign_in::show)
                .route(web::head().to(sign_in::show))
                .post(sign_in::begin)
                .default_service(only("GET, HEAD, POST")),
        );
}

/// Makes a link for a person. Whoever presses its button first is signed in as them.
async fn create(
    _: Service,
    request: HttpRequest,
    state: web::Data<State>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let (owner, return_to) = body.read(|fields| asked(fields, &state.dispatcher))?;
    let (code, expires_at) = state.sessions.link(owner, return_to)?;
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

//! API tokens made, listed and revoked.

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use bluehook_core::{
    event::MAX_ID,
    input::{self, Fault, Fields},
};
use bluehook_dispatcher::Page;

use super::{
    body::{Body, instant},
    if_match::{IfMatch, etag},
    only,
    params::Params,
    view::{self, NewTokenView, TokenView},
};
use crate::{
    auth::{self, Caller, NewToken, Owner, Service},
    problem::{Code, Detail, Problem},
    state::State,
};

/// The longest name of a token, in characters.
const MAX_NAME: usize = 200;

/// The most tokens of one person in one company.
const MAX_OF_PERSON: usize = 50;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(web::resource("/v1/tokens").get(list).post(create).default_service(only("GET, HEAD, POST")))
        .service(web::resource("/v1/tokens/{id}").delete(revoke).default_service(only("DELETE")));
}

async fn list(_: Service, request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse, Problem> {
    Params::of(&request).finish()?;
    let page = Page { items: state.tokens.list(), next_cursor: None };
    Ok(view::page(&page, |token| TokenView::new(token)))
}

/// Answers with the secret, the only time that it is shown.
async fn create(
    _: Service,
    request: HttpRequest,
    state: web::Data<State>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let new = body.read(|fields| new_token(fields, &state))?;
    if new.owner.as_ref().is_some_and(|owner| state.tokens.count_of(owner) >= MAX_OF_PERSON) {
        return Err(Problem::new(Code::Conflict, Detail::TooManyTokens(MAX_OF_PERSON)));
    }
    let (token, secret) = state.tokens.create(new, &auth::author(&request, &Caller::Service)).await?;
    Ok(HttpResponse::Created()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::ETAG, etag(&token.id)))
        .json(NewTokenView::new(&token, &secret)))
}

async fn revoke(
    _: Service,
    id: web::Path<String>,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    IfMatch::of(&request).check(&id)?;
    state.tokens.revoke(&id, &auth::author(&request, &Caller::Service)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// A token of one person in one company; of a service when it names neither.
fn new_token(mut fields: Fields<'_>, state: &State) -> Result<NewToken, Vec<input::Problem>> {
    let dispatcher = &state.dispatcher;
    let name = fields.required("name", input::text(MAX_NAME));
    let expires_at = fields.optional("expiresAt", instant);
    if expires_at.is_some_and(|at| at <= state.tokens.now()) {
        fields.problem("expiresAt", Fault::Passed);
    }
    let user_id = fields.optional("userId", input::text(MAX_ID));
    let company_id = fields.optional("companyId", input::text(MAX_ID));
    if user_id.as_ref().is_some_and(|id| dispatcher.user(id).is_none()) {
        fields.problem("userId", Fault::NoSuchUser);
    }
    if company_id.as_ref().is_some_and(|id| dispatcher.company(id).is_none()) {
        fields.problem("companyId", Fault::NoSuchCompany);
    }
    let owner = match (user_id, company_id) {
        (Some(user_id), Some(company_id)) => Some(Owner { user_id, company_id }),
        (None, None) => None,
        (Some(_), None) => {
            fields.problem("companyId", Fault::RequiredWith("userId"));
            None
        }
        (None, Some(_)) => {
            fields.problem("userId", Fault::RequiredWith("companyId"));
            None
        }
    };
    fields.finish(name.map(|name| NewToken { name, owner, expires_at }))
}

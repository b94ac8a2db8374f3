//! Who calls: the backend, or one person in one company; by a bearer token, by Blue's credential headers, or by the cookie
//! of a session.

use std::{
    future::{Ready, ready},
    sync::Arc,
};

use actix_web::{
    FromRequest, HttpMessage, HttpRequest,
    dev::Payload,
    http::header::{AUTHORIZATION, HeaderMap},
    web,
};

use bluehook_dispatcher::{Author, Births, Company, Who};

use crate::{
    problem::{Code, Detail, Problem},
    state::State,
    wire::Connection,
};

// What is kept of a token.
mod token;

// The admin token that is made when none is given.
mod made_token;

// The tokens made through the API.
mod tokens;

// The people signed in.
mod sessions;

// The cookie that says so.
pub(crate) mod cookie;

pub(crate) use made_token::MadeToken;
pub(crate) use sessions::{Begun, Session, Sessions, browser, csrf_token};
use token::API_TOKEN;
pub use token::AdminToken;
pub(crate) use token::{Owner, Token, TokenHash};
pub(crate) use tokens::{NewToken, Tokens};

/// The header with a token's id, in both of Blue's spellings.
const TOKEN_ID: [&str; 2] = ["x-bloo-token-id", "blue-token-id"];

/// The header with a token's secret.
const TOKEN_SECRET: [&str; 2] = ["x-bloo-token-secret", "blue-token-secret"];

/// The header with a company's id.
const COMPANY_ID: [&str; 2] = ["x-bloo-company-id", "blue-org-id"];

/// Who calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Caller {
    /// The backend: it may do everything.
    Service,
    /// One person in one company; [`crate::access`] says what they may do.
    User(Owner),
}

/// By what a person calls.
pub(crate) enum Key {
    /// The cookie's secret, and the session.
    Session(String, Session),
    /// A token of theirs.
    Token(Arc<Token>),
}

impl FromRequest for Caller {
    type Error = Problem;
    type Future = Ready<Result<Caller, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(caller(request))
    }
}

/// The backend. A handler that takes this refuses everybody else.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Service;

impl FromRequest for Service {
    type Error = Problem;
    type Future = Ready<Result<Service, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(match caller(request) {
            Ok(Caller::Service) => Ok(Service),
            Ok(Caller::User(_)) => Err(Problem::forbidden()),
            Err(problem) => Err(problem),
        })
    }
}

/// The company that a request of Blue's clients names.
#[derive(Clone)]
pub(crate) struct CompanyHeader(Option<String>);

impl CompanyHeader {
    pub(crate) fn of(headers: &HeaderMap) -> CompanyHeader {
        CompanyHeader(first(headers, COMPANY_ID).map(str::to_owned))
    }

    /// Whether it names this company: by its id, or by its slug, as Blue's own client does.
    pub(crate) fn is(&self, company: &Company) -> bool {
        self.0.is_some() && (self.0.as_ref() == Some(&company.id) || self.0 == company.slug)
    }
}

/// Who sent this request: asked once, within the limits, and remembered with it.
pub(crate) fn caller(request: &HttpRequest) -> Result<Caller, Problem> {
    if let Some(Asked(known)) = request.extensions().get() {
        return Ok(known.clone());
    }
    let state = request.app_data::<web::Data<State>>().ok_or_else(not_set_up)?;
    let caller = tried(state, request)?;
    if caller == Caller::Service
        && let Some(connection) = Connection::of(request)
    {
        connection.trust();
    }
    state.limits.request(&caller)?;
    request.extensions_mut().insert(Asked(caller.clone()));
    Ok(caller)
}

/// A caller whose request was let in.
struct Asked(Caller);

/// Who sent this request, as it is now. It is noted with the request, for who only wants to know their language.
pub(crate) fn authenticate(request: &HttpRequest) -> Result<Caller, Problem> {
    identify(request).map(|(caller, _)| caller)
}

/// The person who sent this request, and by what. The backend is none.
pub(crate) fn person(request: &HttpRequest) -> Result<(Owner, Key), Problem> {
    caller(request)?;
    match identify(request)? {
        (Caller::User(owner), Some(key)) => Ok((owner, key)),
        _ => Err(Problem::forbidden()),
    }
}

/// Who makes a change by this request, for the audit trail.
pub(crate) fn author(request: &HttpRequest, caller: &Caller) -> Author {
    let key = identify(request).ok().and_then(|(_, key)| key);
    let (token_id, session_id) = match key {
        Some(Key::Token(token)) => (Some(token.id.clone()), None),
        Some(Key::Session(_, session)) => (None, Some(session.id)),
        None => (None, None),
    };
    let who = match caller {
        Caller::Service => Who::Service,
        Caller::User(owner) => Who::Person(owner.user_id.clone()),
    };
    Author { who, token_id, session_id, from: from(request) }
}

/// The address that a request came from.
pub(crate) fn from(request: &HttpRequest) -> Option<String> {
    let state = request.app_data::<web::Data<State>>()?;
    Some(state.limits.ip(request)?.to_string())
}

fn identify(request: &HttpRequest) -> Result<(Caller, Option<Key>), Problem> {
    let found = credentials(request)?;
    request.extensions_mut().insert(found.0.clone());
    Ok(found)
}

/// Finds out who sent this request, unless its address was wrong too often lately.
fn tried(state: &State, request: &HttpRequest) -> Result<Caller, Problem> {
    let headers = request.headers();
    let token = match bearer(headers) {
        Some(token) => token.split_once('.').map(|(id, _)| id).filter(|id| id.starts_with(API_TOKEN)),
        None => first(headers, TOKEN_ID),
    };
    let brings_some = token.is_some() || bearer(headers).is_some();
    let Some(ip) = state.limits.ip(request).filter(|_| brings_some) else { return authenticate(request) };
    state.limits.may_try(ip, token)?;
    let caller = authenticate(request);
    if matches!(&caller, Err(problem) if problem.code() == Code::Unauthenticated) {
        state.limits.failed(ip, token);
    }
    caller
}

fn not_set_up() -> Problem {
    Problem::new(Code::InternalServerError, Detail::NotSetUp)
}

fn credentials(request: &HttpRequest) -> Result<(Caller, Option<Key>), Problem> {
    let state = request.app_data::<web::Data<State>>().ok_or_else(not_set_up)?;
    let headers = request.headers();
    let caller = match (bearer(headers), first(headers, TOKEN_ID), first(headers, TOKEN_SECRET)) {
        (Some(token), _, _) => by_bearer(state, token),
        (None, Some(id), Some(secret)) => by_credentials(state, id, secret),
        _ if cookie::secret(request, state.is_secure()).is_some() => {
            let (secret, session) = session(request)?;
            return Ok((Caller::User(session.owner.clone()), Some(Key::Session(secret, session))));
        }
        _ => return Err(unauthenticated(Detail::NoCredentials)),
    };
    caller.ok_or_else(|| unauthenticated(Detail::WrongCredentials))
}

fn by_bearer(state: &State, token: &str) -> Option<(Caller, Option<Key>)> {
    match token.split_once('.').filter(|(id, _)| id.starts_with(API_TOKEN)) {
        Some((id, secret)) => by_credentials(state, id, secret),
        None => state.admin_token.is_of(token).then_some((Caller::Service, None)),
    }
}

fn by_credentials(state: &State, id: &str, secret: &str) -> Option<(Caller, Option<Key>)> {
    let token = state.tokens.check(id, secret)?;
    let caller = match &token.owner {
        None => Caller::Service,
        // Who left, or whose company did, is nobody any more.
        Some(owner) if is_known(state, owner, token.births) => Caller::User(owner.clone()),
        Some(_) => return None,
    };
    Some((caller, Some(Key::Token(token))))
}

/// Whether a person is in a project of the company now, and both are those for whom the token or session was made.
pub(crate) fn is_known(state: &State, owner: &Owner, births: Births) -> bool {
    let Owner { user_id, company_id } = owner;
    state.dispatcher.births(company_id, user_id) == Some(births)
        && state.dispatcher.is_in_company(company_id, user_id)
}

/// The session that a request belongs to, with the secret in its cookie. Unsafe requests have to come from our own page.
pub(crate) fn session(request: &HttpRequest) -> Result<(String, Session), Problem> {
    let state = request.app_data::<web::Data<State>>();
    let found = state.and_then(|state| {
        let secret = cookie::secret(request, state.is_secure())?;
        let session = state.sessions.find(secret)?;
        is_known(state, &session.owner, session.births).then(|| (secret.to_owned(), session))
    });
    let (secret, session) = found.ok_or_else(signed_out)?;
    cookie::check_origin(request, &secret)?;
    Ok((secret, session))
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn first<'a>(headers: &'a HeaderMap, names: [&str; 2]) -> Option<&'a str> {
    names.into_iter().find_map(|name| headers.get(name)?.to_str().ok()).map(str::trim)
}

/// What a request is told that belongs to nobody who is signed in.
pub(crate) fn signed_out() -> Problem {
    unauthenticated(Detail::SignedOut)
}

fn unauthenticated(detail: Detail) -> Problem {
    Problem::new(Code::Unauthenticated, detail)
}

//! A sign-in link's page. Looking at it changes nothing, so that a mail scanner or a browser that looks ahead uses nothing
//! up: who is there presses a button.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web,
};
use bluehook_core::language::Language;

use crate::{
    auth::{self, Begun, Owner, cookie},
    docs::{bare, escape},
    language,
    problem::{Code, Detail, Problem},
    state::State,
};

/// Where a person goes who was on their way nowhere else.
const HOME: &str = "/";

/// Shows who will be signed in, and in which company.
pub(super) async fn show(
    code: web::Path<String>,
    request: HttpRequest,
    state: web::Data<State>,
) -> HttpResponse {
    let language = |owner: &Owner| language::of_person(&request, owner, &state);
    match known_owner(&code, &state).and_then(|owner| Some((person(&owner, &state)?, owner))) {
        Some((person, owner)) => page(StatusCode::OK, &question(&person, language(&owner))),
        None => over(&request),
    }
}

/// Signs them in, and sends them on.
pub(super) async fn begin(
    code: web::Path<String>,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    if !comes_from_here(&request, &state) {
        return Err(Problem::new(Code::Forbidden, Detail::OtherSite));
    }
    let is_known = known_owner(&code, &state).is_some();
    let by = (auth::browser(&request), auth::from(&request));
    let begun = if is_known { state.sessions.begin(&code, by).await? } else { None };
    let Some(Begun { secret, return_to }) = begun else { return Ok(over(&request)) };
    Ok(HttpResponse::SeeOther()
        .insert_header((header::LOCATION, return_to.as_deref().unwrap_or(HOME)))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .insert_header((header::SET_COOKIE, cookie::beginning(&secret, state.is_secure())))
        .finish())
}

/// Who a link signs in, if they are in a project of the company now.
fn known_owner(code: &str, state: &State) -> Option<Owner> {
    let (owner, births) = state.sessions.owner_of_link(code)?;
    auth::is_known(state, &owner, births).then_some(owner)
}

/// Who is signed in by a link, as the page names them.
struct Person {
    name: String,
    email: String,
    company: String,
}

fn person(owner: &Owner, state: &State) -> Option<Person> {
    let user = state.dispatcher.user(&owner.user_id)?;
    let company = state.dispatcher.company(&owner.company_id)?.name;
    Some(Person { name: user.full_name, email: user.email, company })
}

/// Whether the button of our own page was pressed: a page of another site could sign people in as somebody else.
fn comes_from_here(request: &HttpRequest, state: &State) -> bool {
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    match (header("sec-fetch-site"), header("origin")) {
        (Some(site), _) => site == "same-origin",
        (None, Some(origin)) => state.public_url.as_deref().map_or_else(
            || origin.split_once("://").is_some_and(|(_, from)| Some(from) == header("host")),
            |url| is_of(url, origin),
        ),
        // No browser.
        (None, None) => true,
    }
}

fn is_of(url: &str, origin: &str) -> bool {
    url.strip_prefix(origin).is_some_and(|path| path.is_empty() || path.starts_with('/'))
}

fn question(person: &Person, language: Language) -> String {
    let (name, email, company) = (escape(&person.name), escape(&person.email), escape(&person.company));
    let (title, lead, button, other) = match language {
        Language::English => (
            "Sign in",
            "You are about to sign in as",
            format!("Sign in as {name}"),
            "If this is not you, close this page: nothing happens.",
        ),
        Language::Italian => (
            "Accedi",
            "Stai per accedere come",
            format!("Accedi come {name}"),
            "Se non sei tu, chiudi questa pagina: non succede nulla.",
        ),
    };
    let content = format!(
        "<h1>{title}</h1><p>{lead}</p><dl class=\"person\"><dt>{name}</dt><dd>{email}</dd><dd>{company}</dd></dl>\
         <form method=\"post\"><button type=\"submit\">{button}</button></form><p class=\"quiet\">{other}</p>"
    );
    bare(language, title, &content)
}

/// What a person sees whose link does not work.
fn over(request: &HttpRequest) -> HttpResponse {
    let language = language::of(request);
    let (title, what, then) = match language {
        Language::English => (
            "This sign-in link does not work any more",
            "A link works once, for five minutes.",
            "Go back to Blue, or to where you found it, and open the webhooks from there: that makes a new one.",
        ),
        Language::Italian => (
            "Questo link di accesso non funziona più",
            "Un link funziona una volta sola, per cinque minuti.",
            "Torna in Blue, o dove l'hai trovato, e apri i webhook da lì: ne viene creato uno nuovo.",
        ),
    };
    let content = format!("<h1>{title}</h1><p>{what} {then}</p>");
    page(StatusCode::GONE, &bare(language, title, &content))
}

fn page(status: StatusCode, html: &str) -> HttpResponse {
    let mut response = HttpResponse::build(status);
    crate::assets::secure(&mut response);
    response
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::VARY, "Accept-Language"))
        // The page's own form is to say where it comes from; nobody else is.
        .insert_header((header::REFERRER_POLICY, "same-origin"))
        .body(html.to_owned())
}

//! Who is here: the person, the company, how they are signed in, what they may, and what the server is like.

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use bluehook_dispatcher::{Clock, WebhookCounts};
use serde::Serialize;
use serde_json::Number;

use super::{only, params::Params, view::Instant};
use crate::{
    auth::{self, Key, Owner},
    problem::Problem,
    state::State,
};

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.service(web::resource("/v1/me").get(show).default_service(only("GET, HEAD")));
}

async fn show(request: HttpRequest, state: web::Data<State>) -> Result<HttpResponse, Problem> {
    let (owner, key) = auth::person(&request)?;
    Params::of(&request).finish()?;
    let (Some(person), Some(company)) =
        (state.dispatcher.user(&owner.user_id), state.dispatcher.company(&owner.company_id))
    else {
        return Err(auth::signed_out());
    };
    let webhooks = state.dispatcher.webhook_counts(&owner.company_id);
    let view = MeView {
        person: PersonView {
            id: person.id,
            full_name: person.full_name,
            email: person.email,
            locale: person.locale,
        },
        company: CompanyView { id: company.id, name: company.name },
        session: SessionView::new(&key),
        may: MayView::new(&state, &owner, &webhooks),
        webhooks: WebhooksView::new(&webhooks),
        server: ServerView::new(&state),
    };
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(view))
}

#[derive(Serialize)]
struct MeView {
    person: PersonView,
    company: CompanyView,
    session: SessionView,
    may: MayView,
    webhooks: WebhooksView,
    server: ServerView,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PersonView {
    id: String,
    full_name: String,
    email: String,
    locale: Option<String>,
}

#[derive(Serialize)]
struct CompanyView {
    id: String,
    name: String,
}

/// By what they call.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SessionView {
    kind: &'static str,
    id: String,
    expires_at: Option<Instant>,
    csrf: Option<String>,
}

impl SessionView {
    fn new(key: &Key) -> SessionView {
        match key {
            Key::Session(secret, session) => SessionView {
                kind: "COOKIE",
                id: session.id.clone(),
                expires_at: Some(Instant(session.expires_at)),
                csrf: Some(auth::csrf_token(secret)),
            },
            Key::Token(token) => SessionView {
                kind: "TOKEN",
                id: token.id.clone(),
                expires_at: token.expires_at.map(Instant),
                csrf: None,
            },
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MayView {
    create: bool,
    see_others: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'static str>,
}

impl MayView {
    fn new(state: &State, owner: &Owner, webhooks: &WebhookCounts) -> MayView {
        let administers = state.access(&auth::Caller::User(owner.clone())).administers();
        let why = match (administers, webhooks.has_room()) {
            (false, _) => Some("NOT_ADMINISTRATOR"),
            (true, false) => Some("LIMIT"),
            (true, true) => None,
        };
        MayView { create: why.is_none(), see_others: administers, why }
    }
}

/// The company's webhooks, and how many there may be.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WebhooksView {
    on: usize,
    on_max: usize,
    all: usize,
    all_max: usize,
}

impl WebhooksView {
    fn new(counts: &WebhookCounts) -> WebhooksView {
        WebhooksView { on: counts.on, on_max: counts.on_max, all: counts.all, all_max: counts.all_max }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ServerView {
    version: &'static str,
    now: Instant,
    retention_seconds: u64,
    attempts: u32,
    retry_seconds: Vec<Number>,
    timeout_ms: u64,
    body_limit: usize,
    mail: bool,
    public_url: Option<String>,
    any_network_open: bool,
    stream: bool,
}

impl ServerView {
    fn new(state: &State) -> ServerView {
        let terms = state.dispatcher.terms();
        ServerView {
            version: env!("CARGO_PKG_VERSION"),
            now: Instant(Clock::system().now()),
            retention_seconds: terms.retention.as_secs(),
            attempts: terms.retry.attempts(),
            retry_seconds: terms.retry.pauses().iter().map(|pause| seconds(*pause)).collect(),
            timeout_ms: u64::try_from(terms.timeout.as_millis()).unwrap_or(u64::MAX),
            body_limit: state.body_limit,
            // No mail is sent yet.
            mail: false,
            public_url: state.public_url.clone(),
            any_network_open: terms.any_network_open,
            stream: true,
        }
    }
}

/// Milliseconds as seconds, a whole number where they are whole.
fn seconds(millis: u64) -> Number {
    let exact = std::time::Duration::from_millis(millis).as_secs_f64();
    let whole = Number::from(millis / 1_000);
    if millis.is_multiple_of(1_000) { whole } else { Number::from_f64(exact).unwrap_or(whole) }
}

#[cfg(test)]
mod tests {
    use awc::http::Method;
    use bluehook_dispatcher::Role;
    use serde_json::{Value, json};

    use crate::trial::{ADMIN, World};

    async fn me(world: &World, token: &str) -> (u16, Value) {
        world.call(token, Method::GET, "/v1/me", Value::Null).await
    }

    #[actix_web::test]
    async fn a_person_hears_who_they_are_and_what_they_may() {
        let world = World::configured(|config| config.dispatcher.webhook_limit_per_company = 1).await;
        let token = world.person("ada", "c", Role::Admin).await;
        let (status, told) = me(&world, &token).await;
        assert_eq!(status, 200, "{told}");
        assert_eq!((&told["person"]["fullName"], &told["company"]["name"]), (&json!("ada"), &json!("c")));
        assert_eq!((&told["session"]["kind"], &told["session"]["csrf"]), (&json!("TOKEN"), &Value::Null));
        assert!(told["session"]["id"].as_str().unwrap().starts_with("tok_"), "{told}");
        assert_eq!(told["may"], json!({"create": true, "seeOthers": true}));
        assert_eq!(told["webhooks"], json!({"on": 0, "onMax": 1, "all": 0, "allMax": 10}));
        assert_eq!(told["server"]["retrySeconds"], json!([5, 60, 600, 3600]));
        assert_eq!(told["server"]["attempts"], 5);
        world.webhook("ada", "c").await;
        assert_eq!(me(&world, &token).await.1["may"]["why"], "LIMIT");
        let member = world.person("ben", "c", Role::Member).await;
        let may = json!({"create": false, "seeOthers": false, "why": "NOT_ADMINISTRATOR"});
        assert_eq!(me(&world, &member).await.1["may"], may);
    }

    #[actix_web::test]
    async fn the_backend_and_strangers_are_told_so() {
        let world = World::new().await;
        assert_eq!(me(&world, ADMIN).await.0, 403);
        assert_eq!(me(&world, "nobody").await.0, 401);
        let token = world.person("ada", "c", Role::Admin).await;
        world.service(Method::DELETE, "/v1/users/ada", Value::Null).await;
        assert_eq!(me(&world, &token).await.0, 401);
    }
}

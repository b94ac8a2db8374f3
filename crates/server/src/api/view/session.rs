//! A sign-in link and a session as the API shows them.

use bluehook_core::time::Millis;
use bluehook_dispatcher::Dispatcher;
use serde::Serialize;

use super::Instant;
use crate::auth::Session;

/// A sign-in link, the only time that it is shown.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::api) struct NewSessionView<'a> {
    url: &'a str,
    expires_at: Instant,
}

impl<'a> NewSessionView<'a> {
    pub(in crate::api) fn new(url: &'a str, expires_at: Millis) -> NewSessionView<'a> {
        NewSessionView { url, expires_at: Instant(expires_at) }
    }
}

/// A session in the list of a person's.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::api) struct OpenSessionView<'a> {
    id: &'a str,
    kind: &'static str,
    created_at: Instant,
    last_seen_at: Instant,
    expires_at: Instant,
    browser: Option<&'a str>,
    is_current: bool,
}

impl<'a> OpenSessionView<'a> {
    /// A session, beside that by which the request came.
    pub(in crate::api) fn new(session: &'a Session, current: Option<&str>) -> OpenSessionView<'a> {
        OpenSessionView {
            id: &session.id,
            kind: "COOKIE",
            created_at: Instant(session.created_at),
            last_seen_at: Instant(session.last_seen_at()),
            expires_at: Instant(session.expires_at),
            browser: session.browser.as_deref(),
            is_current: current == Some(&session.id),
        }
    }
}

/// Who is signed in.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::api) struct SessionView<'a> {
    user_id: &'a str,
    user_name: Option<String>,
    company_id: &'a str,
    company_name: Option<String>,
    locale: Option<String>,
    csrf: &'a str,
    created_at: Instant,
    expires_at: Instant,
}

impl<'a> SessionView<'a> {
    pub(in crate::api) fn new(
        session: &'a Session,
        csrf: &'a str,
        dispatcher: &Dispatcher,
    ) -> SessionView<'a> {
        let user = dispatcher.user(&session.owner.user_id);
        let company = dispatcher.company(&session.owner.company_id);
        SessionView {
            user_id: &session.owner.user_id,
            locale: user.as_ref().and_then(|user| user.locale.clone()),
            user_name: user.map(|user| user.full_name),
            company_id: &session.owner.company_id,
            company_name: company.map(|company| company.name),
            csrf,
            created_at: Instant(session.created_at),
            expires_at: Instant(session.expires_at),
        }
    }
}

//! A token as the API shows it.

use serde::Serialize;

use super::Instant;
use crate::auth::Token;

/// A token without its secret.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::api) struct TokenView<'a> {
    id: &'a str,
    name: &'a str,
    user_id: Option<&'a str>,
    company_id: Option<&'a str>,
    created_at: Instant,
    expires_at: Option<Instant>,
    last_used_at: Option<Instant>,
}

impl<'a> TokenView<'a> {
    pub(in crate::api) fn new(token: &'a Token) -> TokenView<'a> {
        TokenView {
            id: &token.id,
            name: &token.name,
            user_id: token.owner.as_ref().map(|owner| owner.user_id.as_str()),
            company_id: token.owner.as_ref().map(|owner| owner.company_id.as_str()),
            created_at: Instant(token.created_at),
            expires_at: token.expires_at.map(Instant),
            last_used_at: token.last_used_at().map(Instant),
        }
    }
}

/// A token at its making: `token` for `Authorization: Bearer`, `id` and `secret` for Blue's headers.
#[derive(Serialize)]
pub(in crate::api) struct NewTokenView<'a> {
    #[serde(flatten)]
    token_view: TokenView<'a>,
    secret: &'a str,
    token: String,
}

impl<'a> NewTokenView<'a> {
    pub(in crate::api) fn new(token: &'a Token, secret: &'a str) -> NewTokenView<'a> {
        NewTokenView { token_view: TokenView::new(token), secret, token: format!("{}.{secret}", token.id) }
    }
}

//! A URL is tried before it is saved.

use bluehook_core::target;

use crate::{Dispatcher, model::url_check::UrlCheck};

impl Dispatcher {
    /// Tries a URL as far as a connection, by the rules that deliveries keep; no request is made.
    pub async fn check_url(&self, url: &str) -> UrlCheck {
        self.checker.check(url).await
    }

    /// Whether a URL leads into a network that the operator allowed, wherever else.
    pub async fn is_in_allowed_network(&self, url: &str) -> bool {
        match target::parse(url) {
            Ok(target) => self.guard.is_in_allowed_network(&target.host).await,
            Err(_) => false,
        }
    }
}

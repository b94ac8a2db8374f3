//! What one caller may take of what is there for all.

// So many in a time.
mod rate;

// URLs tried.
mod url_checks;

use url_checks::UrlChecks;

/// What one caller may take.
#[derive(Default)]
pub(crate) struct Limits {
    url_checks: UrlChecks,
}

//! What is shown along with a webhook, so that each screen is one request.

use bluehook_core::input::Fault;

use crate::api::params::word;

/// What can be shown along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Include {
    Activity,
    Stats,
    Projects,
    History,
}

impl Include {
    /// Everything.
    pub(super) const ALL: [Include; 4] =
        [Include::Activity, Include::Stats, Include::Projects, Include::History];

    /// The word in the API.
    const fn name(self) -> &'static str {
        match self {
            Include::Activity => "activity",
            Include::Stats => "stats",
            Include::Projects => "projects",
            Include::History => "history",
        }
    }
}

/// Reads a word that is among those that are possible.
pub(super) fn included(text: &str, possible: &[Include]) -> Result<Include, Fault> {
    let names: Vec<&'static str> = possible.iter().map(|include| include.name()).collect();
    word(|text| possible.iter().copied().find(|include| include.name() == text), &names)(text)
}

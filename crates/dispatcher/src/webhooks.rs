//! What a caller says when it makes or changes a webhook.

use std::sync::Arc;

use bluehook_core::{
    event::EventType,
    filter::Filter,
    signature::Secret,
    webhook::{PayloadFormat, Webhook},
};

/// A webhook to be made.
#[derive(Clone, Debug, Default)]
pub struct NewWebhook {
    /// The company it belongs to.
    pub company_id: String,
    /// The person it belongs to; must be known in the directory.
    pub created_by_id: String,
    /// What its owner calls it.
    pub name: Option<String>,
    /// Where it is called.
    pub url: String,
    /// How it signs.
    pub secret: SecretChoice,
    /// The events it wants; empty means all.
    pub events: Vec<EventType>,
    /// The projects it wants; empty means all that its creator is a member of.
    pub project_ids: Vec<String>,
    /// The shape of its bodies.
    pub payload_format: PayloadFormat,
    /// Which records it wants; none means all.
    pub filter: Option<Filter>,
    /// What its owner notes about it.
    pub description: Option<String>,
    /// Headers to be sent along.
    pub headers: Vec<(String, String)>,
    /// The most requests per second.
    pub rate_limit_per_second: Option<u32>,
}

/// What making a webhook once for a key came to.
#[derive(Debug)]
pub enum Created {
    /// It was made now; with its secret, which is told here and never again.
    Now(Arc<Webhook>, Option<Secret>),
    /// It was made before.
    Before(Arc<Webhook>),
}

/// Where a new webhook's secret comes from. `Debug` does not show a given one.
#[derive(Clone, Default)]
pub enum SecretChoice {
    /// A new random one, `whsec_…`.
    #[default]
    Generated,
    /// This one: 8 to 256 characters.
    Given(String),
    /// None: deliveries are not signed.
    Declined,
}

impl std::fmt::Debug for SecretChoice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            SecretChoice::Generated => "Generated",
            SecretChoice::Given(_) => "Given(…)",
            SecretChoice::Declined => "Declined",
        })
    }
}

/// A change to a webhook: what is `None` stays as it is.
#[derive(Clone, Debug, Default)]
pub struct WebhookChange {
    /// On or off. On is preceded by a probe and only holds when that is answered with 2xx, even if the webhook was on.
    pub enabled: Option<bool>,
    /// A new name, or none any more.
    pub name: Option<Option<String>>,
    /// A new URL.
    pub url: Option<String>,
    /// A new list of events.
    pub events: Option<Vec<EventType>>,
    /// A new list of projects.
    pub project_ids: Option<Vec<String>>,
    /// Another shape of bodies.
    pub payload_format: Option<PayloadFormat>,
    /// Another filter, or none any more.
    pub filter: Option<Option<Filter>>,
    /// A new note, or none any more.
    pub description: Option<Option<String>>,
    /// A new list of headers.
    pub headers: Option<Vec<(String, String)>>,
    /// A new rate limit, or none any more.
    pub rate_limit_per_second: Option<Option<u32>>,
}

/// Which webhooks to list.
#[derive(Clone, Debug, Default)]
pub struct WebhookQuery {
    /// Only of this company.
    pub company_id: Option<String>,
    /// Only of this person.
    pub created_by_id: Option<String>,
    /// Only those that are on, or off.
    pub enabled: Option<bool>,
}

impl WebhookQuery {
    pub(crate) fn matches(&self, webhook: &Webhook) -> bool {
        self.company_id.as_ref().is_none_or(|company| webhook.company_id == *company)
            && self.created_by_id.as_ref().is_none_or(|creator| webhook.created_by_id == *creator)
            && self.enabled.is_none_or(|enabled| webhook.enabled == enabled)
    }
}

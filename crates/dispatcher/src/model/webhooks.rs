//! What a caller says when it makes or changes a webhook.

use std::sync::Arc;

use bluehook_core::{
    event::EventType,
    filter::Filter,
    signature::Secret,
    time::Millis,
    webhook::{PayloadFormat, Webhook},
};

use super::{
    health::HealthState,
    standing::{Probe, SecretInfo},
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
    /// Another person that it belongs to.
    pub created_by_id: Option<String>,
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
    /// A new list of headers. One without a value keeps that which it has; those that are not named go.
    pub headers: Option<Vec<(String, Option<String>)>>,
    /// A new rate limit, or none any more.
    pub rate_limit_per_second: Option<Option<u32>>,
}

impl WebhookChange {
    /// The fields that it names, as the API spells them.
    pub(crate) fn fields(&self) -> Vec<&'static str> {
        let named = [
            ("createdById", self.created_by_id.is_some()),
            ("name", self.name.is_some()),
            ("url", self.url.is_some()),
            ("events", self.events.is_some()),
            ("projectIds", self.project_ids.is_some()),
            ("payloadFormat", self.payload_format.is_some()),
            ("filter", self.filter.is_some()),
            ("description", self.description.is_some()),
            ("headers", self.headers.is_some()),
            ("rateLimitPerSecond", self.rate_limit_per_second.is_some()),
        ];
        named.into_iter().filter(|(_, is_named)| *is_named).map(|(name, _)| name).collect()
    }
}

/// What a change of a webhook came to.
#[derive(Debug)]
pub struct Updated {
    /// The webhook as it is now.
    pub webhook: Arc<Webhook>,
    /// The probe that preceded switching on.
    pub probe: Option<Probe>,
}

/// A webhook's new secret, told here and never again.
#[derive(Debug)]
pub struct Rotated {
    /// The secret.
    pub secret: Secret,
    /// The secrets that sign from now on.
    pub secrets: Vec<SecretInfo>,
    /// When the one before ends; none when it did already.
    pub ends_at: Option<Millis>,
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
    /// Only those in one of these states of health; empty means all.
    pub health: Vec<HealthState>,
    /// Only those whose name or host has all of these words, given in lower case.
    pub words: Vec<String>,
}

//! Who or what switched a webhook off, who changes one, and what its health was.

use bluehook_core::time::Millis;
use serde::{Deserialize, Serialize};

use super::{
    cause::Cause,
    health::{Health, HealthState},
    log::{Attempt, Outcome},
};

/// Who changes a webhook.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Actor {
    /// The backend.
    #[default]
    Service,
    /// A person.
    Person(String),
}

impl Actor {
    /// Who that is to a webhook of this person's.
    pub(crate) fn towards(&self, created_by_id: &str) -> OffBy {
        match self {
            Actor::Service => OffBy::Service,
            Actor::Person(id) if id == created_by_id => OffBy::Person,
            Actor::Person(_) => OffBy::Admin,
        }
    }

    pub(crate) fn person(&self) -> Option<String> {
        match self {
            Actor::Service => None,
            Actor::Person(id) => Some(id.clone()),
        }
    }
}

/// What switched a webhook off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OffBy {
    /// Its creator.
    Person,
    /// An administrator of the company.
    Admin,
    /// The backend.
    Service,
    /// A delivery used up its attempts, and nothing succeeded since its first.
    Exhausted,
    /// The receiver answered 410.
    Gone,
    /// It was to be switched on, and its probe was not answered with 2xx.
    HealthCheck,
    /// Its creator is in none of its projects, or in none of the company.
    Membership,
    /// The last project that it chose is gone.
    ProjectDeleted,
    /// It was switched off before reasons were kept.
    Unknown,
}

impl OffBy {
    /// Every reason.
    pub const ALL: [OffBy; 9] = [
        OffBy::Person,
        OffBy::Admin,
        OffBy::Service,
        OffBy::Exhausted,
        OffBy::Gone,
        OffBy::HealthCheck,
        OffBy::Membership,
        OffBy::ProjectDeleted,
        OffBy::Unknown,
    ];

    /// The word in the API and the store.
    pub const fn name(self) -> &'static str {
        match self {
            OffBy::Person => "PERSON",
            OffBy::Admin => "ADMIN",
            OffBy::Service => "SERVICE",
            OffBy::Exhausted => "EXHAUSTED",
            OffBy::Gone => "GONE",
            OffBy::HealthCheck => "HEALTH_CHECK",
            OffBy::Membership => "MEMBERSHIP",
            OffBy::ProjectDeleted => "PROJECT_DELETED",
            OffBy::Unknown => "UNKNOWN",
        }
    }

    /// Reads the word in the API and the store.
    pub fn from_name(name: &str) -> Option<OffBy> {
        OffBy::ALL.into_iter().find(|by| by.name() == name)
    }
}

/// Why a webhook is off.
#[derive(Clone, Debug)]
pub struct Off {
    /// What switched it off.
    pub by: OffBy,
    /// When.
    pub at: Millis,
    /// Who, where it was a person.
    pub person: Option<String>,
    /// The failure that led to it.
    pub cause: Option<Cause>,
    /// The probe that was not answered as it should have been.
    pub probe: Option<Probe>,
}

/// The probe that precedes switching on, and what came of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Probe {
    /// The one attempt.
    pub attempt: Attempt,
}

impl Probe {
    /// Whether it was answered with 2xx.
    pub fn is_success(&self) -> bool {
        matches!(&self.attempt.outcome, Outcome::Response(response) if response.is_success())
    }
}

/// A change of a webhook's health.
#[derive(Clone, Debug)]
pub struct HealthChange {
    /// When.
    pub at: Millis,
    /// What it became.
    pub state: HealthState,
    /// Who or what switched it on or off.
    pub by: Option<OffBy>,
    /// The person, where it was one.
    pub person: Option<String>,
    /// The failure that led to it.
    pub cause: Option<Cause>,
}

impl HealthChange {
    /// What it became, by itself.
    pub(crate) fn of(health: &Health) -> HealthChange {
        let (at, state, cause) = (health.since, health.state, health.cause.clone());
        HealthChange { at, state, by: None, person: None, cause }
    }
}

/// A secret that a webhook signs with; never the secret itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecretInfo {
    /// Whether it takes over later.
    pub is_next: bool,
    /// When it was made.
    pub created_at: Millis,
    /// When it ends; none when nothing replaces it.
    pub ends_at: Option<Millis>,
}

/// What waits for a webhook or is held for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Backlog {
    /// Deliveries that are still to be attempted.
    pub waiting: u64,
    /// When the oldest of these was made.
    pub waiting_since: Option<Millis>,
    /// Deliveries that are kept because the webhook is off.
    pub held: u64,
    /// When the oldest of these was made.
    pub held_since: Option<Millis>,
}

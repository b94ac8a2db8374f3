//! Replays: which deliveries are sent again, and how far that is.

use bluehook_core::{
    delivery::Status,
    event::EventType,
    input::{Fault, Names},
    time::Millis,
};

use crate::{Error, Result};

/// Which deliveries to send again.
#[derive(Clone, Debug)]
pub struct ReplayQuery {
    /// The webhook.
    pub webhook_id: String,
    /// Only deliveries made at or after.
    pub since: Millis,
    /// Only deliveries made before.
    pub until: Millis,
    /// Only those in this status; none means those that did not get through: `FAILED` and `HELD`.
    pub status: Option<Status>,
    /// Only of events of this type.
    pub event: Option<EventType>,
}

/// A replay and how far it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replay {
    /// Its id, `rpl_…`.
    pub id: String,
    /// The webhook.
    pub webhook_id: String,
    /// How it stands.
    pub state: ReplayState,
    /// How many deliveries it was to send when it began.
    pub total: u64,
    /// How many are on their way or sent.
    pub done: u64,
    /// How many were passed over, since the webhook's creator may not get them now.
    pub skipped: u64,
    /// When it began.
    pub created_at: Millis,
}

/// How a replay stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplayState {
    /// Deliveries are handed over.
    Running,
    /// All were handed over.
    Completed,
    /// Somebody stopped it, or its webhook was switched off or deleted.
    Cancelled,
}

impl ReplayState {
    /// The word in the API and the store.
    pub const fn name(self) -> &'static str {
        match self {
            ReplayState::Running => "RUNNING",
            ReplayState::Completed => "COMPLETED",
            ReplayState::Cancelled => "CANCELLED",
        }
    }

    /// Reads the word in the API and the store.
    pub fn from_name(name: &str) -> Option<ReplayState> {
        [ReplayState::Running, ReplayState::Completed, ReplayState::Cancelled]
            .into_iter()
            .find(|state| state.name() == name)
    }
}

impl ReplayQuery {
    /// The statuses that are looked for.
    pub(crate) fn statuses(&self) -> Vec<Status> {
        match self.status {
            Some(status) => vec![status],
            None => vec![Status::Failed, Status::Held],
        }
    }

    /// Refuses what no replay can be of.
    pub(crate) fn check(&self) -> Result<()> {
        if self.until <= self.since {
            return Err(Error::invalid("/until", Fault::NotAfter("since")));
        }
        match self.status {
            Some(status) if status.is_live() => {
                let ended = Status::ALL.into_iter().filter(|status| !status.is_live());
                let names = Names { nearest: None, allowed: ended.map(Status::name).collect() };
                Err(Error::invalid("/status", Fault::UnknownWord(names)))
            }
            _ => Ok(()),
        }
    }
}

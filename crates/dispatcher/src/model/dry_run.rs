//! What is told of an event that was looked at.

use bluehook_core::{event::EventType, matching, time::Millis};

/// An event that a dry run looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// The event's id.
    pub event_id: String,
    /// What happened.
    pub event_type: EventType,
    /// In which project.
    pub project_id: String,
    /// When it was taken in.
    pub received_at: Millis,
    /// Why the webhook would not get it.
    pub reason: Option<matching::Reason>,
}

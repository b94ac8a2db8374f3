//! Does this webhook get this event? One function answers for the dispatcher and for the preview, with the reason.

use core::fmt;

use crate::{event::Event, webhook::Webhook};

/// What is to be done with an event for one webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Send it.
    Deliver,
    /// It would be sent, but the webhook is off: keep it.
    Hold,
    /// It is not for this webhook.
    Skip(Reason),
}

/// The first reason why an event is not for a webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It happened in another company.
    OtherCompany,
    /// The webhook chose events, and this is not among them.
    EventNotChosen,
    /// The webhook chose projects, and this is not among them.
    ProjectNotChosen,
    /// The webhook's creator is not a member of the project now.
    CreatorNotMember,
}

impl Reason {
    /// A word for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Reason::OtherCompany => "OTHER_COMPANY",
            Reason::EventNotChosen => "EVENT_NOT_CHOSEN",
            Reason::ProjectNotChosen => "PROJECT_NOT_CHOSEN",
            Reason::CreatorNotMember => "CREATOR_NOT_MEMBER",
        }
    }

    /// The sentence for a person who reads English.
    pub const fn english(&self) -> &'static str {
        match self {
            Reason::OtherCompany => "The event happened in another company.",
            Reason::EventNotChosen => "The webhook did not choose this event.",
            Reason::ProjectNotChosen => "The webhook did not choose this project.",
            Reason::CreatorNotMember => "The webhook's creator is not a member of the event's project.",
        }
    }

    /// The sentence for a person who reads Italian.
    pub const fn italian(&self) -> &'static str {
        match self {
            Reason::OtherCompany => "L'evento è avvenuto in un'altra azienda.",
            Reason::EventNotChosen => "Il webhook non ha scelto questo evento.",
            Reason::ProjectNotChosen => "Il webhook non ha scelto questo progetto.",
            Reason::CreatorNotMember => "Chi ha creato il webhook non è membro del progetto dell'evento.",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.english())
    }
}

/// Decides for one webhook and one event. Whether the creator is a member of the event's project *now* is the caller's to
/// know (Blue, "Who may").
pub fn decide(webhook: &Webhook, event: &Event, creator_is_member: bool) -> Decision {
    match skip_reason(webhook, event, creator_is_member) {
        Some(reason) => Decision::Skip(reason),
        None if webhook.enabled => Decision::Deliver,
        None => Decision::Hold,
    }
}

fn skip_reason(webhook: &Webhook, event: &Event, creator_is_member: bool) -> Option<Reason> {
    if webhook.company_id != event.company_id {
        Some(Reason::OtherCompany)
    } else if !(webhook.events.is_empty() || webhook.events.contains(&event.event_type)) {
        Some(Reason::EventNotChosen)
    } else if !(webhook.project_ids.is_empty() || webhook.project_ids.contains(&event.project_id)) {
        Some(Reason::ProjectNotChosen)
    } else if !creator_is_member {
        Some(Reason::CreatorNotMember)
    } else {
        None
    }
}

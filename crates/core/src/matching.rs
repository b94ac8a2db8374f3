//! Does this webhook get this event? One function answers for the dispatcher and for the preview, with the reason.

use core::{cell::OnceCell, fmt};

use crate::{
    event::Event,
    filter::{Document, Filter},
    webhook::Webhook,
};

/// An event that webhooks are asked about. What their filters look at is made when the first one asks, and once.
#[derive(Debug)]
pub struct Subject<'e> {
    event: &'e Event,
    document: OnceCell<Document>,
}

impl<'e> Subject<'e> {
    /// The event, nothing made yet.
    pub fn of(event: &'e Event) -> Subject<'e> {
        Subject { event, document: OnceCell::new() }
    }

    /// The event.
    pub fn event(&self) -> &'e Event {
        self.event
    }

    /// The event as filters see it.
    pub fn document(&self) -> &Document {
        self.document.get_or_init(|| Document::of(self.event))
    }
}

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
    /// The webhook's filter does not match; which condition it was, [`Filter::trace`] tells.
    Filter,
}

impl Reason {
    /// A word for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Reason::OtherCompany => "OTHER_COMPANY",
            Reason::EventNotChosen => "EVENT_NOT_CHOSEN",
            Reason::ProjectNotChosen => "PROJECT_NOT_CHOSEN",
            Reason::CreatorNotMember => "CREATOR_NOT_MEMBER",
            Reason::Filter => "FILTER",
        }
    }

    /// The sentence for a person who reads English.
    pub const fn english(&self) -> &'static str {
        match self {
            Reason::OtherCompany => "The event happened in another company.",
            Reason::EventNotChosen => "The webhook did not choose this event.",
            Reason::ProjectNotChosen => "The webhook did not choose this project.",
            Reason::CreatorNotMember => "The webhook's creator is not a member of the event's project.",
            Reason::Filter => "The webhook's filter does not match this event.",
        }
    }

    /// The sentence for a person who reads Italian.
    pub const fn italian(&self) -> &'static str {
        match self {
            Reason::OtherCompany => "L'evento è avvenuto in un'altra azienda.",
            Reason::EventNotChosen => "Il webhook non ha scelto questo evento.",
            Reason::ProjectNotChosen => "Il webhook non ha scelto questo progetto.",
            Reason::CreatorNotMember => "Chi ha creato il webhook non è membro del progetto dell'evento.",
            Reason::Filter => "Il filtro del webhook non corrisponde a questo evento.",
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
pub fn decide(webhook: &Webhook, subject: &Subject<'_>, creator_is_member: bool) -> Decision {
    match skip_reason(webhook, subject, creator_is_member) {
        Some(reason) => Decision::Skip(reason),
        None if webhook.enabled => Decision::Deliver,
        None => Decision::Hold,
    }
}

fn skip_reason(webhook: &Webhook, subject: &Subject<'_>, creator_is_member: bool) -> Option<Reason> {
    let event = subject.event();
    let filtered = |filter: &Filter| !filter.matches(subject.document());
    if webhook.company_id != event.company_id {
        Some(Reason::OtherCompany)
    } else if !(webhook.events.is_empty() || webhook.events.contains(&event.event_type)) {
        Some(Reason::EventNotChosen)
    } else if !(webhook.project_ids.is_empty() || webhook.project_ids.contains(&event.project_id)) {
        Some(Reason::ProjectNotChosen)
    } else if !creator_is_member {
        Some(Reason::CreatorNotMember)
    } else if webhook.filter.as_ref().is_some_and(filtered) {
        Some(Reason::Filter)
    } else {
        None
    }
}

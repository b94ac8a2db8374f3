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

/// The most that the filter of one webhook may cost for one event: conditions times tokens, so that the same filter and
/// event always come to the same.
pub const FILTER_BUDGET: u64 = 20_000_000;

/// Whether only the filter could tell, and asking it about this event would cost more than its budget.
pub fn is_beyond_budget(webhook: &Webhook, subject: &Subject<'_>, creator_is_member: bool) -> bool {
    webhook.filter.as_ref().is_some_and(|filter| {
        let event = subject.event();
        // A text has fewer tokens than bytes: most events need not be looked at for this.
        let bytes = event.previous_value.as_str().len() + event.current_value.as_str().len() + 1_024;
        let at_most = filter.conditions().saturating_mul(u64::try_from(bytes).unwrap_or(u64::MAX));
        at_most > FILTER_BUDGET
            && reason_before_filter(webhook, event, creator_is_member).is_none()
            && filter.cost(subject.document()) > FILTER_BUDGET
    })
}

fn skip_reason(webhook: &Webhook, subject: &Subject<'_>, creator_is_member: bool) -> Option<Reason> {
    let filtered = |filter: &Filter| !filter.matches(subject.document());
    reason_before_filter(webhook, subject.event(), creator_is_member)
        .or_else(|| webhook.filter.as_ref().is_some_and(filtered).then_some(Reason::Filter))
}

fn reason_before_filter(webhook: &Webhook, event: &Event, creator_is_member: bool) -> Option<Reason> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        event::EventType,
        json::RawJson,
        webhook::{PayloadFormat, Status},
    };
    use alloc::{format, string::String, vec, vec::Vec};

    fn webhook(conditions: usize) -> Webhook {
        let filter =
            format!(r#"{{"currentValue":{{"list":{{"$or":[{}]}}}}}}"#, vec!["9"; conditions].join(","));
        Webhook {
            id: "w".into(),
            uid: String::new(),
            name: None,
            url: String::new(),
            status: Status::Healthy,
            enabled: true,
            events: Vec::new(),
            project_ids: Vec::new(),
            company_id: "c".into(),
            created_by_id: "u".into(),
            created_at: 0,
            updated_at: 0,
            payload_format: PayloadFormat::Full,
            filter: Filter::parse(&filter).ok(),
            description: None,
            headers: Vec::new(),
            rate_limit_per_second: None,
        }
    }

    #[test]
    fn a_filter_has_a_budget_of_conditions_times_tokens() {
        let event = |numbers: usize| Event {
            id: None,
            event_type: EventType::TodoCreated,
            company_id: "c".into(),
            project_id: "p".into(),
            user_id: "u".into(),
            occurred_at: None,
            previous_value: RawJson::null(),
            current_value: RawJson::parse(&format!(r#"{{"list":[{}]}}"#, vec!["1"; numbers].join(",")))
                .unwrap(),
        };
        let (small, large) = (event(100), event(450_000));
        let beyond = |conditions, event| is_beyond_budget(&webhook(conditions), &Subject::of(event), true);
        assert!(!beyond(90, &small));
        assert!(beyond(47, &large));
        assert!(!beyond(40, &large), "42 conditions on 450,000 tokens and a few are 19 million");
        assert!(!is_beyond_budget(&webhook(47), &Subject::of(&large), false), "it is not asked");
    }
}

//! Why an event would not be sent to a webhook: the first reason, in English and Italian.

use alloc::{borrow::ToOwned, string::String};

use crate::{
    event::Event,
    filter::Filter,
    json::write_string,
    matching::{self, Decision, Reason, Subject},
    webhook::Webhook,
};

/// The first reason why not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why {
    /// A word for programs.
    pub code: &'static str,
    /// A sentence in English.
    pub en: String,
    /// A sentence in Italian.
    pub it: String,
}

impl Why {
    fn disabled() -> Why {
        Why {
            code: "DISABLED",
            en: "The webhook is disabled: matching events are held until it is enabled.".to_owned(),
            it: "Il webhook è disattivato: gli eventi corrispondenti restano in attesa finché non viene riattivato."
                .to_owned(),
        }
    }

    /// The filter's first condition that does not hold.
    fn filter(filter: &Filter, subject: &Subject<'_>) -> Option<Why> {
        let why = filter.trace(subject.document()).why?;
        Some(Why { code: Reason::Filter.code(), en: why.en, it: why.it })
    }

    /// Appends `{"code","en","it"}`.
    pub(super) fn write_json(&self, out: &mut String) {
        out.push_str("{\"code\":");
        write_string(out, self.code);
        out.push_str(",\"en\":");
        write_string(out, &self.en);
        out.push_str(",\"it\":");
        write_string(out, &self.it);
        out.push('}');
    }
}

/// Why a webhook does not get an event; `None` when it does. That it is disabled is said first: while it is, nothing
/// else matters to the person who asks.
pub fn why(webhook: &Webhook, event: &Event, creator_is_member: bool) -> Option<Why> {
    if !webhook.enabled {
        return Some(Why::disabled());
    }
    let subject = Subject::of(event);
    match matching::decide(webhook, &subject, creator_is_member) {
        Decision::Deliver => None,
        Decision::Hold => Some(Why::disabled()),
        Decision::Skip(Reason::Filter) => {
            webhook.filter.as_ref().and_then(|filter| Why::filter(filter, &subject))
        }
        Decision::Skip(reason) => Some(Why {
            code: reason.code(),
            en: reason.english().to_owned(),
            it: reason.italian().to_owned(),
        }),
    }
}

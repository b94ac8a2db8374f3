//! The audit trail: who did what to whose. No secret stands in it.

use bluehook_core::{time::Millis, webhook::Webhook};
use serde_json::Value;

// The words for what is done.
mod action;

// What a change of a webhook changes.
mod webhook;

pub use action::Action;
pub(crate) use webhook::between;

/// Who makes a change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Author {
    /// Who that is.
    pub who: Who,
    /// The token that they called with.
    pub token_id: Option<String>,
    /// The session that they called in.
    pub session_id: Option<String>,
    /// The address that they called from.
    pub from: Option<String>,
}

/// A kind of author.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Who {
    /// The backend.
    #[default]
    Service,
    /// A person.
    Person(String),
    /// This program, by itself.
    Server,
}

impl Who {
    /// The word in the API and the store.
    pub const fn name(&self) -> &'static str {
        match self {
            Who::Service => "SERVICE",
            Who::Person(_) => "PERSON",
            Who::Server => "SERVER",
        }
    }

    /// The person, if it is one.
    pub fn person(&self) -> Option<&str> {
        match self {
            Who::Person(id) => Some(id),
            Who::Service | Who::Server => None,
        }
    }
}

impl Author {
    /// This program.
    pub(crate) fn server() -> Author {
        Author { who: Who::Server, ..Author::default() }
    }
}

/// What something was done to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Object {
    /// What it is: `WEBHOOK`, `DELIVERY`, `TOKEN` …
    pub kind: String,
    /// Its id.
    pub id: String,
    /// Its name, where it has one.
    pub name: Option<String>,
}

impl Object {
    /// A thing with a name, or without.
    pub fn new(kind: &str, id: &str, name: Option<&str>) -> Object {
        Object { kind: kind.to_owned(), id: id.to_owned(), name: name.map(str::to_owned) }
    }
}

/// A field that was changed.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldChange {
    /// Its name in the API.
    pub field: String,
    /// What it was; null where there was nothing.
    pub before: Value,
    /// What it is since.
    pub after: Value,
}

impl FieldChange {
    /// A field with its value before and after; none when they are the same.
    pub(crate) fn between(field: &str, before: Value, after: Value) -> Option<FieldChange> {
        (before != after).then(|| FieldChange { field: field.to_owned(), before, after })
    }
}

/// Something that was done.
#[derive(Clone, Debug)]
pub struct Note {
    /// What.
    pub action: Action,
    /// To what.
    pub object: Object,
    /// Whose that is: the company and the person.
    pub owner: Option<(String, String)>,
    /// The webhook that it is about.
    pub webhook_id: Option<String>,
    /// What was changed.
    pub changes: Vec<FieldChange>,
}

impl Note {
    /// Something done to a webhook.
    pub(crate) fn of_webhook(action: Action, webhook: &Webhook) -> Note {
        Note {
            action,
            object: Object::new("WEBHOOK", &webhook.id, webhook.name.as_deref()),
            owner: Some((webhook.company_id.clone(), webhook.created_by_id.clone())),
            webhook_id: Some(webhook.id.clone()),
            changes: Vec::new(),
        }
    }

    /// Something done to what belongs to a webhook.
    pub(crate) fn of_part(action: Action, webhook: &Webhook, kind: &str, id: &str) -> Note {
        Note { object: Object::new(kind, id, None), ..Note::of_webhook(action, webhook) }
    }

    /// The same with what was changed.
    pub(crate) fn with(self, changes: impl IntoIterator<Item = FieldChange>) -> Note {
        Note { changes: changes.into_iter().collect(), ..self }
    }
}

/// An entry of the trail.
#[derive(Clone, Debug)]
pub struct Audited {
    /// Its id, `aud_…`.
    pub id: String,
    /// When it was done.
    pub at: Millis,
    /// By whom.
    pub author: Author,
    /// What.
    pub note: Note,
}

/// Which entries to list.
#[derive(Clone, Debug, Default)]
pub struct AuditQuery {
    /// Only of what this person of this company owned then: the company, the person.
    pub owner: Option<(String, String)>,
    /// Only about this webhook.
    pub webhook_id: Option<String>,
    /// Only done by this person.
    pub user_id: Option<String>,
    /// Only this.
    pub action: Option<Action>,
    /// Only done at or after.
    pub since: Option<Millis>,
    /// Only done before.
    pub until: Option<Millis>,
}

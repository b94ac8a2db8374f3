//! An entry of the audit trail as the API shows it.

use bluehook_dispatcher::{Audited, FieldChange};
use serde::Serialize;
use serde_json::Value;

use super::Instant;
use crate::access::Access;

/// Who did what to what.
#[derive(Serialize)]
pub(in crate::api) struct AuditView<'a> {
    id: &'a str,
    at: Instant,
    action: &'static str,
    actor: ActorView<'a>,
    from: Option<&'a str>,
    object: ObjectView<'a>,
    changes: Vec<ChangeView<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ActorView<'a> {
    kind: &'static str,
    id: Option<&'a str>,
    full_name: Option<String>,
    token_id: Option<&'a str>,
    session_id: Option<&'a str>,
}

#[derive(Serialize)]
struct ObjectView<'a> {
    kind: &'a str,
    id: &'a str,
    name: Option<&'a str>,
}

#[derive(Serialize)]
struct ChangeView<'a> {
    field: &'a str,
    before: &'a Value,
    after: &'a Value,
}

impl<'a> AuditView<'a> {
    /// An entry as somebody sees it: where others called from, and by which token, is not theirs to know.
    pub(in crate::api) fn new(entry: &'a Audited, access: &Access<'_>) -> AuditView<'a> {
        let (author, note) = (&entry.author, &entry.note);
        let person = author.who.person();
        let may_know = access.is_or_serves(person);
        let own = |text: &'a Option<String>| text.as_deref().filter(|_| may_know);
        let change =
            |FieldChange { field, before, after }: &'a FieldChange| ChangeView { field, before, after };
        AuditView {
            id: &entry.id,
            at: Instant(entry.at),
            action: note.action.name(),
            actor: ActorView {
                kind: author.who.name(),
                id: person,
                full_name: person.and_then(|id| access.named(id)).map(|named| named.full_name),
                token_id: own(&author.token_id),
                session_id: own(&author.session_id),
            },
            from: own(&author.from),
            object: ObjectView {
                kind: &note.object.kind,
                id: &note.object.id,
                name: note.object.name.as_deref(),
            },
            changes: note.changes.iter().map(change).collect(),
        }
    }
}

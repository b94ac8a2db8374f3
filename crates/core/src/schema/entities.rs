//! The entities that events carry, field by field, as Blue's documentation and deliveries show them.

use alloc::string::String;

/// What a field holds.
#[derive(Clone, Copy, Debug)]
pub(super) enum Field {
    Text,
    TextOrNull,
    Flag,
    FlagOrNull,
    NumberOrNull,
    /// A place in an order: a number, or one in a string.
    Position,
    /// A date-time as in RFC 3339.
    Time,
    TimeOrNull,
    /// Anything.
    Any,
    /// An entity, or `null` where it was not expanded.
    One(&'static str),
    Many(&'static str),
}

use Field::{Any, Flag, FlagOrNull, Many, NumberOrNull, One, Position, Text, TextOrNull, Time, TimeOrNull};

/// An entity: the name of its schema, what it is, its fields.
pub(super) type Entity = (&'static str, &'static str, &'static [(&'static str, Field)]);

/// Every entity.
pub(super) const ENTITIES: &[Entity] = &[
    ("Record", "A record, a `todo` on the wire", RECORD),
    ("List", "A list of records", LIST),
    ("Project", "A project, which has lists", PROJECT),
    ("Company", "A company, which has projects", COMPANY),
    ("User", "A person", USER),
    ("Assignment", "That someone is assigned to a record", ASSIGNMENT),
    ("ChecklistItemAssignment", "That someone is assigned to a checklist item", CHECKLIST_ITEM_ASSIGNMENT),
    ("Tag", "A tag of a project", TAG),
    ("Tagging", "That a record has a tag", TAGGING),
    ("CustomField", "A custom field's definition", CUSTOM_FIELD),
    ("CustomFieldValue", "A custom field's value in a record", CUSTOM_FIELD_VALUE),
    ("Checklist", "A checklist of a record", CHECKLIST),
    ("ChecklistItem", "An item of a checklist", CHECKLIST_ITEM),
    ("Comment", "A comment on a record", COMMENT),
];

const RECORD: &[(&str, Field)] = &[
    ("id", Text),
    ("uid", Text),
    ("title", Text),
    ("html", TextOrNull),
    ("text", TextOrNull),
    ("position", Position),
    ("archived", Flag),
    ("done", Flag),
    ("startedAt", TimeOrNull),
    ("duedAt", TimeOrNull),
    ("timezone", TextOrNull),
    ("createdAt", Time),
    ("updatedAt", Time),
    ("createdById", TextOrNull),
    ("todoListId", Text),
    ("todoCustomFields", Many("CustomFieldValue")),
    ("todoUsers", Many("Assignment")),
    ("todoTags", Many("Tagging")),
    ("todoList", One("List")),
];

const LIST: &[(&str, Field)] = &[
    ("id", Text),
    ("uid", Text),
    ("createdAt", Time),
    ("updatedAt", Time),
    ("title", Text),
    ("position", Position),
    ("createdById", TextOrNull),
    ("projectId", Text),
    ("project", One("Project")),
];

const PROJECT: &[(&str, Field)] = &[
    ("id", Text),
    ("uid", Text),
    ("slug", Text),
    ("name", Text),
    ("description", TextOrNull),
    ("archived", FlagOrNull),
    ("createdAt", Time),
    ("updatedAt", Time),
    ("isTemplate", FlagOrNull),
    ("isOfficialTemplate", FlagOrNull),
    ("category", TextOrNull),
    ("companyId", Text),
    ("imageId", TextOrNull),
    ("hideEmailFromRoles", Any),
    ("company", One("Company")),
];

const COMPANY: &[(&str, Field)] = &[
    ("id", Text),
    ("uid", Text),
    ("slug", Text),
    ("name", Text),
    ("description", TextOrNull),
    ("createdAt", Time),
    ("updatedAt", Time),
    ("freeTrialExpiredAt", TimeOrNull),
    ("freeTrialStartedAt", TimeOrNull),
    ("subscribedAt", TimeOrNull),
    ("imageId", TextOrNull),
    ("subscriptionPlanId", TextOrNull),
    ("freeTrialExtendedById", TextOrNull),
    ("freeTrialExtendedAt", TimeOrNull),
];

const USER: &[(&str, Field)] = &[
    ("id", Text),
    ("uid", Text),
    ("username", TextOrNull),
    ("email", TextOrNull),
    ("firstName", TextOrNull),
    ("lastName", TextOrNull),
    ("fullName", TextOrNull),
    ("jobTitle", TextOrNull),
    ("locale", TextOrNull),
    ("timezone", TextOrNull),
];

/// An entry of `todoUsers`.
const ASSIGNMENT: &[(&str, Field)] =
    &[("id", Text), ("createdAt", Time), ("todoId", Text), ("userId", Text), ("user", One("User"))];

/// An entry of `checklistItemUsers`.
const CHECKLIST_ITEM_ASSIGNMENT: &[(&str, Field)] =
    &[("id", Text), ("createdAt", Time), ("checklistItemId", Text), ("userId", Text), ("user", One("User"))];

const TAG: &[(&str, Field)] = &[
    ("id", Text),
    ("uid", Text),
    ("createdAt", Time),
    ("updatedAt", Time),
    ("title", Text),
    ("color", Text),
    ("projectId", Text),
    ("project", One("Project")),
];

/// An entry of `todoTags`.
const TAGGING: &[(&str, Field)] = &[("id", Text), ("todoId", Text), ("tagId", Text), ("tag", One("Tag"))];

const CUSTOM_FIELD: &[(&str, Field)] = &[
    ("id", Text),
    ("uid", Text),
    ("createdAt", Time),
    ("updatedAt", Time),
    ("name", Text),
    ("type", Text),
    ("description", TextOrNull),
    ("position", Position),
    ("min", NumberOrNull),
    ("max", NumberOrNull),
    ("currency", TextOrNull),
    ("prefix", TextOrNull),
    ("projectId", Text),
    ("project", One("Project")),
];

/// An entry of `todoCustomFields`.
const CUSTOM_FIELD_VALUE: &[(&str, Field)] = &[
    ("id", Text),
    ("todoId", Text),
    ("customFieldId", Text),
    ("text", TextOrNull),
    ("number", NumberOrNull),
    ("customField", One("CustomField")),
];

const CHECKLIST: &[(&str, Field)] = &[
    ("id", Text),
    ("uid", Text),
    ("createdAt", Time),
    ("updatedAt", Time),
    ("title", Text),
    ("position", Position),
    ("createdById", TextOrNull),
    ("todoId", Text),
    ("todo", One("Record")),
];

const CHECKLIST_ITEM: &[(&str, Field)] = &[
    ("id", Text),
    ("uid", Text),
    ("createdAt", Time),
    ("updatedAt", Time),
    ("title", Text),
    ("position", Position),
    ("done", Flag),
    ("startedAt", TimeOrNull),
    ("duedAt", TimeOrNull),
    ("createdById", TextOrNull),
    ("checklistId", Text),
    ("checklistItemUsers", Many("ChecklistItemAssignment")),
    ("checklist", One("Checklist")),
];

const COMMENT: &[(&str, Field)] = &[
    ("id", Text),
    ("uid", Text),
    ("createdAt", Time),
    ("updatedAt", Time),
    ("text", TextOrNull),
    ("html", TextOrNull),
    ("category", TextOrNull),
    ("categoryId", TextOrNull),
    ("deletedAt", TimeOrNull),
    ("userId", TextOrNull),
    ("user", One("User")),
    ("todo", One("Record")),
];

impl Field {
    /// The entity that it holds, if any.
    pub(super) fn entity(self) -> Option<&'static str> {
        match self {
            One(entity) | Many(entity) => Some(entity),
            _ => None,
        }
    }

    /// Appends its schema.
    pub(super) fn write(self, out: &mut String, refs: &str) {
        let (before, after) = match self {
            One(_) => (r#"{"anyOf":[{"$ref":""#, r#""},{"type":"null"}]}"#),
            Many(_) => (r#"{"type":"array","items":{"$ref":""#, r#""}}"#),
            plain => return out.push_str(plain.json()),
        };
        out.push_str(before);
        out.push_str(refs);
        out.push_str(self.entity().unwrap_or_default());
        out.push_str(after);
    }

    fn json(self) -> &'static str {
        match self {
            Text => r#"{"type":"string"}"#,
            TextOrNull => r#"{"type":["string","null"]}"#,
            Flag => r#"{"type":"boolean"}"#,
            FlagOrNull => r#"{"type":["boolean","null"]}"#,
            NumberOrNull => r#"{"type":["number","null"]}"#,
            Position => r#"{"type":["number","string"]}"#,
            Time => r#"{"type":"string","format":"date-time"}"#,
            TimeOrNull => r#"{"type":["string","null"],"format":"date-time"}"#,
            Any | One(_) | Many(_) => "{}",
        }
    }
}

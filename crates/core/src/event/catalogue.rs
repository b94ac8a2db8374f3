//! The catalogue: the 37 events that a webhook can subscribe to, and the one that is only ever delivered.
//!
//! Names, groups and entities are Blue's and fixed. Blue's user documentation spells record events
//! `RECORD_…`; both spellings are read, `TODO_…` is what is kept, `RECORD_…` is what compact bodies carry.

use core::fmt;

use crate::language::Language;

/// The name of the probe that precedes enabling. It is delivered, never subscribed to.
pub const HEALTH_CHECK: &str = "WEBHOOK_HEALTH_CHECK";

/// The part of Blue that an event belongs to, as the settings page groups them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Group {
    /// Records (`todo` on the wire).
    Record,
    /// Checklists and their items.
    Checklist,
    /// Lists of records.
    List,
    /// Custom-field definitions.
    CustomField,
    /// Tags.
    Tag,
    /// Comments.
    Comment,
}

impl Group {
    /// The six groups, in the catalogue's order.
    pub const ALL: [Group; 6] =
        [Group::Record, Group::Checklist, Group::List, Group::CustomField, Group::Tag, Group::Comment];

    /// The group's name in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Group::Record => "record",
            Group::Checklist => "checklist",
            Group::List => "list",
            Group::CustomField => "customField",
            Group::Tag => "tag",
            Group::Comment => "comment",
        }
    }
}

/// What an event's values describe: the second key of a compact body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Entity {
    /// A record.
    Record,
    /// A checklist of a record.
    Checklist,
    /// An item of a checklist.
    ChecklistItem,
    /// A list of records.
    List,
    /// A custom field's definition.
    CustomField,
    /// A tag.
    Tag,
    /// A comment.
    Comment,
}

impl Entity {
    /// The entity's name: the key that holds it in a compact body.
    pub const fn name(self) -> &'static str {
        match self {
            Entity::Record => "record",
            Entity::Checklist => "checklist",
            Entity::ChecklistItem => "checklistItem",
            Entity::List => "list",
            Entity::CustomField => "customField",
            Entity::Tag => "tag",
            Entity::Comment => "comment",
        }
    }
}

macro_rules! catalogue {
    ($($variant:ident = $name:literal, $group:ident, $entity:ident, $description:literal;)*) => {
        /// An event that a webhook can subscribe to.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum EventType {
            $(#[doc = concat!($description, " (`", $name, "`).")] $variant,)*
        }

        impl EventType {
            /// Every event, in the catalogue's order.
            pub const ALL: [EventType; [$($name),*].len()] = [$(EventType::$variant),*];

            /// The name on the wire, in the `TODO_…` spelling.
            pub const fn name(self) -> &'static str {
                match self { $(EventType::$variant => $name,)* }
            }

            /// The group it is shown under.
            pub const fn group(self) -> Group {
                match self { $(EventType::$variant => Group::$group,)* }
            }

            /// What its values describe.
            pub const fn entity(self) -> Entity {
                match self { $(EventType::$variant => Entity::$entity,)* }
            }

            /// One sentence in a language, without its full stop.
            pub const fn description_in(self, language: Language) -> &'static str {
                match language {
                    Language::English => self.description(),
                    Language::Italian => super::italian::description(self),
                }
            }

            /// One English sentence, without its full stop.
            pub const fn description(self) -> &'static str {
                match self { $(EventType::$variant => $description,)* }
            }

            /// Reads a name in either spelling. Case counts, as in Blue.
            pub fn from_name(name: &str) -> Option<EventType> {
                EventType::ALL.into_iter().find(|event| {
                    let [prefix, rest] = event.compact_name();
                    event.name() == name || name.strip_prefix(prefix) == Some(rest)
                })
            }
        }
    };
}

catalogue! {
    TodoCreated = "TODO_CREATED", Record, Record, "A record was created";
    TodoDeleted = "TODO_DELETED", Record, Record, "A record was deleted";
    TodoMoved = "TODO_MOVED", Record, Record, "A record was moved to another list";
    TodoNameChanged = "TODO_NAME_CHANGED", Record, Record, "A record's title was changed";
    TodoDoneStatusUpdated = "TODO_DONE_STATUS_UPDATED", Record, Record, "A record was marked done or not done";
    TodoDueDateAdded = "TODO_DUE_DATE_ADDED", Record, Record, "A due date was set on a record";
    TodoDueDateUpdated = "TODO_DUE_DATE_UPDATED", Record, Record, "A record's due date was changed";
    TodoDueDateRemoved = "TODO_DUE_DATE_REMOVED", Record, Record, "A record's due date was removed";
    TodoAssigneeAdded = "TODO_ASSIGNEE_ADDED", Record, Record, "Someone was assigned to a record";
    TodoAssigneeRemoved = "TODO_ASSIGNEE_REMOVED", Record, Record, "Someone was unassigned from a record";
    TodoTagAdded = "TODO_TAG_ADDED", Record, Record, "A tag was put on a record";
    TodoTagRemoved = "TODO_TAG_REMOVED", Record, Record, "A tag was taken off a record";
    TodoCustomFieldUpdated = "TODO_CUSTOM_FIELD_UPDATED", Record, Record, "A custom-field value of a record changed";
    TodoChecklistCreated = "TODO_CHECKLIST_CREATED", Checklist, Checklist, "A checklist was added to a record";
    TodoChecklistNameChanged = "TODO_CHECKLIST_NAME_CHANGED", Checklist, Checklist, "A checklist was renamed";
    TodoChecklistDeleted = "TODO_CHECKLIST_DELETED", Checklist, Checklist, "A checklist was deleted";
    TodoChecklistItemCreated = "TODO_CHECKLIST_ITEM_CREATED", Checklist, ChecklistItem, "A checklist item was created";
    TodoChecklistItemNameChanged = "TODO_CHECKLIST_ITEM_NAME_CHANGED", Checklist, ChecklistItem, "A checklist item was renamed";
    TodoChecklistItemDeleted = "TODO_CHECKLIST_ITEM_DELETED", Checklist, ChecklistItem, "A checklist item was deleted";
    TodoChecklistItemDueDateAdded = "TODO_CHECKLIST_ITEM_DUE_DATE_ADDED", Checklist, ChecklistItem, "A due date was set on a checklist item";
    TodoChecklistItemDueDateUpdated = "TODO_CHECKLIST_ITEM_DUE_DATE_UPDATED", Checklist, ChecklistItem, "A checklist item's due date was changed";
    TodoChecklistItemDueDateRemoved = "TODO_CHECKLIST_ITEM_DUE_DATE_REMOVED", Checklist, ChecklistItem, "A checklist item's due date was removed";
    TodoChecklistItemAssigneeAdded = "TODO_CHECKLIST_ITEM_ASSIGNEE_ADDED", Checklist, ChecklistItem, "Someone was assigned to a checklist item";
    TodoChecklistItemAssigneeRemoved = "TODO_CHECKLIST_ITEM_ASSIGNEE_REMOVED", Checklist, ChecklistItem, "Someone was unassigned from a checklist item";
    TodoChecklistItemDoneStatusUpdated = "TODO_CHECKLIST_ITEM_DONE_STATUS_UPDATED", Checklist, ChecklistItem, "A checklist item was marked done or not done";
    TodoListCreated = "TODO_LIST_CREATED", List, List, "A list was created";
    TodoListDeleted = "TODO_LIST_DELETED", List, List, "A list was deleted";
    TodoListNameChanged = "TODO_LIST_NAME_CHANGED", List, List, "A list was renamed";
    CustomFieldCreated = "CUSTOM_FIELD_CREATED", CustomField, CustomField, "A custom field was created";
    CustomFieldDeleted = "CUSTOM_FIELD_DELETED", CustomField, CustomField, "A custom field was deleted";
    CustomFieldUpdated = "CUSTOM_FIELD_UPDATED", CustomField, CustomField, "A custom field's definition was changed";
    TagCreated = "TAG_CREATED", Tag, Tag, "A tag was created";
    TagDeleted = "TAG_DELETED", Tag, Tag, "A tag was deleted";
    TagUpdated = "TAG_UPDATED", Tag, Tag, "A tag was changed";
    CommentCreated = "COMMENT_CREATED", Comment, Comment, "A comment was posted";
    CommentDeleted = "COMMENT_DELETED", Comment, Comment, "A comment was deleted";
    CommentUpdated = "COMMENT_UPDATED", Comment, Comment, "A comment was edited";
}

impl EventType {
    /// The name in compact bodies: `RECORD_…` where the catalogue says `TODO_…`, in two parts to be written one after
    /// the other.
    pub fn compact_name(self) -> [&'static str; 2] {
        match self.name().strip_prefix("TODO_") {
            Some(rest) => ["RECORD_", rest],
            None => [self.name(), ""],
        }
    }

    /// The known name nearest to a misspelt one, for error messages; `None` when nothing is near.
    pub fn nearest(name: &str) -> Option<&'static str> {
        crate::nearest::nearest(name, EventType::ALL.iter().map(|event| event.name()))
    }
}

impl fmt::Display for EventType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A set of events, such as the ones a webhook chose. One bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EventSet(u64);

impl EventSet {
    /// The set with one event more.
    #[must_use]
    pub fn with(self, event: EventType) -> EventSet {
        EventSet(self.0 | 1 << event as u8)
    }

    /// Whether the event is in the set.
    pub fn contains(self, event: EventType) -> bool {
        self.0 & 1 << event as u8 != 0
    }
}

impl FromIterator<EventType> for EventSet {
    fn from_iter<I: IntoIterator<Item = EventType>>(events: I) -> EventSet {
        events.into_iter().fold(EventSet::default(), EventSet::with)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_reads_back_in_both_spellings() {
        assert_eq!(EventType::ALL.len(), 37);
        for event in EventType::ALL {
            assert_eq!(EventType::from_name(event.name()), Some(event));
            assert_eq!(EventType::from_name(&event.compact_name().concat()), Some(event));
        }
    }

    #[test]
    fn the_probe_and_near_misses_are_not_events() {
        for name in
            [HEALTH_CHECK, "", "todo_created", "TODO_CREATE", "RECORD_TAG", "RECORD_", " TODO_CREATED"]
        {
            assert_eq!(EventType::from_name(name), None, "{name}");
        }
    }

    #[test]
    fn what_is_suggested_is_near_and_can_be_subscribed_to() {
        for (name, expected) in [
            ("TODO_CREATD", Some("TODO_CREATED")),
            ("tag_created", Some("TAG_CREATED")),
            ("WEBHOOK_HEALTH_CHEC", None),
            ("invoice.paid", None),
            ("", None),
            (&"TODO_CREATED".repeat(6), None),
        ] {
            assert_eq!(EventType::nearest(name), expected, "{name}");
        }
    }

    #[test]
    fn a_set_holds_exactly_what_was_put_in() {
        let set: EventSet = [EventType::TodoCreated, EventType::CommentUpdated].into_iter().collect();
        let held: alloc::vec::Vec<_> = EventType::ALL.into_iter().filter(|e| set.contains(*e)).collect();
        assert_eq!(held, [EventType::TodoCreated, EventType::CommentUpdated]);
    }
}

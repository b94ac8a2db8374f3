//! What each event shows: the entity before and after, with the difference that the event names.

use alloc::string::String;

use super::{
    entity::{Item, checklist, comment, custom_field, hours, tag, urgent},
    record::{CHANGED_AT, CREATED, LIST, List, MADE_AT, NEXT_LIST, Record},
};
use crate::event::{EventType, Group};

/// The entity before and after; `None` where it was not there.
type Values = (Option<String>, Option<String>);

const DUE: Option<&str> = Some("2022-12-09T17:00:00.000Z");
const LATER: Option<&str> = Some("2022-12-16T17:00:00.000Z");

/// The values of an event.
pub(super) fn values(event: EventType) -> Values {
    match event.group() {
        Group::Record => of_record(event),
        Group::Checklist => of_checklist(event),
        Group::List | Group::CustomField | Group::Tag | Group::Comment => of_others(event),
    }
}

fn created(entity: String) -> Values {
    (None, Some(entity))
}

fn deleted(entity: String) -> Values {
    (Some(entity), None)
}

fn changed(before: String, after: String) -> Values {
    (Some(before), Some(after))
}

/// A record that the event changes: `before` was already so, `after` is what the event did.
fn record(before: impl FnOnce(&mut Record), after: impl FnOnce(&mut Record)) -> Values {
    changed(Record::before(before), Record::changed(after))
}

fn of_record(event: EventType) -> Values {
    match event {
        EventType::TodoDeleted => deleted(Record::before(|_| {})),
        EventType::TodoMoved => record(|_| {}, |r| (r.list, r.position) = (NEXT_LIST, "65535")),
        EventType::TodoNameChanged => record(|r| r.title = CREATED.title, |_| {}),
        EventType::TodoDoneStatusUpdated => record(|_| {}, |r| r.done = true),
        EventType::TodoDueDateAdded => record(|_| {}, |r| r.dued_at = DUE),
        EventType::TodoDueDateUpdated => record(|r| r.dued_at = DUE, |r| r.dued_at = LATER),
        EventType::TodoDueDateRemoved => record(|r| r.dued_at = LATER, |_| {}),
        EventType::TodoAssigneeAdded => record(|_| {}, |r| r.assigned = true),
        EventType::TodoAssigneeRemoved => record(|r| r.assigned = true, |_| {}),
        EventType::TodoTagAdded => record(|_| {}, |r| r.tagged = true),
        EventType::TodoTagRemoved => record(|r| r.tagged = true, |_| {}),
        EventType::TodoCustomFieldUpdated => {
            record(|r| r.custom_field = Some("8"), |r| r.custom_field = Some("12.5"))
        }
        _ => created(CREATED.json()),
    }
}

/// An item that the event changes.
fn item(before: impl FnOnce(&mut Item), after: impl FnOnce(&mut Item)) -> Values {
    changed(Item::before(before), Item::changed(after))
}

fn of_checklist(event: EventType) -> Values {
    let list = |title| checklist(title, MADE_AT);
    match event {
        EventType::TodoChecklistNameChanged => {
            changed(list("To do first"), checklist("Before the launch", CHANGED_AT))
        }
        EventType::TodoChecklistDeleted => deleted(list("Before the launch")),
        EventType::TodoChecklistItemCreated => created(Item::before(|_| {})),
        EventType::TodoChecklistItemNameChanged => item(|i| i.title = "Links", |_| {}),
        EventType::TodoChecklistItemDeleted => deleted(Item::before(|_| {})),
        EventType::TodoChecklistItemDueDateAdded => item(|_| {}, |i| i.dued_at = DUE),
        EventType::TodoChecklistItemDueDateUpdated => item(|i| i.dued_at = DUE, |i| i.dued_at = LATER),
        EventType::TodoChecklistItemDueDateRemoved => item(|i| i.dued_at = LATER, |_| {}),
        EventType::TodoChecklistItemAssigneeAdded => item(|_| {}, |i| i.assigned = true),
        EventType::TodoChecklistItemAssigneeRemoved => item(|i| i.assigned = true, |_| {}),
        EventType::TodoChecklistItemDoneStatusUpdated => item(|_| {}, |i| i.done = true),
        _ => created(list("Before the launch")),
    }
}

fn of_others(event: EventType) -> Values {
    let renamed = List { title: "In progress", updated_at: CHANGED_AT, ..LIST };
    let words = "The draft is ready for review.";
    match event {
        EventType::TodoListDeleted => deleted(LIST.json()),
        EventType::TodoListNameChanged => changed(LIST.json(), renamed.json()),
        EventType::CustomFieldCreated => created(hours()),
        EventType::CustomFieldDeleted => deleted(hours()),
        EventType::CustomFieldUpdated => changed(hours(), custom_field("Hours", "200", CHANGED_AT)),
        EventType::TagCreated => created(urgent()),
        EventType::TagDeleted => deleted(urgent()),
        EventType::TagUpdated => changed(urgent(), tag("Top priority", "#8e44ad", CHANGED_AT)),
        EventType::CommentCreated => created(comment(words, MADE_AT)),
        EventType::CommentDeleted => deleted(comment(words, MADE_AT)),
        EventType::CommentUpdated => {
            changed(comment(words, MADE_AT), comment("The draft is approved.", CHANGED_AT))
        }
        _ => created(LIST.json()),
    }
}

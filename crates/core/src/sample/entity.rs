//! The other entities of the samples: people, tags, custom fields, comments, checklists and their items.

use alloc::string::String;

use super::record::{CHANGED_AT, MADE_AT, NAMED, PROJECT_ID, RECORD_ID, USER_ID, project, text};

/// What every entity begins with, up to `createdAt`; `updatedAt` follows it.
fn head(id: &str, uid: &str, updated_at: &str) -> String {
    [
        r#"{"id":""#,
        id,
        r#"","uid":""#,
        uid,
        r#"","createdAt":""#,
        MADE_AT,
        r#"","updatedAt":""#,
        updated_at,
        r#"","#,
    ]
    .concat()
}

/// The person who does things.
pub(super) fn user() -> String {
    [
        r#"{"id":""#,
        USER_ID,
        r#"","uid":"7c2e4b86d1a84f0f9b53a6c7de018f42","username":"project-manager","email":"project.manager@example.com","firstName":"Project","lastName":"manager","fullName":"Project manager","jobTitle":"Project manager","locale":"en","timezone":"Europe/Rome"}"#,
    ]
    .concat()
}

/// An entry of `todoUsers` or `checklistItemUsers`; `owner` is the key that says whose it is.
pub(super) fn assignment(owner: &str, owner_id: &str) -> String {
    [
        r#"{"id":"clb5a1k9f0004vt1s4q0zr6ny","createdAt":""#,
        CHANGED_AT,
        r#"",""#,
        owner,
        r#"":""#,
        owner_id,
        r#"","userId":""#,
        USER_ID,
        r#"","user":"#,
        &user(),
        "}",
    ]
    .concat()
}

/// A tag of the project.
pub(super) fn tag(title: &str, color: &str, updated_at: &str) -> String {
    [
        head("clb4w0d3n0002vt1sg8h5t1kc", "9a4f3c0de17b4b6c8a25f0b1c6d7e893", updated_at).as_str(),
        r#""title":""#,
        title,
        r#"","color":""#,
        color,
        r#"","projectId":""#,
        PROJECT_ID,
        r#"","project":"#,
        &project(),
        "}",
    ]
    .concat()
}

/// The tag as most samples show it.
pub(super) fn urgent() -> String {
    tag("Urgent", "#e74c3c", MADE_AT)
}

/// An entry of `todoTags`.
pub(super) fn tagging() -> String {
    [
        r#"{"id":"clb5a3m2r0006vt1sb9wq7e0d","todoId":""#,
        RECORD_ID,
        r#"","tagId":"clb4w0d3n0002vt1sg8h5t1kc","tag":"#,
        &urgent(),
        "}",
    ]
    .concat()
}

/// A custom field of the project: what it is called and what it may hold.
pub(super) fn custom_field(name: &str, max: &str, updated_at: &str) -> String {
    [
        head("clb4v7x1k0001vt1s2n6c9u4p", "c41d0a7be29f4f3d8e6b5a9c02f713d8", updated_at).as_str(),
        r#""name":""#,
        name,
        r#"","type":"NUMBER","description":null,"position":65535,"min":0,"max":"#,
        max,
        r#","currency":null,"prefix":null,"projectId":""#,
        PROJECT_ID,
        r#"","project":"#,
        &project(),
        "}",
    ]
    .concat()
}

/// The custom field as most samples show it.
pub(super) fn hours() -> String {
    custom_field("Estimated hours", "100", MADE_AT)
}

/// An entry of `todoCustomFields`.
pub(super) fn custom_field_value(number: &str) -> String {
    [
        r#"{"id":"clb5a6t8w0008vt1sf3k1m5xj","todoId":""#,
        RECORD_ID,
        r#"","customFieldId":"clb4v7x1k0001vt1s2n6c9u4p","text":null,"number":"#,
        number,
        r#","customField":"#,
        &hours(),
        "}",
    ]
    .concat()
}

/// A comment on the record.
pub(super) fn comment(words: &str, updated_at: &str) -> String {
    [
        head("clb5b2c7h000avt1sm0y8d4qz", "e8b7f6a5d4c34b2190fedcba98765432", updated_at).as_str(),
        r#""text":""#,
        words,
        r#"","html":"<p>"#,
        words,
        r#"</p>","category":"TODO","categoryId":""#,
        RECORD_ID,
        r#"","deletedAt":null,"userId":""#,
        USER_ID,
        r#"","user":"#,
        &user(),
        r#","todo":"#,
        &NAMED.json(),
        "}",
    ]
    .concat()
}

/// A checklist of the record.
pub(super) fn checklist(title: &str, updated_at: &str) -> String {
    [
        head(CHECKLIST_ID, "6f5e4d3c2b1a40998877665544332211", updated_at).as_str(),
        r#""title":""#,
        title,
        r#"","position":65535,"createdById":""#,
        USER_ID,
        r#"","todoId":""#,
        RECORD_ID,
        r#"","todo":"#,
        &NAMED.json(),
        "}",
    ]
    .concat()
}

const CHECKLIST_ID: &str = "clb5c0q4v000cvt1s7j2e6h1r";
const ITEM_ID: &str = "clb5c4z9x000evt1sk5u3p8wd";

/// An item of the checklist, with what the events of the samples change.
#[derive(Clone, Copy)]
pub(super) struct Item {
    pub(super) title: &'static str,
    pub(super) done: bool,
    pub(super) dued_at: Option<&'static str>,
    pub(super) assigned: bool,
    updated_at: &'static str,
}

/// The item when it was created.
const ITEM: Item =
    Item { title: "Check every link", done: false, dued_at: None, assigned: false, updated_at: MADE_AT };

impl Item {
    fn json(&self) -> String {
        let users = if self.assigned { assignment("checklistItemId", ITEM_ID) } else { String::new() };
        [
            head(ITEM_ID, "0a1b2c3d4e5f46708192a3b4c5d6e7f8", self.updated_at).as_str(),
            r#""title":""#,
            self.title,
            r#"","position":65535,"done":"#,
            if self.done { "true" } else { "false" },
            r#","startedAt":null,"duedAt":"#,
            &text(self.dued_at),
            r#","createdById":""#,
            USER_ID,
            r#"","checklistId":""#,
            CHECKLIST_ID,
            r#"","checklistItemUsers":["#,
            &users,
            r#"],"checklist":"#,
            &checklist("Before the launch", MADE_AT),
            "}",
        ]
        .concat()
    }

    /// The item after the event.
    pub(super) fn changed(change: impl FnOnce(&mut Item)) -> String {
        let mut item = Item { updated_at: CHANGED_AT, ..ITEM };
        change(&mut item);
        item.json()
    }

    /// The item before the event.
    pub(super) fn before(change: impl FnOnce(&mut Item)) -> String {
        let mut item = ITEM;
        change(&mut item);
        item.json()
    }
}

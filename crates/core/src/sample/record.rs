//! The record of the samples, with its list, project and company: Blue's documented one, key by key.

use alloc::string::{String, ToString};

use super::entity;

/// The company of every sample.
pub const COMPANY_ID: &str = "clakt8jud0002vt64205yyj10";

/// The project of every sample.
pub const PROJECT_ID: &str = "clakt90vu000bvt64hhffqleq";

/// The person who does things in every sample.
pub const USER_ID: &str = "claksl2ye0000vtas0h0ln71e";

/// The record of every sample.
pub(super) const RECORD_ID: &str = "clb4zna6x0000vt1swuwso25f";

/// When the record was made, and when it was last changed before anything of the samples happened.
pub(super) const MADE_AT: &str = "2022-12-01T11:23:09.241Z";

/// When the events of the samples happen.
pub(super) const CHANGED_AT: &str = "2022-12-02T09:15:42.118Z";

/// A JSON string, or `null`. The texts of the samples need no escapes.
pub(super) fn text(value: Option<&str>) -> String {
    value.map_or_else(|| "null".to_string(), |text| ["\"", text, "\""].concat())
}

/// A list of records, with its project.
#[derive(Clone, Copy)]
pub(super) struct List {
    pub(super) id: &'static str,
    pub(super) uid: &'static str,
    pub(super) title: &'static str,
    pub(super) updated_at: &'static str,
    pub(super) position: &'static str,
}

/// The list that the record is in.
pub(super) const LIST: List = List {
    id: "clakt9v5t000kvt64f563l90l",
    uid: "df0e931e6e8f4fc2905ece9da167d2d3",
    title: "ETEST",
    updated_at: "2022-11-17T08:29:22.050Z",
    position: "131070",
};

/// The list that the record is moved to.
pub(super) const NEXT_LIST: List = List {
    id: "clakt9wq2000mvt64s1x0b7dz",
    uid: "52f6d7a1c0b94de8a36e1f9b7704c2aa",
    title: "In review",
    position: "196605",
    ..LIST
};

impl List {
    pub(super) fn json(&self) -> String {
        [
            r#"{"id":""#,
            self.id,
            r#"","uid":""#,
            self.uid,
            r#"","createdAt":"2022-11-17T08:29:22.000Z","updatedAt":""#,
            self.updated_at,
            r#"","title":""#,
            self.title,
            r#"","position":"#,
            self.position,
            r#","createdById":""#,
            USER_ID,
            r#"","projectId":""#,
            PROJECT_ID,
            r#"","project":"#,
            &project(),
            "}",
        ]
        .concat()
    }
}

/// The project, with its company.
pub(super) fn project() -> String {
    [
        r#"{"id":""#,
        PROJECT_ID,
        r#"","uid":"d7db469a8908496f8e5f5e68030fe4c8","slug":"teest","name":"TEEST","description":"","archived":false,"createdAt":"2022-11-17T08:28:43.000Z","updatedAt":"2022-11-17T08:28:42.811Z","isTemplate":false,"isOfficialTemplate":false,"category":"GENERAL","companyId":""#,
        COMPANY_ID,
        r#"","imageId":null,"hideEmailFromRoles":null,"company":{"id":""#,
        COMPANY_ID,
        r#"","uid":"400eb3f8238c486caf40957618be9662","slug":"rogue","name":"Rogue","description":null,"createdAt":"2022-11-17T08:28:21.000Z","updatedAt":"2022-11-17T08:28:20.726Z","freeTrialExpiredAt":"2022-12-01T08:28:15.000Z","freeTrialStartedAt":"2022-11-17T08:28:15.000Z","subscribedAt":null,"imageId":null,"subscriptionPlanId":"clakt8jue0003vt64e40q2prj","freeTrialExtendedById":null,"freeTrialExtendedAt":null}}"#,
    ]
    .concat()
}

/// A record, with what the events of the samples change.
#[derive(Clone, Copy)]
pub(super) struct Record {
    pub(super) title: &'static str,
    pub(super) position: &'static str,
    pub(super) done: bool,
    pub(super) dued_at: Option<&'static str>,
    pub(super) updated_at: &'static str,
    pub(super) custom_field: Option<&'static str>,
    pub(super) assigned: bool,
    pub(super) tagged: bool,
    pub(super) list: List,
}

/// The record when it was created.
pub(super) const CREATED: Record = Record {
    title: "GGGG",
    position: "32767.5",
    done: false,
    dued_at: None,
    updated_at: MADE_AT,
    custom_field: None,
    assigned: false,
    tagged: false,
    list: LIST,
};

/// The record when it had been given a title worth reading.
pub(super) const NAMED: Record = Record { title: "Launch the new website", ..CREATED };

impl Record {
    pub(super) fn json(&self) -> String {
        let dued_at = text(self.dued_at);
        let custom_fields = self.custom_field.map(entity::custom_field_value).unwrap_or_default();
        let users = if self.assigned { entity::assignment("todoId", RECORD_ID) } else { String::new() };
        let tags = if self.tagged { entity::tagging() } else { String::new() };
        [
            r#"{"id":""#,
            RECORD_ID,
            r#"","uid":"11021cb836f34732b31e5ebd5dd5eb27","title":""#,
            self.title,
            r#"","html":null,"text":null,"position":""#,
            self.position,
            r#"","archived":false,"done":"#,
            if self.done { "true" } else { "false" },
            r#","startedAt":null,"duedAt":"#,
            &dued_at,
            r#","timezone":"#,
            if self.dued_at.is_some() { r#""Europe/Rome""# } else { "null" },
            r#","createdAt":"2022-12-01T11:23:09.000Z","updatedAt":""#,
            self.updated_at,
            r#"","createdById":""#,
            USER_ID,
            r#"","todoListId":""#,
            self.list.id,
            r#"","todoCustomFields":["#,
            &custom_fields,
            r#"],"todoUsers":["#,
            &users,
            r#"],"todoTags":["#,
            &tags,
            r#"],"todoList":"#,
            &self.list.json(),
            "}",
        ]
        .concat()
    }

    /// The record after the event.
    pub(super) fn changed(change: impl FnOnce(&mut Record)) -> String {
        let mut record = Record { updated_at: CHANGED_AT, ..NAMED };
        change(&mut record);
        record.json()
    }

    /// The record before the event.
    pub(super) fn before(change: impl FnOnce(&mut Record)) -> String {
        let mut record = NAMED;
        change(&mut record);
        record.json()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Json, RawJson};

    #[test]
    fn the_created_record_is_the_documented_one() {
        let documented = include_str!("../../../../tests/vectors/sample-todo-created.json");
        let mut members = Json::parse(documented).unwrap().members().unwrap();
        let (_, value) = members.find(|(name, _)| name == "currentValue").unwrap();
        let value = RawJson::of(value).unwrap();
        assert_eq!(CREATED.json(), value.as_str());
    }
}

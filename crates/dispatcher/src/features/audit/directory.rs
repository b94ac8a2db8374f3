//! What a change of the directory changes, field by field.

use serde_json::{Value, json};

use crate::{
    know::Directory,
    model::{
        audit::{Action, FieldChange, Note, Object},
        directory::{DirectoryChange, Role},
    },
};

/// What a change does to what the directory knows.
pub(crate) fn of_directory(directory: &Directory, change: &DirectoryChange) -> Note {
    let object =
        |kind: &str, id: &str, name: Option<&String>| Object::new(kind, id, name.map(String::as_str));
    let (object, changes) = match change {
        DirectoryChange::PutCompany(new) => {
            let old = directory.companies.get(&new.id);
            let fields = [
                ("name", json!(old.map(|old| &old.name)), json!(new.name)),
                ("slug", json!(old.and_then(|old| old.slug.as_ref())), json!(new.slug)),
            ];
            (object("COMPANY", &new.id, Some(&new.name)), changed(fields))
        }
        DirectoryChange::PutProject(new) => {
            let old = directory.projects.get(&new.id);
            let fields = [
                ("companyId", json!(old.map(|old| &old.company_id)), json!(new.company_id)),
                ("name", json!(old.map(|old| &old.name)), json!(new.name)),
                ("slug", json!(old.and_then(|old| old.slug.as_ref())), json!(new.slug)),
            ];
            (object("PROJECT", &new.id, Some(&new.name)), changed(fields))
        }
        DirectoryChange::PutUser(new) => {
            let old = directory.users.get(&new.id);
            let fields = [
                ("email", json!(old.map(|old| &old.email)), json!(new.email)),
                ("fullName", json!(old.map(|old| &old.full_name)), json!(new.full_name)),
                ("locale", json!(old.and_then(|old| old.locale.as_ref())), json!(new.locale)),
            ];
            (object("USER", &new.id, Some(&new.full_name)), changed(fields))
        }
        DirectoryChange::PutMember { project_id, user_id, role } => {
            let old = directory.role(project_id, user_id).map(Role::name);
            (member(project_id, user_id), changed([("role", json!(old), json!(role.name()))]))
        }
        DirectoryChange::DeleteCompany(id) => {
            (object("COMPANY", id, directory.companies.get(id).map(|old| &old.name)), Vec::new())
        }
        DirectoryChange::DeleteProject(id) => {
            (object("PROJECT", id, directory.projects.get(id).map(|old| &old.name)), Vec::new())
        }
        DirectoryChange::DeleteUser(id) => {
            (object("USER", id, directory.users.get(id).map(|old| &old.full_name)), Vec::new())
        }
        DirectoryChange::DeleteMember { project_id, user_id } => {
            let old = directory.role(project_id, user_id).map(Role::name);
            (member(project_id, user_id), changed([("role", json!(old), Value::Null)]))
        }
    };
    Note { action: Action::DirectoryChanged, object, owner: None, webhook_id: None, changes }
}

fn member(project_id: &str, user_id: &str) -> Object {
    Object::new("MEMBER", &format!("{project_id}/{user_id}"), None)
}

fn changed<const N: usize>(fields: [(&str, Value, Value); N]) -> Vec<FieldChange> {
    let changes = fields.into_iter();
    changes.filter_map(|(field, before, after)| FieldChange::between(field, before, after)).collect()
}

/// Whether the directory is told something that it does not know yet.
pub(crate) fn says_something(change: &DirectoryChange, changes: &[FieldChange]) -> bool {
    !changes.is_empty()
        || matches!(
            change,
            DirectoryChange::DeleteCompany(_)
                | DirectoryChange::DeleteProject(_)
                | DirectoryChange::DeleteUser(_)
                | DirectoryChange::DeleteMember { .. }
        )
}

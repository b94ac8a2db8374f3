//! The directory as the API shows it.

use bluehook_dispatcher::{Company, Project, Role, User};
use serde::Serialize;

/// A company.
#[derive(Serialize)]
pub(in crate::api) struct CompanyView<'a> {
    id: &'a str,
    name: &'a str,
}

impl<'a> CompanyView<'a> {
    pub(in crate::api) fn new(company: &'a Company) -> CompanyView<'a> {
        CompanyView { id: &company.id, name: &company.name }
    }
}

/// A project.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::api) struct ProjectView<'a> {
    id: &'a str,
    company_id: &'a str,
    name: &'a str,
    slug: Option<&'a str>,
}

impl<'a> ProjectView<'a> {
    pub(in crate::api) fn new(project: &'a Project) -> ProjectView<'a> {
        ProjectView {
            id: &project.id,
            company_id: &project.company_id,
            name: &project.name,
            slug: project.slug.as_deref(),
        }
    }
}

/// A person.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::api) struct UserView<'a> {
    id: &'a str,
    email: &'a str,
    full_name: &'a str,
    locale: Option<&'a str>,
}

impl<'a> UserView<'a> {
    pub(in crate::api) fn new(user: &'a User) -> UserView<'a> {
        UserView {
            id: &user.id,
            email: &user.email,
            full_name: &user.full_name,
            locale: user.locale.as_deref(),
        }
    }
}

/// A person in a project.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::api) struct MemberView<'a> {
    project_id: &'a str,
    user_id: &'a str,
    role: &'static str,
}

impl<'a> MemberView<'a> {
    pub(in crate::api) fn new(project_id: &'a str, user_id: &'a str, role: Role) -> MemberView<'a> {
        MemberView { project_id, user_id, role: role.name() }
    }
}

//! The directory as the API shows it.

use bluehook_dispatcher::{Candidate, Company, Project, Role, Unfit, User};
use serde::Serialize;

/// A company.
#[derive(Serialize)]
pub(in crate::api) struct CompanyView<'a> {
    id: &'a str,
    name: &'a str,
    slug: Option<&'a str>,
}

impl<'a> CompanyView<'a> {
    pub(in crate::api) fn new(company: &'a Company) -> CompanyView<'a> {
        CompanyView { id: &company.id, name: &company.name, slug: company.slug.as_deref() }
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
    /// What the caller may do in it; nothing of the backend.
    role: Option<&'static str>,
}

impl<'a> ProjectView<'a> {
    /// The same with what the caller may do in it.
    pub(in crate::api) fn with_role(self, role: Option<Role>) -> ProjectView<'a> {
        ProjectView { role: role.map(Role::name), ..self }
    }

    pub(in crate::api) fn new(project: &'a Project) -> ProjectView<'a> {
        ProjectView {
            id: &project.id,
            company_id: &project.company_id,
            name: &project.name,
            slug: project.slug.as_deref(),
            role: None,
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

/// A person who may take a webhook over, or why not.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::api) struct CandidateView<'a> {
    id: &'a str,
    full_name: &'a str,
    eligible: bool,
    why: Option<&'static str>,
}

impl<'a> CandidateView<'a> {
    pub(in crate::api) fn new(candidate: &'a Candidate) -> CandidateView<'a> {
        CandidateView {
            id: &candidate.user.id,
            full_name: &candidate.user.full_name,
            eligible: candidate.unfit.is_none(),
            why: candidate.unfit.map(Unfit::name),
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

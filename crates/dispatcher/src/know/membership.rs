//! Who may get and read what, now: a webhook's creator what happens in the projects that they are in, since these are what
//! they are. Asked at every attempt, at every sending again, and for everything that is shown.

use bluehook_core::webhook::Webhook;

use super::{Directory, World};
use crate::{
    Conflict, Error, Result,
    model::{directory::Project, log::CancelledBecause},
};

/// What a webhook that is off needs before it can be on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// A creator who is in one of its projects.
    Member,
    /// Projects that there are.
    Projects,
}

impl Need {
    /// Every need.
    pub const ALL: [Need; 2] = [Need::Member, Need::Projects];

    /// The word in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Need::Member => "MEMBER",
            Need::Projects => "PROJECTS",
        }
    }

    fn conflict(self) -> Conflict {
        match self {
            Need::Member => Conflict::Membership,
            Need::Projects => Conflict::ProjectDeleted,
        }
    }
}

/// Refuses to switch a webhook on that nothing could be sent to.
pub(crate) fn may_be_on(directory: &Directory, webhook: &Webhook) -> Result<()> {
    match needs(directory, webhook).last() {
        Some(need) => Err(Error::Conflict(need.conflict())),
        None => Ok(()),
    }
}

/// Why what happened in a project of a company is kept from a person; none when it is not.
pub(crate) fn kept_from(
    directory: &Directory,
    (company_id, user_id, project_id): (&str, &str, &str),
    event: i64,
) -> Option<CancelledBecause> {
    if !directory.has_project(company_id, project_id) || event < directory.first_event_of(project_id) {
        Some(CancelledBecause::ProjectDeleted)
    } else if directory.role(project_id, user_id).is_none()
        || event < directory.first_event(Some(company_id), Some(user_id))
    {
        Some(CancelledBecause::Membership)
    } else {
        None
    }
}

/// The same of a webhook and its creator.
pub(crate) fn kept_from_webhook(
    world: &World,
    webhook: &Webhook,
    project_id: &str,
    event: i64,
) -> Option<CancelledBecause> {
    kept_from(&world.directory, (&webhook.company_id, &webhook.created_by_id, project_id), event)
}

/// What a webhook needs before it can be on.
pub(crate) fn needs(directory: &Directory, webhook: &Webhook) -> Vec<Need> {
    let mut needs = Vec::new();
    if is_away(directory, webhook) {
        needs.push(Need::Member);
    }
    let is_known = |project: &String| directory.has_project(&webhook.company_id, project);
    if !webhook.project_ids.is_empty() && !webhook.project_ids.iter().any(is_known) {
        needs.push(Need::Projects);
    }
    needs
}

/// Whether what happened in a project may be sent to a webhook now.
pub(crate) fn may_send<'a>(world: &'a World, webhook: &'a Webhook) -> impl Fn(&str, i64) -> bool + 'a {
    move |project, event| kept_from_webhook(world, webhook, project, event).is_none()
}

/// Whether a webhook's creator is in none of the projects that it chose, or in none of the company.
pub(crate) fn is_away(directory: &Directory, webhook: &Webhook) -> bool {
    let mut projects = directory.projects_of(&webhook.company_id, &webhook.created_by_id);
    let is_chosen =
        |project: &Project| webhook.project_ids.is_empty() || webhook.project_ids.contains(&project.id);
    !projects.any(|(project, _)| is_chosen(project))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::directory::{Company, DirectoryChange, Life, Role, User};

    fn directory() -> Directory {
        let mut directory = Directory::default();
        let named = |id: &str| (id.to_owned(), id.to_owned());
        for company in ["c", "d"] {
            let (id, name) = named(company);
            directory.apply(DirectoryChange::PutCompany(Company { id, name, slug: None }), None);
        }
        for (project, company) in [("p", "c"), ("q", "c"), ("r", "d")] {
            let ((id, name), company_id) = (named(project), company.to_owned());
            let project = Project { id, company_id, name, slug: None };
            directory.apply(DirectoryChange::PutProject(project), None);
        }
        let user = User { id: "u".to_owned(), email: String::new(), full_name: String::new(), locale: None };
        directory.apply(DirectoryChange::PutUser(user), None);
        directory.put_member("p".to_owned(), "u".to_owned(), Role::Member);
        directory
    }

    #[test]
    fn what_is_kept_from_whom() {
        let mut directory = directory();
        let (gone, out) = (Some(CancelledBecause::ProjectDeleted), Some(CancelledBecause::Membership));
        for (company, project, expected) in
            [("c", "p", None), ("c", "q", out), ("c", "r", gone), ("d", "p", gone), ("c", "x", gone)]
        {
            assert_eq!(kept_from(&directory, (company, "u", project), 5), expected, "{company} {project}");
        }
        directory.lives.projects.insert_mut("p".to_owned(), Life { birth: 1, since: 6 });
        assert_eq!(kept_from(&directory, ("c", "u", "p"), 5), gone, "another project had this id");
        assert_eq!(kept_from(&directory, ("c", "u", "p"), 6), None);
        directory.lives.users.insert_mut("u".to_owned(), Life { birth: 1, since: 7 });
        assert_eq!(kept_from(&directory, ("c", "u", "p"), 6), out, "another person had this id");
        assert_eq!(directory.lives.latest(), 7);
    }

    #[test]
    fn memberships_go_with_projects_people_and_companies() {
        let in_company = |directory: &Directory| directory.projects_of("c", "u").count();
        for change in [
            DirectoryChange::DeleteProject("p".to_owned()),
            DirectoryChange::DeleteUser("u".to_owned()),
            DirectoryChange::DeleteCompany("c".to_owned()),
            DirectoryChange::DeleteMember { project_id: "p".to_owned(), user_id: "u".to_owned() },
        ] {
            let mut directory = directory();
            assert_eq!(in_company(&directory), 1);
            directory.apply(change.clone(), None);
            assert_eq!((in_company(&directory), directory.role("p", "u")), (0, None), "{change:?}");
        }
    }
}

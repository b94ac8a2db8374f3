//! The directory in memory: who is a member of what, asked for every event.

use std::collections::HashMap;

use crate::directory::{Company, DirectoryChange, Project, Role, User};

/// The members of one project.
pub(crate) type Members = HashMap<String, Role>;

/// Companies, projects, people and memberships by id.
#[derive(Debug, Default)]
pub(crate) struct DirectoryMap {
    pub(crate) companies: HashMap<String, Company>,
    pub(crate) projects: HashMap<String, Project>,
    pub(crate) users: HashMap<String, User>,
    members: HashMap<String, Members>,
}

impl DirectoryMap {
    /// The members of a project.
    pub(crate) fn members(&self, project_id: &str) -> Option<&Members> {
        self.members.get(project_id)
    }

    /// What a person may do in a project; none when not a member.
    pub(crate) fn role(&self, project_id: &str, user_id: &str) -> Option<Role> {
        self.members.get(project_id)?.get(user_id).copied()
    }

    /// Makes one change.
    pub(crate) fn apply(&mut self, change: DirectoryChange) {
        match change {
            DirectoryChange::PutCompany(company) => drop(self.companies.insert(company.id.clone(), company)),
            DirectoryChange::PutProject(project) => drop(self.projects.insert(project.id.clone(), project)),
            DirectoryChange::PutUser(user) => drop(self.users.insert(user.id.clone(), user)),
            DirectoryChange::PutMember { project_id, user_id, role } => {
                self.put_member(project_id, user_id, role);
            }
            DirectoryChange::DeleteCompany(id) => self.remove_company(&id),
            DirectoryChange::DeleteProject(id) => self.remove_project(&id),
            DirectoryChange::DeleteUser(id) => self.remove_user(&id),
            DirectoryChange::DeleteMember { project_id, user_id } => {
                self.remove_member(&project_id, &user_id);
            }
        }
    }

    /// Whether what a change names, or would make, is known already.
    pub(crate) fn knows(&self, change: &DirectoryChange) -> bool {
        match change {
            DirectoryChange::PutCompany(Company { id, .. }) | DirectoryChange::DeleteCompany(id) => {
                self.companies.contains_key(id)
            }
            DirectoryChange::PutProject(Project { id, .. }) | DirectoryChange::DeleteProject(id) => {
                self.projects.contains_key(id)
            }
            DirectoryChange::PutUser(User { id, .. }) | DirectoryChange::DeleteUser(id) => {
                self.users.contains_key(id)
            }
            DirectoryChange::PutMember { project_id, user_id, .. }
            | DirectoryChange::DeleteMember { project_id, user_id } => {
                self.role(project_id, user_id).is_some()
            }
        }
    }

    pub(crate) fn put_member(&mut self, project_id: String, user_id: String, role: Role) {
        self.members.entry(project_id).or_default().insert(user_id, role);
    }

    fn remove_member(&mut self, project_id: &str, user_id: &str) {
        if let Some(members) = self.members.get_mut(project_id) {
            members.remove(user_id);
        }
    }

    fn remove_project(&mut self, id: &str) {
        self.projects.remove(id);
        self.members.remove(id);
    }

    fn remove_company(&mut self, id: &str) {
        let of_company = |project: &&Project| project.company_id == id;
        let projects: Vec<String> = self.projects.values().filter(of_company).map(|p| p.id.clone()).collect();
        for project in projects {
            self.remove_project(&project);
        }
        self.companies.remove(id);
    }

    fn remove_user(&mut self, id: &str) {
        for members in self.members.values_mut() {
            members.remove(id);
        }
        self.users.remove(id);
    }
}

//! The directory in memory: who is a member of what, asked for every event, every attempt and every request.

use rpds::{HashTrieMapSync, RedBlackTreeSetSync};

use crate::model::directory::{Births, Company, DirectoryChange, Life, Project, Role, User};

/// The members of one project.
pub(crate) type Members = HashTrieMapSync<String, Role>;

/// Companies, projects, people and memberships by id.
#[derive(Clone, Debug, Default)]
pub(crate) struct Directory {
    pub(crate) companies: HashTrieMapSync<String, Company>,
    pub(crate) projects: HashTrieMapSync<String, Project>,
    pub(crate) users: HashTrieMapSync<String, User>,
    pub(crate) lives: Lives,
    members: HashTrieMapSync<String, Members>,
    /// The projects that each person is in.
    of_user: HashTrieMapSync<String, RedBlackTreeSetSync<String>>,
}

/// Since when the present bearers of ids are there.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lives {
    pub(crate) companies: HashTrieMapSync<String, Life>,
    pub(crate) projects: HashTrieMapSync<String, Life>,
    pub(crate) users: HashTrieMapSync<String, Life>,
}

impl Lives {
    fn of(lives: &HashTrieMapSync<String, Life>, id: &str) -> Life {
        lives.get(id).copied().unwrap_or_default()
    }

    /// The first event of the newest of all.
    pub(crate) fn latest(&self) -> i64 {
        let all = self.companies.values().chain(self.projects.values()).chain(self.users.values());
        all.map(|life| life.since).max().unwrap_or(0)
    }
}

impl Directory {
    /// The members of a project.
    pub(crate) fn members(&self, project_id: &str) -> Option<&Members> {
        self.members.get(project_id)
    }

    /// What a person may do in a project; none when not a member.
    pub(crate) fn role(&self, project_id: &str, user_id: &str) -> Option<Role> {
        self.members.get(project_id)?.get(user_id).copied()
    }

    /// The projects that a person is in, whatever company's.
    pub(super) fn all_projects_of(&self, user_id: &str) -> impl Iterator<Item = &String> {
        self.of_user.get(user_id).into_iter().flatten()
    }

    /// The projects of a company that a person is in, with what they may do there.
    pub(crate) fn projects_of<'a>(
        &'a self,
        company_id: &'a str,
        user_id: &'a str,
    ) -> impl Iterator<Item = (&'a Project, Role)> {
        let projects = self.all_projects_of(user_id).filter_map(|id| self.projects.get(id));
        let of_company = projects.filter(move |project| project.company_id == company_id);
        of_company.filter_map(move |project| Some((project, self.role(&project.id, user_id)?)))
    }

    /// Whether a company has a project.
    pub(crate) fn has_project(&self, company_id: &str, project_id: &str) -> bool {
        self.projects.get(project_id).is_some_and(|project| project.company_id == company_id)
    }

    /// What tells the present bearers of these ids from earlier ones; none when they are not both known.
    pub(crate) fn births(&self, company_id: &str, user_id: &str) -> Option<Births> {
        (self.users.contains_key(user_id) && self.companies.contains_key(company_id)).then(|| Births {
            user: Lives::of(&self.lives.users, user_id).birth,
            company: Lives::of(&self.lives.companies, company_id).birth,
        })
    }

    /// The first event of a company's and a person's time, of those that are asked for.
    pub(crate) fn first_event(&self, company_id: Option<&str>, user_id: Option<&str>) -> i64 {
        let company = company_id.map_or(0, |id| Lives::of(&self.lives.companies, id).since);
        company.max(user_id.map_or(0, |id| Lives::of(&self.lives.users, id).since))
    }

    /// The first event of a project's time.
    pub(crate) fn first_event_of(&self, project_id: &str) -> i64 {
        Lives::of(&self.lives.projects, project_id).since
    }

    /// Makes one change; `life` is that of what it makes.
    pub(crate) fn apply(&mut self, change: DirectoryChange, life: Option<Life>) {
        let born = |lives: &mut HashTrieMapSync<String, Life>, id: &str| {
            if let Some(life) = life {
                lives.insert_mut(id.to_owned(), life);
            }
        };
        match change {
            DirectoryChange::PutCompany(company) => {
                born(&mut self.lives.companies, &company.id);
                self.companies.insert_mut(company.id.clone(), company);
            }
            DirectoryChange::PutProject(project) => {
                born(&mut self.lives.projects, &project.id);
                self.projects.insert_mut(project.id.clone(), project);
            }
            DirectoryChange::PutUser(user) => {
                born(&mut self.lives.users, &user.id);
                self.users.insert_mut(user.id.clone(), user);
            }
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

    /// Changes with everything that is known of what a change is about; none when nothing is.
    pub(crate) fn version(&self, change: &DirectoryChange) -> Option<String> {
        match change {
            DirectoryChange::PutCompany(Company { id, .. }) | DirectoryChange::DeleteCompany(id) => {
                let birth = Lives::of(&self.lives.companies, id).birth;
                self.companies.get(id).map(|company| format!("{company:?} {birth}"))
            }
            DirectoryChange::PutProject(Project { id, .. }) | DirectoryChange::DeleteProject(id) => {
                let birth = Lives::of(&self.lives.projects, id).birth;
                self.projects.get(id).map(|project| format!("{project:?} {birth}"))
            }
            DirectoryChange::PutUser(User { id, .. }) | DirectoryChange::DeleteUser(id) => {
                let birth = Lives::of(&self.lives.users, id).birth;
                self.users.get(id).map(|user| format!("{user:?} {birth}"))
            }
            DirectoryChange::PutMember { project_id, user_id, .. }
            | DirectoryChange::DeleteMember { project_id, user_id } => {
                self.role(project_id, user_id).map(|role| format!("{project_id} {user_id} {role:?}"))
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
        match self.of_user.get_mut(&user_id) {
            Some(projects) => projects.insert_mut(project_id.clone()),
            None => self.of_user.insert_mut(user_id.clone(), [project_id.clone()].into_iter().collect()),
        }
        match self.members.get_mut(&project_id) {
            Some(members) => members.insert_mut(user_id, role),
            None => self.members.insert_mut(project_id, [(user_id, role)].into_iter().collect()),
        }
    }

    fn remove_member(&mut self, project_id: &str, user_id: &str) {
        self.forget_member(project_id, user_id);
        self.forget_project(user_id, project_id);
    }

    /// A project has a member no more.
    fn forget_member(&mut self, project_id: &str, user_id: &str) {
        if let Some(members) = self.members.get_mut(project_id) {
            members.remove_mut(user_id);
            if members.is_empty() {
                self.members.remove_mut(project_id);
            }
        }
    }

    /// A person is in a project no more.
    fn forget_project(&mut self, user_id: &str, project_id: &str) {
        if let Some(projects) = self.of_user.get_mut(user_id) {
            projects.remove_mut(project_id);
            if projects.is_empty() {
                self.of_user.remove_mut(user_id);
            }
        }
    }

    fn remove_project(&mut self, id: &str) {
        self.projects.remove_mut(id);
        self.lives.projects.remove_mut(id);
        if let Some(members) = self.members.get(id).cloned() {
            members.keys().for_each(|user_id| self.forget_project(user_id, id));
        }
        self.members.remove_mut(id);
    }

    fn remove_company(&mut self, id: &str) {
        let of_company = |project: &&Project| project.company_id == id;
        let projects: Vec<String> = self.projects.values().filter(of_company).map(|p| p.id.clone()).collect();
        for project in projects {
            self.remove_project(&project);
        }
        self.companies.remove_mut(id);
        self.lives.companies.remove_mut(id);
    }

    fn remove_user(&mut self, id: &str) {
        if let Some(projects) = self.of_user.get(id).cloned() {
            projects.iter().for_each(|project| self.forget_member(project, id));
        }
        self.of_user.remove_mut(id);
        self.users.remove_mut(id);
        self.lives.users.remove_mut(id);
    }
}

//! The directory told one thing at a time: what that ends, and what it means for webhooks.

use std::sync::Arc;

use bluehook_core::{event::MAX_ID, input::text_problem};

use super::{
    audit::{self},
    choices,
};
use crate::{
    Conflict, Dispatcher, Error, Result,
    know::{Entry, Staged},
    ledger::{Context, Writing},
    model::{
        audit::{Action, Author, Note},
        directory::{Changed, Company, DirectoryChange},
    },
    store::Change,
};

impl Dispatcher {
    /// Tells the directory one thing.
    ///
    /// # Errors
    /// [`Error::NotFound`] when what is to be deleted, or what a membership or project needs, is not known;
    /// [`Error::Invalid`] when an id is empty or too long.
    pub async fn change_directory(&self, change: DirectoryChange) -> Result<Changed> {
        self.change_directory_if(change, |_: Option<&str>| true).await
    }

    /// The same, if what the directory knows of it is as expected; nothing, when it knows nothing.
    ///
    /// # Errors
    /// [`Error::Changed`] when it is not; otherwise as [`Dispatcher::change_directory`].
    pub async fn change_directory_if(
        &self,
        change: DirectoryChange,
        expected: impl Fn(Option<&str>) -> bool + Send + 'static,
    ) -> Result<Changed> {
        check_ids(&change)?;
        let author = self.author.clone();
        let apply = move |writing: &Writing<'_>, context: &mut Context| {
            if !expected(context.world().directory.version(&change).as_deref()) {
                return Err(Error::Changed);
            }
            let known = context.knows(&change)?;
            context.check_slug(&change)?;
            let (gone, now) = (context.webhooks_that_go_with(&change), context.clock.now());
            let left = context.project_left(&change);
            context.note_told(writing, &author, &change)?;
            let life = (known == Changed::Created || left.is_some()).then(|| context.life());
            writing.put(Change::Directory(&change, life))?;
            for entry in gone {
                context.note(writing, &author, &Note::of_webhook(Action::WebhookDeleted, &entry.webhook))?;
                writing.put(Change::Deleted(entry.key, now))?;
                context.stage(Staged::Remove(entry.key));
            }
            if let Some((company_id, project_id)) = left {
                choices::forget_project(writing, context, &company_id, &project_id, now)?;
            }
            context.stage(Staged::Directory(change.clone(), life));
            Ok(known)
        };
        self.store.change(apply).await
    }

    /// Changes with everything that the directory knows of what a change is about; none when it knows nothing.
    pub fn directory_version(&self, change: &DirectoryChange) -> Option<String> {
        self.known.now().directory.version(change)
    }
}

fn check_ids(change: &DirectoryChange) -> Result<()> {
    let ids: Vec<&String> = match change {
        DirectoryChange::PutCompany(company) => vec![&company.id],
        DirectoryChange::PutProject(project) => vec![&project.id, &project.company_id],
        DirectoryChange::PutUser(user) => vec![&user.id],
        DirectoryChange::PutMember { project_id, user_id, .. }
        | DirectoryChange::DeleteMember { project_id, user_id } => vec![project_id, user_id],
        DirectoryChange::DeleteCompany(id)
        | DirectoryChange::DeleteProject(id)
        | DirectoryChange::DeleteUser(id) => {
            vec![id]
        }
    };
    match ids.into_iter().find_map(|id| text_problem(id, MAX_ID)) {
        Some(fault) => Err(Error::invalid("/id", fault)),
        None => Ok(()),
    }
}

impl Context {
    /// Whether a change makes something or replaces it; an error when what it needs is not known.
    fn knows(&self, change: &DirectoryChange) -> Result<Changed> {
        let directory = &self.world().directory;
        let known = directory.knows(change);
        match change {
            DirectoryChange::PutProject(project)
                if !directory.companies.contains_key(&project.company_id) =>
            {
                Err(Error::NotFound("Company"))
            }
            DirectoryChange::PutMember { project_id, .. } if !directory.projects.contains_key(project_id) => {
                Err(Error::NotFound("Project"))
            }
            DirectoryChange::PutMember { user_id, .. } if !directory.users.contains_key(user_id) => {
                Err(Error::NotFound("User"))
            }
            DirectoryChange::PutCompany(_)
            | DirectoryChange::PutProject(_)
            | DirectoryChange::PutUser(_)
            | DirectoryChange::PutMember { .. } => {
                Ok(if known { Changed::Replaced } else { Changed::Created })
            }
            _ if known => Ok(Changed::Deleted),
            DirectoryChange::DeleteCompany(_) => Err(Error::NotFound("Company")),
            DirectoryChange::DeleteProject(_) => Err(Error::NotFound("Project")),
            DirectoryChange::DeleteUser(_) => Err(Error::NotFound("User")),
            DirectoryChange::DeleteMember { .. } => Err(Error::NotFound("Member")),
        }
    }

    /// Notes what the directory is told, if it did not know it.
    fn note_told(&self, writing: &Writing<'_>, author: &Author, change: &DirectoryChange) -> Result<()> {
        let note = audit::of_directory(&self.world().directory, change);
        if audit::says_something(change, &note.changes) { self.note(writing, author, &note) } else { Ok(()) }
    }

    /// The webhooks that end with a company or a person.
    fn webhooks_that_go_with(&self, change: &DirectoryChange) -> Vec<Arc<Entry>> {
        match change {
            DirectoryChange::DeleteCompany(id) => self.world().of_company(id).cloned().collect(),
            DirectoryChange::DeleteUser(id) => self.world().of_creator(id).cloned().collect(),
            _ => Vec::new(),
        }
    }

    /// The company that a change takes a project from, and the project.
    fn project_left(&self, change: &DirectoryChange) -> Option<(String, String)> {
        let (id, stays_with) = match change {
            DirectoryChange::DeleteProject(id) => (id, None),
            DirectoryChange::PutProject(project) => (&project.id, Some(&project.company_id)),
            _ => return None,
        };
        let before = self.world().directory.projects.get(id)?;
        (stays_with != Some(&before.company_id)).then(|| (before.company_id.clone(), id.clone()))
    }

    /// Refuses a slug that another company has.
    fn check_slug(&self, change: &DirectoryChange) -> Result<()> {
        let DirectoryChange::PutCompany(Company { id, slug: Some(slug), .. }) = change else { return Ok(()) };
        match self.company_with_slug(slug) {
            Some(other) if other != *id => Err(Error::Conflict(Conflict::SlugUsed(slug.clone()))),
            _ => Ok(()),
        }
    }
}

//! A webhook given to another person: one who administers a project of the company, and is in every project that it chose.

use std::collections::BTreeMap;

use bluehook_core::{input::Fault, webhook::Webhook};

use crate::{
    Dispatcher, Error, Result,
    directory::{Project, Role, User},
    directory_map::DirectoryMap,
    secrets::Expected,
    standing::Actor,
    webhooks::WebhookChange,
};

/// A person of a webhook's company.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Who.
    pub user: User,
    /// Why they may not take it over.
    pub unfit: Option<Unfit>,
}

/// Why a person may not take a webhook over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// They administer no project of the company.
    NotAdministrator,
    /// They are not in every project that the webhook chose.
    NotAMember,
}

impl Unfit {
    /// The word in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Unfit::NotAdministrator => "NOT_ADMINISTRATOR",
            Unfit::NotAMember => "NOT_A_MEMBER",
        }
    }
}

impl Dispatcher {
    /// The people of a webhook's company but its creator, by name; those who may take it over first.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn candidates(&self, webhook_id: &str) -> Result<Vec<Candidate>> {
        let webhook = self.entry(webhook_id)?.webhook.clone();
        let registry = self.registry.read().map_err(|_| Error::ShuttingDown)?;
        let directory = &registry.directory;
        let candidate = |(user_id, administers): (&str, bool)| {
            let user = directory.users.get(user_id)?.clone();
            Some(Candidate { user, unfit: unfit(directory, &webhook, user_id, administers) })
        };
        let people = people(directory, &webhook.company_id).into_iter();
        let others = people.filter(|(user_id, _)| *user_id != webhook.created_by_id);
        let mut candidates: Vec<Candidate> = others.filter_map(candidate).collect();
        candidates.sort_by(|a, b| {
            let key =
                |one: &Candidate| (one.unfit.is_some(), one.user.full_name.clone(), one.user.id.clone());
            key(a).cmp(&key(b))
        });
        Ok(candidates)
    }

    /// Makes that person a webhook's creator.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Invalid`] when that person may not take it over; [`Error::Changed`].
    pub async fn hand_over(&self, id: &str, user_id: &str, expected: impl Expected) -> Result<()> {
        let webhook = self.entry(id)?.webhook.clone();
        {
            let registry = self.registry.read().map_err(|_| Error::ShuttingDown)?;
            let directory = &registry.directory;
            if !directory.users.contains_key(user_id) {
                return Err(refused(Fault::NoSuchUser));
            }
            let administers = people(directory, &webhook.company_id).get(user_id) == Some(&true);
            if unfit(directory, &webhook, user_id, administers).is_some() {
                return Err(refused(Fault::NotAMember));
            }
        }
        let change = WebhookChange { created_by_id: Some(user_id.to_owned()), ..WebhookChange::default() };
        self.update_webhook_if(id, &Actor::Service, change, expected).await.map(drop)
    }
}

fn refused(fault: Fault) -> Error {
    Error::invalid("/userId", fault)
}

/// The people of a company, and whether each administers a project of it.
fn people<'a>(directory: &'a DirectoryMap, company_id: &str) -> BTreeMap<&'a str, bool> {
    let mut people = BTreeMap::new();
    let of_company = |project: &&Project| project.company_id == company_id;
    for project in directory.projects.values().filter(of_company) {
        for (user_id, role) in directory.members(&project.id).into_iter().flatten() {
            *people.entry(user_id.as_str()).or_default() |= matches!(role, Role::Owner | Role::Admin);
        }
    }
    people
}

fn unfit(directory: &DirectoryMap, webhook: &Webhook, user_id: &str, administers: bool) -> Option<Unfit> {
    if !administers {
        Some(Unfit::NotAdministrator)
    } else if webhook.project_ids.iter().any(|project| directory.role(project, user_id).is_none()) {
        Some(Unfit::NotAMember)
    } else {
        None
    }
}

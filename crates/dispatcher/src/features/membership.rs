//! What people may see, and what their webhooks need, as the directory stands now.

use bluehook_core::webhook::Webhook;

use crate::{
    Dispatcher,
    know::membership::{Need, kept_from, needs},
    model::{
        directory::{Births, Project, Role},
        log::Delivery,
    },
};

/// How much of a delivery somebody sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// All of it.
    Whole,
    /// That it is, without values, bodies and subject: they are not in its project now.
    Outline,
    /// Nothing: it is from before their time, or before that of their company.
    Nothing,
}

impl Dispatcher {
    /// How much of a delivery a person of a company sees now, of a webhook that is theirs.
    pub fn sight(&self, company_id: &str, user_id: &str, delivery: &Delivery) -> Sight {
        let world = self.known.now();
        let directory = &world.directory;
        if delivery.event_number < directory.first_event(Some(company_id), Some(user_id)) {
            return Sight::Nothing;
        }
        let place = (company_id, user_id, delivery.project_id.as_str());
        if kept_from(directory, place, delivery.event_number).is_none() {
            Sight::Whole
        } else {
            Sight::Outline
        }
    }

    /// What tells the present person and company with these ids from earlier ones; none when they are not known.
    pub fn births(&self, company_id: &str, user_id: &str) -> Option<Births> {
        self.known.now().directory.births(company_id, user_id)
    }

    /// Whether a person is in a project of a company.
    pub fn is_in_company(&self, company_id: &str, user_id: &str) -> bool {
        self.known.now().directory.projects_of(company_id, user_id).next().is_some()
    }

    /// Whether a person administers a project of a company.
    pub fn administers(&self, company_id: &str, user_id: &str) -> bool {
        let world = self.known.now();
        let mut projects = world.directory.projects_of(company_id, user_id);
        projects.any(|(_, role)| role.administers())
    }

    /// The projects of a company that a person is in, by name.
    pub fn projects_of(&self, company_id: &str, user_id: &str) -> Vec<(Project, Role)> {
        let world = self.known.now();
        let found = world.directory.projects_of(company_id, user_id);
        let mut found: Vec<_> = found.map(|(project, role)| (project.clone(), role)).collect();
        found.sort_by(|(a, _), (b, _)| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
        found
    }

    /// What a webhook needs before it can be on.
    pub fn needs(&self, webhook: &Webhook) -> Vec<Need> {
        needs(&self.known.now().directory, webhook)
    }
}

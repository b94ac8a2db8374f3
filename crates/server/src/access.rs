//! What a caller may do: one place for REST and GraphQL.
//!
//! The rules (Blue, "Who may"): people who administer a project of the company make webhooks; a webhook belongs to its
//! creator, who alone changes and deletes it; whoever administers a project of its company may switch it off. What
//! belongs to another company answers exactly like what does not exist. The backend may do everything. Membership and
//! roles are looked up live, in memory.

use std::sync::Arc;

use bluehook_core::webhook::Webhook;
use bluehook_dispatcher::{
    ChangeQuery, DeliveryDetail, DeliveryQuery, Dispatcher, NewWebhook, Project, Replay, Role, WebhookChange,
    WebhookQuery,
};

use crate::{
    auth::{Caller, Owner},
    problem::Problem,
};

/// One caller and what is there.
pub(crate) struct Access<'a> {
    caller: &'a Caller,
    dispatcher: &'a Dispatcher,
}

impl<'a> Access<'a> {
    pub(crate) fn new(caller: &'a Caller, dispatcher: &'a Dispatcher) -> Access<'a> {
        Access { caller, dispatcher }
    }

    /// A webhook that the caller may see: for a person, their own.
    pub(crate) fn see(&self, id: &str) -> Result<Arc<Webhook>, Problem> {
        let webhook = self.find(id)?;
        if self.owns(&webhook) { Ok(webhook) } else { Err(Problem::not_found("Webhook")) }
    }

    /// A webhook that the caller may change or delete: for a person, their own.
    pub(crate) fn change(&self, id: &str) -> Result<Arc<Webhook>, Problem> {
        let webhook = self.find(id)?;
        if self.owns(&webhook) { Ok(webhook) } else { Err(Problem::forbidden()) }
    }

    /// A webhook that the caller may switch off: for a person, their own, or any of a company that they administer.
    pub(crate) fn disable(&self, id: &str) -> Result<Arc<Webhook>, Problem> {
        let webhook = self.find(id)?;
        if self.owns(&webhook) || self.administers() { Ok(webhook) } else { Err(Problem::forbidden()) }
    }

    /// Whether the caller may make this webhook.
    pub(crate) fn create(&self, new: &NewWebhook) -> Result<(), Problem> {
        if self.administers() { self.in_projects(&new.project_ids) } else { Err(Problem::forbidden()) }
    }

    /// Whether the caller may change a webhook in this way: projects that they choose are ones that they are in.
    pub(crate) fn apply(&self, change: &WebhookChange) -> Result<(), Problem> {
        self.in_projects(change.project_ids.as_deref().unwrap_or_default())
    }

    /// The webhooks that the caller may list: of those asked for, a person's own.
    pub(crate) fn webhooks(&self, query: WebhookQuery) -> WebhookQuery {
        match self.caller {
            Caller::Service => query,
            Caller::User(Owner { user_id, company_id }) => WebhookQuery {
                company_id: Some(company_id.clone()),
                created_by_id: Some(user_id.clone()),
                ..query
            },
        }
    }

    /// The deliveries that the caller may list: of those asked for, the ones of a person's own webhooks.
    pub(crate) fn deliveries(&self, query: DeliveryQuery) -> DeliveryQuery {
        match self.caller {
            Caller::Service => query,
            Caller::User(Owner { user_id, company_id }) => DeliveryQuery {
                company_id: Some(company_id.clone()),
                created_by_id: Some(user_id.clone()),
                ..query
            },
        }
    }

    /// The changes that the caller may follow: of those asked for, the ones of a person's own webhooks.
    pub(crate) fn changes(&self, query: ChangeQuery) -> ChangeQuery {
        match self.caller {
            Caller::Service => query,
            Caller::User(Owner { user_id, company_id }) => ChangeQuery {
                company_id: Some(company_id.clone()),
                created_by_id: Some(user_id.clone()),
                ..query
            },
        }
    }

    /// A delivery, if the caller may see it.
    pub(crate) fn delivery(&self, found: Option<DeliveryDetail>) -> Result<DeliveryDetail, Problem> {
        let seen = |detail: &DeliveryDetail| self.is(&detail.created_by_id, &detail.company_id);
        found.filter(seen).ok_or_else(|| Problem::not_found("Delivery"))
    }

    /// A replay, if the caller may see its webhook.
    pub(crate) fn replay(&self, found: Option<Replay>) -> Result<Replay, Problem> {
        found
            .filter(|replay| self.see(&replay.webhook_id).is_ok())
            .ok_or_else(|| Problem::not_found("Replay"))
    }

    /// Of a company's projects, those that the caller may see: for a person, the ones that they are in.
    pub(crate) fn projects(&self, company_id: &str) -> Vec<Project> {
        let mut projects = self.dispatcher.projects(company_id);
        if let Caller::User(owner) = self.caller {
            projects.retain(|project| self.role(owner, &project.id).is_some());
        }
        projects
    }

    /// A webhook of the caller's company.
    fn find(&self, id: &str) -> Result<Arc<Webhook>, Problem> {
        let in_company = |webhook: &Arc<Webhook>| match self.caller {
            Caller::Service => true,
            Caller::User(owner) => owner.company_id == webhook.company_id,
        };
        self.dispatcher.webhook(id).filter(in_company).ok_or_else(|| Problem::not_found("Webhook"))
    }

    fn owns(&self, webhook: &Webhook) -> bool {
        self.is(&webhook.created_by_id, &webhook.company_id)
    }

    fn is(&self, user_id: &str, company_id: &str) -> bool {
        match self.caller {
            Caller::Service => true,
            Caller::User(owner) => owner.user_id == user_id && owner.company_id == company_id,
        }
    }

    /// Whether the caller administers a project of their company.
    fn administers(&self) -> bool {
        match self.caller {
            Caller::Service => true,
            Caller::User(owner) => {
                let is_admin = |project: &Project| {
                    matches!(self.role(owner, &project.id), Some(Role::Owner | Role::Admin))
                };
                self.dispatcher.projects(&owner.company_id).iter().any(is_admin)
            }
        }
    }

    fn in_projects(&self, projects: &[String]) -> Result<(), Problem> {
        match self.caller {
            Caller::User(owner) if projects.iter().any(|project| !self.is_in(owner, project)) => {
                Err(Problem::forbidden())
            }
            _ => Ok(()),
        }
    }

    fn is_in(&self, owner: &Owner, project_id: &str) -> bool {
        let of_company = |project: Project| project.company_id == owner.company_id;
        self.dispatcher.project(project_id).is_some_and(of_company) && self.role(owner, project_id).is_some()
    }

    fn role(&self, owner: &Owner, project_id: &str) -> Option<Role> {
        self.dispatcher.role(project_id, &owner.user_id)
    }
}

#[cfg(test)]
mod tests;

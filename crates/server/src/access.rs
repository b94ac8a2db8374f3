//! What a caller may do: one place for REST and GraphQL.
//!
//! The rules (Blue, "Who may"): people who administer a project of the company make webhooks; a webhook belongs to its
//! creator, who alone changes and deletes it; whoever administers a project of its company sees it, may switch it off, and
//! on again when they did. What
//! belongs to another company answers exactly like what does not exist. The backend may do everything. Membership and
//! roles are looked up live, in memory.

use std::sync::Arc;

use bluehook_core::{
    input::{self, Fault},
    webhook::Webhook,
};
use bluehook_dispatcher::{
    Actor, ChangeQuery, Delivery, DeliveryDetail, DeliveryQuery, Dispatcher, Need, NewWebhook, Off, OffBy,
    Position, Project, Replay, Role, Sight, WebhookChange, WebhookQuery,
};
use serde::Serialize;

use crate::{
    auth::{Caller, Owner},
    problem::Problem,
};

/// What a caller may do with a webhook.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "one answer for each button")]
pub(crate) struct May {
    /// See where it is called, its filter, its headers, its description and its secrets' ages.
    pub(crate) see: bool,
    pub(crate) change: bool,
    pub(crate) enable: bool,
    pub(crate) disable: bool,
    pub(crate) delete: bool,
    pub(crate) hand_over: bool,
    pub(crate) replay: bool,
    /// Read its deliveries.
    pub(crate) read: bool,
}

/// A person by name.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Named {
    pub(crate) id: String,
    pub(crate) full_name: String,
}

/// One caller and what is there.
pub(crate) struct Access<'a> {
    caller: &'a Caller,
    dispatcher: &'a Dispatcher,
}

impl<'a> Access<'a> {
    pub(crate) fn new(caller: &'a Caller, dispatcher: &'a Dispatcher) -> Access<'a> {
        Access { caller, dispatcher }
    }

    /// A webhook of the caller's own; the backend has all.
    pub(crate) fn own(&self, id: &str) -> Result<Arc<Webhook>, Problem> {
        let webhook = self.find(id)?;
        if self.owns(&webhook) { Ok(webhook) } else { Err(Problem::not_found("Webhook")) }
    }

    /// A webhook that the caller sees: their own, or any of a company that they administer, though not all of it.
    pub(crate) fn see(&self, id: &str) -> Result<Arc<Webhook>, Problem> {
        let webhook = self.find(id)?;
        if self.owns(&webhook) || self.administers() {
            Ok(webhook)
        } else {
            Err(Problem::not_found("Webhook"))
        }
    }

    /// A webhook that the caller may change or delete: their own. One that they see and may not change is forbidden, any
    /// other is not there.
    pub(crate) fn change(&self, id: &str) -> Result<Arc<Webhook>, Problem> {
        self.see(id).and_then(|webhook| self.only(self.owns(&webhook), webhook))
    }

    /// A webhook that the caller may switch off: their own, or any of a company that they administer.
    pub(crate) fn disable(&self, id: &str) -> Result<Arc<Webhook>, Problem> {
        self.see(id)
    }

    /// A webhook that the caller may switch on: their own, or one that they switched off as an administrator.
    pub(crate) fn enable(&self, id: &str) -> Result<Arc<Webhook>, Problem> {
        let webhook = self.see(id)?;
        let off = self.dispatcher.off(id);
        self.only(self.may(&webhook, off.as_deref()).enable, webhook)
    }

    /// A webhook that the caller may give to another person: their own, or as an administrator one whose creator left.
    pub(crate) fn hand_over(&self, id: &str) -> Result<Arc<Webhook>, Problem> {
        let webhook = self.see(id)?;
        let off = self.dispatcher.off(id);
        self.only(self.may(&webhook, off.as_deref()).hand_over, webhook)
    }

    /// The same as [`Access::change`] in Blue's words: what is of one's company and not one's own is forbidden.
    pub(crate) fn change_in_blue(&self, id: &str) -> Result<Arc<Webhook>, Problem> {
        let webhook = self.find(id)?;
        self.only(self.owns(&webhook), webhook)
    }

    /// The same as [`Access::disable`] in Blue's words.
    pub(crate) fn disable_in_blue(&self, id: &str) -> Result<Arc<Webhook>, Problem> {
        let webhook = self.find(id)?;
        self.only(self.owns(&webhook) || self.administers(), webhook)
    }

    #[expect(clippy::unused_self, reason = "reads as the others")]
    fn only(&self, may: bool, webhook: Arc<Webhook>) -> Result<Arc<Webhook>, Problem> {
        if may { Ok(webhook) } else { Err(Problem::forbidden()) }
    }

    /// What the caller may do with a webhook that they see.
    pub(crate) fn may(&self, webhook: &Webhook, off: Option<&Off>) -> May {
        let owns = self.owns(webhook);
        let switched_off = |off: &Off| match self.caller {
            Caller::Service => true,
            Caller::User(owner) => off.by == OffBy::Admin && off.person.as_ref() == Some(&owner.user_id),
        };
        May {
            see: owns,
            change: owns,
            enable: owns || off.is_some_and(switched_off),
            disable: true,
            delete: owns,
            hand_over: owns || off.is_some_and(|off| off.by == OffBy::Membership),
            replay: owns,
            read: owns,
        }
    }

    /// Who the caller is to the dispatcher.
    pub(crate) fn actor(&self) -> Actor {
        match self.caller {
            Caller::Service => Actor::Service,
            Caller::User(owner) => Actor::Person(owner.user_id.clone()),
        }
    }

    /// Whether the caller is this person, or the backend.
    pub(crate) fn is_or_serves(&self, person: Option<&str>) -> bool {
        match self.caller {
            Caller::Service => true,
            Caller::User(owner) => person == Some(&owner.user_id),
        }
    }

    /// A person's name; none when the directory does not know them.
    pub(crate) fn named(&self, user_id: &str) -> Option<Named> {
        let user = self.dispatcher.user(user_id)?;
        Some(Named { id: user.id, full_name: user.full_name })
    }

    /// What the caller may do in a project; nothing is said of the backend.
    pub(crate) fn role_in(&self, project: &Project) -> Option<Role> {
        match self.caller {
            Caller::Service => None,
            Caller::User(owner) => self.role(owner, &project.id),
        }
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

    /// The same of the whole company, for those who administer a project of it.
    pub(crate) fn company_webhooks(&self, query: WebhookQuery) -> Result<WebhookQuery, Problem> {
        match self.caller {
            Caller::Service => Ok(query),
            Caller::User(owner) if self.administers() => {
                Ok(WebhookQuery { company_id: Some(owner.company_id.clone()), ..query })
            }
            Caller::User(_) => Err(Problem::forbidden()),
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

    /// A delivery, if the caller may see it. Whose it is, is looked at before anything of it.
    pub(crate) async fn delivery(&self, id: &str) -> Result<DeliveryDetail, Problem> {
        let missing = || Problem::not_found("Delivery");
        let owner = self.dispatcher.delivery_owner(id).await?;
        owner.filter(|(company_id, user_id)| self.is(user_id, company_id)).ok_or_else(missing)?;
        let found = self.dispatcher.delivery(id).await?;
        found.filter(|found| self.sight(&found.delivery) != Sight::Nothing).ok_or_else(missing)
    }

    /// How much the caller sees of a delivery of theirs.
    pub(crate) fn sight(&self, delivery: &Delivery) -> Sight {
        match self.caller {
            Caller::Service => Sight::Whole,
            Caller::User(owner) => self.dispatcher.sight(&owner.company_id, &owner.user_id, delivery),
        }
    }

    /// What a webhook needs before it can be on.
    pub(crate) fn needs(&self, webhook: &Webhook) -> Vec<Need> {
        self.dispatcher.needs(webhook)
    }

    /// A place in the stream, as its readers keep it.
    pub(crate) fn position(&self, position: Position) -> String {
        self.dispatcher.show_position(position)
    }

    /// A replay, if the caller may see its webhook.
    pub(crate) fn replay(&self, found: Option<Replay>) -> Result<Replay, Problem> {
        found
            .filter(|replay| self.own(&replay.webhook_id).is_ok())
            .ok_or_else(|| Problem::not_found("Replay"))
    }

    /// Of a company's projects, those that the caller may see: for a person, the ones that they are in.
    pub(crate) fn projects(&self, company_id: &str) -> Vec<Project> {
        match self.caller {
            Caller::Service => self.dispatcher.projects(company_id),
            Caller::User(owner) => {
                let theirs = self.dispatcher.projects_of(company_id, &owner.user_id);
                theirs.into_iter().map(|(project, _)| project).collect()
            }
        }
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
    pub(crate) fn administers(&self) -> bool {
        match self.caller {
            Caller::Service => true,
            Caller::User(owner) => self.dispatcher.administers(&owner.company_id, &owner.user_id),
        }
    }

    fn in_projects(&self, projects: &[String]) -> Result<(), Problem> {
        let Caller::User(owner) = self.caller else { return Ok(()) };
        let outside = projects.iter().enumerate().filter(|(_, project)| !self.is_in(owner, project));
        let place = |i: usize| input::Problem::new(format!("/projectIds/{i}"), Fault::NotAMember);
        let places: Vec<_> = outside.map(|(i, _)| place(i)).collect();
        if places.is_empty() { Ok(()) } else { Err(Problem::forbidden().about(places)) }
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

#[cfg(test)]
mod matrix;

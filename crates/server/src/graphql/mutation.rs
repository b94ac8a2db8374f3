//! What can be changed.

use async_graphql::{Context, Object, Result};
use bluehook_core::{event::EventType, signature::Secret};
use bluehook_dispatcher::{NewWebhook, SecretChoice, WebhookChange};

use super::{
    error::of,
    schema::{caller, company, state},
    types::{
        CreateWebhookInput, DeleteWebhookInput, DisableWebhookInput, MutationResult, UpdateWebhookInput,
        Webhook, WebhookEvent,
    },
};
use crate::{
    api::may_probe,
    auth::{Caller, CompanyHeader, Owner},
    problem::Problem,
    state::State,
};

/// What can be changed.
pub(super) struct Mutation;

#[Object]
impl Mutation {
    /// Makes a webhook of the caller's, with a secret that is shown here and never again.
    async fn create_webhook(&self, context: &Context<'_>, input: CreateWebhookInput) -> Result<Webhook> {
        let created = create(state(context)?, caller(context)?, company(context)?, input).await;
        let (webhook, secret) = created.map_err(|problem| of(&problem))?;
        Ok(Webhook::new(&webhook, secret.as_ref().map(Secret::expose)))
    }

    /// Changes a webhook of the caller's. Switching it on sends a probe first.
    async fn update_webhook(&self, context: &Context<'_>, input: UpdateWebhookInput) -> Result<Webhook> {
        update(state(context)?, caller(context)?, input).await.map_err(|problem| of(&problem))
    }

    /// Deletes a webhook of the caller's.
    async fn delete_webhook(
        &self,
        context: &Context<'_>,
        input: DeleteWebhookInput,
    ) -> Result<MutationResult> {
        delete(state(context)?, caller(context)?, &input.webhook_id).await.map_err(|problem| of(&problem))
    }

    /// Switches a webhook off: the caller's, or any of a company that they administer.
    async fn disable_webhook(
        &self,
        context: &Context<'_>,
        input: DisableWebhookInput,
    ) -> Result<MutationResult> {
        disable(state(context)?, caller(context)?, &input.webhook_id).await.map_err(|problem| of(&problem))
    }
}

const DONE: MutationResult = MutationResult { success: true, operation_id: None };

async fn create(
    state: &State,
    caller: &Caller,
    company: &CompanyHeader,
    input: CreateWebhookInput,
) -> Result<(std::sync::Arc<bluehook_core::webhook::Webhook>, Option<Secret>), Problem> {
    let owner = owner(caller, company)?;
    let new = NewWebhook {
        company_id: owner.company_id.clone(),
        created_by_id: owner.user_id.clone(),
        name: input.name.filter(|name| !name.is_empty()),
        url: input.url,
        secret: SecretChoice::Generated,
        events: event_types(input.events.unwrap_or_default()),
        project_ids: input.project_ids.unwrap_or_default(),
        ..NewWebhook::default()
    };
    state.access(caller).create(&new)?;
    Ok(state.dispatcher.create_webhook(new).await?)
}

/// The person who calls, in the company that their request names.
fn owner<'a>(caller: &'a Caller, company: &CompanyHeader) -> Result<&'a Owner, Problem> {
    match caller {
        Caller::Service => Err(Problem::forbidden()),
        Caller::User(owner) if company.is(&owner.company_id) => Ok(owner),
        Caller::User(_) => Err(Problem::not_found("Company")),
    }
}

async fn update(state: &State, caller: &Caller, input: UpdateWebhookInput) -> Result<Webhook, Problem> {
    let access = state.access(caller);
    let webhook = access.change_in_blue(&input.webhook_id)?;
    let change = WebhookChange {
        enabled: input.enabled,
        name: input.name.map(Some),
        url: input.url,
        events: input.events.map(|events| event_types(events.into_iter().flatten())),
        project_ids: input.project_ids.map(|ids| ids.into_iter().flatten().collect()),
        ..WebhookChange::default()
    };
    access.apply(&change)?;
    may_probe(state, caller, &webhook, &change).await?;
    let id = &input.webhook_id;
    let updated = state.dispatcher.update_webhook_if(id, &access.actor(), change, |_: &str| true).await?;
    Ok(Webhook::new(&updated.webhook, None))
}

async fn delete(state: &State, caller: &Caller, id: &str) -> Result<MutationResult, Problem> {
    state.access(caller).change_in_blue(id)?;
    state.dispatcher.delete_webhook(id).await?;
    Ok(DONE)
}

async fn disable(state: &State, caller: &Caller, id: &str) -> Result<MutationResult, Problem> {
    let access = state.access(caller);
    access.disable_in_blue(id)?;
    let change = WebhookChange { enabled: Some(false), ..WebhookChange::default() };
    state.dispatcher.update_webhook_if(id, &access.actor(), change, |_: &str| true).await?;
    Ok(DONE)
}

fn event_types(events: impl IntoIterator<Item = WebhookEvent>) -> Vec<EventType> {
    events.into_iter().filter_map(WebhookEvent::event_type).collect()
}

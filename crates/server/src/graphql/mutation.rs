//! What can be changed.

use async_graphql::{Context, Object, Result};
use bluehook_core::{
    event::EventType,
    input::{self, Expected, Fault},
    json::Kind,
    signature::Secret,
};
use bluehook_dispatcher::{Dispatcher, NewWebhook, SecretChoice, WebhookChange};

use super::{
    error::of,
    schema::{caller, company, dispatcher, state},
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
        let created = create(asked(context)?, company(context)?, input).await;
        let (webhook, secret) = created.map_err(|problem| of(&problem))?;
        Ok(Webhook::new(&webhook, secret.as_ref().map(Secret::expose)))
    }

    /// Changes a webhook of the caller's. Switching it on sends a probe first.
    async fn update_webhook(&self, context: &Context<'_>, input: UpdateWebhookInput) -> Result<Webhook> {
        update(asked(context)?, input).await.map_err(|problem| of(&problem))
    }

    /// Deletes a webhook of the caller's.
    async fn delete_webhook(
        &self,
        context: &Context<'_>,
        input: DeleteWebhookInput,
    ) -> Result<MutationResult> {
        delete(asked(context)?, &input.webhook_id).await.map_err(|problem| of(&problem))
    }

    /// Switches a webhook off: the caller's, or any of a company that they administer.
    async fn disable_webhook(
        &self,
        context: &Context<'_>,
        input: DisableWebhookInput,
    ) -> Result<MutationResult> {
        disable(asked(context)?, &input.webhook_id).await.map_err(|problem| of(&problem))
    }
}

const DONE: MutationResult = MutationResult { success: true, operation_id: None };

/// Who asks, of what, and the dispatcher that changes it for them.
struct Asked<'a> {
    state: &'a State,
    caller: &'a Caller,
    dispatcher: Dispatcher,
}

fn asked<'a>(context: &Context<'a>) -> Result<Asked<'a>> {
    Ok(Asked { state: state(context)?, caller: caller(context)?, dispatcher: dispatcher(context)? })
}

async fn create(
    Asked { state, caller, dispatcher }: Asked<'_>,
    company: &CompanyHeader,
    input: CreateWebhookInput,
) -> Result<(std::sync::Arc<bluehook_core::webhook::Webhook>, Option<Secret>), Problem> {
    let owner = owner(state, caller, company)?;
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
    Ok(dispatcher.create_webhook(new).await?)
}

/// The person who calls, in the company that their request names.
fn owner<'a>(state: &State, caller: &'a Caller, named: &CompanyHeader) -> Result<&'a Owner, Problem> {
    let Caller::User(owner) = caller else { return Err(Problem::forbidden()) };
    let company = state.dispatcher.company(&owner.company_id);
    let is_named = company.is_some_and(|company| named.is(&company));
    if is_named { Ok(owner) } else { Err(Problem::not_found("Company")) }
}

async fn update(
    Asked { state, caller, dispatcher }: Asked<'_>,
    input: UpdateWebhookInput,
) -> Result<Webhook, Problem> {
    let access = state.access(caller);
    let webhook = access.change_in_blue(&input.webhook_id)?;
    refuse_nulls(&input)?;
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
    let updated = dispatcher.update_webhook_if(id, &access.actor(), change, |_: &str| true).await?;
    Ok(Webhook::new(&updated.webhook, None))
}

/// Blue's lists may hold nulls, which name nothing: a list of nothing but these would mean all.
fn refuse_nulls(input: &UpdateWebhookInput) -> Result<(), Problem> {
    let events = input.events.iter().flatten().map(Option::is_none);
    let projects = input.project_ids.iter().flatten().map(Option::is_none);
    let lists: [(&str, Vec<bool>); 2] = [("events", events.collect()), ("projectIds", projects.collect())];
    let places = lists.iter().flat_map(|(name, nulls)| {
        let nulls = nulls.iter().enumerate().filter(|(_, is_null)| **is_null);
        nulls.map(move |(i, _)| format!("/{name}/{i}"))
    });
    let null = |place| input::Problem::new(place, Fault::WrongType(Expected::String, Kind::Null));
    let problems: Vec<_> = places.map(null).collect();
    if problems.is_empty() { Ok(()) } else { Err(Problem::invalid(problems)) }
}

async fn delete(Asked { state, caller, dispatcher }: Asked<'_>, id: &str) -> Result<MutationResult, Problem> {
    state.access(caller).change_in_blue(id)?;
    dispatcher.delete_webhook(id).await?;
    Ok(DONE)
}

async fn disable(
    Asked { state, caller, dispatcher }: Asked<'_>,
    id: &str,
) -> Result<MutationResult, Problem> {
    let access = state.access(caller);
    access.disable_in_blue(id)?;
    let change = WebhookChange { enabled: Some(false), ..WebhookChange::default() };
    dispatcher.update_webhook_if(id, &access.actor(), change, |_: &str| true).await?;
    Ok(DONE)
}

fn event_types(events: impl IntoIterator<Item = WebhookEvent>) -> Vec<EventType> {
    events.into_iter().filter_map(WebhookEvent::event_type).collect()
}

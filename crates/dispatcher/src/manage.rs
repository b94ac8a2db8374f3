//! Changing and deleting webhooks, and keeping the directory: what is accepted here is enforced elsewhere.

use std::{collections::HashSet, sync::Arc, time::Duration};

use bluehook_core::{
    event::{EventType, HEALTH_CHECK, MAX_ID},
    input::{Fault, Found, Problem, Unit, text_problem},
    payload,
    signature::Secret,
    target,
    webhook::{MAX_HEADERS, PayloadFormat, Status, Webhook},
};

use crate::{
    Dispatcher, Error, Result,
    creation::unchecked,
    deliver::Ask,
    directory::{Changed, DirectoryChange},
    headers::header_problem,
    id,
    log::Outcome,
    registry::Entry,
    store::{Context, Staged, directory, webhooks},
    webhooks::{NewWebhook, SecretChoice, WebhookChange},
};

/// The longest name of a webhook, in characters.
const MAX_NAME: usize = 200;
/// The longest description, in characters.
const MAX_DESCRIPTION: usize = 2_000;
/// The most projects a webhook can choose.
const MAX_PROJECTS: usize = 500;
/// The longest time that two secrets of a webhook are used side by side.
const MAX_OVERLAP: Duration = Duration::from_hours(30 * 24);
/// The highest rate limit, in requests per second.
const MAX_RATE: u32 = 10_000;

impl Dispatcher {
    /// Changes a webhook. Switching it on sends a probe first, to the new URL if that changes too; when the probe fails
    /// everything else is still changed, but the webhook is off.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Invalid`] with every problem, [`Error::PrivateAddress`].
    pub async fn update_webhook(&self, id: &str, change: WebhookChange) -> Result<Arc<Webhook>> {
        self.update_webhook_if(id, change, |_| true).await
    }

    /// The same, if the webhook is as expected when the change is made: looked at before the probe, and again within the
    /// change's own transaction, so that of two changes that expect the same only one is made.
    ///
    /// # Errors
    /// [`Error::Changed`] when it is not; otherwise as [`Dispatcher::update_webhook`].
    pub async fn update_webhook_if(
        &self,
        id: &str,
        change: WebhookChange,
        expected: impl Fn(&Webhook) -> bool + Send + 'static,
    ) -> Result<Arc<Webhook>> {
        let entry = self.entry(id)?;
        let mut trial = merged(&entry, &change);
        self.check(&trial)?;
        check_expected(&entry, &expected)?;
        let url = match &change.url {
            Some(url) => Some(self.guard.vet("/url", url).await?.url),
            None => None,
        };
        if let Some(url) = &url {
            trial.url.clone_from(url);
        }
        let enabled = match change.enabled {
            Some(true) => Some(self.is_well(&entry, trial).await?),
            other => other,
        };
        let change = WebhookChange { enabled, url, ..change };
        self.change_webhook(id, change, expected).await
    }

    /// Makes a checked change, on top of whatever the webhook is by then, if that is as expected.
    async fn change_webhook(
        &self,
        id: &str,
        change: WebhookChange,
        expected: impl Fn(&Webhook) -> bool + Send + 'static,
    ) -> Result<Arc<Webhook>> {
        let id = id.to_owned();
        let now = self.clock.now();
        let apply = move |tx: &rusqlite::Transaction<'_>, context: &mut Context| {
            let entry = context.find(&id).ok_or(WEBHOOK_NOT_FOUND)?;
            check_expected(&entry, &expected)?;
            let mut webhook = merged(&entry, &change);
            if let Some(enabled) = change.enabled {
                webhook.enabled = enabled;
                webhook.status = if enabled { Status::Healthy } else { Status::Unhealthy };
            }
            webhook.updated_at = now.max(webhook.updated_at);
            let revision = webhooks::update(tx, &context.config.encryption_key, entry.key, &webhook)?;
            let changed = entry.changed(webhook, revision);
            let webhook = changed.webhook.clone();
            context.stage(Staged::Put(changed));
            Ok(webhook)
        };
        self.store.change(apply).await
    }

    /// Gives a webhook a new secret: the given one, or a random one. For `overlap` deliveries carry the signatures of both;
    /// then the new one takes over. With no overlap it does at once.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Invalid`] for a secret or an overlap beyond the limits.
    pub async fn rotate_secret(&self, id: &str, overlap: Duration, given: Option<String>) -> Result<Secret> {
        if overlap > MAX_OVERLAP {
            let days = MAX_OVERLAP.as_secs() / 86_400;
            return Err(Error::invalid("/overlapSeconds", Fault::Overlap(days)));
        }
        let choice = given.map_or(SecretChoice::Generated, SecretChoice::Given);
        let new = secret(&choice)?.ok_or(WEBHOOK_NOT_FOUND)?;
        let for_store =
            Secret::new(new.expose().to_owned()).map_err(|error| Error::invalid("/secret", error.into()))?;
        let (id, now) = (id.to_owned(), self.clock.now());
        let takes_over_at = now.saturating_add(i64::try_from(overlap.as_millis()).unwrap_or(i64::MAX));
        let rotate = move |tx: &rusqlite::Transaction<'_>, context: &mut Context| {
            let entry = context.find(&id).ok_or(WEBHOOK_NOT_FOUND)?;
            let rotation = webhooks::Rotation { secret: &for_store, now, takes_over_at };
            let keys =
                webhooks::rotate(tx, &context.config.encryption_key, entry.key, &entry.webhook, &rotation)?;
            context.stage(Staged::Put(entry.signing_with(keys)));
            Ok(())
        };
        self.store.change(rotate).await?;
        Ok(new)
    }

    /// Deletes a webhook. What waits for it is cancelled; its log stays until its time is over.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn delete_webhook(&self, id: &str) -> Result<()> {
        self.delete_webhook_if(id, |_| true).await
    }

    /// The same, if the webhook is as expected by then.
    ///
    /// # Errors
    /// [`Error::Changed`] when it is not; [`Error::NotFound`].
    pub async fn delete_webhook_if(
        &self,
        id: &str,
        expected: impl Fn(&Webhook) -> bool + Send + 'static,
    ) -> Result<()> {
        let (id, now) = (id.to_owned(), self.clock.now());
        let delete = move |tx: &rusqlite::Transaction<'_>, context: &mut Context| {
            let entry = context.find(&id).ok_or(WEBHOOK_NOT_FOUND)?;
            check_expected(&entry, &expected)?;
            webhooks::delete(tx, entry.key, now)?;
            context.stage(Staged::Remove(entry.key));
            Ok(())
        };
        self.store.change(delete).await?;
        self.workers.wake.notify_one();
        Ok(())
    }

    /// Tells the directory one thing.
    ///
    /// # Errors
    /// [`Error::NotFound`] when what is to be deleted, or what a membership or project needs, is not known;
    /// [`Error::Invalid`] when an id is empty or too long.
    pub async fn change_directory(&self, change: DirectoryChange) -> Result<Changed> {
        check_ids(&change)?;
        let apply = move |tx: &rusqlite::Transaction<'_>, context: &mut Context| {
            let known = context.knows(&change)?;
            let gone = context.webhooks_that_go_with(&change);
            directory::apply(tx, &change)?;
            for entry in gone {
                webhooks::delete(tx, entry.key, context.clock.now())?;
                context.stage(Staged::Remove(entry.key));
            }
            context.stage(Staged::Directory(change.clone()));
            Ok(known)
        };
        self.store.change(apply).await
    }

    /// Sends the probe and tells whether it was answered with 2xx.
    async fn is_well(&self, entry: &Entry, webhook: Webhook) -> Result<bool> {
        let body = payload::health_check(&webhook.to_body_object());
        let id = format!("prb_{}", id::webhook(self.clock.now()));
        let entry = entry.changed(webhook, entry.revision.clone());
        let asked = self.ask(entry, Ask { id, event: HEALTH_CHECK, body }).await?;
        Ok(matches!(asked.attempt.outcome, Outcome::Response(response) if response.is_success()))
    }

    /// Everything that [`Dispatcher::create_webhook`] would call invalid, and without trying: for those who have more to
    /// say of the same request. The secret is not looked at.
    pub fn problems_of_new(&self, new: &NewWebhook) -> Vec<Problem> {
        self.problems_of(&unchecked(new.clone(), self.clock.now()))
    }

    /// The same of [`Dispatcher::update_webhook`].
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn problems_of_change(&self, id: &str, change: &WebhookChange) -> Result<Vec<Problem>> {
        Ok(self.problems_of(&merged(&*self.entry(id)?, change)))
    }

    pub(crate) fn check(&self, webhook: &Webhook) -> Result<()> {
        let problems = self.problems_of(webhook);
        if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
    }

    fn problems_of(&self, webhook: &Webhook) -> Vec<Problem> {
        let mut problems = problems_alone(webhook);
        self.check_places(webhook, &mut problems);
        problems
    }

    /// Company, creator and projects have to be known, and belong together.
    fn check_places(&self, webhook: &Webhook, problems: &mut Vec<Problem>) {
        let Ok(registry) = self.registry.read() else { return };
        let directory = &registry.directory;
        if !directory.users.contains_key(&webhook.created_by_id) {
            problems.push(Problem::new("/createdById", Fault::NoSuchUser));
        }
        if !directory.companies.contains_key(&webhook.company_id) {
            problems.push(Problem::new("/companyId", Fault::NoSuchCompany));
            return;
        }
        for (i, project) in webhook.project_ids.iter().enumerate() {
            let known = directory
                .projects
                .get(project)
                .is_some_and(|project| project.company_id == webhook.company_id);
            if !known {
                problems.push(Problem::new(format!("/projectIds/{i}"), Fault::NoSuchProject));
            }
        }
    }
}

/// The words of Blue's API for a webhook that does not exist.
pub(crate) const WEBHOOK_NOT_FOUND: Error = Error::NotFound("Webhook");

fn check_expected(entry: &Entry, expected: &impl Fn(&Webhook) -> bool) -> Result<()> {
    if expected(&entry.webhook) { Ok(()) } else { Err(Error::Changed) }
}

/// What is wrong with a webhook whatever the directory says.
fn problems_alone(webhook: &Webhook) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut check = |pointer: &str, fault: Option<Fault>| {
        problems.extend(fault.map(|fault| Problem::new(pointer, fault)));
    };
    check("/url", target::parse(&webhook.url).err());
    check("/name", webhook.name.as_deref().and_then(|name| text_problem(name, MAX_NAME)));
    check("/description", webhook.description.as_deref().and_then(description_problem));
    check("/projectIds", too_many(webhook.project_ids.len(), MAX_PROJECTS));
    check("/headers", too_many(webhook.headers.len(), MAX_HEADERS));
    for (i, id) in webhook.project_ids.iter().enumerate() {
        check(&format!("/projectIds/{i}"), text_problem(id, MAX_ID));
    }
    let mut names = HashSet::new();
    for (name, value) in &webhook.headers {
        let repeated = (!names.insert(name)).then_some(Fault::Repeated);
        check(&format!("/headers/{name}"), repeated.or_else(|| header_problem(name, value)));
    }
    let rate = webhook.rate_limit_per_second.filter(|rate| !(1..=MAX_RATE).contains(rate));
    check("/rateLimitPerSecond", rate.map(rate_problem));
    problems
}

fn description_problem(text: &str) -> Option<Fault> {
    let length = text.chars().count();
    (length > MAX_DESCRIPTION).then_some(Fault::AtMost(Unit::Characters, MAX_DESCRIPTION, Some(length)))
}

fn too_many(count: usize, max: usize) -> Option<Fault> {
    (count > max).then_some(Fault::AtMost(Unit::Entries, max, Some(count)))
}

fn rate_problem(rate: u32) -> Fault {
    Fault::NotWhole { min: 1, max: MAX_RATE.into(), found: Found::Text(rate.to_string()) }
}

pub(crate) fn secret(choice: &SecretChoice) -> Result<Option<Secret>> {
    match choice {
        SecretChoice::Generated => Ok(Some(Secret::from_random(id::random()))),
        SecretChoice::Declined => Ok(None),
        SecretChoice::Given(text) => {
            let secret =
                Secret::new(text.clone()).map_err(|error| Error::invalid("/secret", error.into()))?;
            Ok(Some(secret))
        }
    }
}

/// A webhook with a change's values; `enabled` is decided elsewhere.
fn merged(entry: &Entry, change: &WebhookChange) -> Webhook {
    let mut webhook = (*entry.webhook).clone();
    merge(&mut webhook, change);
    webhook
}

fn merge(webhook: &mut Webhook, change: &WebhookChange) {
    fn put<T: Clone>(into: &mut T, value: Option<&T>) {
        if let Some(value) = value {
            into.clone_from(value);
        }
    }
    put(&mut webhook.name, change.name.as_ref());
    put(&mut webhook.url, change.url.as_ref());
    put(&mut webhook.events, change.events.clone().map(distinct::<EventType>).as_ref());
    put(&mut webhook.project_ids, change.project_ids.clone().map(distinct::<String>).as_ref());
    put::<PayloadFormat>(&mut webhook.payload_format, change.payload_format.as_ref());
    put(&mut webhook.filter, change.filter.as_ref());
    put(&mut webhook.description, change.description.as_ref());
    put(&mut webhook.headers, change.headers.clone().map(lower_case).as_ref());
    put(&mut webhook.rate_limit_per_second, change.rate_limit_per_second.as_ref());
}

/// Each member once, in the order given.
pub(crate) fn distinct<T: Clone + Eq + std::hash::Hash>(members: Vec<T>) -> Vec<T> {
    let mut seen = HashSet::new();
    members.into_iter().filter(|member| seen.insert(member.clone())).collect()
}

pub(crate) fn lower_case(headers: Vec<(String, String)>) -> Vec<(String, String)> {
    headers.into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value)).collect()
}

/// The company's cap on enabled webhooks, checked at creation only (Blue).
pub(crate) fn check_limit(context: &Context, company_id: &str) -> Result<()> {
    let limit = context.config.webhook_limit_per_company;
    let used = context.enabled_in(company_id);
    if used >= usize::try_from(limit).unwrap_or(usize::MAX) {
        Err(Error::LimitReached { limit, used })
    } else {
        Ok(())
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
    /// The webhook with this id, as it stands after what was written so far.
    pub(crate) fn find(&self, id: &str) -> Option<Arc<Entry>> {
        let key = self.registry.read().ok()?.find(id)?.key;
        self.entry(key)
    }

    /// Whether a change makes something or replaces it; an error when what it needs is not known.
    fn knows(&self, change: &DirectoryChange) -> Result<Changed> {
        let registry = self.registry.read().map_err(|_| Error::ShuttingDown)?;
        let known = registry.directory.knows(change);
        match change {
            DirectoryChange::PutProject(project)
                if !registry.directory.companies.contains_key(&project.company_id) =>
            {
                Err(Error::NotFound("Company"))
            }
            DirectoryChange::PutMember { project_id, .. }
                if !registry.directory.projects.contains_key(project_id) =>
            {
                Err(Error::NotFound("Project"))
            }
            DirectoryChange::PutMember { user_id, .. } if !registry.directory.users.contains_key(user_id) => {
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

    /// The webhooks that end with a company or a person.
    fn webhooks_that_go_with(&self, change: &DirectoryChange) -> Vec<Arc<Entry>> {
        let Ok(registry) = self.registry.read() else { return Vec::new() };
        let goes = |entry: &&Arc<Entry>| match change {
            DirectoryChange::DeleteCompany(id) => entry.webhook.company_id == *id,
            DirectoryChange::DeleteUser(id) => entry.webhook.created_by_id == *id,
            _ => false,
        };
        registry.entries().filter(goes).cloned().collect()
    }
}

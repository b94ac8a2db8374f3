//! Changing and deleting webhooks, and keeping the directory: what is accepted here is enforced elsewhere.

use std::{collections::HashSet, sync::Arc};

use bluehook_core::{
    delivery,
    event::{EventType, MAX_ID},
    input::{Fault, Found, Problem, Unit, push_pointer, text_problem},
    signature::Secret,
    time::Millis,
    webhook::{MAX_HEADERS, PayloadFormat, Webhook},
};

use crate::{
    Counted, Dispatcher, Error, Result,
    creation::unchecked,
    directory::{Changed, DirectoryChange},
    headers::header_problem,
    id,
    net::Guard,
    registry::{Entry, WebhookKey},
    secrets::Expected,
    standing::{Actor, Probe},
    store::{Context, Staged, deliveries, directory, webhooks},
    sums::Move,
    switching::{self, Switch},
    webhooks::{NewWebhook, SecretChoice, Updated, WebhookChange},
};

/// The longest name of a webhook, in characters.
const MAX_NAME: usize = 200;
/// The longest description, in characters.
const MAX_DESCRIPTION: usize = 2_000;
/// The most projects a webhook can choose.
pub const MAX_PROJECTS: usize = 500;
/// The highest rate limit, in requests per second.
const MAX_RATE: u32 = 10_000;

impl Dispatcher {
    /// Changes a webhook, as the backend. Switching it on sends a probe first, to the new URL if that changes too; when the
    /// probe fails everything else is still changed, but the webhook is off.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Invalid`] with every problem, [`Error::PrivateAddress`]; [`Error::Busy`] when it may not
    /// be probed now.
    pub async fn update_webhook(&self, id: &str, change: WebhookChange) -> Result<Arc<Webhook>> {
        Ok(self.update_webhook_if(id, &Actor::Service, change, |_: &str| true).await?.webhook)
    }

    /// The same by somebody, if the webhook is as expected when the change is made: looked at before the probe, and again
    /// within the change's own transaction, so that of two changes that expect the same only one is made.
    ///
    /// # Errors
    /// [`Error::Changed`] when it is not; otherwise as [`Dispatcher::update_webhook`].
    pub async fn update_webhook_if(
        &self,
        id: &str,
        actor: &Actor,
        change: WebhookChange,
        expected: impl Expected,
    ) -> Result<Updated> {
        let entry = self.entry(id)?;
        let mut trial = merged(&entry, &change);
        let problems = self.problems_of_change(id, &change)?;
        if !problems.is_empty() {
            return Err(Error::Invalid(problems));
        }
        check_expected(&entry, &expected)?;
        // One that may not be probed now is not changed.
        let _under_way = match change.enabled {
            Some(true) => Some(self.tests.begin(&entry)?),
            _ => None,
        };
        let url = match &change.url {
            Some(url) => Some(self.guard.vet("/url", url).await?.url),
            None => None,
        };
        if let Some(url) = &url {
            trial.url.clone_from(url);
        }
        let probe = match change.enabled {
            Some(true) => Some(self.probe(&entry, trial).await?),
            _ => None,
        };
        let on = change.enabled.map(|wanted| probe.as_ref().map_or(wanted, Probe::is_success));
        let switch = on.map(|on| Switch { on, actor: actor.clone(), probe: probe.clone() });
        let change = WebhookChange { url, ..change };
        let webhook = self.change_webhook(id, change, switch, expected).await?;
        Ok(Updated { webhook, probe })
    }

    /// Makes a checked change, on top of whatever the webhook is by then, if that is as expected.
    async fn change_webhook(
        &self,
        id: &str,
        change: WebhookChange,
        switch: Option<Switch>,
        expected: impl Expected,
    ) -> Result<Arc<Webhook>> {
        let id = id.to_owned();
        let now = self.clock.now();
        let apply = move |tx: &rusqlite::Transaction<'_>, context: &mut Context| {
            let entry = context.find(&id).ok_or(WEBHOOK_NOT_FOUND)?;
            check_expected(&entry, &expected)?;
            let mut webhook = merged(&entry, &change);
            if let Some(switch) = &switch {
                switch.set(&mut webhook);
            }
            webhook.updated_at = now.max(webhook.updated_at);
            let off = switching::follow(tx, context, &entry, (&webhook, switch.as_ref()), now)?;
            let revision = webhooks::update(tx, &context.config.encryption_key, entry.key, &webhook)?;
            let changed = entry.changed(webhook, revision, off);
            let webhook = changed.webhook.clone();
            context.stage(Staged::Put(changed));
            Ok(webhook)
        };
        self.store.change(apply).await
    }

    /// Deletes a webhook. What waits for it is cancelled; its log stays until its time is over.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn delete_webhook(&self, id: &str) -> Result<()> {
        self.delete_webhook_if(id, |_: &str| true).await
    }

    /// The same, if the webhook is as expected by then.
    ///
    /// # Errors
    /// [`Error::Changed`] when it is not; [`Error::NotFound`].
    pub async fn delete_webhook_if(&self, id: &str, expected: impl Expected) -> Result<()> {
        let (id, now) = (id.to_owned(), self.clock.now());
        let delete = move |tx: &rusqlite::Transaction<'_>, context: &mut Context| {
            let entry = context.find(&id).ok_or(WEBHOOK_NOT_FOUND)?;
            check_expected(&entry, &expected)?;
            delete(tx, context, entry.key, now)?;
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
                let now = context.clock.now();
                delete(tx, context, entry.key, now)?;
                context.stage(Staged::Remove(entry.key));
            }
            context.stage(Staged::Directory(change.clone()));
            Ok(known)
        };
        self.store.change(apply).await
    }

    /// Everything that [`Dispatcher::create_webhook`] would call invalid, and without trying: for those who have more to
    /// say of the same request. The secret is not looked at.
    pub fn problems_of_new(&self, new: &NewWebhook) -> Vec<Problem> {
        self.problems_of(&unchecked(new.clone(), self.clock.now()))
    }

    /// The same of [`Dispatcher::update_webhook`], of what is changed: a webhook can be switched off, or given another name,
    /// though a project that it chose is gone.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn problems_of_change(&self, id: &str, change: &WebhookChange) -> Result<Vec<Problem>> {
        let entry = self.entry(id)?;
        let mut problems = self.problems_of(&merged(&entry, change));
        let changed = change.fields();
        problems.retain(|problem| changed.iter().any(|field| is_of(&problem.pointer, field)));
        let unknown = change
            .headers
            .iter()
            .flatten()
            .filter(|(name, value)| value.is_none() && entry.webhook.header(name).is_none());
        problems.extend(unknown.map(|(name, _)| Problem::new(header_pointer(name), Fault::Required)));
        Ok(problems)
    }

    pub(crate) fn check(&self, webhook: &Webhook) -> Result<()> {
        let problems = self.problems_of(webhook);
        if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
    }

    fn problems_of(&self, webhook: &Webhook) -> Vec<Problem> {
        let mut problems = problems_alone(webhook, &self.guard);
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
        for (i, project) in looked_at(&webhook.project_ids).iter().enumerate() {
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

pub(crate) fn check_expected(entry: &Entry, expected: &impl Expected) -> Result<()> {
    if expected(&entry.version()) { Ok(()) } else { Err(Error::Changed) }
}

/// Marks a webhook as deleted; what is held for it is cancelled.
fn delete(tx: &rusqlite::Transaction<'_>, context: &mut Context, key: WebhookKey, now: Millis) -> Result<()> {
    for (slot, count) in deliveries::held_by_slot(tx, key, &context.uncounted())? {
        let cancelled = Move::moved(key, 0, delivery::Status::Held, delivery::Status::Cancelled);
        context.moves_summed(Move { slot, count, ..cancelled });
    }
    webhooks::delete(tx, key, now)
}

/// What is wrong with a webhook whatever the directory says.
fn problems_alone(webhook: &Webhook, guard: &Guard) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut check = |pointer: &str, fault: Option<Fault>| {
        problems.extend(fault.map(|fault| Problem::new(pointer, fault)));
    };
    check("/url", guard.read(&webhook.url).err());
    check("/name", webhook.name.as_deref().and_then(|name| text_problem(name, MAX_NAME)));
    check("/description", webhook.description.as_deref().and_then(description_problem));
    check("/projectIds", too_many(webhook.project_ids.len(), MAX_PROJECTS));
    check("/headers", too_many(webhook.headers.len(), MAX_HEADERS));
    for (i, id) in looked_at(&webhook.project_ids).iter().enumerate() {
        check(&format!("/projectIds/{i}"), text_problem(id, MAX_ID));
    }
    let mut names = HashSet::new();
    for (name, value) in &webhook.headers {
        let repeated = (!names.insert(name.to_ascii_lowercase())).then_some(Fault::Repeated);
        check(&header_pointer(name), repeated.or_else(|| header_problem(name, value)));
    }
    let rate = webhook.rate_limit_per_second.filter(|rate| !(1..=MAX_RATE).contains(rate));
    check("/rateLimitPerSecond", rate.map(rate_problem));
    problems
}

/// The projects that are looked at one by one: all of them, unless there are too many, which is told instead.
fn looked_at(projects: &[String]) -> &[String] {
    if projects.len() > MAX_PROJECTS { &[] } else { projects }
}

/// Whether a place is a field, or within it.
fn is_of(pointer: &str, field: &str) -> bool {
    pointer.split('/').nth(1) == Some(field)
}

/// The place of a header, named as it was entered.
fn header_pointer(name: &str) -> String {
    let mut pointer = "/headers".to_owned();
    push_pointer(&mut pointer, name);
    pointer
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
                Secret::newly_given(text.clone()).map_err(|error| Error::invalid("/secret", error.into()))?;
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
    put(&mut webhook.created_by_id, change.created_by_id.as_ref());
    put(&mut webhook.name, change.name.as_ref());
    put(&mut webhook.url, change.url.as_ref());
    put(&mut webhook.events, change.events.clone().map(distinct::<EventType>).as_ref());
    put(&mut webhook.project_ids, change.project_ids.clone().map(distinct::<String>).as_ref());
    put::<PayloadFormat>(&mut webhook.payload_format, change.payload_format.as_ref());
    put(&mut webhook.filter, change.filter.as_ref());
    put(&mut webhook.description, change.description.as_ref());
    let headers = change.headers.as_ref().map(|given| kept(&webhook.headers, given));
    put(&mut webhook.headers, headers.as_ref());
    put(&mut webhook.rate_limit_per_second, change.rate_limit_per_second.as_ref());
}

/// Each member once, in the order given.
pub(crate) fn distinct<T: Clone + Eq + std::hash::Hash>(members: Vec<T>) -> Vec<T> {
    let mut seen = HashSet::new();
    members.into_iter().filter(|member| seen.insert(member.clone())).collect()
}

/// The headers that were given; one without a value keeps that which it has.
fn kept(before: &[(String, String)], given: &[(String, Option<String>)]) -> Vec<(String, String)> {
    let value = |name: &str| {
        before.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.clone())
    };
    let with_values =
        given.iter().filter_map(|(name, given)| Some((name.clone(), given.clone().or_else(|| value(name))?)));
    with_values.collect()
}

/// The company's cap on enabled webhooks, checked at creation only (Blue); and on all of them.
pub(crate) fn check_limit(context: &Context, company_id: &str) -> Result<()> {
    let counts = context.counts_in(company_id)?;
    if counts.on >= counts.on_max {
        Err(Error::LimitReached { limit: counts.on_max, used: counts.on, counts: Counted::On })
    } else if counts.all >= counts.all_max {
        Err(Error::LimitReached { limit: counts.all_max, used: counts.all, counts: Counted::All })
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

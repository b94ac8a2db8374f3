//! What may be wrong with a webhook that is to be made or changed.

use std::collections::HashSet;

use bluehook_core::{
    event::MAX_ID,
    input::{Fault, Found, Problem, Unit, push_pointer, text_problem},
    webhook::{MAX_HEADERS, Webhook},
};

use super::{creation::unchecked, headers::header_problem, manage::merged};
use crate::{
    Dispatcher, Error, Result,
    know::Directory,
    model::webhooks::{NewWebhook, WebhookChange},
    send::net::Guard,
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
        let mut problems = of_change(change, self.problems_of(&merged(&entry, change)));
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
        problems.extend(problems_of_places(webhook, &self.known.now().directory));
        problems
    }
}

/// Refuses a webhook when what it names is gone since the request came in; of one that changes, what the change names.
pub(crate) fn check_places(
    webhook: &Webhook,
    change: Option<&WebhookChange>,
    directory: &Directory,
) -> Result<()> {
    let problems = problems_of_places(webhook, directory);
    let problems = match change {
        Some(change) => of_change(change, problems),
        None => problems,
    };
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
}

/// Those problems that are in what a change changes.
fn of_change(change: &WebhookChange, mut problems: Vec<Problem>) -> Vec<Problem> {
    let changed = change.fields();
    problems.retain(|problem| changed.iter().any(|field| is_of(&problem.pointer, field)));
    problems
}

/// Company, creator and projects have to be known, and belong together.
fn problems_of_places(webhook: &Webhook, directory: &Directory) -> Vec<Problem> {
    let mut problems = Vec::new();
    if !directory.users.contains_key(&webhook.created_by_id) {
        problems.push(Problem::new("/createdById", Fault::NoSuchUser));
    }
    if !directory.companies.contains_key(&webhook.company_id) {
        problems.push(Problem::new("/companyId", Fault::NoSuchCompany));
        return problems;
    }
    for (i, project) in looked_at(&webhook.project_ids).iter().enumerate() {
        if !directory.has_project(&webhook.company_id, project) {
            problems.push(Problem::new(format!("/projectIds/{i}"), Fault::NoSuchProject));
        }
    }
    problems
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

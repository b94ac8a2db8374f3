//! A webhook given to another person: one who administers a project of the company, and is in every project that it chose.

use std::collections::BTreeMap;

use bluehook_core::{input::Fault, signature::Secret, time::Millis, webhook::Webhook};

use super::{
    manage::{WEBHOOK_NOT_FOUND, check_expected},
    secrets::Expected,
};
use crate::{
    Dispatcher, Error, Result, id,
    know::{Directory, Entry, Staged},
    ledger::{Context, Writing},
    model::{
        audit::{Action, FieldChange, Note},
        directory::{Project, User},
        standing::{Actor, OffBy},
    },
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
        let world = self.known.now();
        let directory = &world.directory;
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

    /// Makes that person a webhook's creator. An administrator who is not its creator may give away only one that is off
    /// because its creator left; then nothing secret goes along: it has no headers of its own any more, and another secret,
    /// which nobody was shown.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Invalid`] when that person may not take it over; [`Error::Changed`].
    pub async fn hand_over(
        &self,
        id: &str,
        user_id: &str,
        actor: &Actor,
        expected: impl Expected,
    ) -> Result<()> {
        let (id, user_id, actor, now) = (id.to_owned(), user_id.to_owned(), actor.clone(), self.clock.now());
        let author = self.author.clone();
        let apply = move |writing: &Writing<'_>, context: &mut Context| {
            let entry = context.find(&id).ok_or(WEBHOOK_NOT_FOUND)?;
            check_expected(&entry, &expected)?;
            context.may_take_over(&entry.webhook, &user_id)?;
            let bare = actor.person().is_some_and(|person| person != entry.webhook.created_by_id);
            if bare && entry.off.as_ref().is_none_or(|off| off.by != OffBy::Membership) {
                return Err(Error::Changed);
            }
            let note = Note::of_webhook(Action::WebhookHandedOver, &entry.webhook);
            let from = entry.webhook.created_by_id.clone();
            let given = FieldChange::between("createdById", from.into(), user_id.clone().into());
            context.note(writing, &author, &note.with(given))?;
            give(writing, context, &entry, (&user_id, bare), now)
        };
        self.store.change(apply).await
    }
}

impl Context {
    /// Refuses a person who may not take a webhook over. One of another company is like one that there is not.
    fn may_take_over(&self, webhook: &Webhook, user_id: &str) -> Result<()> {
        let directory = &self.world().directory;
        let mut projects = directory.projects_of(&webhook.company_id, user_id);
        let administers = projects.any(|(_, role)| role.administers());
        match unfit(directory, webhook, user_id, administers) {
            None => Ok(()),
            Some(_) => Err(Error::invalid("/userId", Fault::NotAMember)),
        }
    }
}

fn give(
    writing: &Writing<'_>,
    context: &mut Context,
    entry: &Entry,
    (user_id, bare): (&str, bool),
    now: Millis,
) -> Result<()> {
    let mut webhook = (*entry.webhook).clone();
    user_id.clone_into(&mut webhook.created_by_id);
    webhook.updated_at = now.max(webhook.updated_at);
    if bare {
        webhook.headers.clear();
    }
    let revision = context.keep_webhook(writing, entry.key, &webhook)?;
    let keys = if bare && !entry.keys.secrets(now).is_empty() {
        let secret = Secret::from_random(id::random());
        Some(context.new_secret(writing, entry.key, &webhook, &secret, now)?)
    } else {
        None
    };
    let given = entry.changed(webhook, revision, entry.off.clone());
    context.stage(Staged::Put(match keys {
        Some(keys) => given.signing_with(keys),
        None => given,
    }));
    Ok(())
}

/// The people of a company, and whether each administers a project of it.
fn people<'a>(directory: &'a Directory, company_id: &str) -> BTreeMap<&'a str, bool> {
    let mut people = BTreeMap::new();
    let of_company = |project: &&Project| project.company_id == company_id;
    for project in directory.projects.values().filter(of_company) {
        for (user_id, role) in directory.members(&project.id).into_iter().flatten() {
            *people.entry(user_id.as_str()).or_default() |= role.administers();
        }
    }
    people
}

fn unfit(directory: &Directory, webhook: &Webhook, user_id: &str, administers: bool) -> Option<Unfit> {
    if !administers {
        Some(Unfit::NotAdministrator)
    } else if chosen(directory, webhook).any(|project| directory.role(project, user_id).is_none()) {
        Some(Unfit::NotAMember)
    } else {
        None
    }
}

/// The projects that a webhook chose and that there are.
fn chosen<'a>(directory: &'a Directory, webhook: &'a Webhook) -> impl Iterator<Item = &'a String> {
    webhook.project_ids.iter().filter(|project| directory.has_project(&webhook.company_id, project))
}

//! What webhooks chose, after a project is gone: it leaves their lists, and one that chose nothing else is switched off. An
//! empty list, which means all projects, never comes about so.

use bluehook_core::time::Millis;

use crate::{
    Result,
    know::{Entry, Staged},
    ledger::{Context, Writing, switching},
    model::{
        audit::{self, Action, Author, Note},
        standing::{Off, OffBy},
    },
};

/// A company has a project no more.
pub(crate) fn forget_project(
    writing: &Writing<'_>,
    context: &mut Context,
    company_id: &str,
    project_id: &str,
    now: Millis,
) -> Result<()> {
    for entry in context.webhooks_that_chose(company_id, project_id) {
        let mut webhook = (*entry.webhook).clone();
        webhook.project_ids.retain(|id| id != project_id);
        if webhook.project_ids.is_empty() {
            // The last one stays in the list: without it the webhook would have chosen all.
            switch_off(writing, context, &entry, now)?;
            continue;
        }
        webhook.updated_at = now.max(webhook.updated_at);
        let note = Note::of_webhook(Action::WebhookChanged, &webhook);
        let changes = audit::between(&entry.webhook, &webhook);
        context.note(writing, &Author::server(), &note.with(changes))?;
        let revision = context.keep_webhook(writing, entry.key, &webhook)?;
        context.stage(Staged::Put(entry.changed(webhook, revision, entry.off.clone())));
    }
    Ok(())
}

fn switch_off(writing: &Writing<'_>, context: &mut Context, entry: &Entry, now: Millis) -> Result<()> {
    if !entry.webhook.enabled {
        return Ok(());
    }
    let off = Off { by: OffBy::ProjectDeleted, at: now, person: None, cause: None, probe: None };
    let health = context.health(entry);
    switching::switch_off(writing, context, entry, (health, off), None)
}

impl Context {
    /// The webhooks of a company that chose a project, after what was written so far.
    fn webhooks_that_chose(&self, company_id: &str, project_id: &str) -> Vec<std::sync::Arc<Entry>> {
        let entries = self.world().of_company(company_id);
        entries.filter(|entry| entry.webhook.project_ids.iter().any(|id| id == project_id)).cloned().collect()
    }
}

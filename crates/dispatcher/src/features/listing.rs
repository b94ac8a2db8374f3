//! Webhooks listed: newest first, by whose they are, by words, by health. A cursor belongs to the query that it was given
//! for.

use std::sync::Arc;

use bluehook_core::{input::Fault, webhook::Webhook};
use url::Url;

use super::fares::{self, Fares};
use crate::{
    Dispatcher, Error, Result,
    id::{Ids, Mark},
    know::Entry,
    model::{
        WebhookKey,
        log::{Page, PageQuery},
        webhooks::WebhookQuery,
    },
    store::Snapshot,
};

/// The most webhooks of a page.
const MAX_PAGE: usize = 200;

impl Dispatcher {
    /// A page of webhooks, newest first. Health is not looked at.
    ///
    /// # Errors
    /// [`Error::Invalid`] when the cursor is none that a page of this list gave.
    pub fn webhooks(&self, query: &WebhookQuery, page: &PageQuery) -> Result<Page<Arc<Webhook>>> {
        let page = cut(&self.ids, self.entries(query, page.cursor.as_deref())?, page.limit, query);
        let items = page.items.iter().map(|entry| entry.webhook.clone()).collect();
        Ok(Page { items, next_cursor: page.next_cursor })
    }

    /// A page of webhooks as they stand, newest first; with `activity` how they fared in the last 24 hours, too.
    ///
    /// # Errors
    /// [`Error::Invalid`] when the cursor is none that a page of this list gave, [`Error::Store`].
    pub async fn list_webhooks(
        &self,
        query: WebhookQuery,
        page: PageQuery,
        activity: bool,
    ) -> Result<Page<Fares>> {
        let found = self.entries(&query, page.cursor.as_deref())?;
        let (now, ids) = (self.clock.now(), self.ids.clone());
        let read = move |snapshot: &dyn Snapshot| {
            let found = if query.health.is_empty() {
                found
            } else {
                fares::in_health(snapshot, found, &query.health, now)?
            };
            let page = cut(&ids, found, page.limit, &query);
            let items = fares::all(snapshot, &page.items, now, activity)?;
            Ok(Page { items, next_cursor: page.next_cursor })
        };
        self.store.read(read).await
    }

    /// Every webhook that fits after a cursor, newest first.
    fn entries(&self, query: &WebhookQuery, cursor: Option<&str>) -> Result<Vec<Arc<Entry>>> {
        let before = cursor.map(|cursor| before(&self.ids, cursor, query)).transpose()?;
        let world = self.known.now();
        let fits = |entry: &&Arc<Entry>| {
            query.matches(&entry.webhook) && before.is_none_or(|before| entry.key < before)
        };
        let mut found: Vec<Arc<Entry>> = match &query.company_id {
            Some(company) => world.of_company(company).filter(fits).cloned().collect(),
            None => world.entries().filter(fits).cloned().collect(),
        };
        found.sort_unstable_by_key(|entry| std::cmp::Reverse(entry.key));
        Ok(found)
    }
}

fn cut(ids: &Ids, mut found: Vec<Arc<Entry>>, limit: usize, query: &WebhookQuery) -> Page<Arc<Entry>> {
    let limit = limit.clamp(1, MAX_PAGE);
    let last = found.get(limit).and(found.get(limit - 1));
    let next_cursor = last.map(|entry| ids.cursor(Mark::of(query), entry.key));
    found.truncate(limit);
    Page { items: found, next_cursor }
}

/// The webhook that a cursor ends before.
fn before(ids: &Ids, cursor: &str, query: &WebhookQuery) -> Result<WebhookKey> {
    let key = ids.cursor_number(Mark::of(query), cursor);
    key.ok_or_else(|| Error::invalid("/cursor", Fault::BadCursor))
}

impl WebhookQuery {
    /// Whether a webhook is asked for, its health aside.
    fn matches(&self, webhook: &Webhook) -> bool {
        self.company_id.as_ref().is_none_or(|company| webhook.company_id == *company)
            && self.created_by_id.as_ref().is_none_or(|creator| webhook.created_by_id == *creator)
            && self.enabled.is_none_or(|enabled| webhook.enabled == enabled)
            && (self.words.is_empty() || all_in(&self.words, &described(webhook)))
    }
}

/// What words are looked for in: the name and the host.
fn described(webhook: &Webhook) -> String {
    let url = Url::parse(&webhook.url).ok();
    let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
    format!("{} {host}", webhook.name.as_deref().unwrap_or_default())
}

/// Whether every one of some words in lower case is in a text.
pub fn all_in(words: &[String], text: &str) -> bool {
    let text = text.to_lowercase();
    words.iter().all(|word| text.contains(word.as_str()))
}

//! What can be asked.
#![expect(clippy::unused_async, reason = "async-graphql wants every resolver to be asynchronous")]

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use async_graphql::{Context, Object, Result};
use bluehook_core::webhook;
use bluehook_dispatcher::{Dispatcher, PageQuery, WebhookQuery};

use super::{
    error::of,
    schema::{caller, state},
    types::{PageInfo, Webhook, WebhookFilter, WebhookPagination},
};
use crate::problem::{Code, Detail, Problem};

/// The most webhooks of one page.
const MAX_TAKE: usize = 200;

/// The most webhooks that all lists of one request show.
const MAX_LISTED: usize = 1_000;

/// How many webhooks the lists of one request showed so far.
#[derive(Default)]
pub(super) struct Listed(AtomicUsize);

impl Listed {
    fn add(&self, count: usize) -> Result<(), Problem> {
        let before = self.0.fetch_add(count, Ordering::Relaxed);
        if before.saturating_add(count) <= MAX_LISTED {
            return Ok(());
        }
        let detail = format!("the lists of one request may show {MAX_LISTED} webhooks in all");
        Err(Problem::new(Code::BadUserInput, Detail::Graphql(detail)))
    }
}

/// What can be asked.
pub(super) struct Query;

#[Object]
impl Query {
    /// One webhook of the caller's.
    async fn webhook(&self, context: &Context<'_>, id: String) -> Result<Webhook> {
        let access = state(context)?.access(caller(context)?);
        access.own(&id).map(|webhook| Webhook::new(&webhook, None)).map_err(|problem| of(&problem))
    }

    /// The caller's webhooks, newest first.
    async fn webhooks(
        &self,
        context: &Context<'_>,
        filter: Option<WebhookFilter>,
        #[graphql(default_with = "Some(0)")] skip: Option<i32>,
        #[graphql(default_with = "Some(20)")] take: Option<i32>,
    ) -> Result<WebhookPagination> {
        let state = state(context)?;
        let asked = WebhookQuery { enabled: filter.unwrap_or_default().enabled, ..WebhookQuery::default() };
        let query = state.access(caller(context)?).webhooks(asked);
        let found =
            page_sizes(skip, take).and_then(|(skip, take)| Ok((skip, take, all(&state.dispatcher, &query)?)));
        let (skip, take, webhooks) = found.map_err(|problem| of(&problem))?;
        let page = webhooks.get(skip..).unwrap_or_default();
        let page = page.get(..take.min(page.len())).unwrap_or_default();
        context.data::<Arc<Listed>>()?.add(page.len()).map_err(|problem| of(&problem))?;
        let items = page.iter().map(|webhook| Webhook::new(webhook, None)).collect();
        Ok(WebhookPagination { items, page_info: page_info(webhooks.len(), skip, take) })
    }
}

fn page_sizes(skip: Option<i32>, take: Option<i32>) -> Result<(usize, usize), Problem> {
    let skip = usize::try_from(skip.unwrap_or(0)).ok();
    let take = usize::try_from(take.unwrap_or(20)).ok().filter(|take| (1..=MAX_TAKE).contains(take));
    skip.zip(take).ok_or_else(|| Problem::new(Code::BadUserInput, Detail::Pages(MAX_TAKE)))
}

/// Every webhook that fits, newest first. They are in memory.
fn all(dispatcher: &Dispatcher, query: &WebhookQuery) -> Result<Vec<Arc<webhook::Webhook>>, Problem> {
    let (mut found, mut cursor) = (Vec::new(), None);
    loop {
        let page = dispatcher.webhooks(query, &PageQuery { limit: MAX_TAKE, cursor })?;
        found.extend(page.items);
        match page.next_cursor {
            Some(next) => cursor = Some(next),
            None => return Ok(found),
        }
    }
}

fn page_info(total: usize, skip: usize, take: usize) -> PageInfo {
    let int = |number: usize| i32::try_from(number).ok();
    PageInfo {
        total_pages: int(total.div_ceil(take)),
        total_items: int(total),
        page: int(skip / take + 1),
        per_page: int(take),
        has_next_page: skip.saturating_add(take) < total,
        has_previous_page: skip > 0,
    }
}

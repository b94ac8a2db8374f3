//! Of many webhooks those that a page can be of: a company may have made thousands.

use bluehook_core::delivery::Status;
use rusqlite::{OptionalExtension, params};

use super::{Look, access, may_be_bare};
use crate::{
    Result,
    model::WebhookKey,
    store::sqlite::{
        lists::of_webhook::{self, Tail},
        search::{Found, Span},
    },
};

impl Look<'_> {
    /// Of many webhooks those whose newest deliveries are the newest, as many as are wanted: a page that full cannot hold
    /// what others have. And what is known of the others.
    pub(super) fn foremost(
        &self,
        tail: &Tail,
        webhooks: Vec<WebhookKey>,
    ) -> Result<(Vec<WebhookKey>, Option<Found>)> {
        if webhooks.len() <= self.wanted {
            return Ok((webhooks, None));
        }
        let mut newest = Vec::with_capacity(webhooks.len());
        for webhook in webhooks {
            newest.extend(self.newest(tail, webhook)?.map(|number| (number, webhook)));
        }
        newest.sort_unstable_by_key(|(number, _)| std::cmp::Reverse(*number));
        let others = newest.get(self.wanted).map(|(number, _)| Found::nothing_down_to(number + 1));
        newest.truncate(self.wanted);
        Ok((newest.into_iter().map(|(_, webhook)| webhook).collect(), others))
    }

    /// No delivery of a webhook that may fit has a higher number than this; none when it has none.
    fn newest(&self, tail: &Tail, webhook: WebhookKey) -> Result<Option<i64>> {
        let Some(status) = self.rare() else { return self.newest_listed(tail, webhook, &self.spans, false) };
        let row = self.newest_row(webhook, status)?;
        if !may_be_bare(status) {
            return Ok(row);
        }
        let spans = self.bare_spans(Some(webhook), status)?;
        Ok(row.max(self.newest_listed(tail, webhook, &spans, status == Status::Held)?))
    }

    fn newest_listed(
        &self,
        tail: &Tail,
        webhook: WebhookKey,
        spans: &[Span],
        only_held: bool,
    ) -> Result<Option<i64>> {
        for span in spans {
            let newest = of_webhook::back(self.connection, tail, webhook, *span, only_held)?.next()?;
            if newest.is_some() {
                return Ok(newest);
            }
        }
        Ok(None)
    }

    fn newest_row(&self, webhook: WebhookKey, status: Status) -> Result<Option<i64>> {
        let Some(access) = access(Some(webhook), status) else { return Ok(None) };
        let sql = format!("SELECT number {access} ORDER BY number DESC LIMIT 1");
        let mut statement = self.connection.prepare_cached(&sql)?;
        for span in &self.spans {
            let newest = statement.query_row(params![span.from, span.to, webhook], |row| row.get(0));
            if let Some(number) = newest.optional()? {
                return Ok(Some(number));
            }
        }
        Ok(None)
    }
}

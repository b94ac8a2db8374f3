//! What statistics look at: a webhook's newest deliveries with their attempts, by its list.

use bluehook_core::time::Millis;
use rusqlite::Connection;

use super::{
    attempts,
    lists::of_webhook::{self, Tail},
    search::{Span, delivery_spans},
    told,
};
use crate::{
    Result,
    model::{
        WebhookKey,
        stats::{MAX_STATS_DELIVERIES, MAX_SUMMARY_DELIVERIES, Seen, Summary},
    },
};

/// Shows the newest deliveries of a webhook that were made since a time, newest first, up to the limit. Gives whether
/// there were more.
pub(crate) fn newest(
    connection: &Connection,
    webhook: WebhookKey,
    since: Millis,
    show: &mut dyn FnMut(Seen),
) -> Result<bool> {
    let tail = of_webhook::read_tail(connection)?;
    let mut count = 0;
    for span in delivery_spans(connection, Some(since), None)? {
        let mut back = of_webhook::back(connection, &tail, webhook, span, false)?;
        while let Some(number) = back.next()? {
            let stands = told::stands(connection, number)?.filter(|stands| stands.created_at >= since);
            let Some(stands) = stands else { continue };
            if count == MAX_STATS_DELIVERIES {
                return Ok(true);
            }
            count += 1;
            let attempts =
                if stands.bare.is_some() { Vec::new() } else { attempts::took(connection, number)? };
            show(Seen { status: stands.status, created_at: stands.created_at, attempts });
        }
    }
    Ok(false)
}

/// How the newest deliveries of a webhook fared.
pub(crate) fn summary(connection: &Connection, tail: &Tail, webhook: WebhookKey) -> Result<Summary> {
    let mut summary = Summary::default();
    let mut back = of_webhook::back(connection, tail, webhook, Span::ALL, false)?;
    for _ in 0..MAX_SUMMARY_DELIVERIES {
        let Some(number) = back.next()? else { break };
        if let Some(stands) = told::stands(connection, number)? {
            summary.add(stands.status);
        }
    }
    Ok(summary)
}

/// The most numbers of a webhook that are looked at for its newest delivery: some may tell of what is gone.
const MAX_LOOKED_AT: usize = 1_024;

/// When the newest delivery of a webhook was made.
pub(crate) fn last_made(connection: &Connection, tail: &Tail, webhook: WebhookKey) -> Result<Option<Millis>> {
    let mut back = of_webhook::back(connection, tail, webhook, Span::ALL, false)?;
    for _ in 0..MAX_LOOKED_AT {
        let Some(number) = back.next()? else { return Ok(None) };
        if let Some(stands) = told::stands(connection, number)? {
            return Ok(Some(stands.created_at));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use bluehook_core::delivery::Status;

    use crate::store::sqlite::lists::{
        held,
        sample::{BEGIN, BETWEEN, Known, four, sample},
    };

    #[test]
    fn the_newest_are_shown_with_and_without_rows() {
        let log = sample(4, four);
        let tail = of_webhook::read_tail(&log.connection).unwrap();
        for webhook in 1..=4 {
            let since = BEGIN + 4_500 * BETWEEN;
            let newest = log.known.iter().rev().filter(|known| known.webhook == webhook);
            let expected: Vec<_> = newest.clone().filter(|known| known.created_at >= since).collect();
            assert!(expected.iter().any(|known| known.is_bare()));
            let mut seen = Vec::new();
            assert!(!super::newest(&log.connection, webhook, since, &mut |one| seen.push(one)).unwrap());
            let seen: Vec<_> = seen.iter().map(|one| (one.status, one.created_at)).collect();
            let expected: Vec<_> = expected.iter().map(|known| (known.status, known.created_at)).collect();
            assert_eq!(seen, expected);
            let mut expected = Summary::default();
            newest.take(MAX_SUMMARY_DELIVERIES).for_each(|known| expected.add(known.status));
            assert_eq!(summary(&log.connection, &tail, webhook).unwrap(), expected);
        }
    }

    #[test]
    fn the_ends_of_a_list() {
        let log = sample(4, four);
        let tail = of_webhook::read_tail(&log.connection).unwrap();
        for webhook in 1..=4 {
            let of = |known: &&Known| known.webhook == webhook;
            let newest = log.known.iter().rev().find(of).map(|known| known.created_at);
            assert_eq!(last_made(&log.connection, &tail, webhook).unwrap(), newest);
            let is_held = |known: &&Known| of(known) && known.is_bare() && known.status == Status::Held;
            let oldest = log.known.iter().find(is_held).map(|known| known.created_at);
            assert_eq!(held::oldest(&log.connection, &tail, webhook).unwrap(), oldest);
        }
    }
}

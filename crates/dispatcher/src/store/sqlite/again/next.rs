//! The next deliveries that a replay sends again, after a bounded look.

use bluehook_core::delivery::Status;
use rusqlite::Connection;

use super::{One, Wanted, rows_in, succeeded};
use crate::{
    Result,
    store::rows::{Again, MaySend, RunningReplay},
    store::sqlite::{
        lists::{
            held,
            of_webhook::{self, Tail},
        },
        search::{Span, delivery_spans, hull},
    },
};

/// The most deliveries that are looked at for the next of a replay, in each status.
const MAX_LOOKED_AT: usize = 1_024;

/// What one look for the next came to: those that fit, the oldest first, and up to which number that is all of them.
type Met = (Vec<One>, i64);

/// The next deliveries of a replay, at most `limit`. There may be more when there are none, as long as not all were looked at.
/// To be called where nothing is written meanwhile.
pub(crate) fn next_again(
    connection: &Connection,
    (job, tail): (&RunningReplay, &Tail),
    limit: usize,
    may_send: MaySend<'_>,
) -> Result<Again> {
    let wanted = Wanted { webhook: job.webhook, event: job.event, since: job.since, until: job.until };
    let spans = delivery_spans(connection, Some(job.since), Some(job.until))?;
    let span = hull(&spans).starting_at(Some(job.position + 1));
    let (mut numbers, mut reached) = (Vec::new(), i64::MAX);
    for status in &job.statuses {
        for (met, up_to) in next_in((connection, tail), &wanted, (*status, span), limit)? {
            numbers.extend(met.iter().map(|one| (one.number, may_send(&one.project_id, one.event))));
            reached = reached.min(up_to);
        }
    }
    numbers.retain(|(number, _)| *number <= reached);
    numbers.sort_unstable();
    if let Some((last, _)) = numbers.get(limit).and(limit.checked_sub(1)).and_then(|last| numbers.get(last)) {
        reached = *last;
        numbers.truncate(limit);
    }
    Ok(Again { numbers, reached: (reached < i64::MAX).then_some(reached) })
}

/// The next in one status: more than `limit`, if there are so many among those that are looked at.
fn next_in(
    (connection, tail): (&Connection, &Tail),
    wanted: &Wanted,
    (status, span): (Status, Span),
    limit: usize,
) -> Result<Vec<Met>> {
    match status {
        Status::Succeeded => Ok(vec![next_succeeded((connection, tail), wanted, span, limit)?]),
        Status::Held => {
            let rows = next_rows(connection, wanted, (status, span), limit)?;
            Ok(vec![rows, next_held((connection, tail), wanted, span, limit)?])
        }
        _ => Ok(vec![next_rows(connection, wanted, (status, span), limit)?]),
    }
}

/// Those that have a row in a status that has an index.
fn next_rows(
    connection: &Connection,
    wanted: &Wanted,
    (status, span): (Status, Span),
    limit: usize,
) -> Result<Met> {
    let most = i64::try_from(MAX_LOOKED_AT).unwrap_or(i64::MAX);
    let mut statement = connection.prepare_cached(&rows_in(status))?;
    let mut rows = statement.query([wanted.webhook, span.from, span.to, most])?;
    let (mut met, mut looked_at) = (Vec::new(), 0);
    while let Some(row) = rows.next()? {
        looked_at += 1;
        let one = One::of_row(row)?;
        let number = one.number;
        met.extend(Some(one).filter(|one| wanted.fits(one)));
        if met.len() > limit || looked_at == MAX_LOOKED_AT {
            return Ok((met, number));
        }
    }
    Ok((met, i64::MAX))
}

/// Those that are bare and held.
fn next_held(
    (connection, tail): (&Connection, &Tail),
    wanted: &Wanted,
    span: Span,
    limit: usize,
) -> Result<Met> {
    let looks = (limit + 1, MAX_LOOKED_AT);
    let (bare, up_to) = held::next(connection, tail, wanted.webhook, span, looks)?;
    Ok((bare.into_iter().map(One::of_bare).filter(|one| wanted.fits(one)).collect(), up_to))
}

/// Those that succeeded, by the webhook's list.
fn next_succeeded(
    (connection, tail): (&Connection, &Tail),
    wanted: &Wanted,
    span: Span,
    limit: usize,
) -> Result<Met> {
    let listed = of_webhook::after(connection, tail, wanted.webhook, span.from - 1, MAX_LOOKED_AT)?;
    let is_all = listed.len() < MAX_LOOKED_AT;
    let (mut met, mut last) = (Vec::new(), i64::MAX);
    for number in listed {
        if number >= span.to {
            return Ok((met, i64::MAX));
        }
        met.extend(succeeded(connection, number)?.filter(|one| wanted.fits(one)));
        if met.len() > limit {
            return Ok((met, number));
        }
        last = number;
    }
    Ok((met, if is_all { i64::MAX } else { last }))
}

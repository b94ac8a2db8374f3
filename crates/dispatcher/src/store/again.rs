//! Deliveries that a replay sends again: how many, and the next of them.

use bluehook_core::{delivery::Status, event::EventType};
use rusqlite::{Connection, params};

use super::{deliveries::first_since, replays::Running};
use crate::{Result, replay::ReplayQuery};

/// Whether what happened in a project, in the event of this number, may be sent.
pub(crate) type MaySend<'a> = &'a dyn Fn(&str, i64) -> bool;

/// How many deliveries a replay would send again.
pub(crate) fn count_again(
    connection: &Connection,
    webhook: i64,
    query: &ReplayQuery,
    may_send: MaySend<'_>,
) -> Result<u64> {
    let (from, to) = (first_since(connection, query.since)?, first_since(connection, query.until)?);
    let mut total = 0;
    for status in query.statuses() {
        let sql = format!(
            "SELECT e.project_id, e.number FROM deliveries AS d JOIN events AS e ON e.number = d.event
             WHERE d.webhook = ?1 AND d.number >= ?2 AND d.number < ?3 AND d.status = '{}'
               AND (?4 IS NULL OR d.type = ?4)",
            status.name()
        );
        let event = query.event.map(EventType::name);
        let mut statement = connection.prepare_cached(&sql)?;
        let mut rows = statement.query(params![webhook, from, to, event])?;
        while let Some(row) = rows.next()? {
            let project = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
            total += u64::from(may_send(project, row.get(1)?));
        }
    }
    Ok(total)
}

/// The next deliveries of a replay.
pub(crate) struct Again {
    /// Their numbers, the oldest first, each with whether it may be sent.
    pub(crate) numbers: Vec<(i64, bool)>,
    /// The last number that was looked at; none when all were.
    pub(crate) reached: Option<i64>,
}

/// The most deliveries that are looked at for the next of a replay, in each status.
const MAX_LOOKED_AT: i64 = 1_024;

/// The next deliveries of a replay, at most `limit`. There may be more when there are none, as long as not all were looked at.
pub(crate) fn next_again(
    connection: &Connection,
    job: &Running,
    limit: usize,
    may_send: MaySend<'_>,
) -> Result<Again> {
    let end = first_since(connection, job.until)?;
    let (mut numbers, mut reached) = (Vec::new(), i64::MAX);
    for status in &job.statuses {
        let (found, up_to) = look_again(connection, (job, *status, end), limit, may_send)?;
        numbers.extend(found);
        reached = reached.min(up_to);
    }
    numbers.retain(|(number, _)| *number <= reached);
    numbers.sort_unstable();
    if let Some((last, _)) = numbers.get(limit).and(limit.checked_sub(1)).and_then(|last| numbers.get(last)) {
        reached = *last;
        numbers.truncate(limit);
    }
    Ok(Again { numbers, reached: (reached < i64::MAX).then_some(reached) })
}

/// The next in one status, and up to which number that is all of them.
fn look_again(
    connection: &Connection,
    (job, status, end): (&Running, Status, i64),
    limit: usize,
    may_send: MaySend<'_>,
) -> Result<(Vec<(i64, bool)>, i64)> {
    let (index, is_it) = match status {
        // Those that succeeded are in no index of their own.
        Status::Succeeded => ("deliveries_by_webhook", "1".to_owned()),
        other => ("deliveries_by_webhook_and_status", format!("d.status = '{}'", other.name())),
    };
    let sql = format!(
        "SELECT d.number, d.type, d.status, e.project_id, e.number
         FROM deliveries AS d INDEXED BY {index} JOIN events AS e ON e.number = d.event
         WHERE d.webhook = ?1 AND d.number > ?2 AND d.number < ?3 AND {is_it} ORDER BY d.number LIMIT ?4"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query([job.webhook, job.position, end, MAX_LOOKED_AT])?;
    let (mut found, mut looked_at) = (Vec::new(), 0);
    while let Some(row) = rows.next()? {
        looked_at += 1;
        let number = row.get(0)?;
        let text = |column| row.get_ref(column)?.as_str().map_err(rusqlite::Error::from);
        if text(2)? == status.name()
            && job.event.is_none_or(|event| text(1).is_ok_and(|it| it == event.name()))
        {
            found.push((number, may_send(text(3)?, row.get(4)?)));
        }
        if found.len() > limit || looked_at == MAX_LOOKED_AT {
            return Ok((found, number));
        }
    }
    Ok((found, i64::MAX))
}

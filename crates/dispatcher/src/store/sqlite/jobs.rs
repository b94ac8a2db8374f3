//! Rows of the jobs of the database as a whole. Their numbers are taken from the same row as those of replays: the ids of both
//! look alike.

use bluehook_core::time::Millis;
use rusqlite::{Connection, OptionalExtension, params};

use super::rows::RunningJob;
use crate::{
    Result,
    id::{Ids, Kind},
    model::job::{Job, JobState},
};

/// The number of the next job or replay.
pub(super) fn next_number(connection: &Connection) -> Result<i64> {
    let sql = "SELECT 1 + max(coalesce((SELECT max(number) FROM jobs), 0), coalesce((SELECT max(number) FROM replays), 0))";
    Ok(connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
}

/// Puts a job in.
pub(super) fn insert(connection: &Connection, number: i64, total: u64, now: Millis) -> Result<()> {
    let sql = "INSERT INTO jobs (number, kind, state, position, total, done, created_at)
               VALUES (?1, 'KEYS', 'RUNNING', 0, ?2, 0, ?3)";
    let total = i64::try_from(total).unwrap_or(i64::MAX);
    connection.prepare_cached(sql)?.execute([number, total, now])?;
    Ok(())
}

pub(super) fn get(connection: &Connection, ids: &Ids, number: i64) -> Result<Option<Job>> {
    let sql = "SELECT number, state, total, done, created_at, ended_at, detail FROM jobs WHERE number = ?1";
    let found = connection.prepare_cached(sql)?.query_row([number], |row| {
        let count = |column: usize| row.get::<_, i64>(column).map(|n| u64::try_from(n).unwrap_or(0));
        Ok(Job {
            id: ids.of(Kind::Replay, row.get(0)?),
            state: JobState::from_name(row.get_ref(1)?.as_str()?).unwrap_or(JobState::Failed),
            total: count(2)?,
            done: count(3)?,
            created_at: row.get(4)?,
            ended_at: row.get(5)?,
            detail: row.get(6)?,
        })
    });
    Ok(found.optional()?)
}

/// The job that goes on.
pub(super) fn running(connection: &Connection) -> Result<Option<RunningJob>> {
    let sql = "SELECT number, position FROM jobs WHERE state = 'RUNNING' ORDER BY number LIMIT 1";
    let found = connection
        .prepare_cached(sql)?
        .query_row([], |row| Ok(RunningJob { number: row.get(0)?, position: row.get(1)? }));
    Ok(found.optional()?)
}

/// Notes how far a job is.
pub(super) fn advance(connection: &Connection, number: i64, position: i64, by: i64) -> Result<()> {
    let sql = "UPDATE jobs SET position = ?2, done = done + ?3 WHERE number = ?1";
    connection.prepare_cached(sql)?.execute([number, position, by])?;
    Ok(())
}

/// Ends a job that goes on.
pub(super) fn end(
    connection: &Connection,
    number: i64,
    state: JobState,
    detail: Option<&str>,
    now: Millis,
) -> Result<()> {
    let sql =
        "UPDATE jobs SET state = ?2, detail = ?3, ended_at = ?4 WHERE number = ?1 AND state = 'RUNNING'";
    connection.prepare_cached(sql)?.execute(params![number, state.name(), detail, now])?;
    Ok(())
}

/// Takes away the jobs that ended before; the newest number stays known.
pub(super) fn delete_before(connection: &Connection, before: Millis) -> Result<()> {
    let sql = "DELETE FROM jobs WHERE ended_at < ?1 AND number < (SELECT max(number) FROM jobs)";
    connection.prepare_cached(sql)?.execute([before])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sqlite::schema;

    #[test]
    fn jobs_and_replays_are_numbered_in_one_row_and_only_one_job_runs() {
        let connection = Connection::open_in_memory().unwrap();
        schema::bring_up_to_date(&connection).unwrap();
        connection.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
        let begin = |at| {
            let number = next_number(&connection).unwrap();
            insert(&connection, number, 5, at).map(|()| number)
        };
        assert_eq!(begin(10).unwrap(), 1);
        assert!(begin(10).is_err());
        end(&connection, 1, JobState::Completed, None, 20).unwrap();
        let replay =
            "INSERT INTO replays (number, webhook, statuses, until, position, state, total, done, created_at)
                      VALUES (?1, 1, '', 0, 0, 'COMPLETED', 0, 0, 0)";
        connection.execute(replay, [next_number(&connection).unwrap()]).unwrap();
        assert_eq!(begin(30).unwrap(), 3);
        advance(&connection, 3, 7, 2).unwrap();
        let job = running(&connection).unwrap().unwrap();
        let done = |row: &rusqlite::Row<'_>| row.get::<_, i64>(0);
        let done = connection.query_row("SELECT done FROM jobs WHERE number = 3", [], done).unwrap();
        assert_eq!((job.number, job.position, done), (3, 7, 2));
        end(&connection, 3, JobState::Failed, Some("no key"), 40).unwrap();
        delete_before(&connection, 100).unwrap();
        assert_eq!(next_number(&connection).unwrap(), 4, "numbers are never used again");
    }
}

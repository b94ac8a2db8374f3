//! Rows of attempts.

use bluehook_core::time::Millis;
use rusqlite::{Connection, Row, params};

use crate::{
    Result,
    id::{Ids, Kind},
    log::{Attempt, Failure, FailureKind, Outcome, Response},
};

/// An attempt's number is its delivery's times this, plus its place among the delivery's attempts.
pub(crate) const ATTEMPTS_PER_DELIVERY: i64 = 1_024;

/// An attempt to be put in.
pub(crate) struct NewAttempt<'a> {
    pub(crate) delivery: i64,
    pub(crate) revision: i64,
    pub(crate) ordinal: u32,
    pub(crate) started_at: Millis,
    pub(crate) duration_us: u64,
    pub(crate) request_headers: &'a [(String, String)],
    pub(crate) outcome: &'a Outcome,
}

pub(crate) fn insert(connection: &Connection, new: &NewAttempt<'_>) -> Result<()> {
    let (response, failure) = match new.outcome {
        Outcome::Response(response) => (Some(response), None),
        Outcome::Failure(failure) => (None, Some(failure)),
    };
    let sql =
        "INSERT OR IGNORE INTO attempts (number, revision, ordinal, started_at, duration_us, request_headers,
                 status_code, response_headers, response_body, response_body_cut, failure, failure_detail)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
    connection.prepare_cached(sql)?.execute(params![
        new.delivery * ATTEMPTS_PER_DELIVERY + i64::from(new.ordinal).min(ATTEMPTS_PER_DELIVERY - 1),
        new.revision,
        new.ordinal,
        new.started_at,
        i64::try_from(new.duration_us).unwrap_or(i64::MAX),
        lines(new.request_headers),
        response.map(|response| response.status_code),
        response.map(|response| lines(&response.headers)),
        response.map(|response| &response.body),
        response.is_some_and(|response| response.body_truncated),
        failure.map(|failure| failure.kind.name()),
        failure.map(|failure| &failure.detail),
    ])?;
    Ok(())
}

/// Headers as one text, a line each, as on the wire.
fn lines(headers: &[(String, String)]) -> String {
    let mut text =
        String::with_capacity(headers.iter().map(|(name, value)| name.len() + value.len() + 3).sum());
    for (name, value) in headers {
        text.push_str(name);
        text.push_str(": ");
        text.push_str(value);
        text.push('\n');
    }
    text
}

fn headers(text: &str) -> Vec<(String, String)> {
    text.lines().filter_map(|line| line.split_once(": ")).map(|(n, v)| (n.to_owned(), v.to_owned())).collect()
}

/// Every attempt of a delivery, first to last.
pub(crate) fn of_delivery(connection: &Connection, ids: &Ids, delivery: i64) -> Result<Vec<Attempt>> {
    let sql = "SELECT attempts.number, ordinal, started_at, duration_us, revisions.url, request_headers, status_code,
                 response_headers, response_body, response_body_cut, failure, failure_detail
               FROM attempts LEFT JOIN revisions ON revisions.key = attempts.revision
               WHERE attempts.number >= ?1 AND attempts.number < ?2 ORDER BY attempts.number";
    let from = delivery * ATTEMPTS_PER_DELIVERY;
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([from, from + ATTEMPTS_PER_DELIVERY], |row| read(row, ids))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn read(row: &Row<'_>, ids: &Ids) -> rusqlite::Result<Attempt> {
    let status_code: Option<u16> = row.get(6)?;
    let outcome = match status_code {
        Some(status_code) => Outcome::Response(Response {
            status_code,
            headers: headers(row.get_ref(7)?.as_str_or_null()?.unwrap_or_default()),
            body: row.get(8)?,
            body_truncated: row.get(9)?,
        }),
        None => Outcome::Failure(Failure {
            kind: failure_kind(row, 10)?.unwrap_or(FailureKind::Connection),
            detail: row.get(11)?,
        }),
    };
    Ok(Attempt {
        id: ids.of(Kind::Attempt, row.get(0)?),
        number: row.get(1)?,
        started_at: row.get(2)?,
        duration_us: u64::try_from(row.get::<_, i64>(3)?).unwrap_or_default(),
        url: row.get::<_, Option<String>>(4)?.unwrap_or_default(),
        request_headers: headers(row.get_ref(5)?.as_str()?),
        outcome,
    })
}

fn failure_kind(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<FailureKind>> {
    Ok(row.get_ref(column)?.as_str_or_null()?.and_then(FailureKind::from_name))
}

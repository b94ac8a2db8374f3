//! Rows of attempts.

use bluehook_core::time::Millis;
use rusqlite::{Connection, Row, params};

use super::numbers;
use crate::{
    Result,
    id::{Ids, Kind},
    model::{
        failure::{Failure, FailureKind, Params, Reason},
        log::{Attempt, BodyCut, MAX_ATTEMPTS, Outcome, Phases, Response},
    },
};

// How long the steps of an attempt took, in a few bytes.
mod phases;

/// The most attempts of a delivery that are kept, and one.
const ATTEMPTS_PER_DELIVERY: i64 = 1_024;

/// The numbers of a delivery's attempts: from one up to another. They lie between the delivery's number and the next one's; those of a delivery from before lie at a multiple of its number.
pub(crate) const fn span(delivery: i64) -> (i64, i64) {
    let from = if delivery >= numbers::TIMED { delivery } else { delivery * ATTEMPTS_PER_DELIVERY };
    (from, from + ATTEMPTS_PER_DELIVERY)
}

/// An attempt to be put in.
pub(crate) struct NewAttempt<'a> {
    pub(crate) delivery: i64,
    pub(crate) revision: i64,
    pub(crate) ordinal: u32,
    pub(crate) started_at: Millis,
    pub(crate) duration_us: u64,
    /// A line each, as [`lines`] gives them.
    pub(crate) request_headers: &'a str,
    pub(crate) outcome: &'a Outcome,
    pub(crate) reused: bool,
    pub(crate) phases: &'a Phases,
}

/// Puts an attempt in. False when it is there already, or its delivery has as many as are kept.
pub(crate) fn insert(connection: &Connection, new: &NewAttempt<'_>) -> Result<bool> {
    let (response, failure) = match new.outcome {
        Outcome::Response(response) => (Some(response), None),
        Outcome::Failure(failure) => (None, Some(failure)),
    };
    let sql =
        "INSERT OR IGNORE INTO attempts (number, revision, ordinal, started_at, duration_us, request_headers,
                 status_code, response_headers, response_body, response_body_cut, failure, failure_reason,
                 failure_params, body_cut, unclean, reused, phases)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)";
    let inserted = connection.prepare_cached(sql)?.execute(params![
        span(new.delivery).0 + i64::from(new.ordinal).min(ATTEMPTS_PER_DELIVERY - 1),
        new.revision,
        new.ordinal,
        new.started_at,
        i64::try_from(new.duration_us).unwrap_or(i64::MAX),
        new.request_headers,
        response.map(|response| response.status_code),
        response.map(|response| lines(response.headers.iter().map(|(n, v)| (n.as_str(), v.as_str())))),
        response.map(|response| &response.body),
        response.is_some_and(|response| response.body_truncated),
        failure.map(|failure| failure.kind.name()),
        failure.and_then(|failure| failure.reason).map(Reason::name),
        failure.and_then(|failure| failure.params.to_json()),
        response.and_then(|response| response.body_cut).map(BodyCut::name),
        response.filter(|response| !response.clean).map(|_| true),
        new.reused,
        phases::pack(new.phases),
    ])?;
    Ok(inserted == 1)
}

/// Headers as one text, a line each, as on the wire.
pub(crate) fn lines<'h>(headers: impl Iterator<Item = (&'h str, &'h str)> + Clone) -> String {
    let length = headers.clone().map(|(name, value)| name.len() + value.len() + 3).sum();
    let mut text = String::with_capacity(length);
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

/// How many attempts of a delivery are in the log.
pub(crate) fn count(connection: &Connection, delivery: i64) -> Result<u32> {
    let sql = "SELECT count(*) FROM attempts WHERE number >= ?1 AND number < ?2";
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.query_row(span(delivery), |row| row.get(0))?)
}

/// The newest attempts of a delivery, first to last.
pub(crate) fn of_delivery(connection: &Connection, ids: &Ids, delivery: i64) -> Result<Vec<Attempt>> {
    let sql = "SELECT attempts.number, ordinal, started_at, duration_us, revisions.url, request_headers, status_code,
                 response_headers, response_body, response_body_cut, body_cut, unclean, failure, failure_reason,
                 failure_params, failure_detail, reused, phases
               FROM attempts LEFT JOIN revisions ON revisions.key = attempts.revision
               WHERE attempts.number >= ?1 AND attempts.number < ?2 ORDER BY attempts.number DESC LIMIT ?3";
    let (from, to) = span(delivery);
    let newest = i64::try_from(MAX_ATTEMPTS).unwrap_or(i64::MAX);
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([from, to, newest], |row| read(row, ids))?;
    let mut attempts: Vec<Attempt> = rows.collect::<rusqlite::Result<_>>()?;
    attempts.reverse();
    Ok(attempts)
}

fn read(row: &Row<'_>, ids: &Ids) -> rusqlite::Result<Attempt> {
    let status_code: Option<u16> = row.get(6)?;
    let outcome = match status_code {
        Some(status_code) => Outcome::Response(response(row, status_code)?),
        None => Outcome::Failure(failure(row)?),
    };
    Ok(Attempt {
        id: ids.of(Kind::Attempt, row.get(0)?),
        number: row.get(1)?,
        started_at: row.get(2)?,
        duration_us: u64::try_from(row.get::<_, i64>(3)?).unwrap_or_default(),
        url: row.get::<_, Option<String>>(4)?.unwrap_or_default(),
        request_headers: headers(row.get_ref(5)?.as_str()?),
        outcome,
        reused: row.get(16)?,
        phases: phases::unpack(row.get_ref(17)?.as_blob_or_null()?.unwrap_or_default()),
    })
}

fn response(row: &Row<'_>, status_code: u16) -> rusqlite::Result<Response> {
    Ok(Response {
        status_code,
        headers: headers(row.get_ref(7)?.as_str_or_null()?.unwrap_or_default()),
        body: row.get(8)?,
        body_truncated: row.get(9)?,
        body_cut: row.get_ref(10)?.as_str_or_null()?.and_then(BodyCut::from_name),
        clean: row.get::<_, Option<bool>>(11)? != Some(true),
    })
}

fn failure(row: &Row<'_>) -> rusqlite::Result<Failure> {
    let kind = row.get_ref(12)?.as_str_or_null()?.and_then(FailureKind::from_name);
    let params = Params::from_json(row.get_ref(14)?.as_str_or_null()?);
    Ok(Failure {
        kind: kind.unwrap_or(FailureKind::Connection),
        reason: row.get_ref(13)?.as_str_or_null()?.and_then(Reason::from_name),
        params: Box::new(Params { told: row.get(15)?, ..params }),
    })
}

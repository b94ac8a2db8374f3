//! Rows of attempts.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{first, numbers, phases};
use crate::{
    Result,
    id::{Ids, Kind},
    model::{
        cause::ErrorClass,
        failure::{Failure, FailureKind, Params, Reason},
        log::{Attempt, BodyCut, MAX_ATTEMPTS, Outcome, Response},
    },
    store::{
        change::{ATTEMPTS_PER_DELIVERY, NewAttempt, header_lines, headers_in},
        heads,
    },
};

/// The numbers of a delivery's attempts: from one up to another. They lie between the delivery's number and the next one's; those of a delivery from before lie at a multiple of its number.
pub(crate) const fn span(delivery: i64) -> (i64, i64) {
    let count = ATTEMPTS_PER_DELIVERY as i64;
    let from = if delivery >= numbers::TIMED { delivery } else { delivery * count };
    (from, from + count)
}

/// Puts an attempt in, unless its delivery has as many as are kept.
pub(super) fn insert(connection: &Connection, new: &NewAttempt<'_>) -> Result<()> {
    if new.ordinal >= ATTEMPTS_PER_DELIVERY {
        return Ok(());
    }
    let (response, failure) = match new.outcome {
        Outcome::Response(response) => (Some(response), None),
        Outcome::Failure(failure) => (None, Some(failure)),
    };
    let sql =
        "INSERT OR IGNORE INTO attempts (number, revision, ordinal, started_at, duration_us, request_headers,
                 head, status_code, response_headers, response_body, response_body_cut, failure, failure_reason,
                 failure_params, body_cut, unclean, reused, phases)
               VALUES (?1, ?2, ?3, ?4, ?5, '', ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)";
    connection.prepare_cached(sql)?.execute(params![
        span(new.delivery).0 + i64::from(new.ordinal),
        new.revision,
        new.ordinal,
        new.started_at,
        i64::try_from(new.duration_us).unwrap_or(i64::MAX),
        new.head,
        response.map(|response| response.status_code),
        response.map(|response| header_lines(response.headers.iter().map(|(n, v)| (n.as_str(), v.as_str())))),
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
    Ok(())
}

/// How many attempts of a delivery are in the log.
pub(super) fn count(connection: &Connection, delivery: i64) -> Result<u32> {
    let sql =
        "SELECT count(*) + EXISTS (SELECT 1 FROM deliveries WHERE number = ?3 AND first_attempt IS NOT NULL)
               FROM attempts WHERE number >= ?1 AND number < ?2";
    let (from, to) = span(delivery);
    Ok(connection.prepare_cached(sql)?.query_row([from, to, delivery], |row| row.get(0))?)
}

/// The newest attempts of a delivery, first to last.
pub(super) fn of_delivery(connection: &Connection, ids: &Ids, delivery: i64) -> Result<Vec<Attempt>> {
    let sql = "SELECT attempts.number, ordinal, started_at, duration_us, revisions.url, coalesce(head, request_headers),
                 status_code, response_headers, response_body, response_body_cut, body_cut, unclean, failure, failure_reason,
                 failure_params, failure_detail, reused, phases
               FROM attempts LEFT JOIN revisions ON revisions.key = attempts.revision
               WHERE attempts.number >= ?1 AND attempts.number < ?2 ORDER BY attempts.number DESC LIMIT ?3";
    let (from, to) = span(delivery);
    let newest = i64::try_from(MAX_ATTEMPTS).unwrap_or(i64::MAX);
    let mut statement = connection.prepare_cached(sql)?;
    let id = &*ids.of(Kind::Delivery, delivery);
    let rows = statement.query_map([from, to, newest], |row| read(row, ids, (delivery, id)))?;
    let mut attempts: Vec<Attempt> = rows.collect::<rusqlite::Result<_>>()?;
    if attempts.len() < MAX_ATTEMPTS {
        attempts.extend(first_of(connection, ids, (delivery, id))?);
    }
    attempts.reverse();
    Ok(attempts)
}

/// The first attempt of a delivery, where its row has it.
fn first_of(connection: &Connection, ids: &Ids, (delivery, id): (i64, &str)) -> Result<Option<Attempt>> {
    let Some(first) = packed_first(connection, delivery)?.as_deref().and_then(first::unpack) else {
        return Ok(None);
    };
    let sql = "SELECT url FROM revisions WHERE key = ?1";
    let url = connection.prepare_cached(sql)?.query_row([first.revision], |row| row.get(0)).optional()?;
    let about = heads::About { delivery, id, started_at: first.started_at, ordinal: 1 };
    Ok(Some(Attempt {
        id: ids.of(Kind::Attempt, span(delivery).0 + 1),
        number: 1,
        started_at: first.started_at,
        duration_us: first.duration_us,
        url: url.unwrap_or_default(),
        request_headers: headers(&first.head, &about),
        outcome: first.outcome,
        reused: Some(first.reused),
        phases: first.phases,
    }))
}

fn packed_first(connection: &Connection, delivery: i64) -> Result<Option<Vec<u8>>> {
    let sql = "SELECT first_attempt FROM deliveries WHERE number = ?1";
    Ok(connection.prepare_cached(sql)?.query_row([delivery], |row| row.get(0)).optional()?.flatten())
}

/// How long each attempt of a delivery took, in microseconds, and the class of those that failed; first to last.
pub(super) fn took(connection: &Connection, delivery: i64) -> Result<Vec<(u64, Option<ErrorClass>)>> {
    let first = packed_first(connection, delivery)?.as_deref().and_then(first::took);
    let sql = "SELECT duration_us, status_code, failure FROM attempts WHERE number >= ?1 AND number < ?2
               ORDER BY number";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(span(delivery), |row| {
        let took = u64::try_from(row.get::<_, i64>(0)?).unwrap_or(0);
        Ok((took, ErrorClass::of_last(row.get(1)?, row.get_ref(2)?.as_str_or_null()?)))
    })?;
    Ok(first.map(Ok).into_iter().chain(rows).collect::<rusqlite::Result<_>>()?)
}

fn read(row: &Row<'_>, ids: &Ids, (delivery, id): (i64, &str)) -> rusqlite::Result<Attempt> {
    let status_code: Option<u16> = row.get(6)?;
    let outcome = match status_code {
        Some(status_code) => Outcome::Response(response(row, status_code)?),
        None => Outcome::Failure(failure(row)?),
    };
    let (ordinal, started_at) = (row.get(1)?, row.get(2)?);
    let about = heads::About { delivery, id, started_at, ordinal };
    Ok(Attempt {
        id: ids.of(Kind::Attempt, row.get(0)?),
        number: ordinal,
        started_at,
        duration_us: u64::try_from(row.get::<_, i64>(3)?).unwrap_or_default(),
        url: row.get::<_, Option<String>>(4)?.unwrap_or_default(),
        request_headers: headers(row.get_ref(5)?.as_bytes()?, &about),
        outcome,
        reused: row.get(16)?,
        phases: phases::unpack(row.get_ref(17)?.as_blob_or_null()?.unwrap_or_default()),
    })
}

/// A request's headers; none where a damaged file has others.
fn headers(head: &[u8], about: &heads::About<'_>) -> Vec<(String, String)> {
    heads::unpack(head, about).unwrap_or_else(|| {
        tracing::error!(delivery = about.id, attempt = about.ordinal, "its request's headers cannot be read");
        Vec::new()
    })
}

fn response(row: &Row<'_>, status_code: u16) -> rusqlite::Result<Response> {
    Ok(Response {
        status_code,
        headers: headers_in(row.get_ref(7)?.as_str_or_null()?.unwrap_or_default()),
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

//! The schema, version by version: an older database is brought up to date one step after the other, each as a whole or
//! not at all.

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::{Error, Result, kill};

// What of the tenth step is more than SQL.
mod ten;

/// What leads from one version to the next.
struct Step {
    sql: &'static str,
    /// What comes after that, in the same transaction.
    then: Option<fn(&Connection) -> Result<()>>,
}

const fn step(sql: &'static str) -> Step {
    Step { sql, then: None }
}

/// What leads from each version to the next; an empty file has version 0. A step that was released never changes.
const STEPS: [Step; 12] = [
    step(include_str!("schema/1.sql")),
    step(include_str!("schema/2.sql")),
    step(include_str!("schema/3.sql")),
    step(include_str!("schema/4.sql")),
    step(include_str!("schema/5.sql")),
    step(include_str!("schema/6.sql")),
    step(include_str!("schema/7.sql")),
    step(include_str!("schema/8.sql")),
    step(include_str!("schema/9.sql")),
    Step { sql: include_str!("schema/10.sql"), then: Some(ten::take) },
    step(include_str!("schema/11.sql")),
    step(include_str!("schema/12.sql")),
];

/// The version after the first step.
pub(crate) const FIRST: i64 = 1;

/// The newest version.
pub(crate) fn newest() -> i64 {
    i64::try_from(STEPS.len()).unwrap_or(i64::MAX)
}

/// The version of a database, kept in the file as `user_version`.
pub(crate) fn version(connection: &Connection) -> Result<i64> {
    Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

/// Takes every step that a database has not taken yet.
///
/// # Errors
/// [`Error::Store`] when a newer program wrote it, or a step fails; the steps before stay taken.
pub(crate) fn bring_up_to_date(connection: &Connection) -> Result<()> {
    let version = version(connection)?;
    check(version)?;
    for (number, step) in (1_i64..).zip(&STEPS).filter(|(number, _)| *number > version) {
        take(connection, number, step)?;
    }
    Ok(())
}

fn take(connection: &Connection, number: i64, step: &Step) -> Result<()> {
    let tx = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
    tx.execute_batch(step.sql)?;
    if let Some(then) = step.then {
        then(&tx)?;
    }
    tx.pragma_update(None, "user_version", number)?;
    kill::point("schema");
    Ok(tx.commit()?)
}

/// Whether this program knows a version.
pub(crate) fn check(version: i64) -> Result<()> {
    if version <= newest() {
        return Ok(());
    }
    Err(Error::Store(format!(
        "the database has schema {version}, this program knows {}; use the program that wrote it, or a newer one",
        newest()
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every table and index, as it was made.
    fn shape(connection: &Connection) -> Vec<String> {
        let sql = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name";
        let mut statement = connection.prepare(sql).unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().collect::<rusqlite::Result<_>>().unwrap()
    }

    fn database() -> Connection {
        Connection::open_in_memory().unwrap()
    }

    #[test]
    fn an_older_database_becomes_what_a_new_one_is() {
        let new = database();
        bring_up_to_date(&new).unwrap();
        for steps in 0..STEPS.len() {
            let old = database();
            for (number, step) in (1..).zip(&STEPS[..steps]) {
                take(&old, number, step).unwrap();
            }
            bring_up_to_date(&old).unwrap();
            assert_eq!((shape(&old), version(&old).unwrap()), (shape(&new), newest()), "from {steps}");
        }
    }

    /// Two webhooks, one of them off, with a delivery that was attempted and one that is held.
    const BEFORE: &str = "
        INSERT INTO webhooks (key, id, uid, company_id, created_by_id, url, status, enabled, events, project_ids,
          payload_format, sealed_secret, revision, created_at, updated_at, last_success_at)
        VALUES (1, 'a', 'a', 'c', 'u', 'https://a/', 'HEALTHY', 1, '', '', 'full', x'00', 1, 10, 20, 40),
               (2, 'b', 'b', 'c', 'u', 'https://b/', 'UNHEALTHY', 0, '', '', 'full', NULL, 2, 10, 30, NULL);
        INSERT INTO deliveries (number, event, webhook, revision, type, status, attempts, created_at, last_attempt_at)
        VALUES (7, 1, 1, 1, 'TAG_CREATED', 'SUCCEEDED', 1, 35, 45), (8, 1, 2, 2, 'TAG_CREATED', 'HELD', 0, 35, NULL);
        INSERT INTO changes (commit_number, committed_at, entries) VALUES (5, 50, x'');";

    #[test]
    fn what_is_known_of_webhooks_is_kept_when_their_health_is() {
        let old = database();
        for step in &STEPS[..3] {
            old.execute_batch(step.sql).unwrap();
        }
        old.pragma_update(None, "user_version", 3).unwrap();
        old.execute_batch(BEFORE).unwrap();
        bring_up_to_date(&old).unwrap();
        let one = |sql: &str| old.query_row(sql, [], |row| row.get::<_, String>(0)).unwrap();
        let healths = "SELECT group_concat(webhook || ' ' || state || ' ' || since || ' ' ||
            coalesce(last_attempt_at, '-') || ' ' || coalesce(last_success_at, '-'), ', ') FROM health";
        assert_eq!(one(healths), "1 WORKING 20 45 40, 2 OFF 30 - -");
        assert_eq!(one("SELECT webhook || ' ' || by || ' ' || at FROM switched_off"), "2 UNKNOWN 30");
        let secrets = "SELECT group_concat(coalesce(secret_made_at, '-'), ' ') FROM webhooks";
        assert_eq!(one(secrets), "10 -");
        let made =
            "SELECT folded || ' ' || count_from || ' ' || count_to || ' ' || first_slot FROM sums_made";
        assert_eq!(one(made), "5 7 9 0");
    }

    #[test]
    fn ids_from_before_are_known_and_everybody_is_the_first_of_their_id() {
        let old = database();
        for step in &STEPS[..6] {
            old.execute_batch(step.sql).unwrap();
        }
        old.pragma_update(None, "user_version", 6).unwrap();
        let rows = "INSERT INTO companies (id, name) VALUES ('c', 'C');
            INSERT INTO events (number, type, company_id, project_id, user_id, received_at, first_delivery, deliveries,
              previous_value, current_value) VALUES (4, 'TAG_CREATED', 'c', 'p', 'u', 1, 7, 3, '', '');";
        old.execute_batch(rows).unwrap();
        bring_up_to_date(&old).unwrap();
        let one = |sql: &str| old.query_row(sql, [], |row| row.get::<_, String>(0)).unwrap();
        assert_eq!(one("SELECT value FROM settings WHERE name = 'old-ids'"), "[5,10,0]");
        assert_eq!(one("SELECT birth || ' ' || since || ' ' || coalesce(slug, '-') FROM companies"), "0 0 -");
    }

    #[test]
    fn no_check_of_what_every_attempt_writes_makes_a_table() {
        let new = database();
        bring_up_to_date(&new).unwrap();
        for write in [
            "INSERT INTO attempts (number) VALUES (1)",
            "INSERT INTO health (webhook) VALUES (1)",
            "INSERT INTO deliveries (number) VALUES (1)",
            "UPDATE deliveries SET status = 'FAILED' WHERE number = 1",
            "INSERT INTO events (number) VALUES (1)",
            "INSERT INTO changes (commit_number) VALUES (1)",
        ] {
            let mut plan = new.prepare(&format!("EXPLAIN {write}")).unwrap();
            let steps = plan.query_map([], |row| row.get::<_, String>(1)).unwrap();
            let steps: Vec<String> = steps.collect::<rusqlite::Result<_>>().unwrap();
            assert!(!steps.iter().any(|step| step == "OpenEphemeral"), "{write}: {steps:?}");
        }
        new.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
        let allows = |state: &str| {
            let sql = "INSERT OR REPLACE INTO health (webhook, state, since, on_since, failures) VALUES (1, ?1, 0, 0, 0)";
            new.execute(sql, [state]).is_ok()
        };
        assert!(["NEW", "WORKING", "FAILING", "OFF"].into_iter().all(allows) && !allows("GONE"));
        let cut = |word: Option<&str>| {
            let sql = "INSERT OR REPLACE INTO attempts (number, revision, ordinal, started_at, duration_us,
                request_headers, status_code, body_cut) VALUES (1, 1, 1, 0, 0, '', 200, ?1)";
            new.execute(sql, [word]).is_ok()
        };
        assert!([None, Some("LIMIT"), Some("TIMEOUT"), Some("BROKEN")].into_iter().all(cut));
        assert!(!cut(Some("LONG")));
    }

    #[test]
    fn what_a_newer_program_wrote_is_left_alone() {
        let newer = database();
        newer.pragma_update(None, "user_version", newest() + 1).unwrap();
        let error = bring_up_to_date(&newer).unwrap_err().to_string();
        assert!(error.contains("a newer one"), "{error}");
        assert!(shape(&newer).is_empty());
    }

    #[test]
    fn a_step_is_taken_whole_or_not_at_all() {
        let broken = database();
        broken.execute_batch("CREATE TABLE replays (x)").unwrap();
        bring_up_to_date(&broken).unwrap_err();
        assert_eq!((shape(&broken).len(), version(&broken).unwrap()), (1, 0));
    }
}

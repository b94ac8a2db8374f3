//! Rows of the audit trail: put in and taken away when their time is over, never changed.

use bluehook_core::{input::Fault, time::Millis};
use rusqlite::{Connection, Row, params};
use serde_json::{Value, json};

use crate::{
    Error, Result,
    id::{Ids, Kind, Mark},
    model::{
        audit::{Action, AuditQuery, Audited, Author, FieldChange, Note, Object, Who},
        directory::Births,
        log::{Page, PageQuery},
    },
};

/// The most entries of a page.
const MAX_PAGE: usize = 200;

/// The most rows that one piece of pruning takes away.
const PIECE: i64 = 500;

pub(crate) fn insert(
    connection: &Connection,
    at: Millis,
    (author, births): (&Author, Option<Births>),
    note: &Note,
) -> Result<()> {
    let sql =
        "INSERT INTO audit (at, action, actor, actor_id, token_id, session_id, address, object, object_id,
                 object_name, company_id, owner_id, births, webhook_id, changes)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)";
    let shown = |change: &FieldChange| json!([change.field, change.before, change.after]);
    connection.prepare_cached(sql)?.execute(params![
        at,
        note.action.name(),
        author.who.name(),
        author.who.person(),
        author.token_id,
        author.session_id,
        author.from,
        note.object.kind,
        note.object.id,
        note.object.name,
        note.owner.as_ref().map(|(company, _)| company),
        note.owner.as_ref().map(|(_, user)| user),
        births.map(text),
        note.webhook_id,
        note.changes.iter().map(shown).collect::<Value>().to_string(),
    ])?;
    Ok(())
}

fn text(Births { user, company }: Births) -> String {
    format!("{user} {company}")
}

/// A page, newest first; of an owner, only what was done in their time.
pub(crate) fn page(
    connection: &Connection,
    ids: &Ids,
    (query, births): (&AuditQuery, Option<Births>),
    asked: &PageQuery,
) -> Result<Page<Audited>> {
    let mark = Mark::of(&("audit", query));
    let limit = asked.limit.clamp(1, MAX_PAGE);
    let before = match &asked.cursor {
        None => i64::MAX,
        Some(cursor) => {
            ids.cursor_number(mark, cursor).ok_or_else(|| Error::invalid("/cursor", Fault::BadCursor))?
        }
    };
    let sql = "SELECT number, at, action, actor, actor_id, token_id, session_id, address, object, object_id, object_name,
                 company_id, owner_id, webhook_id, changes
               FROM audit
               WHERE number < ?1 AND (?2 IS NULL OR (company_id = ?2 AND owner_id = ?3 AND births = ?4))
                 AND (?5 IS NULL OR webhook_id = ?5) AND (?6 IS NULL OR actor_id = ?6) AND (?7 IS NULL OR action = ?7)
                 AND (?8 IS NULL OR at >= ?8) AND (?9 IS NULL OR at < ?9)
               ORDER BY number DESC LIMIT ?10";
    let mut statement = connection.prepare_cached(sql)?;
    let values = params![
        before,
        query.owner.as_ref().map(|(company, _)| company),
        query.owner.as_ref().map(|(_, user)| user),
        births.map(text),
        query.webhook_id,
        query.user_id,
        query.action.map(Action::name),
        query.since,
        query.until,
        i64::try_from(limit + 1).unwrap_or(i64::MAX),
    ];
    let rows = statement.query_map(values, |row| Ok((row.get(0)?, read(row, ids)?)))?;
    let mut found: Vec<(i64, Audited)> = rows.collect::<rusqlite::Result<_>>()?;
    let more = found.len() > limit;
    found.truncate(limit);
    let next_cursor = found.last().filter(|_| more).map(|(number, _)| ids.cursor(mark, *number));
    Ok(Page { items: found.into_iter().map(|(_, entry)| entry).collect(), next_cursor })
}

fn read(row: &Row<'_>, ids: &Ids) -> rusqlite::Result<Audited> {
    let who = match (row.get_ref(3)?.as_str()?, row.get(4)?) {
        ("PERSON", Some(id)) => Who::Person(id),
        ("SERVER", _) => Who::Server,
        _ => Who::Service,
    };
    let owner: (Option<String>, Option<String>) = (row.get(11)?, row.get(12)?);
    let changes: Vec<(String, Value, Value)> =
        serde_json::from_str(row.get_ref(14)?.as_str()?).unwrap_or_default();
    let action = Action::from_name(row.get_ref(2)?.as_str()?).ok_or_else(|| {
        rusqlite::Error::InvalidColumnType(2, "action".to_owned(), rusqlite::types::Type::Text)
    })?;
    Ok(Audited {
        id: ids.of(Kind::Audit, row.get(0)?),
        at: row.get(1)?,
        author: Author { who, token_id: row.get(5)?, session_id: row.get(6)?, from: row.get(7)? },
        note: Note {
            action,
            object: Object { kind: row.get(8)?, id: row.get(9)?, name: row.get(10)? },
            owner: owner.0.zip(owner.1),
            webhook_id: row.get(13)?,
            changes: changes
                .into_iter()
                .map(|(field, before, after)| FieldChange { field, before, after })
                .collect(),
        },
    })
}

/// Takes away a piece of what is older than `before`. True when there may be more.
pub(crate) fn prune(connection: &Connection, before: Millis) -> Result<bool> {
    let sql =
        "DELETE FROM audit WHERE number IN (SELECT number FROM audit ORDER BY number LIMIT ?1) AND at < ?2";
    let removed = connection.prepare_cached(sql)?.execute([PIECE, before])?;
    Ok(i64::try_from(removed) == Ok(PIECE))
}

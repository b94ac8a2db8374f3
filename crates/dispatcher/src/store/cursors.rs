//! Where the lines of webhooks stand: no bare delivery of a webhook that is to be sent is of an event before its cursor.

use rusqlite::Connection;

use super::{settings, webhooks};
use crate::{Result, model::WebhookKey};

/// The setting that has the common cursor.
pub(crate) const OPEN_FROM: &str = "open-from";

/// The cursor of a webhook: its own, or the common one.
pub(crate) fn of(connection: &Connection, webhook: WebhookKey) -> Result<i64> {
    let own = webhooks::lagging_since(connection, webhook)?;
    own.map_or_else(|| common(connection), Ok)
}

/// The first of all cursors.
pub(crate) fn first(connection: &Connection) -> Result<i64> {
    let sql = "SELECT min(lagging_since) FROM webhooks";
    let own: Option<i64> = connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
    let common = common(connection)?;
    Ok(own.map_or(common, |own| own.min(common)))
}

fn common(connection: &Connection) -> Result<i64> {
    Ok(settings::get(connection, OPEN_FROM)?.and_then(|text| text.parse().ok()).unwrap_or(0))
}

//! The key that a database's ids are made with, and which of them have the form from before.

use base64::{Engine, prelude::BASE64_STANDARD};

use super::{Lane, Snapshot};
use crate::{
    Result,
    id::{Ids, OldIds, random},
};

/// Where a database keeps the key that its ids are made with.
const KEY: &str = "id-key";

/// Those of a database, whose key is made once.
pub(crate) fn of(lane: &mut dyn Lane) -> Result<Ids> {
    let old = old_ids(lane.snapshot())?;
    let kept = lane.snapshot().setting(KEY)?.and_then(|text| BASE64_STANDARD.decode(text).ok());
    if let Some(key) = kept.and_then(|key| <[u8; 32]>::try_from(key).ok()) {
        return Ok(Ids::new(&key, old));
    }
    let key = random();
    lane.keep(KEY, &BASE64_STANDARD.encode(key))?;
    Ok(Ids::new(&key, old))
}

/// As the database's schema was brought up to date.
fn old_ids(snapshot: &dyn Snapshot) -> Result<OldIds> {
    let kept = snapshot.setting("old-ids")?;
    let read = kept.and_then(|text| serde_json::from_str::<[i64; 3]>(&text).ok());
    Ok(read.map_or_else(OldIds::default, |[events, deliveries, replays]| OldIds {
        events,
        deliveries,
        replays,
    }))
}

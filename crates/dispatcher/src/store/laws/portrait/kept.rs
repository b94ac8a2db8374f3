//! What is kept beside the log.

use super::Portrait;
use crate::{
    model::WebhookKey,
    store::{
        Snapshot,
        change::Secrets,
        laws::{asked::Asked, history::SETTINGS},
    },
};

pub(super) fn ask(portrait: &mut Portrait, snapshot: &dyn Snapshot, asked: &Asked) {
    for name in SETTINGS {
        portrait.note(format!("setting {name}"), snapshot.setting(name).unwrap());
        portrait.note(format!("settings like {name}"), snapshot.settings(name).unwrap());
    }
    for key in &asked.creations {
        portrait.note(format!("made for {key:?}"), snapshot.creation(key).unwrap());
    }
    for webhook in &asked.kept {
        portrait.note(format!("secrets of {webhook}"), secrets(snapshot, *webhook, asked));
    }
    portrait.note("sealed", snapshot.count_sealed().unwrap());
    portrait.note("next job", snapshot.next_job().unwrap());
    for number in &asked.replays {
        portrait.note(format!("replay {number}"), snapshot.replay(&asked.ids, *number).unwrap());
    }
    let mut running = snapshot.running_replays().unwrap();
    running.sort_unstable_by_key(|replay| replay.number);
    portrait.note("running replays", running);
    for number in &asked.jobs {
        portrait.note(format!("job {number}"), snapshot.job(&asked.ids, *number).unwrap());
    }
    portrait.note("running job", snapshot.running_job().unwrap());
}

/// Opened: each time that something is sealed it is other bytes.
fn secrets(snapshot: &dyn Snapshot, webhook: WebhookKey, asked: &Asked) -> String {
    let Secrets { current, made_at, next, next_at, next_made_at } = snapshot.secrets(webhook).unwrap();
    let owner = format!("w{webhook}");
    let open = |sealed: &Vec<u8>| (asked.keys.open(&owner, sealed).unwrap(), asked.keys.is_newest(sealed));
    let (current, next) = (current.as_ref().map(open), next.as_ref().map(open));
    format!("{current:?} {made_at:?} {next:?} {next_at:?} {next_made_at:?}")
}

//! What a start reads.

use std::{collections::BTreeMap, fmt::Write};

use super::Portrait;
use crate::{
    know::{Directory, Entry},
    model::directory::Life,
    store::{Snapshot, laws::asked::Asked},
};

pub(super) fn ask(portrait: &mut Portrait, snapshot: &dyn Snapshot, asked: &Asked) {
    let mut webhooks = snapshot.webhooks(&asked.keys).unwrap();
    webhooks.sort_unstable_by_key(|entry| entry.key);
    for entry in &webhooks {
        portrait.note(format!("webhook {}", entry.key), shown(entry, asked));
    }
    portrait.note("webhooks", webhooks.len());
    portrait.note("directory", directory(&snapshot.directory().unwrap()));
    portrait.note("next keys", snapshot.next_keys().unwrap());
    portrait.note("last number", snapshot.last_number().unwrap());
    portrait.note("next commit", snapshot.next_commit().unwrap());
    portrait.note("last commit at", snapshot.last_commit_at().unwrap());
    portrait.note("age", snapshot.age().unwrap());
    portrait.note("open from", snapshot.open_from().unwrap());
    portrait.note("cursors", snapshot.cursors().unwrap());
    let lately: BTreeMap<_, _> = snapshot.attempted_lately().unwrap().into_iter().collect();
    portrait.note("attempted lately", lately);
    portrait.note("uncounted", snapshot.uncounted().unwrap().is_empty());
    ask_of_counts(portrait, snapshot);
    ask_of_clock(portrait, snapshot, asked);
}

/// How many stand where, of those of whom any does.
pub(super) fn ask_of_counts(portrait: &mut Portrait, snapshot: &dyn Snapshot) {
    let mut fares = snapshot.fares().unwrap();
    fares.retain(|_, counts| *counts != [0, 0]);
    portrait.note("fares", fares);
}

/// Which steps are kept is the store's affair; but each number that is there tells its time, and the last how far ahead they are.
fn ask_of_clock(portrait: &mut Portrait, snapshot: &dyn Snapshot, asked: &Asked) {
    let steps = snapshot.clock_steps().unwrap();
    portrait.note("numbers are ahead by", steps.0.last().map(|(_, ahead)| *ahead));
    for event in &asked.events {
        let detail = snapshot.event_detail(&asked.ids, *event).unwrap();
        let tells = detail.map(|detail| steps.time(*event) == detail.event.received_at);
        portrait.note(format!("number {event} tells its time"), tells);
    }
}

fn shown(entry: &Entry, asked: &Asked) -> String {
    let (health, is_proven) = (entry.load.health(), entry.load.is_proven());
    let Entry { webhook, revision, off, .. } = entry;
    let mut text = format!("{webhook:?} {revision:?} {off:?} {health:?} {is_proven}");
    for at in &asked.times {
        let signing = entry.keys.signing(*at);
        let signed = signing
            .map(|by| (by.current.x_signature(b"body"), by.next.map(|next| next.x_signature(b"body"))));
        write!(text, " {:?} {signed:?}", entry.keys.secrets(*at)).unwrap();
    }
    text
}

fn directory(directory: &Directory) -> Vec<String> {
    let Directory { companies, projects, users, lives, .. } = directory;
    let of = |life: Option<&Life>| life.copied().unwrap_or_default();
    let mut all: Vec<String> = Vec::new();
    all.extend(companies.values().map(|it| format!("{it:?} {:?}", of(lives.companies.get(&it.id)))));
    all.extend(users.values().map(|it| format!("{it:?} {:?}", of(lives.users.get(&it.id)))));
    for project in projects.values() {
        let members = directory.members(&project.id).into_iter().flat_map(|members| members.iter());
        let members: BTreeMap<_, _> = members.map(|(user, role)| (user, role.name())).collect();
        all.push(format!("{project:?} {:?} {members:?}", of(lives.projects.get(&project.id))));
    }
    all.sort_unstable();
    all
}

//! What is told of the log.

use bluehook_core::delivery::Status;

use super::{Portrait, followed};
use crate::{
    id::Kind,
    model::{
        WebhookKey,
        changes::{ChangeQuery, Position},
    },
    store::{
        Snapshot,
        laws::asked::Asked,
        numbers::STEP,
        rows::{Changed, Tail},
    },
};

/// Where a delivery with a row may stand, but for success, which no store has to find the oldest of.
const RARE: [Status; 5] =
    [Status::Pending, Status::Retrying, Status::Failed, Status::Held, Status::Cancelled];

pub(super) fn ask(portrait: &mut Portrait, snapshot: &dyn Snapshot, asked: &Asked) {
    for event in &asked.events {
        portrait.note(format!("event {event}"), snapshot.event(*event).unwrap());
        portrait.note(
            format!("event {event} as it is shown"),
            snapshot.event_detail(&asked.ids, *event).unwrap(),
        );
    }
    ask_by_id(portrait, snapshot, asked);
    for company in ["c0", "c1"] {
        portrait.note(format!("the newest events of {company}"), newest_events(snapshot, company, asked));
    }
    for (query, from, end) in &asked.changed_where {
        let changes = changes(snapshot, query, (*from, *end), asked);
        portrait.note(format!("changed from {from:?} to {end:?}, {query:?}"), changes);
    }
    let tail = snapshot.tail().unwrap();
    for webhook in &asked.webhooks {
        ask_of_webhook(portrait, (snapshot, &tail), *webhook, asked);
    }
    for at in &asked.times {
        portrait.note(format!("begins before {at}"), begins_before(snapshot, *at, asked));
    }
}

/// By ids of callers, and by ours.
fn ask_by_id(portrait: &mut Portrait, snapshot: &dyn Snapshot, asked: &Asked) {
    let ours = asked.events.iter().map(|event| asked.ids.of(Kind::Event, *event));
    for id in (0..10).map(|number| format!("id{number}")).chain(ours) {
        for company in ["c0", "c1", "c9"] {
            let number = snapshot.event_number(&asked.ids, &id, Some(company)).unwrap();
            portrait.note(format!("the event {id} of {company}"), number);
        }
        // Of several companies' any may be it.
        let anywhere = snapshot.event_number(&asked.ids, &id, None).unwrap();
        portrait.note(format!("the event {id} of any"), anywhere.is_some());
    }
}

fn newest_events(snapshot: &dyn Snapshot, company: &str, asked: &Asked) -> Vec<String> {
    let is_there = |project: &str, event: i64| project != "p2" || event / STEP % 2 == 0;
    let mut shown = Vec::new();
    let mut show = |example, event: &_| {
        shown.push(format!("{example:?} {event:?}"));
        Ok(shown.len() < 3)
    };
    snapshot.newest_events(&asked.ids, company, asked.limit, &is_there, &mut show).unwrap();
    shown
}

/// What is told from a place on, whether something is missing before it, and the place after it.
fn changes(
    snapshot: &dyn Snapshot,
    query: &ChangeQuery,
    (from, end): (Position, Position),
    asked: &Asked,
) -> (Vec<String>, bool, Position) {
    let (mut broken, mut last) = (Vec::new(), from);
    let told = followed(from, |from| {
        let reading = snapshot.changes((from, end), query, asked.limit).unwrap();
        assert!(reading.rows.len() <= asked.limit);
        broken.push(reading.is_broken);
        last = reading.next;
        let told = reading.rows.iter().filter(|(_, changed)| is_known(snapshot, changed, asked));
        let told = told.map(|(position, changed)| format!("{position:?} {changed:?}")).collect();
        (told, reading.more.then_some(reading.next))
    });
    assert!(!broken[1..].contains(&true), "only the first may begin behind a gap");
    (told, broken[0], last)
}

/// Whether a change is of a webhook that is known for sure: of one that was forgotten nothing has to be told.
fn is_known(snapshot: &dyn Snapshot, changed: &Changed, asked: &Asked) -> bool {
    match changed {
        _ if asked.forgotten.is_empty() => true,
        Changed::Webhook { id, .. } => !asked.forgotten.contains(id),
        Changed::Delivery { number, .. } => snapshot.stands(*number).unwrap().is_some(),
    }
}

fn ask_of_webhook(
    portrait: &mut Portrait,
    (snapshot, tail): (&dyn Snapshot, &Tail),
    webhook: WebhookKey,
    asked: &Asked,
) {
    for since in &asked.times {
        let mut seen = Vec::new();
        let newest = snapshot.newest(webhook, since - 9_000_000, &mut |one| {
            seen.push((one.status, one.created_at, one.attempts));
        });
        portrait.note(format!("the newest of {webhook} since {since}"), (newest.unwrap(), seen));
    }
    portrait.note(format!("the summary of {webhook}"), snapshot.summary(tail, webhook).unwrap());
    portrait.note(format!("the last made of {webhook}"), snapshot.last_made(tail, webhook).unwrap());
    portrait.note(format!("the oldest held of {webhook}"), snapshot.oldest_held(tail, webhook).unwrap());
    for status in RARE {
        let oldest = snapshot.oldest_in(webhook, status).unwrap();
        portrait.note(format!("the oldest {} of {webhook}", status.name()), oldest);
    }
    let history = snapshot.health_history(webhook, 3 * asked.limit).unwrap();
    portrait.note(format!("the health of {webhook}"), history);
}

/// Whether the place where a replay since a time begins lies before all that were made since.
fn begins_before(snapshot: &dyn Snapshot, since: i64, asked: &Asked) -> bool {
    let position = snapshot.position_before(since).unwrap();
    let stands = asked.deliveries.iter().map(|number| (*number, snapshot.stands(*number).unwrap()));
    let mut since = stands.filter(|(_, stands)| stands.as_ref().is_some_and(|it| it.created_at >= since));
    since.all(|(number, _)| number > position)
}

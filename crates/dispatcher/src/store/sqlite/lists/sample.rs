//! A log for tests, and what they know of it: old deliveries with rows, newer ones with and without, a clock that was set back,
//! lists of which the newest part is not folded yet.

use bluehook_core::{delivery::Status, event::EventType, request::SEQUENCE_BEGINS, time::Millis};
use rusqlite::{Connection, params};

use super::of_webhook::{Listed, making};
use crate::{
    model::{WebhookKey, changes::DeliveryStep},
    store::{
        folding::Lists,
        made::{MadeAs, Target, pack},
        sqlite::{
            changes::{self, Entries, Entry},
            cursors,
            numbers::{self, Given, Numbers},
            schema,
        },
    },
};

pub(crate) const TYPES: [EventType; 3] =
    [EventType::TodoCreated, EventType::TagDeleted, EventType::CommentCreated];

/// When the first event with a time in its number was taken in.
pub(crate) const BEGIN: Millis = SEQUENCE_BEGINS + (1 << 37) + 7;

/// From one event to the next.
pub(crate) const BETWEEN: Millis = 2_000;

/// Events from before, each with one delivery.
pub(crate) const OLD: usize = 9_000;
/// Events since then.
pub(crate) const NEW: usize = 12_000;
/// After so many of these the clock was set back, by so much that many times came twice.
const STEP_AT: usize = 5_000;
const STEP_BY: Millis = 2 * 3_600_000;
/// Of these the cursors of lines are so far from the end: the common one, and that of the second webhook.
const OPEN: usize = 300;
const LAGGING: usize = 4_000;

/// A delivery, as tests know it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known {
    pub(crate) number: i64,
    pub(crate) event: i64,
    pub(crate) webhook: WebhookKey,
    pub(crate) event_type: EventType,
    pub(crate) status: Status,
    pub(crate) created_at: Millis,
    /// None: from before.
    made_as: Option<MadeAs>,
    is_bare: bool,
}

impl Known {
    pub(crate) const fn is_bare(&self) -> bool {
        self.is_bare
    }
}

/// A log and its deliveries in the order of their numbers.
pub(crate) struct Sample {
    pub(crate) connection: Connection,
    pub(crate) known: Vec<Known>,
    /// Each event's number, type, webhook of its first delivery, and time.
    pub(crate) events: Vec<(i64, EventType, WebhookKey, Millis)>,
}

pub(crate) fn company(webhook: WebhookKey) -> String {
    format!("c{}", if webhook > 4 { 9 } else { webhook / 2 })
}

pub(crate) fn creator(webhook: WebhookKey) -> String {
    format!("u{}", webhook % 2)
}

/// Four webhooks, each with every seventh delivery or more.
pub(crate) fn four(index: usize) -> WebhookKey {
    i64::try_from(index % 7 % 4).unwrap() + 1
}

/// A log of as many webhooks, and whose each delivery is.
pub(crate) fn sample(webhooks: i64, webhook_of: impl Fn(usize) -> WebhookKey) -> Sample {
    let connection = Connection::open_in_memory().unwrap();
    schema::bring_up_to_date(&connection).unwrap();
    connection.execute_batch("BEGIN").unwrap();
    for key in 1..=webhooks {
        let sql =
            "INSERT INTO webhooks (key, id, uid, company_id, created_by_id, url, status, enabled, events,
                     project_ids, payload_format, revision, created_at, updated_at)
                   VALUES (?1, 'w' || ?1, '', ?2, ?3, '', 'HEALTHY', 1, '', '', 'full', ?1 + 1000000, 0, 0)";
        connection.execute(sql, params![key, company(key), creator(key)]).unwrap();
        let sql = "INSERT INTO revisions (key, webhook, url, payload_format, body_object)
                   VALUES (?1 + 1000000, ?1, 'then', 'full', '{}')";
        connection.execute(sql, [key]).unwrap();
    }
    let mut sample = Sample { connection, known: Vec::new(), events: Vec::new() };
    sample.add_old(&webhook_of);
    sample.add_new(&webhook_of);
    sample.put();
    sample.connection.execute_batch("COMMIT").unwrap();
    sample
}

/// Rare things far apart: the third type is there once in 9,000.
fn event_type(index: usize) -> EventType {
    if index % 9_000 == 17 { TYPES[2] } else { TYPES[index % 2] }
}

/// Each status but success once in 700, now of this webhook, now of that.
fn row_status(index: usize) -> Status {
    let turn = index / 100 + index / 700;
    let found = if index.is_multiple_of(100) { Status::ALL[turn % 7] } else { Status::Succeeded };
    if found == Status::Delivering { Status::Retrying } else { found }
}

/// How a newer delivery was made, and whether nothing came of it.
fn made(index: usize, webhook: WebhookKey, events_to_come: usize) -> (MadeAs, bool) {
    let is_open = events_to_come <= if webhook == 2 { LAGGING } else { OPEN };
    match index % 60 {
        7 => (MadeAs::Held, true),
        8 => (MadeAs::HeldByFilter, true),
        9 => (MadeAs::Held, false),
        n if n % 2 == 0 => (MadeAs::Open, is_open && n % 3 == 0),
        n => (MadeAs::Owed, is_open && n % 3 == 0),
    }
}

impl Sample {
    fn add_old(&mut self, webhook_of: &impl Fn(usize) -> WebhookKey) {
        for index in 0..OLD {
            let number = i64::try_from(index).unwrap() + 1;
            let created_at = BEGIN - i64::try_from(OLD - index).unwrap() * BETWEEN;
            let (webhook, event_type) = (webhook_of(index), event_type(index));
            let (status, event) = (row_status(index), number);
            self.events.push((event, event_type, webhook, created_at));
            self.known.push(Known {
                number,
                event,
                webhook,
                event_type,
                status,
                created_at,
                made_as: None,
                is_bare: false,
            });
        }
    }

    fn add_new(&mut self, webhook_of: &impl Fn(usize) -> WebhookKey) {
        let steps = cursors::steps(&self.connection).unwrap();
        let mut numbers = Numbers::after(cursors::last_number(&self.connection).unwrap(), &steps);
        for index in 0..NEW {
            let set_back = if index >= STEP_AT { STEP_BY } else { 0 };
            let now = BEGIN + i64::try_from(index).unwrap() * BETWEEN - set_back;
            let count = [1, 0, 2, 3, 1][index % 5];
            let Given { number: event, at: created_at, step } = numbers.give(now, count);
            if let Some(ahead) = step {
                cursors::put_step(&self.connection, event, ahead).unwrap();
            }
            let event_type = event_type(index + 3);
            let first = self.known.len();
            self.events.push((event, event_type, webhook_of(first), created_at));
            for place in 0..count {
                let webhook = webhook_of(first + place);
                let (made_as, is_bare) = made(first + place, webhook, NEW - index);
                let status = if is_bare { made_as.status() } else { row_status(first + place) };
                self.known.push(Known {
                    number: numbers::of_delivery(event, place),
                    event,
                    webhook,
                    event_type,
                    status,
                    created_at,
                    made_as: Some(made_as),
                    is_bare,
                });
            }
        }
        let from_end = |count: usize| self.events[self.events.len() - count].0;
        cursors::put_open_from(&self.connection, from_end(OPEN), 0).unwrap();
        let sql = "UPDATE webhooks SET lagging_since = ?1 WHERE key = 2";
        self.connection.execute(sql, [from_end(LAGGING)]).unwrap();
    }

    fn put(&self) {
        for event in &self.events {
            self.put_event(event);
        }
        self.known.iter().filter(|known| !known.is_bare).for_each(|known| self.put_row(known));
        let (folded, tail) = self.known.split_at(self.known.len() - 2_500);
        let mut lists = Lists::default();
        for known in folded {
            let was_held = known.made_as.is_some_and(|made_as| made_as.status() == Status::Held);
            making::add_one(&mut lists, known.webhook, Listed { number: known.number, was_held });
        }
        making::put_all(&self.connection, &lists).unwrap();
        for (commit, known) in (1..).zip(tail.chunks(400)) {
            let mut entries = Entries::default();
            for Known { webhook, number, made_as, .. } in known {
                let (webhook, number, step) = (*webhook, *number, DeliveryStep::Created);
                let status = made_as.unwrap().status();
                entries.push(Entry::Delivery { webhook, number, step, status, attempts: 0 });
            }
            changes::insert(&self.connection, (commit, commit), &entries, &[]).unwrap();
        }
    }

    fn put_event(&self, (number, event_type, webhook, at): &(i64, EventType, WebhookKey, Millis)) {
        let known = self.known.partition_point(|known| known.event < *number);
        let known: Vec<_> = self.known[known..].iter().take_while(|known| known.event == *number).collect();
        let targets = known.iter().filter_map(|known| {
            Some(Target { revision: known.webhook + 1_000_000, made_as: known.made_as? })
        });
        let is_new = *number >= numbers::TIMED;
        let first = if is_new { numbers::of_delivery(*number, 0) } else { *number };
        let sql =
            "INSERT INTO events (number, type, company_id, project_id, user_id, received_at, first_delivery,
                     deliveries, targets, previous_value, current_value)
                   VALUES (?1, ?2, ?3, 'p', 'u', ?4, ?5, ?6, ?7, 'null', '{}')";
        let mut statement = self.connection.prepare_cached(sql).unwrap();
        let targets = is_new.then(|| pack(targets));
        let count = i64::try_from(known.len()).unwrap();
        statement
            .execute(params![number, event_type.name(), company(*webhook), at, first, count, targets])
            .unwrap();
    }

    fn put_row(&self, known: &Known) {
        let sql = "INSERT INTO deliveries (number, event, webhook, revision, type, status, due_at, attempts,
                     created_at, last_attempt_at)
                   VALUES (?1, ?2, ?3, ?3 + 1000000, ?4, ?5, ?6, ?7, ?8, ?9)";
        let due_at = matches!(known.status, Status::Pending | Status::Retrying).then_some(5);
        let tried = !matches!(known.status, Status::Pending | Status::Held);
        let (event_type, status) = (known.event_type.name(), known.status.name());
        let Known { number, event, webhook, created_at, .. } = *known;
        let mut statement = self.connection.prepare_cached(sql).unwrap();
        let last_attempt_at = tried.then_some(6);
        statement
            .execute(params![
                number,
                event,
                webhook,
                event_type,
                status,
                due_at,
                tried,
                created_at,
                last_attempt_at
            ])
            .unwrap();
    }
}

//! L12: exactly what is old and settled goes, and nothing refers to what is gone.

use bluehook_core::{
    delivery::{Status, Step},
    event::Event,
};

use super::{
    Store,
    asked::Asked,
    dice::Dice,
    history::{DAY, Ended, HOUR, History, KEPT, outcome},
};
use crate::{
    model::{
        WebhookKey,
        cause::ErrorClass,
        changes::DeliveryStep,
        sums::{Attempted, Latencies, Move},
    },
    store::{
        Change, Snapshot,
        change::{Became, NewRow},
        made::{MadeAs, Target},
        numbers::{STEP, of_delivery},
    },
};

/// What came of a delivery.
#[derive(Clone, Copy, Debug)]
pub(super) enum Came {
    Nothing(MadeAs),
    Due,
    Ended(Status),
    Aside(Status),
    /// It is done, but its row is still being written by whoever sends it.
    Sent,
}

/// Deliveries of one event, and whether it stays when it is old, and when it is twice as old.
const EVENTS: [(&[Came], [bool; 2]); 13] = [
    (&[], [false, false]),
    (&[Came::Ended(Status::Succeeded)], [false, false]),
    (&[Came::Ended(Status::Failed), Came::Ended(Status::Succeeded)], [false, false]),
    (&[Came::Aside(Status::Held)], [false, false]),
    (&[Came::Aside(Status::Cancelled)], [false, false]),
    (&[Came::Nothing(MadeAs::Held)], [false, false]),
    (&[Came::Nothing(MadeAs::HeldByFilter)], [false, false]),
    (&[Came::Nothing(MadeAs::Open)], [true, false]),
    (&[Came::Nothing(MadeAs::Owed)], [true, false]),
    (&[Came::Due], [true, false]),
    (&[Came::Ended(Status::Succeeded), Came::Ended(Status::Retrying)], [true, false]),
    (&[Came::Nothing(MadeAs::Held), Came::Due], [true, false]),
    (&[Came::Sent], [true, true]),
];

impl History {
    /// An event with an id of its own, and what came of its deliveries.
    pub(super) fn log_with(&mut self, key: WebhookKey, came: &[Came], dice: &mut Dice) -> i64 {
        let made_as = |came: &Came| if let Came::Nothing(made_as) = came { *made_as } else { MadeAs::Open };
        let revision = self.revision_of(key);
        let targets = came.iter().map(|came| Target { revision, made_as: made_as(came) }).collect();
        let id = Some(format!("one {}", self.events.len()));
        let event = Event { id, company_id: "c0".to_owned(), ..self.new_event(dice) };
        let number = self.log(event, targets);
        for (place, came) in came.iter().enumerate() {
            let new = self.with(|data| NewRow::of(&data.one(of_delivery(number, place)).unwrap().made));
            self.comes(new, *came, dice);
        }
        number
    }

    fn comes(&mut self, new: NewRow, came: Came, dice: &mut Dice) {
        let now = self.now;
        let status = match came {
            Came::Nothing(_) => return,
            Came::Due => Status::Pending,
            Came::Ended(status) | Came::Aside(status) => status,
            Came::Sent => Status::Succeeded,
        };
        let made = self.with(|data| data.one(new.number).unwrap().made.how.status());
        let moved = Move::moved(new.webhook, new.created_at, made, status);
        if matches!(came, Came::Ended(_) | Came::Sent) {
            let outcome = outcome(dice);
            let (class, piece) = (ErrorClass::of(&outcome), Latencies::piece(5));
            let attempt = Some(Attempted { before: None, class, piece });
            self.delivery_changes(Move { attempt, ..moved }, new.number, DeliveryStep::Attempted, 1);
            let next_attempt_at = (status == Status::Retrying).then_some(now);
            let step = Step { status, next_attempt_at, gave_up: None };
            let ended = Ended { step, tries: 1, ordinal: 1, duration_us: 5, outcome, reused: false };
            return self.end_attempt(new, true, ended);
        }
        self.delivery_changes(moved, new.number, DeliveryStep::Moved, 0);
        self.put(move |group| {
            let became = match came {
                Came::Due => Became::Due { status, tries: 0, at: now },
                _ => Became::Aside(status, None),
            };
            group.put(Change::Row(new.clone(), became))
        });
    }

    /// What the store has of an event: by number, by the caller's id, its deliveries and their attempts.
    fn finds(&self, event: i64, id: &str, deliveries: usize) -> bool {
        let (snapshot, ids): (&dyn Snapshot, _) = (self.world.snapshot(), &self.world.ids);
        let is_there = snapshot.event(event).unwrap().is_some();
        assert_eq!(snapshot.event_detail(ids, event).unwrap().is_some(), is_there);
        assert_eq!(snapshot.event_number(ids, id, Some("c0")).unwrap(), is_there.then_some(event));
        for number in (0..deliveries).map(|place| of_delivery(event, place)) {
            let found = [
                snapshot.stands(number).unwrap().is_some(),
                snapshot.made(number).unwrap().is_some(),
                snapshot.delivery(ids, number).unwrap().is_some(),
                snapshot.told(ids, number).unwrap().is_some(),
                snapshot.owner(number).unwrap().is_some(),
            ];
            assert_eq!(found, [is_there; 5], "{number} of {event}");
            assert!(is_there || snapshot.attempts(ids, number).unwrap().1 == 0, "{number} of {event}");
        }
        is_there
    }
}

pub(super) fn what_is_old_and_settled_goes_and_nothing_else(store: Store) {
    let (mut history, dice) = (History::of(store), &mut Dice::from(71));
    let keys = [history.make_webhook(dice), history.make_webhook(dice)];
    let mut logged = Vec::new();
    for (batch, key) in keys.into_iter().enumerate() {
        for (came, stays) in EVENTS {
            let event = history.log_with(key, came, dice);
            logged.push((event, batch, came, stays));
            history.pass(70);
        }
        history.end_group();
        history.pass(if batch == 0 { KEPT - 5 * HOUR } else { 7 * HOUR });
    }
    let sent: Vec<i64> =
        logged.iter().filter(|it| matches!(it.2, [Came::Sent])).map(|it| of_delivery(it.0, 0)).collect();
    // The first batch is old, then the second, then each as old again.
    let turns = [([1, 0], KEPT - 5 * HOUR), ([1, 1], 6 * HOUR), ([2, 1], KEPT - 4 * HOUR), ([2, 2], HOUR)];
    for (turn, (old, then)) in turns.into_iter().enumerate() {
        if turn % 2 == 0 {
            history.fold();
        }
        let sent = sent.clone();
        history.prune_now(move |delivery| sent.contains(&delivery));
        history.end_group();
        for (nth, (event, batch, came, stays)) in logged.iter().enumerate() {
            let expected = (0..old[*batch]).all(|times| stays[times]);
            let found = history.finds(*event, &format!("one {nth}"), came.len());
            assert_eq!(found, expected, "{came:?} of batch {batch}, in turn {turn}");
        }
        history.world.check(&Asked::of_all(&history));
        history.pass(then);
    }
    a_cursor_lets_go(history, keys[0], dice);
}

/// What lies before a cursor is nobody's to send; and an event is as old as was believed then.
fn a_cursor_lets_go(mut history: History, key: WebhookKey, dice: &mut Dice) {
    let target = Target { revision: history.revision_of(key), made_as: MadeAs::Open };
    let (first, second) = (history.log_one(vec![target], dice), history.log_one(vec![target], dice));
    history.put(move |group| group.put(Change::Cursor(key, Some(first + 2 * STEP))));
    // What a clock says that is not believed makes nothing young, nor old.
    let believed = history.latest;
    let [ahead, behind] = [9 * DAY, -DAY].map(|by| {
        history.now = believed + by;
        let event = Event { id: None, ..history.new_event(dice) };
        history.log_aged(event, Vec::new(), Some(believed))
    });
    history.now = believed;
    history.end_group();
    for (then, there) in [(KEPT - 2 * HOUR, [true; 4]), (4 * HOUR, [false, true, false, false])] {
        history.pass(then);
        history.prune_now(|_| false);
        history.end_group();
        let found = [first, second, ahead, behind]
            .map(|event| history.world.snapshot().event(event).unwrap().is_some());
        assert_eq!(found, there, "{then} later");
    }
}

//! L10: what was written is there after the end, however it came. And a cursor of a list is of the query that it was given for.

use super::{Store, asked::Asked, dice::Dice, histories::Action, history::History};
use crate::{
    model::{
        audit::AuditQuery,
        log::{DeliveryQuery, EventQuery, PageQuery},
    },
    store::Snapshot,
};

/// A page of some list of a webhook's, after a cursor: gives the next one.
type List<'a> = dyn Fn(Option<&str>, Option<String>) -> crate::Result<Option<String>> + 'a;

/// A history in which everything happened.
fn history(store: Store, dice: &mut Dice) -> History {
    let mut history = History::of(store);
    for _ in 0..3 {
        history.make_webhook(dice);
    }
    for _ in 0..12 {
        for action in Action::ALL.into_iter().filter(|action| !matches!(action, Action::Delete)) {
            history.act(action, dice);
        }
        history.end_group();
    }
    history
}

pub(super) fn what_was_written_is_there_after_the_end(store: Store) {
    let dice = &mut Dice::from(51);
    let mut history = history(store, dice);
    let snapshot: &dyn Snapshot = history.world.snapshot();
    assert!(!snapshot.cursors().unwrap().is_empty() && !snapshot.running_replays().unwrap().is_empty());
    for is_killed in [false, true, true, false] {
        let asked = Asked::of_all(&history);
        let before = history.world.portrait(&asked);
        history.reopen(is_killed);
        history.world.portrait(&asked).assert_is(&before);
        history.world.portrait_beside(&asked).assert_is(&before);
        history.act(Action::Job, dice);
        history.act(Action::Replay, dice);
        history.act(Action::Cursor, dice);
        history.act(Action::OpenFrom, dice);
        history.end_group();
        history.world.check(&Asked::of_all(&history));
    }
}

pub(super) fn a_cursor_is_of_one_query(store: Store) {
    let dice = &mut Dice::from(52);
    let history = history(store, dice);
    let (snapshot, ids): (&dyn Snapshot, _) = (history.world.snapshot(), &history.world.ids);
    let of_events = |company: Option<&str>, cursor: Option<String>| {
        let query = EventQuery { company_id: company.map(str::to_owned), ..EventQuery::default() };
        snapshot.events(ids, (&query, 0), &PageQuery { limit: 1, cursor }).map(|page| page.next_cursor)
    };
    let of_deliveries = |webhook: Option<&str>, cursor: Option<String>| {
        let query = DeliveryQuery { webhook_id: webhook.map(str::to_owned), ..DeliveryQuery::default() };
        snapshot.deliveries(ids, (&query, 0), &PageQuery { limit: 1, cursor }).map(|page| page.next_cursor)
    };
    let of_audit = |webhook: Option<&str>, cursor: Option<String>| {
        let query = AuditQuery { webhook_id: webhook.map(str::to_owned), ..AuditQuery::default() };
        snapshot.audit(ids, (&query, None), &PageQuery { limit: 1, cursor }).map(|page| page.next_cursor)
    };
    let lists: [&List<'_>; 3] = [&of_events, &of_deliveries, &of_audit];
    for (place, list) in lists.iter().enumerate() {
        let cursor = list(None, None).unwrap();
        assert!(cursor.is_some() && list(None, cursor.clone()).is_ok());
        assert!(list(Some("w1"), cursor.clone()).is_err(), "of another query");
        for other in lists.iter().enumerate().filter(|(other, _)| *other != place).map(|(_, other)| other) {
            assert!(other(None, cursor.clone()).is_err(), "of another list");
        }
        for unknown in ["", "5", "c", "cccccccccccccccccccccccccc"] {
            assert!(list(None, Some(unknown.to_owned())).is_err(), "{unknown}");
        }
    }
}

//! What waits to be sent, and what it is made of. The first of it is what a start finds.

use super::{Portrait, followed};
use crate::{
    model::{WebhookKey, replay::ReplayQuery},
    store::{
        Snapshot,
        laws::asked::Asked,
        numbers::STEP,
        rows::{RunningReplay, Tail},
    },
};

pub(super) fn ask(portrait: &mut Portrait, snapshot: &dyn Snapshot, asked: &Asked) {
    for from in &asked.from {
        portrait.note(format!("bare from {from}"), bare(snapshot, *from));
    }
    let next = |after| {
        let next = snapshot.next_waiting(after).unwrap();
        (next.into_iter().collect(), next.map(|(webhook, _)| webhook))
    };
    portrait.note("who something waits for", followed(0, next));
    let tail = snapshot.tail().unwrap();
    for webhook in &asked.webhooks {
        ask_of_webhook(portrait, snapshot, *webhook, asked);
    }
    ask_of_lists(portrait, snapshot, asked);
    for number in &asked.deliveries {
        ask_of_delivery(portrait, snapshot, *number, asked);
    }
    for key in &asked.revisions {
        portrait.note(format!("revision {key}"), snapshot.revision(*key).unwrap());
    }
    for (webhook, query) in &asked.again_where {
        ask_again(portrait, (snapshot, &tail), (*webhook, query), asked.limit);
    }
}

/// Everything without a row from an event on.
fn bare(snapshot: &dyn Snapshot, from: i64) -> Vec<String> {
    followed(from, |from| match snapshot.next_bare(from).unwrap() {
        Some((event, made)) => (made.iter().map(|made| format!("{made:?}")).collect(), Some(event + 1)),
        None => (Vec::new(), None),
    })
}

fn ask_of_webhook(portrait: &mut Portrait, snapshot: &dyn Snapshot, webhook: WebhookKey, asked: &Asked) {
    let limit = asked.limit;
    let mut waiting = snapshot.waiting(webhook, 1_000).unwrap();
    assert!(waiting.is_sorted_by_key(|waiting| waiting.due_at), "{waiting:?}");
    waiting.sort_by_key(|waiting| (waiting.due_at, waiting.number));
    portrait.note(format!("what waits for {webhook}"), waiting);
    // Of those that are due at once any may be the last.
    let due = snapshot.waiting(webhook, limit).unwrap().into_iter().map(|waiting| waiting.due_at);
    portrait.note(format!("what is due first for {webhook}"), due.collect::<Vec<_>>());
    let next = |after| {
        let next = snapshot.waiting_after(webhook, after, limit).unwrap();
        let last = next.last().map(|waiting| waiting.number);
        (next, last)
    };
    portrait.note(format!("what waits for {webhook} by number"), followed(0, next));
    for limit in [limit, 1_000] {
        portrait.note(format!("{limit} held for {webhook}"), snapshot.held(webhook, limit).unwrap());
    }
}

/// The list of each webhook, from its beginning to its end.
pub(super) fn ask_of_lists(portrait: &mut Portrait, snapshot: &dyn Snapshot, asked: &Asked) {
    let (tail, limit) = (snapshot.tail().unwrap(), asked.limit);
    for webhook in &asked.webhooks {
        let next = |after| {
            let mut next = snapshot.listed_after(*webhook, after, limit).unwrap();
            tail.go_on(&mut next, *webhook, after, limit);
            assert!(next.len() <= limit && next.is_sorted() && next.iter().all(|number| *number > after));
            let last = next.last().copied();
            (next, last)
        };
        let mut listed = followed(0, next);
        // It may tell of what is gone.
        listed.retain(|number| snapshot.stands(*number).unwrap().is_some());
        portrait.note(format!("the list of {webhook}"), listed);
    }
}

fn ask_of_delivery(portrait: &mut Portrait, snapshot: &dyn Snapshot, number: i64, asked: &Asked) {
    let ids = &asked.ids;
    portrait.note(format!("how {number} was made"), snapshot.made(number).unwrap());
    portrait.note(format!("{number}, if bare"), snapshot.bare(number).unwrap());
    portrait.note(format!("how {number} stands"), snapshot.stands(number).unwrap());
    portrait.note(format!("what {number} tells of"), snapshot.told_of(number).unwrap());
    portrait.note(format!("{number} as it is shown"), snapshot.delivery(ids, number).unwrap());
    portrait.note(format!("{number} with its body"), snapshot.told(ids, number).unwrap());
    portrait.note(format!("whose {number} is"), snapshot.owner(number).unwrap());
    portrait.note(format!("the attempts of {number}"), snapshot.attempts(ids, number).unwrap());
}

/// A replay from its beginning to its end.
fn ask_again(
    portrait: &mut Portrait,
    (snapshot, tail): (&dyn Snapshot, &Tail),
    (webhook, query): (WebhookKey, &ReplayQuery),
    limit: usize,
) {
    let may_send = |project: &str, event: i64| project != "p1" || event / STEP % 2 == 0;
    portrait.note(format!("how many {query:?}"), snapshot.count_again(webhook, query, &may_send).unwrap());
    let next = |position| {
        let (statuses, event) = (query.statuses(), query.event);
        let (since, until) = (query.since, query.until);
        let job = RunningReplay { number: 1, webhook, statuses, event, since, until, position };
        let again = snapshot.next_again(&job, tail, limit, &may_send).unwrap();
        assert!(again.numbers.len() <= limit && again.reached.is_none_or(|reached| reached > position));
        (again.numbers, again.reached)
    };
    let begin = snapshot.position_before(query.since).unwrap();
    portrait.note(format!("again {query:?}"), followed(begin, next));
}

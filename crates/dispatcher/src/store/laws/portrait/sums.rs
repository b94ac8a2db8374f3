//! Sums: of each slot by itself where none may be told with its hour, and of hours.

use std::{collections::BTreeMap, ops::Range};

use super::Portrait;
use crate::{
    model::{
        WebhookKey,
        sums::{Counts, SLOTS_PER_HOUR, Slot, hour_of},
    },
    store::{Snapshot, laws::asked::Asked},
};

pub(super) fn ask(portrait: &mut Portrait, snapshot: &dyn Snapshot, asked: &Asked) {
    let Range { start, end } = asked.slots;
    let fine = asked.fine_from.max(start);
    portrait.note("sums by hour", sums(snapshot, &asked.webhooks, start..end, hour_of));
    portrait.note("sums by slot", sums(snapshot, &asked.webhooks, fine..end, |slot| slot));
    // From within an hour, and up to within another.
    let within = fine + 5..(end - SLOTS_PER_HOUR - 3).max(fine + 5);
    portrait.note("sums of some slots", sums(snapshot, &asked.webhooks, within, |slot| slot));
    for webhook in asked.webhooks.iter().take(2) {
        let of_one = sums(snapshot, &[*webhook], hour_of(start + (end - start) / 2)..end, hour_of);
        portrait.note(format!("later sums of {webhook} by hour"), of_one);
    }
}

/// What is counted, without what is nothing.
fn sums(
    snapshot: &dyn Snapshot,
    webhooks: &[WebhookKey],
    slots: Range<Slot>,
    told_with: impl Fn(Slot) -> Slot,
) -> BTreeMap<(WebhookKey, Slot), String> {
    let mut sums = BTreeMap::<_, Counts>::new();
    let mut show = |webhook, slot, counts: &Counts| {
        sums.entry((webhook, told_with(slot))).or_default().merge(counts);
    };
    snapshot.sums(webhooks, slots, &mut show).unwrap();
    let shown = sums.into_iter().map(|(place, counts)| (place, shown(&counts)));
    shown.filter(|(_, shown)| *shown != self::shown(&Counts::default())).collect()
}

fn shown(counts: &Counts) -> String {
    let Counts { statuses, succeeded, failed, last_failed, took } = counts;
    let took: Vec<_> = took.pieces().iter().filter(|(_, count)| *count != 0).collect();
    format!("{statuses:?} {succeeded} {failed:?} {last_failed:?} {took:?}")
}

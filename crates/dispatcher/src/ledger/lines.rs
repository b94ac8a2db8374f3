//! Lines: which of a webhook's deliveries are in memory, and up to where the log was read for the rest. Known to the store's
//! writer alone.
//!
//! A bare delivery is found in the log after a crash. One law says where to look: **no bare delivery that is to be sent lies
//! before a cursor.** There is a common one, kept every second, and one for each webhook whose receiver is slower than that, or
//! whose line has a gap: what there was no room for in memory. So 1,500 receivers that hang cost 1,500 numbers, and an event
//! that hundreds of dead receivers want costs hardly more than one that nobody wants.

use std::collections::{BTreeMap, HashSet};

use crate::{Result, model::WebhookKey, store::Snapshot};

/// The most cursors of webhooks that are moved at once.
const MAX_MOVED: usize = 1_000;

/// Every webhook's line that is not empty.
#[derive(Default)]
pub(crate) struct Lines {
    of: BTreeMap<WebhookKey, Line>,
    /// The common cursor: an event's number.
    open_from: i64,
    /// The last number that was given when the cursors were moved, and the time before that.
    marks: [i64; 2],
    /// The webhook whose cursor was the last to be moved.
    moved_to: WebhookKey,
    /// The last number that was given before this group.
    written: i64,
    /// How to undo what this group did.
    undo: Vec<Undo>,
}

/// One webhook's line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Line {
    /// Its bare deliveries in memory, each with its event.
    bare: BTreeMap<i64, i64>,
    /// Its deliveries in memory that have rows.
    rows: HashSet<i64>,
    /// Its own cursor: an event's number.
    cursor: Option<i64>,
    gap: Option<Gap>,
}

impl Line {
    fn is_empty(&self) -> bool {
        self.bare.is_empty() && self.rows.is_empty() && self.cursor.is_none() && self.gap.is_none()
    }

    /// The event of its oldest bare delivery in memory.
    fn oldest(&self) -> Option<i64> {
        self.bare.first_key_value().map(|(_, event)| *event)
    }
}

/// What of the log is not in memory: the deliveries after one, up to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Gap {
    /// The last delivery that was read.
    read: i64,
    /// Its event, or an earlier one.
    event: i64,
    /// The last delivery that is owed.
    last: i64,
}

/// What a delivery was in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Was {
    /// It had no row.
    Bare,
    /// It had one.
    Row,
    /// It was not there.
    NotThere,
}

/// What was so before.
enum Undo {
    Bare(WebhookKey, i64, Option<i64>),
    Row(WebhookKey, i64, bool),
    Cursor(WebhookKey, Option<i64>),
    Gap(WebhookKey, Option<Gap>),
    OpenFrom(i64),
}

impl Undo {
    fn webhook(&self) -> Option<WebhookKey> {
        match self {
            Undo::Bare(key, ..) | Undo::Row(key, ..) | Undo::Cursor(key, _) | Undo::Gap(key, _) => Some(*key),
            Undo::OpenFrom(_) => None,
        }
    }
}

impl Lines {
    /// What an earlier process left behind, in a log that ends with `last`: everything is behind a cursor and to be read. Gives
    /// the cursors that are to be kept beside those that are, each with its event.
    pub(crate) fn read(snapshot: &dyn Snapshot, last: i64) -> Result<(Lines, Vec<(WebhookKey, i64)>)> {
        let (open_from, _) = snapshot.open_from()?;
        let mut lines = Lines { open_from, written: last, ..Lines::default() };
        for (key, cursor) in snapshot.cursors()? {
            lines.left_behind(key, cursor, last);
        }
        let (mut from, mut missing) = (open_from, Vec::new());
        while let Some((event, bare)) = snapshot.next_bare(from)? {
            for made in bare.iter().filter(|made| made.how.is_live()) {
                if lines.of.get(&made.webhook).is_none_or(|line| line.cursor.is_none()) {
                    missing.push((made.webhook, event));
                    lines.left_behind(made.webhook, event, last);
                }
            }
            from = event + 1;
        }
        Ok((lines, missing))
    }

    fn left_behind(&mut self, key: WebhookKey, cursor: i64, last: i64) {
        let line = self.of.entry(key).or_default();
        line.cursor = Some(cursor);
        line.gap = Some(Gap { read: cursor, event: cursor, last });
    }

    /// Whether a webhook is owed what is not in memory: what is new waits behind that.
    pub(crate) fn has_gap(&self, key: WebhookKey) -> bool {
        self.gap(key).is_some()
    }

    fn gap(&self, key: WebhookKey) -> Option<Gap> {
        self.of.get(&key)?.gap
    }

    /// The last delivery that was read for a webhook with a gap.
    pub(crate) fn read_to(&self, key: WebhookKey) -> Option<i64> {
        self.gap(key).map(|gap| gap.read)
    }

    /// The webhooks with a gap: those after one, then the others.
    pub(crate) fn with_gaps(&self, after: WebhookKey) -> Vec<WebhookKey> {
        let (later, others) = (self.of.range(after.saturating_add(1)..), self.of.range(..=after));
        later.chain(others).filter(|(_, line)| line.gap.is_some()).map(|(key, _)| *key).collect()
    }

    /// Whether a delivery is in memory.
    pub(crate) fn holds(&self, key: WebhookKey, delivery: i64) -> bool {
        let holds = |line: &Line| line.bare.contains_key(&delivery) || line.rows.contains(&delivery);
        self.of.get(&key).is_some_and(holds)
    }

    /// How many deliveries of a webhook with rows are in memory.
    pub(crate) fn rows(&self, key: WebhookKey) -> usize {
        self.of.get(&key).map_or(0, |line| line.rows.len())
    }

    /// Whether a bare delivery of a webhook in an event may still have to be sent.
    pub(crate) fn may_be_bare(&self, key: WebhookKey, event: i64) -> bool {
        event >= self.of.get(&key).and_then(|line| line.cursor).unwrap_or(self.open_from)
    }

    /// A bare delivery is in memory now.
    pub(crate) fn take(&mut self, key: WebhookKey, delivery: i64, event: i64) {
        let before = self.of.entry(key).or_default().bare.insert(delivery, event);
        self.undo.push(Undo::Bare(key, delivery, before));
    }

    /// A delivery with a row is in memory now.
    pub(crate) fn take_row(&mut self, key: WebhookKey, delivery: i64) {
        if self.of.entry(key).or_default().rows.insert(delivery) {
            self.undo.push(Undo::Row(key, delivery, false));
        }
    }

    /// Something came of a delivery in memory; it is in memory no more. Gives what it was there.
    pub(crate) fn settle(&mut self, key: WebhookKey, delivery: i64) -> Was {
        let Some(line) = self.of.get_mut(&key) else { return Was::NotThere };
        if let Some(event) = line.bare.remove(&delivery) {
            self.undo.push(Undo::Bare(key, delivery, Some(event)));
            return Was::Bare;
        }
        if line.rows.remove(&delivery) {
            self.undo.push(Undo::Row(key, delivery, true));
            return Was::Row;
        }
        Was::NotThere
    }

    /// A webhook is owed a new delivery: there is no room for it in memory.
    pub(crate) fn owe(&mut self, key: WebhookKey, delivery: i64, event: i64) {
        let (before, line) = (self.gap(key), self.of.entry(key).or_default());
        let gap = before.unwrap_or(Gap { read: delivery - 1, event, last: delivery });
        let (cursor, oldest) = (line.cursor, line.oldest());
        self.set_gap(key, Some(Gap { last: delivery, ..gap }));
        if cursor.is_none() {
            self.set_cursor(key, Some(oldest.unwrap_or(event)));
        }
    }

    /// The log was read for a webhook up to a delivery of this event.
    pub(crate) fn has_read(&mut self, key: WebhookKey, delivery: i64, event: i64) {
        if let Some(gap) = self.gap(key) {
            let gap = Gap { read: delivery.max(gap.read), event: event.max(gap.event), ..gap };
            self.set_gap(key, (gap.read < gap.last).then_some(gap));
        }
    }

    /// The log was read for a webhook to its end, as it was before this group.
    pub(crate) fn has_read_all(&mut self, key: WebhookKey) {
        self.has_read(key, self.written, self.written);
    }

    /// Moves the cursors, as long as `last` is the last number that was given. Gives the common one when it moved.
    pub(crate) fn move_cursors(&mut self, last: i64) -> Option<i64> {
        let [mark, before] = self.marks;
        let (later, others) = (self.of.range(self.moved_to + 1..), self.of.range(..=self.moved_to));
        let moved = later.chain(others).filter_map(|(key, line)| {
            let cursor = match line.gap {
                Some(gap) => Some(line.oldest().unwrap_or(gap.event).min(gap.event)),
                None => line.oldest().filter(|event| *event <= before),
            };
            (line.cursor != cursor).then_some((*key, cursor))
        });
        // A cursor that is not moved is only too early.
        let moved: Vec<_> = moved.take(MAX_MOVED).collect();
        self.moved_to = moved.last().map_or(0, |(key, _)| *key);
        for (key, cursor) in moved {
            self.set_cursor(key, cursor);
        }
        self.marks = [last, mark];
        let without = self.of.values().filter(|line| line.cursor.is_none());
        // Where nothing is open: behind all that there is.
        let open_from = without.filter_map(Line::oldest).min().unwrap_or(last + 1);
        if open_from == self.open_from {
            return None;
        }
        self.undo.push(Undo::OpenFrom(self.open_from));
        self.open_from = open_from;
        Some(open_from)
    }

    fn set_cursor(&mut self, key: WebhookKey, cursor: Option<i64>) {
        let before = std::mem::replace(&mut self.of.entry(key).or_default().cursor, cursor);
        self.undo.push(Undo::Cursor(key, before));
    }

    fn set_gap(&mut self, key: WebhookKey, gap: Option<Gap>) {
        let before = std::mem::replace(&mut self.of.entry(key).or_default().gap, gap);
        self.undo.push(Undo::Gap(key, before));
    }

    /// The cursors that this group moved, to be kept.
    pub(crate) fn moved_cursors(&self) -> Vec<(WebhookKey, Option<i64>)> {
        let moved = self.undo.iter().filter_map(|undo| match undo {
            Undo::Cursor(key, _) => Some(*key),
            _ => None,
        });
        let moved: std::collections::BTreeSet<_> = moved.collect();
        moved.into_iter().map(|key| (key, self.of.get(&key).and_then(|line| line.cursor))).collect()
    }

    /// The group is in the store. Tells of the webhooks whose lines changed which bare delivery in memory is the oldest.
    pub(crate) fn keep_changes(&mut self, last: i64, mut tell: impl FnMut(WebhookKey, Option<i64>)) {
        self.written = last;
        let mut changed: Vec<_> = self.undo.drain(..).filter_map(|undo| undo.webhook()).collect();
        changed.sort_unstable();
        changed.dedup();
        for key in changed {
            let Some(line) = self.of.get(&key) else { continue };
            tell(key, line.bare.first_key_value().map(|(delivery, _)| *delivery));
            if line.is_empty() {
                self.of.remove(&key);
            }
        }
    }

    /// The group failed: nothing changed.
    pub(crate) fn forget_changes(&mut self) {
        while let Some(undo) = self.undo.pop() {
            match undo {
                Undo::Bare(key, delivery, before) => {
                    let bare = &mut self.of.entry(key).or_default().bare;
                    match before {
                        Some(event) => bare.insert(delivery, event),
                        None => bare.remove(&delivery),
                    };
                }
                Undo::Row(key, delivery, was_there) => {
                    let rows = &mut self.of.entry(key).or_default().rows;
                    if was_there {
                        rows.insert(delivery)
                    } else {
                        rows.remove(&delivery)
                    };
                }
                Undo::Cursor(key, before) => self.of.entry(key).or_default().cursor = before,
                Undo::Gap(key, before) => self.of.entry(key).or_default().gap = before,
                Undo::OpenFrom(before) => self.open_from = before,
            }
        }
    }
}

#[cfg(test)]
mod tests;

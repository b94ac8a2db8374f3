//! What is done to the log by and by: sums, lists and counts are made of it, what is old goes, cursors move.

use super::{DAY, HOUR, History, KEPT};
use crate::{
    Error,
    model::{WebhookKey, age::Age, sums::Move},
    seal::{EncryptionKey, Keyring},
    store::{
        Change, Group,
        lane::Old,
        laws::{
            dice::Dice,
            memory::{Data, Stood},
        },
        numbers::STEP,
    },
};
use std::collections::BTreeMap;

/// What is done in pieces comes to an end.
const PIECES: usize = 1_000;

impl History {
    pub(in crate::store::laws) fn fold(&mut self) {
        let now = self.latest;
        self.folded_at = now;
        self.put(move |group| {
            let folding = group.before().unfolded(now, usize::MAX)?;
            assert!(!folding.more, "histories are short");
            group.fold(&folding, 0)
        });
    }

    pub(in crate::store::laws) fn sum_hours(&mut self) {
        let now = self.latest;
        self.folded_at = now;
        self.put(move |group| in_pieces(|| group.sum_hours(now)));
    }

    /// What is old goes, an hour or more after the last time: what stays is asked once an hour.
    pub(super) fn prune(&mut self, dice: &mut Dice) {
        let longest = dice.pick(&[2 * HOUR, DAY, 2 * KEPT]).unwrap();
        self.now = self.latest;
        self.pass(dice.within(HOUR..longest));
        let sent = dice.one_in(3).then(|| dice.within(0..7));
        self.prune_now(move |delivery| sent.is_some_and(|sent| delivery / STEP % 7 == sent));
    }

    /// What is old goes, but for what is being sent.
    pub(in crate::store::laws) fn prune_now(&mut self, is_sent: impl Fn(i64) -> bool + 'static) {
        let (now, last) = (self.latest, self.numbers.last());
        self.folded_at = now;
        self.pruned_before = now - KEPT;
        let cursors = self.with(cursors);
        self.put(move |group| group.put(Change::Age(Age::at(now))));
        self.put(move |group| group.put(Change::LastNumber(last)));
        let take = move |group: &dyn Group| {
            let may_be_bare = |webhook, event| cursors.get(&webhook).is_some_and(|cursor| event >= *cursor);
            let is_in_memory = |_, delivery| is_sent(delivery);
            let (mut gone, mut swept) = (BTreeMap::new(), 0);
            in_pieces(|| {
                let (may_be_bare, is_in_memory) = (&may_be_bare, &is_in_memory);
                let old = Old { before: now - KEPT, now, may_be_bare, is_in_memory, swept };
                let pruned = group.prune(old)?;
                swept = pruned.swept;
                for moved in pruned.moves {
                    *gone.entry(named(&moved)).or_insert(0) += moved.count;
                }
                Ok(pruned.more)
            })?;
            Ok(gone)
        };
        // What the model takes away the store has to.
        let gone = self.gone(&take);
        for ((webhook, from, _), count) in &gone {
            let status = bluehook_core::delivery::Status::ALL[*from];
            let moved =
                Move { from: Some(status), to: None, count: *count, ..Move::made(*webhook, 0, status) };
            self.moves.push(moved.unsummed());
        }
        self.put(move |group| {
            let taken = take(group)?;
            if taken == gone { Ok(()) } else { Err(Error::Store(format!("{taken:?} is gone, not {gone:?}"))) }
        });
    }

    /// What would be gone.
    fn gone(&self, take: &dyn Fn(&dyn Group) -> crate::Result<Gone>) -> Gone {
        let draft =
            self.with(|data| crate::store::laws::memory::Draft::of(std::sync::Arc::new(data.clone())));
        take(&draft).unwrap()
    }

    pub(super) fn prune_audit(&mut self) {
        let before = self.latest - DAY;
        self.put(move |group| in_pieces(|| group.prune_audit(before)));
    }

    /// Everything is sealed with a new key.
    pub(super) fn seal_again(&mut self, dice: &mut Dice) {
        let mut keys = vec![EncryptionKey::generate()];
        keys.extend(self.world.keys.keys().iter().take(9).cloned());
        let keys = Keyring::new(keys).unwrap();
        self.world.keys = keys.clone();
        let most = 1 + dice.below(3);
        self.put(move |group| {
            let mut after = 0;
            in_pieces(|| {
                let sealed = group.seal_again(&keys, after, most)?;
                after = sealed.last.unwrap_or(after);
                Ok(sealed.last.is_some())
            })
        });
    }

    /// The common cursor moves, as far as it may.
    pub(in crate::store::laws) fn open_from(&mut self, dice: &mut Dice) {
        let (from, own) = self.with(|data| {
            let own = data.webhooks.iter().filter(|(_, kept)| kept.cursor.is_some());
            (data.open_from.0, own.map(|(key, _)| *key).collect::<Vec<_>>())
        });
        let end = self.with(|data| {
            let mut open = data.all().filter(|stood| stood.is_open() && !own.contains(&stood.made.webhook));
            open.next().map_or(self.numbers.last() + STEP, |first| first.made.event)
        });
        let event = if dice.one_in(2) { end } else { dice.within(from..end.max(from + 1)) };
        let at = self.now;
        self.put(move |group| group.put(Change::OpenFrom { event, at }));
    }

    /// A webhook gets a cursor of its own, or the common one counts again.
    pub(in crate::store::laws) fn cursor(&mut self, dice: &mut Dice) {
        let keys = self.with(|data| data.webhooks.keys().copied().collect::<Vec<_>>());
        let Some(key) = dice.pick(&keys) else { return };
        let first = self.with(|data| data.of(key).find(Stood::is_open).map(|stood| stood.made.event));
        let (common, end) = (self.with(|data| data.open_from.0), first.unwrap_or(self.numbers.last() + STEP));
        let event =
            if common <= end && dice.one_in(2) { None } else { Some(dice.within(end - 5 * STEP..end + 1)) };
        self.put(move |group| group.put(Change::Cursor(key, event)));
    }
}

/// What is gone: of whom, and where it stood; and how many.
type Gone = BTreeMap<(WebhookKey, usize, i64), u64>;

fn named(moved: &Move) -> (WebhookKey, usize, i64) {
    assert_eq!((moved.to, moved.attempt), (None, None));
    (moved.webhook, crate::model::sums::place(moved.from.unwrap()), moved.slot)
}

/// The cursor of each webhook.
fn cursors(data: &Data) -> BTreeMap<WebhookKey, i64> {
    data.webhooks.iter().map(|(key, kept)| (*key, kept.cursor.unwrap_or(data.open_from.0))).collect()
}

/// Does something until it says that it was all.
pub(in crate::store::laws) fn in_pieces(mut piece: impl FnMut() -> crate::Result<bool>) -> crate::Result<()> {
    for _ in 0..PIECES {
        if !piece()? {
            return Ok(());
        }
    }
    panic!("there is no end to it");
}

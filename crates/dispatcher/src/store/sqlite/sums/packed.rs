//! Moves and counts in a few bytes.

use bluehook_core::delivery::Status;

use crate::{
    model::{
        cause::ErrorClass,
        sums::{Attempted, Counts, Move, class_place, place},
    },
    store::packed,
};

/// Marks a move that an attempt made.
const ATTEMPTED: u64 = 1 << 8;

/// Marks a move of more than one.
const SEVERAL: u64 = 1 << 9;

/// Where a delivery stood that was not there, or a class that is none.
const NONE: u64 = 15;

/// Moves one after the other.
pub(crate) fn pack<'a>(moves: impl Iterator<Item = &'a Move>) -> Vec<u8> {
    let (mut bytes, mut last) = (Vec::new(), 0);
    for moved in moves {
        let several = if moved.count == 1 { 0 } else { SEVERAL };
        let attempted = if moved.attempt.is_some() { ATTEMPTED } else { 0 };
        packed::push(&mut bytes, stand(moved.from) | stand(moved.to) << 4 | attempted | several);
        packed::push(&mut bytes, moved.webhook.unsigned_abs());
        packed::push(&mut bytes, packed::folded(moved.slot - last));
        last = moved.slot;
        if let Some(attempt) = moved.attempt {
            packed::push(&mut bytes, class(attempt.before) | class(attempt.class) << 4);
            bytes.push(attempt.piece);
        }
        if several != 0 {
            packed::push(&mut bytes, moved.count);
        }
    }
    bytes
}

/// Reads moves back, as far as they can be read.
pub(super) fn unpack(bytes: &[u8]) -> impl Iterator<Item = Move> {
    let (mut rest, mut last) = (bytes, 0_i64);
    std::iter::from_fn(move || {
        let kind = packed::take(&mut rest)?;
        let webhook = i64::try_from(packed::take(&mut rest)?).ok()?;
        last = last.wrapping_add(packed::unfolded(packed::take(&mut rest)?));
        let attempt = if kind & ATTEMPTED == 0 { None } else { Some(attempt(&mut rest)?) };
        let count = if kind & SEVERAL == 0 { 1 } else { packed::take(&mut rest)? };
        let (from, to) = (one_of(&Status::ALL, kind), one_of(&Status::ALL, kind >> 4));
        Some(Move { webhook, slot: last, from, to, attempt, count })
    })
}

fn attempt(rest: &mut &[u8]) -> Option<Attempted> {
    let classes = packed::take(rest)?;
    let (piece, left) = rest.split_first()?;
    *rest = left;
    let class = |number| one_of(&ErrorClass::ALL, number);
    Some(Attempted { before: class(classes), class: class(classes >> 4), piece: *piece })
}

fn stand(status: Option<Status>) -> u64 {
    status.map_or(NONE, |status| u64::try_from(place(status)).unwrap_or(NONE))
}

fn class(class: Option<ErrorClass>) -> u64 {
    class.map_or(NONE, |class| u64::try_from(class_place(class)).unwrap_or(NONE))
}

fn one_of<T: Copy>(all: &[T], number: u64) -> Option<T> {
    all.get(usize::try_from(number & NONE).ok()?).copied()
}

/// Counts, those that are not nothing: each with its place, and the histogram's behind them.
pub(super) fn pack_counts(counts: &Counts) -> Vec<u8> {
    let mut bytes = Vec::new();
    let plain = plain(counts);
    let given = (0_u64..).zip(plain).filter(|(_, count)| *count != 0);
    let pieces = counts.took.pieces().iter().map(|(piece, count)| (PIECES + u64::from(*piece), *count));
    for (place, count) in given.chain(pieces.filter(|(_, count)| *count != 0)) {
        packed::push(&mut bytes, place);
        packed::push(&mut bytes, packed::folded(count));
    }
    bytes
}

/// The place of the histogram's first piece.
const PIECES: u64 = 64;

fn plain(counts: &Counts) -> impl Iterator<Item = i64> {
    let first = counts.statuses.into_iter().chain([counts.succeeded]);
    first.chain(counts.failed).chain(counts.last_failed)
}

/// Reads counts back, as far as they can be read.
pub(super) fn counts(bytes: &[u8]) -> Counts {
    let (mut rest, mut counts) = (bytes, Counts::default());
    while let (Some(place), Some(count)) = (packed::take(&mut rest), packed::take(&mut rest)) {
        let count = packed::unfolded(count);
        if let Some(piece) = place.checked_sub(PIECES) {
            counts.took.add(u8::try_from(piece).unwrap_or(u8::MAX), count);
        } else if let Some(known) = plain_mut(&mut counts).nth(usize::try_from(place).unwrap_or(usize::MAX)) {
            *known = count;
        }
    }
    counts
}

fn plain_mut(counts: &mut Counts) -> impl Iterator<Item = &mut i64> {
    let first = counts.statuses.iter_mut().chain(std::iter::once(&mut counts.succeeded));
    first.chain(&mut counts.failed).chain(&mut counts.last_failed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn one<T: Copy + std::fmt::Debug>(all: &'static [T]) -> impl Strategy<Value = Option<T>> {
        prop::option::of(prop::sample::select(all))
    }

    fn moved() -> impl Strategy<Value = Move> {
        let attempt = (one(&ErrorClass::ALL), one(&ErrorClass::ALL), any::<u8>())
            .prop_map(|(before, class, piece)| Attempted { before, class, piece });
        let stands = (one(&Status::ALL), one(&Status::ALL));
        (0..i64::MAX, 0..1_i64 << 40, stands, prop::option::of(attempt), any::<u64>()).prop_map(
            |(webhook, slot, (from, to), attempt, count)| Move { webhook, slot, from, to, attempt, count },
        )
    }

    proptest! {
        #[test]
        fn moves_are_read_as_they_were_written(expected in prop::collection::vec(moved(), 0..20)) {
            prop_assert_eq!(unpack(&pack(expected.iter())).collect::<Vec<_>>(), expected);
        }

        #[test]
        fn whatever_is_there_is_read_to_an_end(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            prop_assert!(unpack(&bytes).count() <= 64);
            counts(&bytes);
        }

        #[test]
        fn counts_are_read_as_they_were_written(numbers in prop::collection::vec(-9_i64..9, 28), pieces in prop::collection::vec((0..=140_u8, 1_i64..9), 0..9)) {
            let mut expected = Counts::default();
            for (known, number) in plain_mut(&mut expected).zip(numbers) {
                *known = number;
            }
            for (piece, count) in pieces {
                expected.took.add(piece, count);
            }
            prop_assert_eq!(counts(&pack_counts(&expected)), expected);
        }
    }

    #[test]
    fn a_move_takes_few_bytes() {
        let attempt = Some(Attempted { before: None, class: None, piece: 30 });
        let slot = 5_900_000;
        let moves = vec![Move { webhook: 7, slot, from: None, to: None, attempt, count: 1 }; 100];
        assert!(pack(moves.iter()).len() < 710, "{}", pack(moves.iter()).len());
    }
}

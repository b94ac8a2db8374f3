//! Whether two values are the same, and which of two comes first. Types never convert.

use alloc::vec::Vec;
use core::cmp::Ordering;

use super::{document::Value, number, text::Text};
use crate::{input::Kind, time};

/// Whether two values are the same: numbers as numbers, strings by code point, objects without regard to order.
pub(super) fn equal(a: Value<'_>, b: Value<'_>) -> bool {
    a.json() == b.json() || same(a, b)
}

fn same(a: Value<'_>, b: Value<'_>) -> bool {
    match (a.kind(), b.kind()) {
        (Kind::Number, Kind::Number) => number::equal(a.json(), b.json()),
        (Kind::String, Kind::String) => a.text() == b.text(),
        (Kind::Array, Kind::Array) => {
            let (mut a, mut b) = (a.elements(), b.elements());
            loop {
                match (a.next(), b.next()) {
                    (Some(a), Some(b)) if same(a, b) => {}
                    (None, None) => return true,
                    _ => return false,
                }
            }
        }
        (Kind::Object, Kind::Object) => {
            let (a, b) = (sorted(a), sorted(b));
            a.len() == b.len() && a.iter().zip(&b).all(|((x, a), (y, b))| x == y && same(*a, *b))
        }
        (a_kind, b_kind) => a_kind == b_kind && a.json() == b.json(),
    }
}

/// An object's members by name, of repeated ones the last. Sorting keeps the comparison of large objects cheap.
fn sorted(object: Value<'_>) -> Vec<(Text<'_>, Value<'_>)> {
    let mut members: Vec<_> = object.members().collect();
    members.reverse();
    members.sort_by_key(|(name, _)| *name);
    members.dedup_by_key(|(name, _)| *name);
    members
}

/// An order of everything that is neither array nor object: by kind, then by value. Equal values are equal in it.
pub(super) fn scalar_order(a: Value<'_>, b: Value<'_>) -> Ordering {
    match (a.kind(), b.kind()) {
        (Kind::Number, Kind::Number) => number::compare(a.json(), b.json()),
        (Kind::String, Kind::String) => a.text().cmp(&b.text()),
        (a_kind, b_kind) => (a_kind as u8).cmp(&(b_kind as u8)).then_with(|| a.json().cmp(b.json())),
    }
}

/// Which of two numbers or two strings comes first; `None` for anything else.
pub(super) fn order(a: Value<'_>, b: Value<'_>) -> Option<Ordering> {
    match (a.kind(), b.kind()) {
        (Kind::Number, Kind::Number) => Some(number::compare(a.json(), b.json())),
        (Kind::String, Kind::String) => {
            let (a, b) = (a.text()?, b.text()?);
            Some(instants(a, b).unwrap_or_else(|| a.cmp(&b)))
        }
        _ => None,
    }
}

/// The order of two date-times as RFC 3339 writes them.
fn instants(a: Text<'_>, b: Text<'_>) -> Option<Ordering> {
    let instant = |text: Text<'_>| text.as_plain().and_then(time::parse);
    Some(instant(a)?.cmp(&instant(b)?))
}

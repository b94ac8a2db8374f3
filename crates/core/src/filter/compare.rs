//! Whether two values are the same, and which of two comes first. Types never convert.
//!
//! Equality costs in proportion to the smaller of two values: a filter's operand is compared with every element of an array.

use alloc::{borrow::Cow, vec::Vec};
use core::cmp::Ordering;

use super::{
    document::{Place, Value},
    number,
};
use crate::{
    effort,
    json::{Kind, Text},
    time,
};

/// Whether two values are the same: numbers as numbers, strings by code point, objects without regard to order.
pub(super) fn equal(a: Value<'_>, b: Value<'_>) -> bool {
    spelled_alike(a, b) || same(a, b)
}

fn spelled_alike(a: Value<'_>, b: Value<'_>) -> bool {
    let (a, b) = (a.json(), b.json());
    effort::spend(if a.len() == b.len() { a.len() } else { 1 });
    a == b
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
            let (x, y) = (sorted(a), sorted(b));
            x.len() == y.len()
                && x.iter().zip(&*y).all(|(x, y)| match (a.member_at(*x), b.member_at(*y)) {
                    (Some((x, a)), Some((y, b))) => x == y && same(a, b),
                    _ => false,
                })
        }
        (a_kind, b_kind) => a_kind == b_kind && spelled_alike(a, b),
    }
}

/// The places of an object's members by name, of repeated ones the last. Sorting keeps the comparison of large objects
/// cheap; a filter's own objects were sorted when it was read.
fn sorted(object: Value<'_>) -> Cow<'_, [Place]> {
    object.index().map_or_else(|| object.sorted_places().collect::<Vec<_>>().into(), Cow::from)
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

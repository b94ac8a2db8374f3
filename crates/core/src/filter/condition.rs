//! The parsed form of a filter: a tree of conditions that point at their operands on the filter's tape.

use alloc::{boxed::Box, vec::Vec};
use core::cmp::Ordering;

use super::{
    compare::{equal, scalar_order},
    document::{Place, Tape, Value, sort},
};
use crate::json::Kind;

/// Something that holds for a value or does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Condition {
    /// Every one holds. The keys of one object are such a list.
    All(Vec<Condition>),
    /// The members below one object: all hold for the value, or all for the same element of an array.
    Members(Vec<Member>),
    /// `$and`.
    And(Place, Vec<Condition>),
    /// `$or`.
    Or(Place, Vec<Condition>),
    /// `$not`.
    Not(Place, Box<Condition>),
    /// A plain array: each member of the list is an element, and each of the conditions holds for one.
    Contains(Place, List, Vec<Condition>),
    /// `$in` (or else `$nin`) with a list.
    OneOf(Place, bool, List),
    /// An operator and its operand, or a plain value.
    Test(Place, Operator),
}

impl Condition {
    /// Whether it is made of other conditions, so that no single value says why it does not hold.
    pub(super) fn is_group(&self) -> bool {
        !matches!(self, Condition::Test(..) | Condition::OneOf(..))
    }

    /// Where its operand stands, if it has one of its own.
    pub(super) fn place(&self) -> Option<Place> {
        match self {
            Condition::All(_) | Condition::Members(_) => None,
            Condition::And(place, _)
            | Condition::Or(place, _)
            | Condition::Not(place, _)
            | Condition::Contains(place, ..)
            | Condition::OneOf(place, ..)
            | Condition::Test(place, _) => Some(*place),
        }
    }
}

/// A member of the payload, by name, and what has to hold for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Member {
    /// Where the name stands.
    pub(super) name: Place,
    pub(super) condition: Condition,
}

/// Members of a list in the filter, arranged so that a long list costs little more than a short one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct List {
    /// In the order of [`scalar_order`], each once.
    scalars: Vec<Place>,
    containers: Vec<Place>,
}

impl List {
    /// Arranges members.
    pub(super) fn of<'t>(members: impl Iterator<Item = Value<'t>>) -> List {
        let (mut containers, mut scalars): (Vec<Value<'_>>, Vec<Value<'_>>) = members.partition(is_container);
        sort(&mut scalars, &scalar_order);
        scalars.dedup_by(|a, b| scalar_order(*a, *b).is_eq());
        containers.dedup_by(|a, b| equal(*a, *b));
        let places = |values: Vec<Value<'_>>| values.into_iter().map(Value::place).collect();
        List { scalars: places(scalars), containers: places(containers) }
    }

    /// How many different members there are.
    pub(super) fn len(&self) -> usize {
        self.scalars.len() + self.containers.len()
    }

    /// How many of them are compared one by one: arrays and objects.
    pub(super) fn compared(&self) -> usize {
        self.containers.len()
    }

    /// The number of the member that is equal to a value.
    pub(super) fn find(&self, tape: &Tape, value: Value<'_>) -> Option<usize> {
        if is_container(&value) {
            let is = |place: &Place| tape.value(*place).is_some_and(|member| equal(member, value));
            return self.containers.iter().position(is).map(|at| self.scalars.len() + at);
        }
        let order =
            |place: &Place| tape.value(*place).map_or(Ordering::Less, |member| scalar_order(member, value));
        self.scalars.binary_search_by(order).ok()
    }
}

fn is_container(value: &Value<'_>) -> bool {
    matches!(value.kind(), Kind::Array | Kind::Object)
}

/// What is asked of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    /// A plain value: equal, or an array that contains it.
    Is,
    Eq,
    Neq,
    Gt,
    Gte,
    Lt,
    Lte,
    In,
    Nin,
    StartsWith,
    EndsWith,
    Exist,
    Changed,
    ChangedFrom,
    ChangedTo,
}

impl Operator {
    /// The operators that a filter can name. `Is` has no name: it is what a value by itself means.
    pub(super) const NAMED: [(&'static str, Operator); 14] = [
        ("$eq", Operator::Eq),
        ("$neq", Operator::Neq),
        ("$gt", Operator::Gt),
        ("$gte", Operator::Gte),
        ("$lt", Operator::Lt),
        ("$lte", Operator::Lte),
        ("$in", Operator::In),
        ("$nin", Operator::Nin),
        ("$startsWith", Operator::StartsWith),
        ("$endsWith", Operator::EndsWith),
        ("$exist", Operator::Exist),
        ("$changed", Operator::Changed),
        ("$changedFrom", Operator::ChangedFrom),
        ("$changedTo", Operator::ChangedTo),
    ];

    /// Whether it compares with `previousValue`.
    pub(super) fn looks_back(self) -> bool {
        matches!(self, Operator::Changed | Operator::ChangedFrom | Operator::ChangedTo)
    }
}

//! The parsed form of a filter: a tree of conditions that point at their operands on the filter's tape.

use alloc::{boxed::Box, vec::Vec};

use super::document::Place;

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
    /// A plain array: each of these holds for some element.
    Contains(Place, Vec<Condition>),
    /// An operator and its operand, or a plain value.
    Test(Place, Operator),
}

impl Condition {
    /// Whether it is made of other conditions, so that no single value says why it does not hold.
    pub(super) fn is_group(&self) -> bool {
        !matches!(self, Condition::Test(..))
    }

    /// Where its operand stands, if it has one of its own.
    pub(super) fn place(&self) -> Option<Place> {
        match self {
            Condition::All(_) | Condition::Members(_) => None,
            Condition::And(place, _)
            | Condition::Or(place, _)
            | Condition::Not(place, _)
            | Condition::Contains(place, _)
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

//! Does it match? One walk over the conditions; a payload's tokens are looked at, never copied.

use alloc::vec;
use core::cmp::Ordering;

use super::{
    Filter,
    compare::{equal, order},
    condition::{Condition, List, Member, Operator},
    document::{Children, Document, Place, Tape, Value},
    trace::Answers,
};
use crate::json::{Kind, Text};

/// Whether a document is one that the filter wants.
pub(super) fn matches(filter: &Filter, document: &Document) -> bool {
    Evaluation { filter, answers: None }.holds(&filter.root, Spot::root(document))
}

/// A place in the payload: what stands there, and what stood there before.
#[derive(Clone, Copy)]
pub(super) struct Spot<'d> {
    value: Option<Value<'d>>,
    before: Option<Value<'d>>,
    is_root: bool,
}

impl<'d> Spot<'d> {
    pub(super) fn root(document: &'d Document) -> Spot<'d> {
        Spot { value: document.tape().value(Tape::ROOT), before: None, is_root: true }
    }

    const MISSING: Spot<'d> = Spot { value: None, before: None, is_root: false };
}

/// One filter, asked about one document.
pub(super) struct Evaluation<'f, 'd> {
    pub(super) filter: &'f Filter,
    /// How each condition fared. Where that is noted, conditions are asked even when they cannot change the answer any more.
    pub(super) answers: Option<Answers<'d>>,
}

impl<'d> Evaluation<'_, 'd> {
    pub(super) fn holds(&mut self, condition: &Condition, spot: Spot<'d>) -> bool {
        let (place, holds) = match condition {
            Condition::All(conditions) | Condition::And(_, conditions) => return self.all(conditions, spot),
            Condition::Members(members) => return self.members(members, spot),
            Condition::Or(place, conditions) => (*place, self.any(conditions, spot)),
            Condition::Not(place, condition) => (*place, !self.holds(condition, spot)),
            Condition::Contains(place, list, conditions) => (*place, self.contains(list, conditions, spot)),
            Condition::OneOf(place, wanted, list) => {
                let listed = spot.value.is_some_and(|value| list.find(&self.filter.tape, value).is_some());
                (*place, listed == *wanted)
            }
            Condition::Test(place, operator) => (*place, self.test(*operator, *place, spot)),
        };
        if let Some(answers) = &mut self.answers {
            answers.note(place, spot.value, holds);
        }
        holds
    }

    fn asks_all(&self) -> bool {
        self.answers.is_some()
    }

    fn all(&mut self, conditions: &[Condition], spot: Spot<'d>) -> bool {
        let mut all = true;
        for condition in conditions {
            all &= self.holds(condition, spot);
            if !(all || self.asks_all()) {
                return false;
            }
        }
        all
    }

    fn any(&mut self, conditions: &[Condition], spot: Spot<'d>) -> bool {
        let mut any = false;
        for condition in conditions {
            any |= self.holds(condition, spot);
            if any && !self.asks_all() {
                return true;
            }
        }
        any
    }

    /// Conditions on members: of the value, or of any element of an array.
    fn members(&mut self, members: &[Member], spot: Spot<'d>) -> bool {
        match spot.value {
            Some(value) if value.kind() == Kind::Array => {
                self.some_element(value, spot, &|evaluation, element| evaluation.members(members, element))
            }
            _ => self.all_members(members, spot),
        }
    }

    fn all_members(&mut self, members: &[Member], spot: Spot<'d>) -> bool {
        let mut all = true;
        for member in members {
            let below = self.below(spot, member.name);
            all &= self.holds(&member.condition, below);
            if !(all || self.asks_all()) {
                return false;
            }
        }
        all
    }

    /// The member whose name stands at `name` in the filter, and the same place in `previousValue`.
    fn below(&self, spot: Spot<'d>, name: Place) -> Spot<'d> {
        let Some(name) = self.filter.tape.value(name).and_then(Value::text) else { return Spot::MISSING };
        let member = |value: Option<Value<'d>>, name: Text<'_>| value.and_then(|value| value.member(name));
        let before = if !self.filter.uses_changes {
            None
        } else if spot.is_root {
            member(spot.value, Text::plain("previousValue"))
        } else {
            member(spot.before, name)
        };
        Spot { value: member(spot.value, name), before, is_root: false }
    }

    /// A plain array: each of its members is some element.
    fn contains(&mut self, list: &List, conditions: &[Condition], spot: Spot<'d>) -> bool {
        let array = spot.value.filter(|value| value.kind() == Kind::Array);
        array.is_some_and(|array| {
            has_all(list, &self.filter.tape, array)
                && conditions.iter().all(|condition| {
                    self.some_element(array, spot, &|evaluation, element| {
                        evaluation.holds(condition, element)
                    })
                })
        })
    }

    /// Whether something holds for any element. Where answers are noted, those of an empty array are too.
    fn some_element(
        &mut self,
        array: Value<'d>,
        spot: Spot<'d>,
        holds: &dyn Fn(&mut Self, Spot<'d>) -> bool,
    ) -> bool {
        let mut before = spot.before.map(Value::elements);
        let mut elements = array.elements().peekable();
        if self.asks_all() && elements.peek().is_none() {
            holds(self, Spot::MISSING);
        }
        elements.any(|element| {
            let before = before.as_mut().and_then(Children::next);
            holds(self, Spot { value: Some(element), before, is_root: false })
        })
    }

    fn test(&self, operator: Operator, operand: Place, spot: Spot<'d>) -> bool {
        self.filter.tape.value(operand).is_some_and(|operand| test(operator, operand, spot))
    }
}

fn test<'v>(operator: Operator, operand: Value<'v>, Spot { value, before, .. }: Spot<'v>) -> bool {
    let is = |value: Option<Value<'_>>| value.is_some_and(|value| equal(value, operand));
    let ordered =
        |wanted: fn(Ordering) -> bool| value.and_then(|value| order(value, operand)).is_some_and(wanted);
    let holds_when_true = |holds: bool| holds == (operand.json() == "true");
    match operator {
        Operator::Is => value.is_some_and(|value| is_or_has(value, operand)),
        Operator::Eq => is(value),
        Operator::Neq => !is(value),
        Operator::Gt => ordered(Ordering::is_gt),
        Operator::Gte => ordered(Ordering::is_ge),
        Operator::Lt => ordered(Ordering::is_lt),
        Operator::Lte => ordered(Ordering::is_le),
        Operator::In => value.is_some_and(|value| is_in(value, operand)),
        Operator::Nin => !value.is_some_and(|value| is_in(value, operand)),
        Operator::StartsWith => text_has(value, operand, Text::starts_with),
        Operator::EndsWith => text_has(value, operand, Text::ends_with),
        Operator::Exist => holds_when_true(value.is_some()),
        Operator::Changed => holds_when_true(changed(value, before)),
        Operator::ChangedFrom => is(before) && changed(value, before),
        Operator::ChangedTo => is(value) && changed(value, before),
    }
}

fn changed(value: Option<Value<'_>>, before: Option<Value<'_>>) -> bool {
    match (value, before) {
        (Some(value), Some(before)) => !equal(value, before),
        (None, None) => false,
        _ => true,
    }
}

/// Equal, or an array that has an equal element.
fn is_or_has(value: Value<'_>, plain: Value<'_>) -> bool {
    match value.kind() {
        Kind::Array => value.elements().any(|element| equal(element, plain)),
        _ => equal(value, plain),
    }
}

/// Whether an array has every member of a list. Looks at each element once, however long the list is.
fn has_all(list: &List, tape: &Tape, array: Value<'_>) -> bool {
    let mut missing = list.len();
    let mut found = vec![false; missing];
    missing == 0
        || array.elements().any(|element| {
            let place = list.find(tape, element).and_then(|at| found.get_mut(at));
            if place.is_some_and(|found| !core::mem::replace(found, true)) {
                missing -= 1;
            }
            missing == 0
        })
}

/// A part of a string, or an element of an array.
fn is_in(value: Value<'_>, operand: Value<'_>) -> bool {
    match value.kind() {
        Kind::Array => is_or_has(value, operand),
        _ => value.text().zip(operand.text()).is_some_and(|(text, part)| text.contains(part)),
    }
}

/// Whether a string has one of the starts or ends of a string or a list.
fn text_has<'v>(value: Option<Value<'v>>, operand: Value<'v>, has: fn(Text<'v>, Text<'v>) -> bool) -> bool {
    let Some(text) = value.and_then(Value::text) else { return false };
    operand.text().into_iter().chain(operand.elements().filter_map(Value::text)).any(|part| has(text, part))
}

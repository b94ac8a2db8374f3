//! From JSON to conditions: what a person wrote is checked as a whole, and every fault is told with its place.

use alloc::{boxed::Box, vec::Vec};

use super::{
    Filter, MAX_BYTES, MAX_CONDITIONS, MAX_DEPTH, MAX_NUMBER,
    condition::{Condition, List, Member, Operator},
    document::{Tape, Value},
    places,
};
use crate::{
    input::{Expected, Fault, Names, Problem, Unit, only},
    json::{JsonError, Kind, RawJson, Text},
    sorted,
};

/// Reads a filter, or tells everything that is wrong with it, and what `also` finds in it.
pub(super) fn filter(text: &str, also: fn(&Tape) -> Vec<Problem>) -> Result<Filter, Vec<Problem>> {
    let tape = checked(text)?;
    let tape = places::with_wire_names(&tape).map_or(tape, |text| Tape::of(text.into(), 0));
    let mut reader = Reader { tape: &tape, problems: Vec::new(), uses_changes: false, conditions: 0 };
    let root = tape.value(Tape::ROOT).map(|root| reader.object(root, Scope::Root));
    reader.check_count();
    reader.check_numbers();
    let Reader { mut problems, uses_changes, conditions, .. } = reader;
    problems.extend(also(&tape));
    match root {
        Some(root) if problems.is_empty() => Ok(Filter { tape, root, uses_changes, conditions }),
        _ => Err(problems),
    }
}

/// The text as a tape: JSON, an object, not too large, not too deep.
fn checked(text: &str) -> Result<Tape, Vec<Problem>> {
    let json = RawJson::parse(text).map_err(|error| match error {
        JsonError::TooDeep => only("", Fault::FilterDepth(MAX_DEPTH)),
        syntax @ JsonError::Syntax { .. } => only("", syntax.into()),
    })?;
    let size = json.as_str().len();
    if size > MAX_BYTES {
        return Err(only("", Fault::AtMost(Unit::FilterBytes, MAX_BYTES, Some(size))));
    }
    let tape = Tape::of(json.into(), 0);
    match tape.value(Tape::ROOT) {
        Some(root) if root.kind() == Kind::Object => match deeper_than(root, MAX_DEPTH) {
            Some(place) => Err(only(tape.pointer(place.place()), Fault::FilterDepth(MAX_DEPTH))),
            None => Ok(tape),
        },
        other => {
            let found = other.map_or(Kind::Null, Value::kind);
            Err(only("", Fault::WrongType(Expected::Object, found)))
        }
    }
}

/// The first container that has more than `levels` containers above it, itself counted.
fn deeper_than(value: Value<'_>, levels: usize) -> Option<Value<'_>> {
    match (value.kind(), levels.checked_sub(1)) {
        (Kind::Object, Some(left)) => value.members().find_map(|(_, member)| deeper_than(member, left)),
        (Kind::Array, Some(left)) => value.elements().find_map(|element| deeper_than(element, left)),
        (Kind::Object | Kind::Array, None) => Some(value),
        _ => None,
    }
}

/// Which part of the payload a condition is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    /// All of it.
    Root,
    /// `currentValue` or something in it: what changed can be asked.
    Current,
    /// Anything else.
    Elsewhere,
}

impl Scope {
    fn below(self, name: Text<'_>) -> Scope {
        match self {
            Scope::Root if name == Text::plain("currentValue") => Scope::Current,
            Scope::Root | Scope::Elsewhere => Scope::Elsewhere,
            Scope::Current => Scope::Current,
        }
    }
}

/// Reads conditions and notes what is wrong. What it gives for a faulty one is never used.
struct Reader<'t> {
    tape: &'t Tape,
    problems: Vec<Problem>,
    uses_changes: bool,
    /// How many there are that an array may have to be asked for each of its elements.
    conditions: usize,
}

impl Reader<'_> {
    fn check_count(&mut self) {
        if self.conditions > MAX_CONDITIONS {
            let found = self.conditions;
            let fault = Fault::AtMost(Unit::Conditions, MAX_CONDITIONS, Some(found));
            self.problems.push(Problem::new("", fault));
        }
    }

    fn check_numbers(&mut self) {
        let long = |value: &Value<'_>| value.kind() == Kind::Number && value.json().len() > MAX_NUMBER;
        for number in self.tape.values().filter(long) {
            let found = number.json().len();
            self.problem(number, Fault::AtMost(Unit::Digits, MAX_NUMBER, Some(found)));
        }
    }

    fn problem(&mut self, value: Value<'_>, fault: Fault) {
        self.problems.push(Problem::new(self.tape.pointer(value.place()), fault));
    }

    /// An object: conditions on members, and operators.
    fn object(&mut self, object: Value<'_>, scope: Scope) -> Condition {
        let (mut members, mut conditions) = (Vec::new(), Vec::new());
        let mut operators_before = 0;
        let mut seen = Vec::new();
        for (name, value) in object.members() {
            if !sorted::insert(&mut seen, name) {
                self.problem(value, Fault::Repeated);
            } else if name.starts_with(Text::plain("$")) {
                conditions.push(self.operator(name, value, scope));
            } else {
                operators_before = if members.is_empty() { conditions.len() } else { operators_before };
                let condition = self.condition(value, scope.below(name));
                members.push(Member { name: value.name(), condition });
            }
        }
        if seen.is_empty() && object.place() != Tape::ROOT {
            self.problem(object, Fault::FilterEmpty);
        }
        if !members.is_empty() {
            conditions.insert(operators_before, Condition::Members(members));
        }
        match conditions.len() {
            1 => conditions.pop().unwrap_or(Condition::All(Vec::new())),
            _ => Condition::All(conditions),
        }
    }

    /// What is said of a value by another: an object of conditions, or a plain value or array.
    fn condition(&mut self, value: Value<'_>, scope: Scope) -> Condition {
        self.conditions += 1;
        match value.kind() {
            Kind::Object => self.object(value, scope),
            Kind::Array => {
                let is_object = |member: &Value<'_>| member.kind() == Kind::Object;
                let plain = self.list(value.elements().filter(|member| !is_object(member)));
                let objects = value.elements().filter(is_object);
                let objects = objects.map(|member| self.object(member, scope)).collect();
                Condition::Contains(value.place(), plain, objects)
            }
            _ => Condition::Test(value.place(), Operator::Is),
        }
    }

    /// Members of a list. Those that cannot be looked up are compared one by one.
    fn list<'v>(&mut self, members: impl Iterator<Item = Value<'v>>) -> List {
        let list = List::of(members);
        self.conditions += list.compared();
        list
    }

    fn operator(&mut self, name: Text<'_>, operand: Value<'_>, scope: Scope) -> Condition {
        match &*name.readable() {
            "$and" => Condition::And(operand.place(), self.group(operand, scope)),
            "$or" => Condition::Or(operand.place(), self.group(operand, scope)),
            "$not" => Condition::Not(operand.place(), Box::new(self.grouped(operand, scope))),
            name => self.named(name, operand, scope),
        }
    }

    fn named(&mut self, name: &str, operand: Value<'_>, scope: Scope) -> Condition {
        self.conditions += 1;
        if let Some((_, operator)) = Operator::NAMED.iter().find(|(known, _)| *known == name) {
            self.check_operand(*operator, operand, scope);
            match operator {
                Operator::In | Operator::Nin if operand.kind() == Kind::Array => {
                    let list = self.list(operand.elements());
                    Condition::OneOf(operand.place(), *operator == Operator::In, list)
                }
                _ => Condition::Test(operand.place(), *operator),
            }
        } else {
            self.unknown(name, operand);
            Condition::All(Vec::new())
        }
    }

    fn unknown(&mut self, name: &str, operand: Value<'_>) {
        let mut known = Operator::NAMED.map(|(name, _)| name).to_vec();
        known.extend(["$and", "$or", "$not"]);
        self.problem(operand, Fault::FilterOperator(Names::near(name, &known)));
    }

    /// The members of `$and` and `$or`.
    fn group(&mut self, operand: Value<'_>, scope: Scope) -> Vec<Condition> {
        if operand.kind() != Kind::Array {
            self.problem(operand, Fault::FilterOperand(Expected::Conditions, operand.kind()));
        } else if operand.elements().next().is_none() {
            self.problem(operand, Fault::FilterEmpty);
        }
        operand.elements().map(|member| self.grouped(member, scope)).collect()
    }

    /// A condition inside a group. The whole payload is an object, so a plain value there is a mistake.
    fn grouped(&mut self, value: Value<'_>, scope: Scope) -> Condition {
        if scope == Scope::Root && value.kind() != Kind::Object {
            self.problem(value, Fault::FilterOperand(Expected::Object, value.kind()));
        }
        self.condition(value, scope)
    }

    fn check_operand(&mut self, operator: Operator, operand: Value<'_>, scope: Scope) {
        match operator {
            Operator::Is | Operator::Eq | Operator::Neq | Operator::ChangedFrom | Operator::ChangedTo => {}
            Operator::Gt | Operator::Gte | Operator::Lt | Operator::Lte => {
                self.expect(operand, &[Kind::Number, Kind::String], Expected::NumberOrString);
            }
            Operator::In | Operator::Nin => {
                self.expect(operand, &[Kind::Array, Kind::String], Expected::ListOrString);
                self.expect_members(operand, None);
            }
            Operator::StartsWith | Operator::EndsWith => {
                self.expect(operand, &[Kind::Array, Kind::String], Expected::StringOrStrings);
                self.expect_members(operand, Some(Kind::String));
                self.conditions += operand.elements().count();
            }
            Operator::Exist | Operator::Changed => self.expect(operand, &[Kind::Boolean], Expected::Boolean),
        }
        if operator.looks_back() {
            self.uses_changes = true;
            if scope != Scope::Current {
                self.problem(operand, Fault::FilterPlace);
            }
        }
    }

    fn expect(&mut self, operand: Value<'_>, kinds: &[Kind], what: Expected) {
        if !kinds.contains(&operand.kind()) {
            self.problem(operand, Fault::FilterOperand(what, operand.kind()));
        }
    }

    /// A list that is an operand: at least one member, all of the same kind where one is asked for.
    fn expect_members(&mut self, operand: Value<'_>, kind: Option<Kind>) {
        if operand.kind() == Kind::Array && operand.elements().next().is_none() {
            self.problem(operand, Fault::FilterNoMember);
        }
        let wrong = |member: &Value<'_>| kind.is_some_and(|kind| kind != member.kind());
        for member in operand.elements().filter(wrong) {
            self.problem(member, Fault::FilterOperand(Expected::String, member.kind()));
        }
    }
}

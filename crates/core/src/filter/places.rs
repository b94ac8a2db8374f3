//! What a filter can be asked of: the members that every event has, by name, and names of events in either spelling. A
//! condition on anything else could never hold.

use alloc::{string::String, vec::Vec};

use super::document::{Tape, Value};
use crate::{
    event::{EventType, event_name},
    input::{Expected, Fault, Names, Problem},
    json::{Kind, Text, write_string},
};

/// The members of what a filter is matched with.
const MEMBERS: [&str; 6] = ["event", "previousValue", "currentValue", "companyId", "projectId", "userId"];

/// What other shapes of an event call them, and what people do.
const MEANT: [(&str, &str); 19] = [
    ("record", "currentValue"),
    ("comment", "currentValue"),
    ("checklist", "currentValue"),
    ("checklistItem", "currentValue"),
    ("list", "currentValue"),
    ("customField", "currentValue"),
    ("tag", "currentValue"),
    ("todo", "currentValue"),
    ("data", "currentValue"),
    ("payload", "currentValue"),
    ("value", "currentValue"),
    ("current", "currentValue"),
    ("previous", "previousValue"),
    ("company", "companyId"),
    ("project", "projectId"),
    ("user", "userId"),
    ("type", "event"),
    ("eventType", "event"),
    ("name", "event"),
];

/// How names of record events begin in compact bodies and in the user documentation, and how on the wire.
const SPELLINGS: (&str, &str) = ("RECORD_", "TODO_");

/// Conditions of a filter that no event can meet.
pub(super) fn problems(tape: &Tape) -> Vec<Problem> {
    let mut found = Found { tape, problems: Vec::new() };
    each_member(tape.value(Tape::ROOT), &mut |name, value| match &*name.readable() {
        "event" => found.text(value, known_event),
        "companyId" | "projectId" | "userId" => found.text(value, |_, _| Ok(())),
        "previousValue" | "currentValue" => found.entity(value),
        unknown => found.note(value, Fault::UnknownField(near(unknown))),
    });
    found.problems
}

/// The member that was probably meant.
fn near(unknown: &str) -> Names {
    let meant = MEANT.iter().find(|(name, _)| *name == unknown).map(|(_, meant)| *meant);
    let names = Names::near(unknown, &MEMBERS);
    Names { nearest: meant.or(names.nearest), ..names }
}

/// Whether some event's name meets an operator with this operand.
fn known_event(operator: &str, operand: &str) -> Result<(), Fault> {
    let meets: fn(&str, &str) -> bool = match operator {
        "$in" => |name, part| name.contains(part),
        "$startsWith" => |name, start| name.starts_with(start),
        "$endsWith" => |name, end| name.ends_with(end),
        _ => return event_name(operand).map(|_| ()),
    };
    let some = EventType::ALL.iter().any(|event| meets(event.name(), operand));
    if some { Ok(()) } else { Err(Fault::UnknownEvent(None)) }
}

/// What was found so far.
struct Found<'t> {
    tape: &'t Tape,
    problems: Vec<Problem>,
}

/// Whether a string can meet an operator with this operand.
type Known = fn(&str, &str) -> Result<(), Fault>;

impl Found<'_> {
    fn note(&mut self, value: Value<'_>, fault: Fault) {
        self.problems.push(Problem::new(self.tape.pointer(value.place()), fault));
    }

    /// A condition on a member that is always an object or `null`.
    fn entity(&mut self, value: Value<'_>) {
        if !matches!(value.kind(), Kind::Object | Kind::Null) {
            self.note(value, Fault::FilterOperand(Expected::ObjectOrNull, value.kind()));
        }
    }

    /// A condition on a member that is always a string. Operators that hold for most values are not looked at, nor what is
    /// inverted.
    fn text(&mut self, value: Value<'_>, known: Known) {
        if value.kind() != Kind::Object {
            return self.operand(value, "$eq", known);
        }
        for (name, operand) in value.members() {
            match &*name.readable() {
                "$and" | "$or" => operand.elements().for_each(|group| self.text(group, known)),
                "$in" | "$startsWith" | "$endsWith" if operand.kind() == Kind::Array => {
                    let name = name.readable();
                    let operator = if name == "$in" { "$eq" } else { &*name };
                    operand.elements().for_each(|member| self.operand(member, operator, known));
                }
                operator @ ("$eq" | "$in" | "$startsWith" | "$endsWith") => {
                    self.operand(operand, operator, known);
                }
                operator if operator.starts_with('$') => {}
                _ => return self.note(value, Fault::FilterOperand(Expected::String, Kind::Object)),
            }
        }
    }

    fn operand(&mut self, operand: Value<'_>, operator: &str, known: Known) {
        let fits = match operand.text() {
            Some(text) => known(operator, &text.readable()),
            None if operator == "$eq" => Err(Fault::FilterOperand(Expected::String, operand.kind())),
            // An operand of a kind that the operator does not take is told elsewhere.
            None => Ok(()),
        };
        if let Err(fault) = fits {
            self.note(operand, fault);
        }
    }
}

/// The same JSON with events' names in the spelling of the wire; none when they are.
pub(super) fn with_wire_names(tape: &Tape) -> Option<String> {
    let mut strings = Vec::new();
    each_member(tape.value(Tape::ROOT), &mut |name, value| {
        if name == Text::plain("event") {
            strings_within(value, &mut strings);
        }
    });
    let mut text = String::new();
    let mut done = 0;
    for string in strings {
        let Some(name) = string.text().map(Text::readable) else { continue };
        let Some(rest) = name.strip_prefix(SPELLINGS.0) else { continue };
        let range = string.range();
        text.push_str(tape.text().get(done..range.start)?);
        write_string(&mut text, &[SPELLINGS.1, rest].concat());
        done = range.end;
    }
    if done == 0 {
        return None;
    }
    text.push_str(tape.text().get(done..)?);
    Some(text)
}

/// The members of an object and of the conditions that are grouped in it, which are about the same.
fn each_member<'t>(object: Option<Value<'t>>, visit: &mut dyn FnMut(Text<'t>, Value<'t>)) {
    for (name, value) in object.into_iter().flat_map(Value::members) {
        match &*name.readable() {
            "$and" | "$or" => value.elements().for_each(|group| each_member(Some(group), visit)),
            "$not" => each_member(Some(value), visit),
            operator if operator.starts_with('$') => {}
            _ => visit(name, value),
        }
    }
}

/// In the order in which they stand.
fn strings_within<'t>(value: Value<'t>, found: &mut Vec<Value<'t>>) {
    match value.kind() {
        Kind::String => found.push(value),
        Kind::Array => value.elements().for_each(|element| strings_within(element, found)),
        Kind::Object => value.members().for_each(|(_, member)| strings_within(member, found)),
        Kind::Null | Kind::Boolean | Kind::Number => {}
    }
}

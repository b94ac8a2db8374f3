//! JSON as a flat list of tokens over its own text: made in one pass, shared by every filter that is asked.

use alloc::{
    boxed::Box,
    collections::BinaryHeap,
    string::{String, ToString},
    vec::Vec,
};

use core::{cmp::Ordering, ops::Range};

use crate::{
    effort,
    event::Event,
    input::push_pointer,
    json::{Kind, RawJson, Text, scalar_end, string_end, write_string},
};

/// An event's payload, ready to be matched. Made once per event.
#[derive(Clone, Debug)]
pub struct Document(Tape);

impl Document {
    /// The `full` payload without `webhook`, with the ids around it.
    pub fn of(event: &Event) -> Document {
        let (previous, current) = (event.previous_value.as_str(), event.current_value.as_str());
        let mut text = String::with_capacity(previous.len() + current.len() + 256);
        text.push_str("{\"event\":");
        write_string(&mut text, event.event_type.name());
        text.push_str(",\"previousValue\":");
        text.push_str(previous);
        text.push_str(",\"currentValue\":");
        text.push_str(current);
        let ids = [
            (",\"companyId\":", &event.company_id),
            (",\"projectId\":", &event.project_id),
            (",\"userId\":", &event.user_id),
        ];
        for (key, id) in ids {
            text.push_str(key);
            write_string(&mut text, id);
        }
        text.push('}');
        Document(Tape::of(text.into_boxed_str(), WIDE_MEMBERS))
    }

    /// Any JSON value.
    pub fn read(payload: &RawJson) -> Document {
        Document(Tape::of(payload.as_str().into(), WIDE_MEMBERS))
    }

    /// How many values and names of members it has.
    pub fn tokens(&self) -> u64 {
        u64::try_from(self.0.tokens.len()).unwrap_or(u64::MAX)
    }

    pub(super) fn tape(&self) -> &Tape {
        &self.0
    }
}

/// A payload's objects with more members than this are indexed.
const WIDE_MEMBERS: usize = 64;

/// Where a token stands on a tape.
pub(super) type Place = u32;

/// Text and its tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tape {
    text: Box<str>,
    tokens: Vec<Token>,
    /// The members of objects that would be slow to walk or to sort each time that they are asked for: by name, of
    /// repeated ones the last.
    indexed: Vec<(Place, Box<[Place]>)>,
    /// How many members an indexed object has at least one more than.
    most: usize,
}

/// A value or a member's name. A container's children follow it, up to `next`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Token {
    kind: Kind,
    /// A string with escapes.
    escaped: bool,
    start: u32,
    end: u32,
    next: Place,
}

/// Offsets fit: no text of 4 GiB is taken in. One that did not would be cut, not read elsewhere.
fn narrow(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

impl Tape {
    /// The place of the outermost value.
    pub(super) const ROOT: Place = 0;

    /// Reads well-formed JSON, and indexes its objects with more than `most` members. What is not well formed gives a tape
    /// without sense, but a safe one.
    pub(super) fn of(text: Box<str>, most: usize) -> Tape {
        let bytes = text.as_bytes();
        effort::spend(bytes.len());
        // Records have a token for every dozen bytes.
        let mut tokens: Vec<Token> = Vec::with_capacity(bytes.len() / 12 + 8);
        let mut open: Vec<usize> = Vec::with_capacity(16);
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            let start = at;
            let mut escaped = false;
            let kind = match byte {
                b'{' => Kind::Object,
                b'[' => Kind::Array,
                b'"' => {
                    (at, escaped) = string_end(bytes, at + 1);
                    Kind::String
                }
                b'}' | b']' => {
                    at += 1;
                    let next = narrow(tokens.len());
                    if let Some(container) = open.pop().and_then(|place| tokens.get_mut(place)) {
                        (container.end, container.next) = (narrow(at), next);
                    }
                    continue;
                }
                b',' | b':' | b' ' | b'\t' | b'\n' | b'\r' => {
                    at += 1;
                    continue;
                }
                b'n' => Kind::Null,
                b't' | b'f' => Kind::Boolean,
                _ => Kind::Number,
            };
            match kind {
                Kind::Object | Kind::Array => {
                    open.push(tokens.len());
                    at += 1;
                }
                Kind::String => {}
                Kind::Null | Kind::Boolean | Kind::Number => at = scalar_end(bytes, at + 1),
            }
            let next = narrow(tokens.len() + 1);
            tokens.push(Token { kind, escaped, start: narrow(start), end: narrow(at), next });
        }
        let mut tape = Tape { text, tokens, indexed: Vec::new(), most };
        tape.indexed = tape.index();
        tape
    }

    fn index(&self) -> Vec<(Place, Box<[Place]>)> {
        let large =
            self.values().filter(|value| value.may_be_indexed() && value.members().nth(self.most).is_some());
        large.map(|object| (object.place, object.sorted_places().collect())).collect()
    }

    /// The text that was read.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The value at a place.
    pub(super) fn value(&self, place: Place) -> Option<Value<'_>> {
        effort::spend(1);
        let token = self.tokens.get(place as usize)?;
        Some(Value { tape: self, token, place })
    }

    /// Every value and every member's name.
    pub(super) fn values(&self) -> impl Iterator<Item = Value<'_>> {
        (0..narrow(self.tokens.len())).filter_map(|place| self.value(place))
    }

    /// The names and indices that lead from the outermost value to the one at `place`.
    pub(super) fn path(&self, place: Place) -> Vec<Key<'_>> {
        let mut path = Vec::new();
        let mut value = self.value(Tape::ROOT).filter(|root| root.spans(place));
        while let Some(container) = value.filter(|container| container.place != place) {
            let element = container.elements().enumerate().find(|(_, element)| element.spans(place));
            let member = container.members().find(|(_, member)| member.spans(place));
            let step = element.map(|(at, value)| (Key::Index(at), value));
            let step = step.or_else(|| member.map(|(name, value)| (Key::Name(name), value)));
            path.extend(step.map(|(key, _)| key));
            value = step.map(|(_, value)| value);
        }
        path
    }

    /// The JSON Pointer of the value at `place`.
    pub(super) fn pointer(&self, place: Place) -> String {
        let mut pointer = String::new();
        for key in self.path(place) {
            match key {
                Key::Name(name) => push_pointer(&mut pointer, &name.readable()),
                Key::Index(index) => push_pointer(&mut pointer, &index.to_string()),
            }
        }
        pointer
    }
}

/// One step from a container to a value in it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Key<'t> {
    Name(Text<'t>),
    Index(usize),
}

/// A value on a tape.
#[derive(Clone, Copy, Debug)]
pub(super) struct Value<'t> {
    tape: &'t Tape,
    token: &'t Token,
    place: Place,
}

impl<'t> Value<'t> {
    pub(super) fn kind(self) -> Kind {
        self.token.kind
    }

    pub(super) fn place(self) -> Place {
        self.place
    }

    /// Where a member's name stands: just before its value.
    pub(super) fn name(self) -> Place {
        self.place.saturating_sub(1)
    }

    /// The value's JSON.
    pub(super) fn json(self) -> &'t str {
        self.tape.text.get(self.token.start as usize..self.token.end as usize).unwrap_or_default()
    }

    /// Where the value's JSON stands in the text.
    pub(super) fn range(self) -> Range<usize> {
        self.token.start as usize..self.token.end as usize
    }

    /// What a string says.
    pub(super) fn text(self) -> Option<Text<'t>> {
        if self.kind() != Kind::String {
            return None;
        }
        let quoted = self.json();
        let inside = quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default();
        Some(Text::new(inside, self.token.escaped))
    }

    /// Whether it is an object with enough within it.
    fn may_be_indexed(self) -> bool {
        self.kind() == Kind::Object && (self.token.next - self.place) as usize > 2 * self.tape.most
    }

    /// The places of an object's members by name, of repeated ones the last, where that was worth preparing.
    pub(super) fn index(self) -> Option<&'t [Place]> {
        if !self.may_be_indexed() {
            return None;
        }
        let indexed = &self.tape.indexed;
        let at = indexed.binary_search_by_key(&self.place, |(place, _)| *place).ok()?;
        indexed.get(at).map(|(_, members)| &**members)
    }

    /// The same places, sorted now.
    pub(super) fn sorted_places(self) -> impl Iterator<Item = Place> {
        let mut members: Vec<_> = self.members().map(|(_, member)| member).collect();
        sort(&mut members, &|a, b| a.own_name().cmp(&b.own_name()).then(b.place.cmp(&a.place)));
        members.dedup_by(|a, b| a.own_name() == b.own_name());
        members.into_iter().map(Value::place)
    }

    /// The member at one of these places: its name, and itself.
    pub(super) fn member_at(self, place: Place) -> Option<(Text<'t>, Value<'t>)> {
        let member = self.tape.value(place)?;
        Some((member.own_name()?, member))
    }

    /// The name of a member of an object.
    fn own_name(self) -> Option<Text<'t>> {
        self.tape.value(self.place.checked_sub(1)?)?.text()
    }

    fn children(self) -> Children<'t> {
        Children { tape: self.tape, at: self.place + 1, end: self.token.next }
    }

    /// An array's elements; none of anything else.
    pub(super) fn elements(self) -> Children<'t> {
        let Children { tape, at, end } = self.children();
        Children { tape, at, end: if self.kind() == Kind::Array { end } else { at } }
    }

    /// An object's members in the order given, repeated ones included; none of anything else.
    pub(super) fn members(self) -> impl Iterator<Item = (Text<'t>, Value<'t>)> {
        let mut children = self.children();
        let is_object = self.kind() == Kind::Object;
        core::iter::from_fn(move || {
            let (name, value) = children.pair().filter(|_| is_object)?;
            Some((name.text()?, value))
        })
    }

    /// The member of this name; of several the last.
    pub(super) fn member(self, name: Text<'_>) -> Option<Value<'t>> {
        if let Some(sorted) = self.index() {
            let name_at = |place: &Place| self.tape.value(place.saturating_sub(1)).and_then(Value::text);
            let at = sorted.binary_search_by(|place| name_at(place).cmp(&Some(name))).ok()?;
            return self.tape.value(*sorted.get(at)?);
        }
        let mut found = None;
        let mut places = self.children();
        while let Some((known, value)) = places.pair().filter(|_| self.kind() == Kind::Object) {
            if known.text() == Some(name) {
                found = Some(value);
            }
        }
        found
    }

    /// Whether the value at `place` is this one or lies within it.
    fn spans(self, place: Place) -> bool {
        (self.place..self.token.next).contains(&place)
    }
}

/// Sorts values; equal ones may change places. A heap does it in a fifth of the code of the standard library's sorts, which
/// would be a good part of the npm package.
pub(super) fn sort<'t>(values: &mut Vec<Value<'t>>, order: &dyn Fn(Value<'t>, Value<'t>) -> Ordering) {
    let heap: BinaryHeap<_> = values.drain(..).map(|value| Ordered { value, order }).collect();
    values.extend(heap.into_sorted_vec().into_iter().map(|ordered| ordered.value));
}

/// A value and the order that it is sorted by.
struct Ordered<'o, 't> {
    value: Value<'t>,
    order: &'o dyn Fn(Value<'t>, Value<'t>) -> Ordering,
}

impl Ord for Ordered<'_, '_> {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.order)(self.value, other.value)
    }
}

impl PartialOrd for Ordered<'_, '_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Ordered<'_, '_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Ordered<'_, '_> {}

/// The values directly below one.
#[derive(Clone, Debug)]
pub(super) struct Children<'t> {
    tape: &'t Tape,
    at: Place,
    end: Place,
}

impl<'t> Children<'t> {
    /// The next two: of an object's, a name and its value.
    fn pair(&mut self) -> Option<(Value<'t>, Value<'t>)> {
        self.next().zip(self.next())
    }
}

impl<'t> Iterator for Children<'t> {
    type Item = Value<'t>;

    fn next(&mut self) -> Option<Value<'t>> {
        if self.at >= self.end {
            return None;
        }
        let value = self.tape.value(self.at)?;
        self.at = value.token.next;
        Some(value)
    }
}

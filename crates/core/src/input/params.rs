//! The parameters of a problem, as JSON: what its sentence needs, for programs that say it in their own words.

use alloc::{format, string::String};

use super::{
    Fault,
    expected::{Expected, kind_word},
    fault::{Found, Names},
};
use crate::{
    json::{Kind, write_string},
    signature::{MAX_SECRET, MIN_SECRET},
};

impl Fault {
    /// Appends an object with some of `found`, `expected`, `min`, `max`, `nearest`, `allowed` and `at`.
    pub fn write_params(&self, out: &mut String) {
        out.push('{');
        let mut params = Params { out, is_first: true };
        params.of(self);
        out.push('}');
    }
}

/// An object that is being written.
struct Params<'o> {
    out: &'o mut String,
    is_first: bool,
}

impl Params<'_> {
    fn of(&mut self, fault: &Fault) {
        match fault {
            Fault::RequiredWith(field) | Fault::NotAfter(field) => self.text("at", &format!("/{field}")),
            Fault::UnknownField(names)
            | Fault::UnknownParameter(names)
            | Fault::UnknownWord(names)
            | Fault::FilterOperator(names) => self.names(names),
            Fault::UnknownEvent(Some(nearest)) => self.text("nearest", nearest),
            Fault::OnlyDelivered(found) => self.text("found", found),
            Fault::UrlScheme(found) | Fault::UrlHostName(found) | Fault::UrlTlsName(found) => {
                self.text("found", found);
            }
            Fault::UrlHostCharacter(found) => self.text("found", found.encode_utf8(&mut [0; 4])),
            Fault::NotJson { reason, line, column } => {
                self.text("found", reason);
                self.json("at", &format!("{{\"line\":{line},\"column\":{column}}}"));
            }
            Fault::NotUtf8(at) => self.number("at", *at),
            Fault::TooDeep(max) | Fault::FilterDepth(max) => self.number("max", *max),
            Fault::WrongType(expected, found) | Fault::FilterOperand(expected, found) => {
                self.types(*expected, *found);
            }
            Fault::WrongForm(expected) => self.text("expected", expected.word()),
            Fault::NotWhole { min, max, found } => self.whole(*min, *max, found),
            Fault::Overlap(days) => self.json("max", &format!("{}", days.saturating_mul(86_400))),
            Fault::Duration { min, max, found } => {
                self.text("min", min);
                self.text("max", max);
                self.text("found", found);
            }
            Fault::Empty | Fault::FilterEmpty | Fault::FilterNoMember => self.number("min", 1),
            Fault::AtMost(_, max, found) => {
                self.number("max", *max);
                if let Some(found) = found {
                    self.number("found", *found);
                }
            }
            Fault::From1To(_, max, found) => {
                self.number("min", 1);
                self.number("max", *max);
                self.number("found", *found);
            }
            Fault::UrlPort => self.whole(1, 65_535, &Found::Text("0".into())),
            Fault::SecretShort(_) | Fault::SecretLong(_) => {
                self.number("min", MIN_SECRET);
                self.number("max", MAX_SECRET);
            }
            _ => {}
        }
    }

    fn json(&mut self, name: &str, json: &str) {
        self.out.push_str(if self.is_first { "" } else { "," });
        self.is_first = false;
        write_string(self.out, name);
        self.out.push(':');
        self.out.push_str(json);
    }

    fn text(&mut self, name: &str, text: &str) {
        let mut json = String::new();
        write_string(&mut json, text);
        self.json(name, &json);
    }

    fn number(&mut self, name: &str, number: usize) {
        self.json(name, &format!("{number}"));
    }

    fn types(&mut self, expected: Expected, found: Kind) {
        self.text("expected", expected.word());
        self.text("found", kind_word(found));
    }

    fn whole(&mut self, min: i64, max: i64, found: &Found) {
        self.json("min", &format!("{min}"));
        self.json("max", &format!("{max}"));
        match found {
            Found::Kind(kind) => self.text("found", kind_word(*kind)),
            Found::Text(text) => self.text("found", text),
        }
    }

    fn names(&mut self, names: &Names) {
        if let Some(nearest) = names.nearest {
            self.text("nearest", nearest);
        }
        let mut list = String::from("[");
        for (i, name) in names.allowed.iter().enumerate() {
            list.push_str(if i > 0 { "," } else { "" });
            write_string(&mut list, name);
        }
        list.push(']');
        self.json("allowed", &list);
    }
}

//! JSON as a tree, and its text in one of the many spellings that mean the same.

use std::fmt::Write;

use crate::random::Random;

/// A JSON value. Strings are code points, so that unpaired surrogates can be told; numbers are `mantissa × 10^power`.
#[derive(Clone, Debug)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    Number { mantissa: i64, power: i32 },
    Text(Vec<u32>),
    Array(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    pub(super) fn text(text: &str) -> Json {
        Json::Text(text.chars().map(u32::from).collect())
    }

    /// The member of this name: the last, when it is repeated.
    pub(super) fn member(&self, name: &str) -> Option<&Json> {
        match self {
            Json::Object(members) => {
                members.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value)
            }
            _ => None,
        }
    }

    /// One of the ways to write it.
    pub(crate) fn spell(&self, random: &mut Random) -> String {
        match self {
            Json::Null => "null".into(),
            Json::Bool(value) => value.to_string(),
            Json::Number { mantissa, power } => number(*mantissa, *power, random),
            Json::Text(text) => string(text, random),
            Json::Array(elements) => {
                let elements: Vec<String> = elements.iter().map(|element| element.spell(random)).collect();
                format!("[{}]", elements.join(random.one_of(&[",", " , "])))
            }
            Json::Object(members) => {
                let member = |(name, value): &(String, Json)| {
                    let name: Vec<u32> = name.chars().map(u32::from).collect();
                    format!("{}:{}", string(&name, random), value.spell(random))
                };
                format!("{{{}}}", members.iter().map(member).collect::<Vec<_>>().join(","))
            }
        }
    }
}

fn number(mantissa: i64, power: i32, random: &mut Random) -> String {
    let sign = if mantissa < 0 || (mantissa == 0 && random.below(2) == 0) { "-" } else { "" };
    let digits = mantissa.unsigned_abs().to_string();
    match random.below(4) {
        0 => format!("{sign}{digits}e{power}"),
        1 => format!("{sign}{digits}.000E{power:+}"),
        2 if digits != "0" => format!("{sign}{digits}00e{}", power - 2),
        _ if digits != "0" => {
            format!("{sign}0.00{digits}e{}", power + 2 + i32::try_from(digits.len()).unwrap())
        }
        _ => format!("{sign}0.0e7"),
    }
}

fn string(text: &[u32], random: &mut Random) -> String {
    let mut out = String::from("\"");
    for code in text {
        match char::from_u32(*code) {
            Some(plain) if random.below(5) > 0 && !matches!(plain, '"' | '\\' | '\0'..' ') => out.push(plain),
            Some(character) => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    write!(out, "\\u{unit:04x}").unwrap();
                }
            }
            None => write!(out, "\\u{code:04X}").unwrap(),
        }
    }
    out.push('"');
    out
}

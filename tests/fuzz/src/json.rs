//! Plain looks at JSON: slow, and obviously right.

use serde_json::{Value, value::RawValue};

/// Makes sure that text is JSON.
pub fn check(text: &str) {
    if let Err(error) = serde_json::from_str::<&RawValue>(text) {
        panic!("{error}: {text}");
    }
}

/// JSON without white space between its tokens.
pub fn squeezed(json: &str) -> String {
    outside_of_strings(json)
        .filter(|(c, inside)| *inside || !" \t\r\n".contains(*c))
        .map(|(c, _)| c)
        .collect()
}

/// The value as a tree, when that loses nothing: no name is repeated, no number is too large.
pub fn tree(json: &str) -> Option<Value> {
    let tree = serde_json::from_str(json).ok()?;
    let colons = outside_of_strings(json).filter(|(c, inside)| *c == ':' && !inside).count();
    (members(&tree) == colons).then_some(tree)
}

fn members(tree: &Value) -> usize {
    match tree {
        Value::Array(elements) => elements.iter().map(members).sum(),
        Value::Object(map) => map.len() + map.values().map(members).sum::<usize>(),
        _ => 0,
    }
}

/// Each character, and whether it belongs to a string.
fn outside_of_strings(json: &str) -> impl Iterator<Item = (char, bool)> {
    let (mut inside, mut escaped) = (false, false);
    json.chars().map(move |c| {
        let was_inside = inside;
        inside = if inside { escaped || c != '"' } else { c == '"' };
        escaped = was_inside && c == '\\' && !escaped;
        (c, was_inside)
    })
}

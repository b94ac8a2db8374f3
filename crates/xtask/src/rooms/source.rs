//! A source as the rooms see it: without comments, texts and tests, and the names in what is left.

use std::collections::BTreeMap;

/// What of a source is code, every line where it was.
pub(super) struct Code {
    text: String,
    /// The modules in files of their own that are there for tests.
    pub(super) tests: Vec<String>,
}

/// A name, and the line that it stands in.
pub(super) struct Name {
    pub(super) line: usize,
    pub(super) name: String,
}

impl Code {
    pub(super) fn of(source: &str) -> Code {
        let (mut text, mut rest) = (String::with_capacity(source.len()), source);
        while let Some(first) = rest.chars().next() {
            let quiet = quiet(rest);
            let (piece, after) = rest.split_at(quiet.unwrap_or(first.len_utf8()));
            if quiet.is_some() {
                leave_blank(&mut text, piece);
            } else {
                text.push_str(piece);
            }
            rest = after;
        }
        without_tests(&text)
    }

    /// The modules of the crate that a file names, and what the crate shows: first in a path that begins with the crate.
    pub(super) fn of_crate(&self, path: &str) -> impl Iterator<Item = Name> {
        let climbs = "super::".repeat(path.split('/').count());
        self.named("crate").chain(self.after(&climbs)).filter(|name| name.name != "self")
    }

    /// What is named first in paths that begin with a word; the word itself where it stands alone.
    pub(super) fn named(&self, word: &str) -> impl Iterator<Item = Name> {
        let in_paths = self.after(&format!("{word}::"));
        let alone = self.text.match_indices(word).filter(|(at, _)| {
            let (before, after) = (self.text.get(..*at), self.text.get(at + word.len()..));
            let after = after.unwrap_or_default();
            !before.is_some_and(|before| before.ends_with(is_of_a_word))
                && !after.starts_with(|next| next == ':' || next == ')' || is_of_a_word(next))
        });
        let alone: Vec<Name> = alone.map(|(at, word)| self.name(at, word)).collect();
        in_paths.chain(alone)
    }

    /// The names that follow this, in braces or alone.
    fn after(&self, path: &str) -> impl Iterator<Item = Name> + use<> {
        let mut names = Vec::new();
        for (at, _) in self.text.match_indices(path) {
            let is_whole = !self.text.get(..at).is_some_and(|before| before.ends_with(is_of_a_word));
            let begin = at + path.len();
            if let Some(rest) = self.text.get(begin..).filter(|_| is_whole) {
                names.extend(first_in(rest).into_iter().map(|(at, name)| self.name(begin + at, name)));
            }
        }
        names.into_iter()
    }

    fn name(&self, at: usize, name: &str) -> Name {
        let line = 1 + self.text.get(..at).map_or(0, |before| before.matches('\n').count());
        Name { line, name: name.to_owned() }
    }

    /// What `pub use` shows, each name with the module that it comes from.
    pub(super) fn shown(&self) -> BTreeMap<String, String> {
        let mut shown = BTreeMap::new();
        for statement in self.text.split("pub use ").skip(1) {
            let statement = statement.split_inclusive(';').next().unwrap_or_default();
            let Some((module, names)) = statement.split_once("::") else { continue };
            let names = names.split_inclusive([',', '}', ';', '{']).filter(|part| !part.ends_with('{'));
            let names =
                names.filter_map(|part| part.rsplit(|of| !is_of_a_word(of)).find(|word| !word.is_empty()));
            shown.extend(names.map(|name| (name.to_owned(), module.to_owned())));
        }
        shown
    }
}

fn is_of_a_word(of: char) -> bool {
    of.is_alphanumeric() || of == '_'
}

/// How long the comment, text or character is that a source begins with.
fn quiet(source: &str) -> Option<usize> {
    let until = |end: &str, from: usize| {
        let found = source.get(from..).and_then(|rest| rest.find(end));
        Some(found.map_or(source.len(), |at| from + at + end.len()))
    };
    if source.starts_with("//") {
        return Some(source.find('\n').unwrap_or(source.len()));
    }
    if source.starts_with("/*") {
        return until("*/", 2);
    }
    if let Some(raw) = source.strip_prefix('r') {
        let marks = raw.len() - raw.trim_start_matches('#').len();
        let is_text = raw.get(marks..).is_some_and(|rest| rest.starts_with('"'));
        return if is_text { until(&format!("\"{}", "#".repeat(marks)), marks + 2) } else { None };
    }
    if source.starts_with("'\\") {
        return until("'", 3);
    }
    if let Some(character) = source.strip_prefix('\'') {
        let end = character.chars().next().map_or(0, char::len_utf8);
        return character.get(end..)?.starts_with('\'').then_some(end + 2);
    }
    source.starts_with('"').then(|| text(source))
}

/// How long a text in quotation marks is.
fn text(source: &str) -> usize {
    let mut is_escaped = false;
    let ends = |(_, of): &(usize, char)| {
        let is_end = *of == '"' && !is_escaped;
        is_escaped = *of == '\\' && !is_escaped;
        is_end
    };
    source.char_indices().skip(1).find(ends).map_or(source.len(), |(at, _)| at + 1)
}

/// Keeps the lines of what is no code.
fn leave_blank(text: &mut String, piece: &str) {
    text.push(' ');
    text.extend(piece.chars().filter(|of| *of == '\n'));
}

fn without_tests(code: &str) -> Code {
    const MARK: &str = "#[cfg(test)]";
    let (mut text, mut tests, mut rest) = (String::with_capacity(code.len()), Vec::new(), code);
    while let Some(at) = rest.find(MARK) {
        let (before, marked) = rest.split_at(at);
        let (item, after) = marked.split_at(item(marked));
        let module = item.strip_suffix(';').and_then(|item| item.rsplit_once("mod "));
        tests.extend(module.map(|(_, name)| name.trim().to_owned()));
        text.push_str(before);
        leave_blank(&mut text, item);
        rest = after;
    }
    text.push_str(rest);
    Code { text, tests }
}

/// How long the item is that code begins with, its attributes included.
fn item(code: &str) -> usize {
    let mut depth = 0_usize;
    for (at, of) in code.char_indices() {
        match of {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 && (of == ';' || of == '}') {
            return at + 1;
        }
    }
    code.len()
}

/// The names that a path goes on with, and where they begin.
fn first_in(path: &str) -> Vec<(usize, &str)> {
    let word = |at: usize| {
        let rest = path.get(at..)?;
        let end = rest.find(|of| !is_of_a_word(of)).unwrap_or(rest.len());
        let name = if rest.starts_with('*') { rest.get(..1)? } else { rest.get(..end)? };
        (!name.is_empty()).then_some((at, name))
    };
    if !path.starts_with('{') {
        return word(0).into_iter().collect();
    }
    let (mut names, mut depth, mut is_next) = (Vec::new(), 0_usize, false);
    for (at, of) in path.char_indices() {
        match of {
            '{' => (depth, is_next) = (depth + 1, depth == 0),
            '}' if depth == 1 => break,
            '}' => depth -= 1,
            ',' => is_next = depth == 1,
            _ if is_next && !of.is_whitespace() => {
                names.extend(word(at));
                is_next = false;
            }
            _ => {}
        }
    }
    names
}

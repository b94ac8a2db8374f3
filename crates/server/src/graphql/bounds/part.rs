//! One operation or fragment: what it asks for itself, and which fragments it names.

use super::{
    MAX_NESTING,
    lexer::{Lexer, Token},
};

/// Fields of the schema's own description that are lists with something below them.
const SCHEMA_LISTS: [&str; 8] =
    ["types", "fields", "inputFields", "args", "interfaces", "possibleTypes", "enumValues", "directives"];

/// Of these, the ones through which the description leads back into itself.
const SCHEMA_CIRCLES: [&str; 4] = ["fields", "inputFields", "interfaces", "possibleTypes"];

/// How much of a name is shown.
const SHOWN: usize = 40;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Query,
    Mutation,
    Fragment,
}

/// What something asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Weight {
    /// Fields, and fragments named.
    pub(super) fields: usize,
    /// Fields at the top.
    pub(super) roots: usize,
    /// How deep selections are nested.
    depth: usize,
    /// Lists of the schema's description.
    pub(super) schema_lists: usize,
    /// How often the description is asked for within itself.
    circles: usize,
}

/// A fragment named, and where.
#[derive(Debug)]
pub(super) struct Named<'a> {
    name: &'a str,
    depth: usize,
    circles: usize,
    at_top: bool,
}

/// One operation or fragment.
#[derive(Debug)]
pub(super) struct Part<'a> {
    pub(super) kind: Kind,
    pub(super) name: &'a str,
    pub(super) own: Weight,
    pub(super) spreads: Vec<Named<'a>>,
}

impl Weight {
    pub(super) fn check(&self) -> Result<(), String> {
        if self.depth > MAX_NESTING {
            return Err("Query is nested too deep.".to_owned());
        }
        if self.circles > 1 {
            return Err("the schema's description is asked for within itself".to_owned());
        }
        Ok(())
    }
}

impl Part<'_> {
    /// Its weight together with that of the fragments it names.
    pub(super) fn with(&self, of: impl Fn(&str) -> Option<Weight>) -> Weight {
        let mut sum = self.own;
        for named in &self.spreads {
            let weight = of(named.name).unwrap_or_default();
            sum.fields = sum.fields.saturating_add(1 + weight.fields);
            sum.roots = sum.roots.saturating_add(if named.at_top { weight.roots } else { 0 });
            sum.depth = sum.depth.max(named.depth.saturating_add(weight.depth));
            sum.schema_lists = sum.schema_lists.saturating_add(weight.schema_lists);
            sum.circles = sum.circles.max(named.circles.saturating_add(weight.circles));
        }
        sum
    }
}

/// A bracket that is open.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    /// `(` and `[`, and `{` within them: values.
    Value,
    /// `{` below a field, or of an operation or fragment.
    Selection { circle: bool },
    /// `{` of a fragment without a name: what is in it stands where the fragment stands.
    Inline,
}

/// What the token before says of a name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Nothing,
    Spread,
    /// `... on`
    Condition,
    At,
    Colon,
}

/// Reads the parts of a query.
pub(super) fn parts<'a>(mut lexer: Lexer<'a, '_>) -> Result<Vec<Part<'a>>, String> {
    let mut reader = Reader::default();
    while let Some(token) = lexer.next()? {
        if reader.before == Some(Before::Condition) && lexer.passed_comment() {
            // One reader takes what follows for the type, the other for a field.
            return Err("no comment can stand between `on` and its type".to_owned());
        }
        reader.take(token)?;
    }
    Ok(reader.parts)
}

#[derive(Default)]
struct Reader<'a> {
    parts: Vec<Part<'a>>,
    /// The first two names of what stands before a part's brace.
    header: Vec<&'a str>,
    open: Vec<Open>,
    before: Option<Before>,
    field: &'a str,
    inline: bool,
}

impl<'a> Reader<'a> {
    fn take(&mut self, token: Token<'a>) -> Result<(), String> {
        let before = self.before.replace(Before::Nothing).unwrap_or(Before::Nothing);
        match token {
            Token::Mark(b'{' | b'(' | b'[') => self.opens(token, before)?,
            Token::Mark(b'}' | b')' | b']') => {
                let closed = self.open.pop();
                self.inline &= closed == Some(Open::Value);
            }
            _ if self.in_value() => {}
            Token::Name(name) if self.open.is_empty() => {
                if self.header.len() < 2 {
                    self.header.push(name);
                }
            }
            Token::Name(name) => self.named(name, before),
            Token::Spread => self.before = Some(Before::Spread),
            Token::Mark(b'@') => self.before = Some(Before::At),
            Token::Mark(b':') => self.before = Some(Before::Colon),
            Token::Mark(_) | Token::Value => {}
        }
        if matches!(token, Token::Mark(b'@')) && before == Before::Spread {
            self.inline = true;
        }
        Ok(())
    }

    fn in_value(&self) -> bool {
        self.open.last() == Some(&Open::Value)
    }

    fn opens(&mut self, token: Token<'a>, before: Before) -> Result<(), String> {
        if self.open.len() >= MAX_NESTING {
            return Err("Query is nested too deep.".to_owned());
        }
        let is_selection = token == Token::Mark(b'{') && !self.in_value();
        let open = if !is_selection {
            Open::Value
        } else if self.open.is_empty() {
            self.begin()?;
            Open::Selection { circle: false }
        } else if self.inline || before == Before::Spread {
            self.inline = false;
            Open::Inline
        } else {
            Open::Selection { circle: self.below_field() }
        };
        self.open.push(open);
        let (depth, circles) = (self.depth(), self.circles());
        if let Some(part) = self.parts.last_mut() {
            part.own.depth = part.own.depth.max(depth);
            part.own.circles = part.own.circles.max(circles);
        }
        Ok(())
    }

    /// A part begins, whose header was read.
    fn begin(&mut self) -> Result<(), String> {
        let kind = match self.header.first() {
            Some(&"mutation") => Kind::Mutation,
            Some(&"fragment") => Kind::Fragment,
            None | Some(&("query" | "subscription")) => Kind::Query,
            // Also what only begins so: the parser takes `fragmentF` for `fragment F`.
            Some(other) => {
                return Err(format!(
                    "expected `query`, `mutation`, `fragment` or `{{`, found `{}`",
                    other.get(..SHOWN).unwrap_or(other)
                ));
            }
        };
        let name = self.header.get(1).copied().unwrap_or_default();
        if kind == Kind::Fragment && name == "on" {
            return Err("no fragment can have the name `on`".to_owned());
        }
        self.header.clear();
        self.parts.push(Part { kind, name, own: Weight::default(), spreads: Vec::new() });
        Ok(())
    }

    /// Something is selected below a field. Whether the schema's description leads back into itself there.
    fn below_field(&mut self) -> bool {
        if SCHEMA_LISTS.contains(&self.field)
            && let Some(part) = self.parts.last_mut()
        {
            part.own.schema_lists += 1;
        }
        SCHEMA_CIRCLES.contains(&self.field)
    }

    /// A name among selections.
    fn named(&mut self, name: &'a str, before: Before) {
        let (depth, circles, at_top) = (self.depth(), self.circles(), self.at_top());
        let Some(part) = self.parts.last_mut() else { return };
        match before {
            Before::At | Before::Condition => {}
            Before::Spread if name == "on" => {
                self.inline = true;
                self.before = Some(Before::Condition);
            }
            Before::Spread => part.spreads.push(Named { name, depth, circles, at_top }),
            // The field's own name, after another that it is to have in the answer, which was counted.
            Before::Colon => self.field = name,
            Before::Nothing => {
                self.field = name;
                part.own.fields += 1;
                part.own.roots += usize::from(at_top);
            }
        }
    }

    fn depth(&self) -> usize {
        self.open.iter().filter(|open| **open != Open::Value).count()
    }

    fn circles(&self) -> usize {
        self.open.iter().filter(|open| **open == Open::Selection { circle: true }).count()
    }

    /// Whether a field stands at the top of its part.
    fn at_top(&self) -> bool {
        self.open.iter().filter(|open| matches!(open, Open::Selection { .. })).count() == 1
    }
}

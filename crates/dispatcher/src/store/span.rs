//! Spans of numbers.

/// The numbers that a search is about: from one on, up to another that is not among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) from: i64,
    pub(crate) to: i64,
}

impl Span {
    pub(crate) const ALL: Span = Span { from: 0, to: i64::MAX };

    /// Only from this number on.
    pub(crate) fn starting_at(self, from: Option<i64>) -> Span {
        Span { from: from.map_or(self.from, |from| from.max(self.from)), ..self }
    }

    /// Only before this number.
    pub(crate) fn ending_before(self, to: Option<i64>) -> Span {
        Span { to: to.map_or(self.to, |to| to.min(self.to)), ..self }
    }

    /// Whether a number is in it.
    pub(crate) const fn has(self, number: i64) -> bool {
        self.from <= number && number < self.to
    }

    /// Whether no number is in it.
    pub(crate) const fn is_empty(self) -> bool {
        self.from >= self.to
    }
}

//! Looking through the log: it is in the order of its numbers and of its times, and no search looks at all of it.

use bluehook_core::time::Millis;
use rusqlite::{Connection, OptionalExtension, Row, Rows};

use crate::Result;

/// The most rows that are looked at for one page.
pub(super) const MAX_LOOKED_AT: usize = 10_000;

/// The numbers that a search is about: from one on, up to another that is not among them.
#[derive(Clone, Copy)]
pub(super) struct Span {
    pub(super) from: i64,
    pub(super) to: i64,
}

impl Span {
    pub(super) const ALL: Span = Span { from: 0, to: i64::MAX };

    /// Only from this number on.
    pub(super) fn starting_at(self, from: Option<i64>) -> Span {
        Span { from: from.map_or(self.from, |from| from.max(self.from)), ..self }
    }

    /// Only before this number.
    pub(super) fn ending_before(self, to: Option<i64>) -> Span {
        Span { to: to.map_or(self.to, |to| to.min(self.to)), ..self }
    }
}

/// What a search found, newest first.
pub(super) struct Found {
    numbers: Vec<i64>,
    /// From here on nothing was missed; below, nobody looked. None when there is nothing below.
    reached: Option<i64>,
}

impl Found {
    /// Looks through rows whose first column is their number, newest first, until `wanted` of them fit, or `budget` were
    /// looked at.
    pub(super) fn among(
        mut rows: Rows<'_>,
        wanted: usize,
        budget: usize,
        fits: impl Fn(&Row<'_>) -> rusqlite::Result<bool>,
    ) -> Result<Found> {
        let (mut numbers, mut looked_at) = (Vec::new(), 0);
        while let Some(row) = rows.next()? {
            let number = row.get(0)?;
            if fits(row)? {
                numbers.push(number);
            }
            looked_at += 1;
            if numbers.len() >= wanted || looked_at >= budget {
                return Ok(Found { numbers, reached: Some(number) });
            }
        }
        Ok(Found { numbers, reached: None })
    }

    /// Nothing from this number on; below, nobody looked.
    pub(super) fn nothing_down_to(number: i64) -> Found {
        Found { numbers: Vec::new(), reached: Some(number) }
    }

    /// The newest of several searches: up to `limit` numbers, and the number below which the next page looks, if there
    /// is one. Searches that gave up early make a page shorter, never wrong.
    pub(super) fn newest(searches: Vec<Found>, limit: usize) -> (Vec<i64>, Option<i64>) {
        let reached = searches.iter().filter_map(|found| found.reached).max();
        let all = searches.into_iter().flat_map(|found| found.numbers);
        let mut numbers: Vec<i64> = all.filter(|number| Some(*number) >= reached).collect();
        numbers.sort_unstable_by(|a, b| b.cmp(a));
        let more = numbers.len() > limit;
        numbers.truncate(limit);
        let next = if more { numbers.last().copied() } else { reached };
        (numbers, next)
    }
}

/// The number of the first row at or after a time, of a log whose numbers end before `end`. `is_before` says of the first
/// row from the number `?1` on whether it is before the time `?2`.
pub(super) fn first_since(connection: &Connection, is_before: &str, end: i64, at: Millis) -> Result<i64> {
    let mut statement = connection.prepare_cached(is_before)?;
    first(end, |number| Ok(statement.query_row([number, at], |row| row.get(0)).optional()?.unwrap_or(false)))
}

/// The lowest number below `end` that is not before what is looked for: numbers and times have one order.
fn first(end: i64, mut is_before: impl FnMut(i64) -> Result<bool>) -> Result<i64> {
    let (mut low, mut high) = (0, end);
    while low < high {
        let middle = low + (high - low) / 2;
        if is_before(middle)? {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(low)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(numbers: &[i64], reached: Option<i64>) -> Found {
        Found { numbers: numbers.to_vec(), reached }
    }

    #[test]
    fn a_page_ends_where_the_first_search_gave_up() {
        let searches = vec![found(&[9, 5, 3], Some(3)), found(&[8], Some(6)), found(&[7, 2], None)];
        assert_eq!(Found::newest(searches, 10), (vec![9, 8, 7], Some(6)));
    }

    #[test]
    fn a_full_page_ends_with_its_last_number() {
        assert_eq!(Found::newest(vec![found(&[9, 8, 7], Some(7))], 2), (vec![9, 8], Some(8)));
        assert_eq!(Found::newest(vec![found(&[9, 8], None)], 2), (vec![9, 8], None));
        assert_eq!(Found::newest(vec![found(&[], Some(4))], 2), (vec![], Some(4)));
        assert_eq!(Found::newest(vec![], 2), (vec![], None));
    }

    #[test]
    fn the_first_that_is_not_before() {
        for wanted in 0..10 {
            assert_eq!(first(10, |number| Ok(number < wanted)).ok(), Some(wanted));
        }
    }
}

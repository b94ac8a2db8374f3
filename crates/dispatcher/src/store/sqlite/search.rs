//! Looking through the log: it is in the order of its numbers, and no search looks at all of it.

use bluehook_core::time::Millis;

// The numbers of what was made in a span of time.
mod times;

pub(super) use times::{delivery_spans, event_spans};

pub(super) use super::span::Span;

/// The most rows that are looked at for one page.
pub(super) const MAX_LOOKED_AT: usize = 10_000;

/// A look at numbers, the newest first, until so many were found or looked at.
pub(super) struct Search {
    wanted: usize,
    budget: usize,
    looked_at: usize,
    numbers: Vec<i64>,
    reached: Option<i64>,
}

impl Search {
    /// One that ends when `wanted` numbers fit, or `budget` were looked at.
    pub(super) fn new(wanted: usize, budget: usize) -> Search {
        Search { wanted, budget, looked_at: 0, numbers: Vec::new(), reached: None }
    }

    /// Notes the next number that was looked at, and whether it fits. True when that was enough.
    pub(super) fn saw(&mut self, number: i64, fits: bool) -> bool {
        if fits {
            self.numbers.push(number);
        }
        self.looked_at += 1;
        if self.numbers.len() >= self.wanted || self.looked_at >= self.budget {
            self.reached = Some(number);
        }
        self.is_over()
    }

    /// Whether it was enough.
    pub(super) const fn is_over(&self) -> bool {
        self.reached.is_some()
    }

    /// What it came to.
    pub(super) fn found(self) -> Found {
        Found { numbers: self.numbers, reached: self.reached }
    }
}

/// What a search found, newest first.
pub(super) struct Found {
    numbers: Vec<i64>,
    /// From here on nothing was missed; below, nobody looked. None when there is nothing below.
    reached: Option<i64>,
}

impl Found {
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

/// From the first number of some spans up to the end of the last: all of them, and what is between.
pub(super) fn hull(spans: &[Span]) -> Span {
    let from = spans.iter().map(|span| span.from).min();
    let to = spans.iter().map(|span| span.to).max();
    from.zip(to).map_or(Span { from: 0, to: 0 }, |(from, to)| Span { from, to })
}

/// Whether a time is from one on and before another, where they are given.
pub(super) fn is_within(at: Millis, since: Option<Millis>, until: Option<Millis>) -> bool {
    since.is_none_or(|since| at >= since) && until.is_none_or(|until| at < until)
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
    fn a_search_ends_when_it_has_enough_or_looked_enough() {
        let search = |wanted, budget| {
            let mut search = Search::new(wanted, budget);
            let _ = (1..=9).rev().any(|number| search.saw(number, number % 2 == 0));
            let found = search.found();
            (found.numbers, found.reached)
        };
        assert_eq!(search(2, 100), (vec![8, 6], Some(6)));
        assert_eq!(search(100, 3), (vec![8], Some(7)));
        assert_eq!(search(100, 100), (vec![8, 6, 4, 2], None));
    }

    #[test]
    fn a_hull_has_every_span() {
        let spans = [Span { from: 7, to: 9 }, Span { from: 2, to: 3 }];
        assert_eq!(hull(&spans), Span { from: 2, to: 9 });
        assert!(hull(&[]).is_empty());
    }
}

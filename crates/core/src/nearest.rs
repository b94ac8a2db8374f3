//! The nearest known name to a misspelt one, so that an error can say what was probably meant.

use alloc::vec::Vec;

/// The candidate with the fewest edits from `name`, unless so many are needed that it would be a guess (more than a
/// third of the name, or two for short names). Names over 64 bytes are not looked at.
pub fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    if name.len() > 64 {
        return None;
    }
    let allowed = (name.len() / 3).max(2);
    candidates
        .map(|candidate| (edits(name.as_bytes(), candidate.as_bytes()), candidate))
        .min_by_key(|(edits, _)| *edits)
        .filter(|(edits, _)| *edits <= allowed)
        .map(|(_, candidate)| candidate)
}

/// Levenshtein's distance without regard to ASCII case.
fn edits(a: &[u8], b: &[u8]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (y, above) in b.iter().zip(row.iter_mut().skip(1)) {
            let substituted = diagonal + usize::from(!x.eq_ignore_ascii_case(y));
            diagonal = *above;
            left = substituted.min(left + 1).min(diagonal + 1);
            *above = left;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(a.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        for (a, b, expected) in
            [("", "abc", 3), ("abc", "", 3), ("kitten", "sitting", 3), ("Port", "port", 0), ("ab", "ba", 2)]
        {
            assert_eq!(edits(a.as_bytes(), b.as_bytes()), expected, "{a} {b}");
        }
    }

    #[test]
    fn a_wild_guess_is_not_made() {
        let known = ["events", "projectIds"];
        assert_eq!(nearest("event", known.into_iter()), Some("events"));
        assert_eq!(nearest("projectIDs", known.into_iter()), Some("projectIds"));
        assert_eq!(nearest("colour", known.into_iter()), None);
    }
}

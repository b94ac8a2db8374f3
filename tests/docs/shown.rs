//! What a block shows beside what there was: white space does not count, and `…` stands for anything.

/// Whether the whole of what there was is as shown.
pub(crate) fn is_shown(shown: &str, found: &str) -> bool {
    let (shown, found) = (bare(shown), bare(found));
    let Some((first, rest)) = shown.split_once('…') else { return shown == found };
    let (middle, last) = rest.rsplit_once('…').unwrap_or(("", rest));
    let between = found.strip_prefix(first).and_then(|found| found.strip_suffix(last));
    between.is_some_and(|between| are_in(middle, between))
}

/// Whether what is shown is somewhere in what there was.
pub(crate) fn contains(shown: &str, found: &str) -> bool {
    are_in(&bare(shown), &bare(found))
}

fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Whether every part between two `…` comes in its turn.
fn are_in(parts: &str, found: &str) -> bool {
    let after = |rest: &'_ str, part: &str| rest.find(part).map(|at| at + part.len());
    let mut at = 0;
    parts.split('…').all(|part| {
        after(&found[at..], part).is_some_and(|length| {
            at += length;
            true
        })
    })
}

#[test]
fn an_ellipsis_stands_for_anything() {
    for (shown, found, expected) in [
        ("a\n", " a", true),
        ("{\"a\": …}", "{\"a\":1}\n", true),
        ("{\"a\": …}", "{\"a\":1}, more", false),
        ("…b…", "abc", true),
        ("a", "ab", false),
        ("b", "ab", false),
        ("a…", "ba", false),
        ("", "", true),
        ("", "a", false),
    ] {
        assert_eq!(is_shown(shown, found), expected, "{shown} {found}");
    }
    assert!(contains("b … d", "a b c d e") && !contains("d…b", "a b c d"));
}

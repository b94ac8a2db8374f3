use super::*;

/// A group is in the store, whose last number is this.
fn commit(lines: &mut Lines, last: i64) {
    lines.keep_changes(last, |_, _| {});
}

#[test]
fn what_is_new_waits_behind_what_was_not_read() {
    let mut lines = Lines::default();
    lines.take(7, 11, 10);
    assert!(!lines.has_gap(7) && lines.holds(7, 11));
    lines.owe(7, 21, 20);
    lines.owe(7, 31, 30);
    commit(&mut lines, 31);
    assert_eq!((lines.read_to(7), lines.with_gaps(0)), (Some(20), vec![7]));
    lines.take(7, 21, 20);
    lines.has_read(7, 21, 20);
    assert!(lines.has_gap(7), "one more is owed");
    lines.owe(7, 41, 40);
    lines.has_read_all(7);
    assert!(lines.has_gap(7), "what came in the same group cannot have been read");
    commit(&mut lines, 41);
    lines.has_read_all(7);
    assert!(!lines.has_gap(7));
}

#[test]
fn a_cursor_never_passes_what_is_still_to_be_sent() {
    let mut lines = Lines::default();
    lines.take(1, 11, 10);
    lines.take(2, 12, 10);
    commit(&mut lines, 12);
    assert_eq!(lines.move_cursors(12), Some(10));
    lines.settle(2, 12);
    lines.take(2, 21, 20);
    commit(&mut lines, 21);
    assert_eq!(lines.move_cursors(21), None, "the first is still under way");
    // It takes longer than others do: it gets a cursor of its own, and the common one goes on.
    assert_eq!(lines.move_cursors(21), Some(20));
    assert_eq!(lines.moved_cursors(), [(1, Some(10))]);
    commit(&mut lines, 21);
    assert!(lines.may_be_bare(1, 10) && !lines.may_be_bare(2, 10) && lines.may_be_bare(2, 20));
    lines.settle(1, 11);
    lines.settle(2, 21);
    commit(&mut lines, 21);
    assert_eq!(lines.move_cursors(21), Some(22), "behind all that there is");
    assert_eq!(lines.moved_cursors(), [(1, None)]);
    commit(&mut lines, 21);
    assert!(lines.of.is_empty(), "{:?}", lines.of);
}

#[test]
fn a_gap_has_a_cursor_before_all_that_is_under_way() {
    let mut lines = Lines::default();
    lines.take(1, 11, 10);
    lines.owe(1, 21, 20);
    assert_eq!(lines.moved_cursors(), [(1, Some(10))]);
    commit(&mut lines, 21);
    lines.settle(1, 11);
    commit(&mut lines, 21);
    lines.move_cursors(21);
    assert_eq!(lines.moved_cursors(), [(1, Some(20))]);
}

#[test]
fn what_a_group_did_that_failed_is_undone() {
    let mut lines = Lines::default();
    lines.take(1, 11, 10);
    lines.take_row(1, 5);
    lines.owe(2, 12, 10);
    commit(&mut lines, 12);
    lines.move_cursors(12);
    commit(&mut lines, 12);
    let before = (lines.of.clone(), lines.open_from);
    assert_eq!([11, 5, 6].map(|number| lines.settle(1, number)), [Was::Bare, Was::Row, Was::NotThere]);
    lines.take(1, 21, 20);
    lines.take_row(3, 6);
    lines.owe(1, 22, 20);
    lines.has_read_all(2);
    lines.move_cursors(22);
    lines.forget_changes();
    lines.of.retain(|_, line| !line.is_empty());
    assert_eq!((lines.of.clone(), lines.open_from), before);
}

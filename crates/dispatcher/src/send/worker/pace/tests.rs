//! Tests of the pace.

use super::*;

/// More than any window here.
const MOST: usize = 32;

#[test]
fn rests_grow_with_failures() {
    let millis = |failures| pause_after(failures).map(|pause| pause.as_millis());
    assert_eq!(
        [1, 2, 3, 4, 8, 9, 100].map(millis),
        [None, None, Some(50), Some(100), Some(1_600), Some(2_000), Some(2_000)]
    );
}

/// Whether one of so many that wait may be sent, where little else is under way.
fn turn(pace: &Pace, count: usize, now: Instant) -> Turn {
    pace.may_send(Waiting { count, since: now }, MOST, Others::Few, now)
}

/// How many requests begin at this moment, of so many that wait.
fn begin_all(pace: &mut Pace, mut waiting: usize, now: Instant) -> usize {
    let mut begun = 0;
    while turn(pace, waiting, now) == Turn::Now {
        pace.begin(None, now);
        (waiting, begun) = (waiting - 1, begun + 1);
    }
    begun
}

/// A pace that has one connection and knows how long an answer takes.
fn known(answer: Duration, now: Instant) -> Pace {
    let mut pace = Pace::new();
    assert_eq!(begin_all(&mut pace, 1, now), 1);
    pace.ended(true, answer, MOST, now);
    pace
}

#[test]
fn a_receiver_that_is_not_known_gets_one_request_more_each_time_that_patience_ends() {
    let (mut pace, now) = (Pace::new(), Instant::now());
    let mut later = |turns: u32| begin_all(&mut pace, 100, now + PATIENCE * turns);
    assert_eq!([0, 1, 2, 3, 4].map(&mut later), [1, 1, 1, 1, 0]);
}

#[test]
fn what_a_quick_receiver_takes_soon_waits_for_the_connection_that_there_is() {
    let now = Instant::now();
    let mut pace = known(Duration::from_millis(1), now);
    assert_eq!(begin_all(&mut pace, 11, now), 1, "ten more take 10 ms");
    assert_eq!(turn(&pace, 10, now), Turn::At(now + PATIENCE));
    assert_eq!(turn(&pace, 10, now + PATIENCE), Turn::Now, "the answer does not come");
    pace.ended(true, Duration::from_millis(1), MOST, now);
    assert_eq!(turn(&pace, 10, now), Turn::Now, "the connection is free");
}

#[test]
fn what_piles_up_gets_more_connections() {
    let now = Instant::now();
    let mut pace = known(Duration::from_millis(1), now);
    assert_eq!(begin_all(&mut pace, 44, now), 4, "the last is opened for the more than 30 behind three");
    let mut pace = known(Duration::from_millis(100), now);
    assert_eq!(begin_all(&mut pace, 4, now), 4, "a slow receiver gets them all at once");
}

/// When one of a hundred that wait since then may be sent in a crowd, where what is usual is to wait for a second.
fn turn_in_a_crowd(pace: &Pace, since: Instant, now: Instant) -> Turn {
    let others = Others::Many { usual: now.checked_sub(Duration::from_secs(1)) };
    pace.may_send(Waiting { count: 100, since }, MOST, others, now)
}

#[test]
fn in_a_crowd_one_connection_is_opened_at_a_time() {
    let (mut pace, now) = (Pace::new(), Instant::now());
    assert_eq!(turn_in_a_crowd(&pace, now, now), Turn::Now, "the first");
    pace.begin(None, now);
    pace.ended(true, Duration::from_millis(5), MOST, now);
    for _ in 1..4 {
        assert_eq!(turn_in_a_crowd(&pace, now, now + CROWDED), Turn::Now, "that is there already");
        pace.begin(None, now);
        let others = turn_in_a_crowd(&pace, now, now + CROWDED);
        assert_eq!(others, Turn::At(now + HURT), "it is not known enough");
        pace.ended(true, Duration::from_millis(5), MOST, now);
    }
    pace.begin(None, now);
    assert_eq!(turn(&pace, 100, now), Turn::Now, "alone it would get more");
    assert_eq!(turn_in_a_crowd(&pace, now, now), Turn::At(now + CROWDED));
    assert_eq!(turn_in_a_crowd(&pace, now, now + CROWDED), Turn::Now);
    pace.begin(None, now + CROWDED);
    assert_eq!(turn_in_a_crowd(&pace, now, now + CROWDED), Turn::At(now + CROWDED * 2));
}

#[test]
fn in_a_crowd_answers_that_wait_for_each_other_open_few_unless_others_wait_less() {
    let before = Instant::now();
    let began = before + Duration::from_secs(2);
    let mut pace = known(Duration::from_millis(2), began);
    for _ in 0..10 {
        pace.begin(None, began);
        pace.ended(true, Duration::from_millis(10), MOST, began);
    }
    pace.begin(None, began);
    let soon = began + CROWDED;
    assert_eq!(turn_in_a_crowd(&pace, began, soon), Turn::At(began + HURT));
    assert_eq!(turn_in_a_crowd(&pace, before, soon), Turn::Now, "others waited for half of that");
    assert_eq!(turn(&pace, 1, soon), Turn::Now, "alone it gets one when patience ends");
}

#[test]
fn a_receiver_that_is_slow_by_itself_gets_its_connections_in_a_crowd() {
    let now = Instant::now();
    let mut pace = known(SLOW, now);
    pace.begin(None, now);
    assert_eq!(turn_in_a_crowd(&pace, now, now), Turn::Now);
}

#[test]
fn connections_that_there_are_are_used_at_once() {
    let now = Instant::now();
    let mut pace = known(Duration::from_millis(100), now);
    assert_eq!(begin_all(&mut pace, 5, now), 5);
    (0..5).for_each(|_| pace.ended(true, Duration::from_millis(1), MOST, now));
    assert_eq!(begin_all(&mut pace, 5, now), 5);
    (0..5).for_each(|_| pace.ended(false, Duration::from_millis(1), MOST, now));
    assert!(pace.is_idle() && pace.connections == 0, "failures leave none");
}

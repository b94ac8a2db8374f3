//! Whether so much is under way on a worker that one more connection to a receiver brings little: then answers mostly wait for
//! this machine or for each other, and connections cost both sides.

use std::{cell::Cell, collections::VecDeque, rc::Rc, time::Duration};

use tokio::time::Instant;

use crate::model::WebhookKey;

/// So many requests under way at once are a crowd, and it is one until there are half as many.
const MANY: usize = 32;
/// A request that takes longer than this waits for its own receiver, and is none of the crowd: those that hang make none.
const YOUNG: Duration = Duration::from_millis(100);
/// How much longer than what is usual something waits before it is its own receiver that is slow.
const SLOWER: Duration = Duration::from_millis(50);
/// No wait counts for longer than this: what waits longer does so for its own receiver.
const LONGEST: Duration = Duration::from_millis(250);
/// One in so many is what the latest counts for in what is usual.
const MEMORY: u32 = 16;

/// What a worker knows of what is under way on it.
#[derive(Debug, Default)]
pub(super) struct Crowd {
    /// How long what began lately had waited for its turn.
    usual: Duration,
    /// The webhook of the last of that.
    last: Option<WebhookKey>,
    /// The requests that began lately, whether they ended or not.
    lately: VecDeque<(Instant, UnderWay)>,
    /// How many of those are under way.
    count: usize,
    is_many: bool,
}

/// A request under way: whether it is one of the crowd.
#[derive(Clone, Debug)]
pub(super) struct UnderWay(Rc<Cell<bool>>);

/// The same, as one webhook's pace looks at it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Others {
    /// Little is under way.
    Few,
    /// Much is. What waits for a webhook waits longer than what waits for others when it does so since before this.
    Many { usual: Option<Instant> },
}

impl Crowd {
    /// A request of this webhook begins that had waited for so long. One webhook alone says nothing of how long others wait.
    pub(super) fn begin(&mut self, webhook: WebhookKey, waited: Duration, now: Instant) -> UnderWay {
        if self.last.replace(webhook) != Some(webhook) {
            self.usual = self.usual.saturating_sub(self.usual / MEMORY) + waited.min(LONGEST) / MEMORY;
        }
        let one = UnderWay(Rc::new(Cell::new(true)));
        self.lately.push_back((now, one.clone()));
        self.count += 1;
        one
    }

    /// A request ended, or grew old.
    pub(super) fn end(&mut self, one: &UnderWay) {
        if one.0.replace(false) {
            self.count -= 1;
        }
    }

    /// What a webhook's pace has to know.
    pub(super) fn others(&mut self, now: Instant) -> Others {
        while let Some((_, one)) = self.lately.pop_front_if(|(began, _)| *began + YOUNG <= now) {
            self.end(&one);
        }
        self.is_many = self.count >= if self.is_many { MANY / 2 } else { MANY };
        if !self.is_many {
            return Others::Few;
        }
        Others::Many { usual: now.checked_sub(self.usual.saturating_mul(2) + SLOWER) }
    }
}

impl Others {
    /// Whether what waits since then waits longer than what waits for others.
    pub(super) fn wait_less_than(self, since: Instant) -> bool {
        matches!(self, Others::Many { usual: Some(usual) } if since < usual)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_many(crowd: &mut Crowd, now: Instant) -> bool {
        matches!(crowd.others(now), Others::Many { .. })
    }

    #[test]
    fn what_waits_is_compared_with_what_others_waited() {
        let now = Instant::now() + Duration::from_mins(1);
        let ago = |millis| now - Duration::from_millis(millis);
        let mut crowd = Crowd::default();
        for _ in 1..MANY {
            crowd.begin(1, Duration::ZERO, now);
        }
        assert!(!crowd.others(now).wait_less_than(ago(10_000)), "they are few");
        crowd.begin(1, Duration::ZERO, now);
        let others = crowd.others(now);
        assert!(!others.wait_less_than(ago(50)) && others.wait_less_than(ago(51)));
        for _ in 0..1_000 {
            crowd.begin(1, Duration::from_millis(200), now);
        }
        assert!(crowd.others(now).wait_less_than(ago(80)), "one alone says little of others");
        for number in 0..1_000 {
            crowd.begin(number % 2, Duration::from_millis(200), now);
        }
        let others = crowd.others(now);
        assert!(!others.wait_less_than(ago(440)) && others.wait_less_than(ago(451)));
    }

    #[test]
    fn it_is_a_crowd_until_half_of_it_ended() {
        let (mut crowd, now) = (Crowd::default(), Instant::now());
        let all: Vec<_> = (0..MANY).map(|_| crowd.begin(1, Duration::ZERO, now)).collect();
        assert!(is_many(&mut crowd, now));
        let (most, last) = all.split_at(MANY / 2);
        for one in most {
            crowd.end(one);
        }
        assert!(is_many(&mut crowd, now));
        crowd.end(&last[0]);
        crowd.end(&last[0]);
        assert_eq!(crowd.count, MANY / 2 - 1, "one ends once");
        assert!(!is_many(&mut crowd, now));
        crowd.begin(1, Duration::ZERO, now);
        assert!(!is_many(&mut crowd, now), "it is none again before they are as many as that");
    }

    #[test]
    fn what_hangs_makes_no_crowd() {
        let (mut crowd, now) = (Crowd::default(), Instant::now());
        let all: Vec<_> = (0..1_000).map(|number| crowd.begin(number, Duration::ZERO, now)).collect();
        let later = now + YOUNG;
        assert!(is_many(&mut crowd, later.checked_sub(Duration::from_millis(1)).unwrap()));
        assert!(!is_many(&mut crowd, later));
        for one in &all {
            crowd.end(one);
        }
        assert_eq!((crowd.count, crowd.lately.len()), (0, 0));
    }
}

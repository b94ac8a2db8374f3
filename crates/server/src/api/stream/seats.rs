//! The streams that are open, and how many may be.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use tokio::sync::oneshot::{self, error::TryRecvError};

use crate::{
    auth::{Caller, Owner},
    problem::{Code, Detail, Problem},
};

/// The most streams of one person. One more ends the oldest of them, which may be one whose reader is long gone.
const MAX_OF_PERSON: usize = 16;

/// The most streams of the backend; one more ends the oldest.
const MAX_OF_SERVICE: usize = 256;

/// The most streams in all. One more is refused.
const MAX: usize = 4_096;

/// The most streams of one company, so that there are seats for others. One more is refused.
const MAX_OF_COMPANY: usize = MAX / 4;

/// The seconds after which one may try again.
const RETRY_AFTER: u32 = 30;

/// The streams that are open.
#[derive(Clone, Default)]
pub(crate) struct Seats {
    /// The oldest first.
    taken: Arc<Mutex<Vec<Taken>>>,
    count: Arc<AtomicU64>,
}

struct Taken {
    number: u64,
    /// None is the backend.
    who: Option<Owner>,
    /// Dropped to end the stream.
    _end: oneshot::Sender<()>,
}

/// One open stream's; given back when it is dropped.
pub(super) struct Seat {
    seats: Seats,
    number: u64,
    end: oneshot::Receiver<()>,
}

impl Seats {
    /// How many streams are open.
    pub(crate) fn count(&self) -> usize {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Takes a seat for one more stream.
    pub(super) fn take(&self, caller: &Caller) -> Result<Seat, Problem> {
        let (who, max) = match caller {
            Caller::Service => (None, MAX_OF_SERVICE),
            Caller::User(owner) => (Some(owner.clone()), MAX_OF_PERSON),
        };
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if taken.iter().filter(|seat| seat.who == who).count() >= max {
            let oldest = taken.iter().position(|seat| seat.who == who);
            oldest.map(|oldest| taken.remove(oldest));
        }
        if let Some(Owner { company_id, .. }) = &who {
            let is_theirs =
                |seat: &&Taken| seat.who.as_ref().is_some_and(|who| who.company_id == *company_id);
            if taken.iter().filter(is_theirs).count() >= MAX_OF_COMPANY {
                return Err(Problem::rate_limited(MAX_OF_COMPANY, "COMPANY", RETRY_AFTER));
            }
        }
        if taken.len() >= MAX {
            return Err(Problem::new(Code::Overloaded, Detail::Streams(MAX)));
        }
        let (end, ended) = oneshot::channel();
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        taken.push(Taken { number, who, _end: end });
        Ok(Seat { seats: self.clone(), number, end: ended })
    }
}

impl Seat {
    /// Whether a newer stream needed this seat.
    pub(super) fn is_taken_away(&mut self) -> bool {
        self.end.try_recv() != Err(TryRecvError::Empty)
    }

    /// Waits until a newer stream needs this seat.
    pub(super) async fn taken_away(&mut self) {
        // The sender never sends: it is dropped.
        let _ = (&mut self.end).await;
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.seats.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.retain(|seat| seat.number != self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_company_has_a_share_of_the_seats() {
        let seats = Seats::default();
        let person = |n: usize, company: &str| {
            Caller::User(Owner { user_id: n.to_string(), company_id: company.to_owned() })
        };
        let sit = |n: usize, company: &str| seats.take(&person(n / MAX_OF_PERSON, company));
        let taken: Vec<_> = (0..2 * MAX_OF_COMPANY).filter_map(|n| sit(n, "greedy").ok()).collect();
        assert_eq!(taken.len(), MAX_OF_COMPANY);
        assert_eq!(sit(0, "greedy").err().map(|problem| problem.code()), None, "one of their own makes room");
        assert!(sit(0, "other").is_ok());
        assert!(seats.take(&Caller::Service).is_ok());
    }
}

//! One webhook's lane in a worker: what waits, at which pace it goes, and the connections it uses.

use std::{collections::VecDeque, time::Duration};

use tokio::time::Instant;

use super::{
    crowd::Others,
    pace::{Pace, Turn, Waiting},
};
use crate::{line::Job, send::net::Client};

/// A webhook's lane.
pub(super) struct Lane {
    pub(super) waiting: VecDeque<Job>,
    pub(super) client: Client,
    pub(super) pace: Pace,
    /// Whether it stands in line for its turn.
    pub(super) in_line: bool,
    /// When it stands in line again whatever happens.
    pub(super) wakes_at: Option<Instant>,
}

impl Lane {
    pub(super) fn new(client: Client) -> Lane {
        Lane { waiting: VecDeque::new(), client, pace: Pace::new(), in_line: false, wakes_at: None }
    }

    /// Whether a request may be sent now; if only the time speaks against it, when.
    pub(super) fn may_send(&self, max_in_flight: usize, others: Others, now: Instant) -> Turn {
        let since = self.waiting.front().map_or(now, |job| job.queued);
        self.pace.may_send(Waiting { count: self.waiting.len(), since }, max_in_flight, others, now)
    }

    /// Takes the next delivery to attempt. `rate` is the webhook's own limit, in requests per second.
    pub(super) fn take(&mut self, rate: Option<u32>, now: Instant) -> Option<Job> {
        let job = self.waiting.pop_front()?;
        self.pace.begin(rate, now);
        Some(job)
    }

    /// Whether nothing happens here, and nothing did for this long: its connections can be closed.
    pub(super) fn is_cold(&self, after: Duration) -> bool {
        self.pace.is_idle() && self.waiting.is_empty() && self.client.idle() >= after
    }
}

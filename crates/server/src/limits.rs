//! What one caller may take of what is there for all: requests, failures, heavy work. What is refused is counted, and
//! logged once rather than for each request.

use std::{
    net::IpAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use ipnet::IpNet;

use crate::{
    auth::{Caller, Owner},
    problem::Problem,
    wire::Address,
};

// So many in a time.
mod rate;

// What was refused.
mod refusals;

// Work that takes long: a little at a time, on threads of its own.
mod work;

// Bodies on their way in.
mod bodies;

// Requests to receivers.
mod sending;

// URLs tried.
mod url_checks;

use bodies::Bodies;
pub(crate) use bodies::Share;
use rate::{Rate, Rates};
pub(crate) use refusals::{Limit, Refusals};
use url_checks::UrlChecks;
pub(crate) use work::Work;

/// Requests of a person.
const REQUESTS: Rate = Rate { count: 1_200, per: MINUTE, burst: 200 };

/// Previews, dry runs and counts of a person.
const WORK: Rate = Rate { count: 60, per: MINUTE, burst: 60 };

/// Wrong credentials from an address.
const FAILURES: Rate = Rate { count: 30, per: MINUTE, burst: 30 };

/// Wrong secrets for one token from an address.
const FAILURES_OF_TOKEN: Rate = Rate { count: 10, per: MINUTE, burst: 10 };

const MINUTE: Duration = Duration::from_mins(1);

/// What one caller may take.
pub(crate) struct Limits {
    trusted: Arc<[IpNet]>,
    refusals: Refusals,
    requests: Rates<Owner>,
    heavy: Rates<Owner>,
    failures: Rates<Address>,
    failures_of_token: Rates<(Address, String)>,
    sending: sending::Sending,
    url_checks: UrlChecks,
    pub(crate) work: Work,
    bodies: Bodies,
}

impl Limits {
    /// With the proxies that are believed, and the place where refusals are counted.
    pub(crate) fn new(trusted: Arc<[IpNet]>, refusals: Refusals) -> Limits {
        Limits {
            trusted,
            refusals,
            requests: Rates::new(REQUESTS),
            heavy: Rates::new(WORK),
            failures: Rates::new(FAILURES),
            failures_of_token: Rates::new(FAILURES_OF_TOKEN),
            sending: sending::Sending::default(),
            url_checks: UrlChecks::default(),
            work: Work::default(),
            bodies: Bodies::default(),
        }
    }

    /// What was refused so far.
    pub(crate) fn refusals(&self) -> &Refusals {
        &self.refusals
    }

    /// Whose address a request comes from.
    pub(crate) fn ip(&self, request: &actix_web::HttpRequest) -> Option<IpAddr> {
        let peer = request.peer_addr()?.ip();
        let lines = request.headers().get_all("x-forwarded-for");
        let lines: Vec<&str> = lines.filter_map(|line| line.to_str().ok()).collect();
        Some(crate::wire::caller_ip(peer, lines.into_iter(), &self.trusted))
    }

    /// One more request of a caller.
    pub(crate) fn request(&self, caller: &Caller) -> Result<(), Problem> {
        self.take(&self.requests, caller, Limit::Requests)
    }

    /// One more preview, dry run or count.
    pub(crate) fn heavy(&self, caller: &Caller) -> Result<(), Problem> {
        self.take(&self.heavy, caller, Limit::Work)
    }

    fn take(&self, rates: &Rates<Owner>, caller: &Caller, limit: Limit) -> Result<(), Problem> {
        let Caller::User(owner) = caller else { return Ok(()) };
        rates.take(owner.clone(), Instant::now()).map_err(|wait| {
            self.refusals.note(limit);
            Problem::rate_limited(rates.count(), "PERSON", wait)
        })
    }

    /// Whether an address may try a token's secret, or any token where none is named.
    pub(crate) fn may_try(&self, ip: IpAddr, token: Option<&str>) -> Result<(), Problem> {
        let (address, now) = (Address::of(ip), Instant::now());
        let of_token = token.map(|token| (address, short(token)));
        let found = self.failures.look(&address, now).err().map(|wait| (self.failures.count(), wait));
        let found = found.or_else(|| {
            let wait = self.failures_of_token.look(&of_token?, now).err()?;
            Some((self.failures_of_token.count(), wait))
        });
        let Some((count, wait)) = found else { return Ok(()) };
        self.refusals.note(Limit::Credentials);
        Err(Problem::rate_limited(count, "ADDRESS", wait))
    }

    /// An address tried, and was wrong.
    pub(crate) fn failed(&self, ip: IpAddr, token: Option<&str>) {
        let (address, now) = (Address::of(ip), Instant::now());
        // Whether it may try again is asked before it does.
        let _ = self.failures.take(address, now);
        if let Some(token) = token {
            let _ = self.failures_of_token.take((address, short(token)), now);
        }
    }
}

/// As much of a token's id as tells it from others.
fn short(token: &str) -> String {
    token.chars().take(64).collect()
}

//! URLs tried before they are saved. No person, company or host is to be a weapon or a target of these.

use std::time::{Duration, Instant};

use bluehook_dispatcher::Dispatcher;

use super::{
    Limits,
    rate::{Rate, Rates},
};
use crate::{
    auth::{Caller, Owner},
    problem::Problem,
};

const MINUTE: Duration = Duration::from_mins(1);

/// Of a person.
const OF_PERSON: Rate = Rate { count: 60, per: MINUTE, burst: 60 };

/// Of a company to one host.
const OF_COMPANY: Rate = Rate { count: 30, per: MINUTE, burst: 30 };

/// To one host, of all.
const TO_HOST: Rate = Rate { count: 600, per: MINUTE, burst: 600 };

/// What was tried lately.
pub(super) struct UrlChecks {
    of_person: Rates<Owner>,
    of_company: Rates<(String, String)>,
    to_host: Rates<String>,
}

impl Default for UrlChecks {
    fn default() -> UrlChecks {
        UrlChecks {
            of_person: Rates::new(OF_PERSON),
            of_company: Rates::new(OF_COMPANY),
            to_host: Rates::new(TO_HOST),
        }
    }
}

impl Limits {
    /// One more URL tried. Hosts in networks that the operator allowed are the operator's own affair.
    ///
    /// # Errors
    /// Nothing was counted then.
    pub(crate) async fn url_check(
        &self,
        dispatcher: &Dispatcher,
        caller: &Caller,
        url: &str,
    ) -> Result<(), Problem> {
        let now = Instant::now();
        // Before anything is resolved for somebody who may not ask any more.
        self.url_checks.look_at_person(caller, now)?;
        let host = match host(url) {
            Some(host) if !dispatcher.is_in_allowed_network(url).await => Some(host),
            _ => None,
        };
        self.url_checks.take(caller, host, now)
    }
}

impl UrlChecks {
    fn look_at_person(&self, caller: &Caller, now: Instant) -> Result<(), Problem> {
        let Caller::User(owner) = caller else { return Ok(()) };
        self.of_person.look(owner, now).map_err(|wait| refused(&self.of_person, "PERSON", wait))
    }

    fn take(&self, caller: &Caller, host: Option<String>, now: Instant) -> Result<(), Problem> {
        self.look_at_person(caller, now)?;
        let owner = match caller {
            Caller::Service => None,
            Caller::User(owner) => Some(owner.clone()),
        };
        let of_company =
            owner.as_ref().zip(host.clone()).map(|(owner, host)| (owner.company_id.clone(), host));
        if let Some(host) = &host {
            self.to_host.look(host, now).map_err(|wait| refused(&self.to_host, "HOST", wait))?;
        }
        if let Some(of_company) = &of_company {
            self.of_company.look(of_company, now).map_err(|wait| refused(&self.of_company, "HOST", wait))?;
        }
        // Who comes between the look and this takes a little more than there is; nobody is refused half-way.
        let _ = owner.map(|owner| self.of_person.take(owner, now));
        let _ = of_company.map(|of_company| self.of_company.take(of_company, now));
        let _ = host.map(|host| self.to_host.take(host, now));
        Ok(())
    }
}

fn refused<K: Eq + std::hash::Hash>(rates: &Rates<K>, scope: &'static str, wait: u32) -> Problem {
    Problem::rate_limited(rates.count(), scope, wait)
}

/// The host of a URL, in the one spelling that it has.
fn host(url: &str) -> Option<String> {
    url::Url::parse(url).ok()?.host_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_a_company_and_a_host_have_their_limits() {
        let person = |name: &str, company: &str| {
            Caller::User(Owner { user_id: name.to_owned(), company_id: company.to_owned() })
        };
        let (checks, now) = (UrlChecks::default(), Instant::now());
        let count = |caller: &Caller, host: Option<&str>| {
            let host = host.map(str::to_owned);
            (0..1_000).take_while(|_| checks.take(caller, host.clone(), now).is_ok()).count()
        };
        assert_eq!(count(&person("a", "c"), Some("example.com")), 30, "the company's to this host");
        assert_eq!(count(&person("a", "c"), Some("other.example")), 30, "the person's");
        assert_eq!(count(&person("b", "c"), Some("example.com")), 0);
        assert_eq!(count(&person("b", "c"), None), 60, "a host that the operator allowed");
        assert_eq!(count(&Caller::Service, None), 1_000);
        assert_eq!(count(&Caller::Service, Some("example.com")), 600 - 30, "the host's, of all");
    }
}

//! What goes out because somebody asks for it now: probes, tests, deliveries sent again. No person, company or receiver is
//! to be a weapon or a target of these.

use std::time::Instant;

use bluehook_dispatcher::Dispatcher;

use super::{
    Limit, Limits, MINUTE,
    rate::{Rate, Rates},
};
use crate::{
    auth::{Caller, Owner},
    problem::Problem,
};

/// Of a person.
const OF_PERSON: Rate = Rate { count: 20, per: MINUTE, burst: 20 };

/// Of a company to one host.
const OF_COMPANY: Rate = Rate { count: 30, per: MINUTE, burst: 30 };

/// To one host, of all.
const TO_HOST: Rate = Rate { count: 600, per: MINUTE, burst: 600 };

/// What was sent lately.
pub(super) struct Sending {
    of_person: Rates<Owner>,
    of_company: Rates<(String, String)>,
    to_host: Rates<String>,
}

impl Default for Sending {
    fn default() -> Sending {
        Sending {
            of_person: Rates::new(OF_PERSON),
            of_company: Rates::new(OF_COMPANY),
            to_host: Rates::new(TO_HOST),
        }
    }
}

impl Limits {
    /// One more request to a receiver. Hosts in networks that the operator allowed are the operator's own affair.
    ///
    /// # Errors
    /// Nothing was counted then.
    pub(crate) async fn send(
        &self,
        dispatcher: &Dispatcher,
        caller: &Caller,
        (company, url): (&str, &str),
    ) -> Result<(), Problem> {
        let host = match host(url) {
            Some(host) if !dispatcher.is_in_allowed_network(url).await => Some(host),
            _ => None,
        };
        self.sending.take(caller, company, host).inspect_err(|_| self.refusals().note(Limit::Sending))
    }
}

impl Sending {
    fn take(&self, caller: &Caller, company: &str, host: Option<String>) -> Result<(), Problem> {
        let now = Instant::now();
        let person = match caller {
            Caller::Service => None,
            Caller::User(owner) => Some(owner.clone()),
        };
        let refused = |count: u32, scope| {
            let count = usize::try_from(count).unwrap_or(usize::MAX);
            move |wait| Problem::rate_limited(count, scope, wait)
        };
        if let Some(person) = &person {
            self.of_person.look(person, now).map_err(refused(OF_PERSON.count, "PERSON"))?;
        }
        let of_company = host.clone().map(|host| (company.to_owned(), host));
        if let (Some(host), Some(of_company)) = (&host, &of_company) {
            self.to_host.look(host, now).map_err(refused(TO_HOST.count, "HOST"))?;
            self.of_company.look(of_company, now).map_err(refused(OF_COMPANY.count, "HOST"))?;
        }
        // Who comes between the look and this takes a little more than there is; nobody is refused half-way.
        let _ = person.map(|person| self.of_person.take(person, now));
        let _ = of_company.map(|of_company| self.of_company.take(of_company, now));
        let _ = host.map(|host| self.to_host.take(host, now));
        Ok(())
    }
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
        let host = || Some("example.com".to_owned());
        let sending = Sending::default();
        let count = |caller: &Caller, company: &str, host: Option<String>| {
            (0..1_000).take_while(|_| sending.take(caller, company, host.clone()).is_ok()).count()
        };
        assert_eq!(count(&person("a", "c"), "c", host()), 20);
        assert_eq!(count(&person("b", "c"), "c", host()), 10, "the company's to this host");
        assert_eq!(count(&person("b", "c"), "c", Some("other.example".to_owned())), 10);
        assert_eq!(count(&Caller::Service, "d", None), 1_000, "a host that the operator allowed");
        let sent: usize = (0..100).map(|n| count(&Caller::Service, &n.to_string(), host())).sum();
        assert_eq!(sent, 600 - 30);
    }
}

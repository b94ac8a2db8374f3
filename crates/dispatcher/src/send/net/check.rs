//! A URL tried as far as a connection: its name, its addresses, TLS, all as deliveries do it. No request is made.

use std::{future::Future, sync::Arc, time::Duration};

use bluehook_core::target::{Destination, Target};
use rustls::ClientConfig;
use tokio::time::{Instant, timeout_at};

use super::{client::placed, connect::Connector, guard::Guard, tls, transport::Counted};
use crate::model::{
    failure::{Failure, FailureKind, Reason},
    url_check::{Certificate, Failed, Step, UrlCheck},
};

/// Tries URLs, within a time for each.
#[derive(Clone)]
pub(crate) struct Checker {
    connector: Connector,
    timeout: Duration,
}

impl Checker {
    /// By these rules for names and addresses, and for TLS.
    pub(crate) fn new(guard: Guard, tls: Arc<ClientConfig>, timeout: Duration) -> Checker {
        Checker { connector: Connector { guard, tls }, timeout }
    }

    /// Everything that can be found out about a URL without a request.
    pub(crate) async fn check(&self, url: &str) -> UrlCheck {
        let mut found = UrlCheck::default();
        let target = match self.connector.guard.read(url) {
            Ok(target) => target,
            Err(fault) => {
                found.steps.push((Step::Syntax, Some(Failed::Syntax(fault))));
                return found;
            }
        };
        found.steps.push((Step::Syntax, None));
        if let Err((step, failure)) = self.walk(&target, &mut found).await {
            let failure = placed(failure, &target, self.timeout);
            found.steps.push((step, Some(Failed::Attempt(failure))));
        }
        found.target = Some(target);
        found
    }

    /// Each step up to the first that fails.
    async fn walk(&self, target: &Target, found: &mut UrlCheck) -> Result<(), (Step, Failure)> {
        let deadline = Instant::now() + self.timeout;
        let resolving = self.connector.guard.resolve(&target.host, target.port);
        let resolved = in_time(deadline, Reason::Dns, resolving).await;
        let by_name = matches!(target.host, Destination::Name(_));
        let addresses = match resolved {
            Err(failure) if failure.kind != FailureKind::BlockedAddress => return Err((Step::Dns, failure)),
            resolved => {
                found.steps.extend(by_name.then_some((Step::Dns, None)));
                resolved.map_err(|failure| (Step::Address, failure))?
            }
        };
        found.steps.push((Step::Address, None));
        let reaching = self.connector.reach(addresses, target);
        let tcp = in_time(deadline, Reason::Connect, reaching).await;
        let tcp = tcp.map_err(|failure| (Step::Connect, failure))?;
        found.steps.push((Step::Connect, None));
        if target.is_tls() {
            let agreeing = tls::agree(&self.connector.tls, target, Counted::new(tcp));
            let agreed = in_time(deadline, Reason::Tls, agreeing).await;
            // Of a certificate that was shown is told even when it was not believed.
            found.certificate = match &agreed {
                Ok(stream) => tls::shown(stream),
                Err(failure) => Certificate::refused(&failure.params),
            };
            agreed.map_err(|failure| (Step::Tls, failure))?;
            found.steps.push((Step::Tls, None));
        }
        Ok(())
    }
}

/// A step that may take until a deadline.
async fn in_time<T>(
    deadline: Instant,
    phase: Reason,
    step: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    let done = timeout_at(deadline, step).await;
    done.unwrap_or_else(|_| Err(Failure::because(FailureKind::Timeout, phase)))
}

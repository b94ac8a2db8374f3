//! What holds for every delivery here, for pages that explain it.

use std::time::Duration;

use bluehook_core::retry;

use crate::config::Config;

/// What holds for every delivery here.
#[derive(Clone, Debug)]
pub struct Terms {
    /// How long events, deliveries and attempts are kept.
    pub retention: Duration,
    /// When failed deliveries are tried again.
    pub retry: retry::Policy,
    /// How long one attempt may take.
    pub timeout: Duration,
    /// Whether some network may be called although it is not public.
    pub any_network_open: bool,
    /// The most enabled webhooks of one company.
    pub(crate) webhook_limit: u32,
}

impl Terms {
    pub(crate) fn of(config: &Config) -> Terms {
        Terms {
            retention: config.retention,
            retry: config.retry.clone(),
            timeout: config.timeout,
            any_network_open: !config.allow_networks.is_empty(),
            webhook_limit: config.webhook_limit_per_company,
        }
    }
}

//! A webhook as the API shows it: Blue's object and ours around it.

use std::collections::BTreeMap;

use bluehook_core::{language::Language, webhook::Webhook};
use bluehook_dispatcher::{Fares, Probe, Project, Stats, Summary};
use serde::Serialize;
use serde_json::value::RawValue;
use url::Url;

use super::{
    Instant,
    delivery::AttemptView,
    directory::ProjectView,
    standing::{ActivityView, DisabledView, HealthChangeView, HealthView, HeldView, SecretView, WaitingView},
    stats::StatsView,
};
use crate::access::{Access, May, Named};

/// A webhook. Its secret is shown at creation only, the values of its headers never.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::api) struct WebhookView<'a> {
    id: &'a str,
    uid: &'a str,
    name: Option<&'a str>,
    url: Option<&'a str>,
    host: String,
    host_unicode: Option<String>,
    secret: Option<&'a str>,
    has_secret: bool,
    secrets: Option<Vec<SecretView>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duplicate: Option<bool>,
    status: &'static str,
    enabled: bool,
    auto_recover: bool,
    events: Vec<&'static str>,
    project_ids: &'a [String],
    metadata: Metadata<'a>,
    payload_format: &'static str,
    filter: Option<&'a RawValue>,
    description: Option<&'a str>,
    headers: Option<BTreeMap<&'a str, Option<&'a str>>>,
    rate_limit_per_second: Option<u32>,
    company_id: &'a str,
    created_by_id: &'a str,
    created_by: Option<Named>,
    created_at: Instant,
    updated_at: Instant,
    health: HealthView<'a>,
    waiting: WaitingView,
    held: HeldView,
    disabled: Option<DisabledView<'a>>,
    may: May,
    stats: FaredView<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    activity: Option<ActivityView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    probe: Option<ProbeView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    projects: Option<Vec<ProjectView<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    history: Option<Vec<HealthChangeView<'a>>>,
}

/// What came of a probe; nothing for those who do not see the webhook.
#[derive(Serialize)]
#[serde(untagged)]
enum ProbeView<'a> {
    Shown(Box<AttemptView<'a>>),
    Hidden(()),
}

/// How deliveries fared: the newest, or those of a window when that was asked for.
#[derive(Serialize)]
#[serde(untagged)]
enum FaredView<'a> {
    Newest(SummaryView),
    Window(Box<StatsView<'a>>),
}

/// How the newest deliveries fared.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SummaryView {
    deliveries: u64,
    succeeded: u64,
    failed: u64,
    success_rate: Option<f64>,
}

impl SummaryView {
    fn new(summary: &Summary) -> SummaryView {
        let Summary { deliveries, succeeded, failed } = *summary;
        SummaryView { deliveries, succeeded, failed, success_rate: summary.success_rate() }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Metadata<'a> {
    events: Vec<&'static str>,
    project_ids: &'a [String],
}

impl<'a> WebhookView<'a> {
    /// A webhook as this caller sees it.
    pub(in crate::api) fn new(fares: &'a Fares, access: &Access<'_>, language: Language) -> WebhookView<'a> {
        let webhook: &Webhook = &fares.webhook;
        let (may, off) = (access.may(webhook, fares.off.as_deref()), fares.off.as_deref());
        let events: Vec<&'static str> = webhook.events.iter().map(|event| event.name()).collect();
        let (host, host_unicode) = host(&webhook.url);
        let filter: Option<&RawValue> =
            webhook.filter.as_ref().and_then(|filter| serde_json::from_str(filter.as_json()).ok());
        WebhookView {
            id: &webhook.id,
            uid: &webhook.uid,
            name: webhook.name.as_deref(),
            url: may.see.then_some(&webhook.url),
            host,
            host_unicode,
            secret: None,
            has_secret: !fares.secrets.is_empty(),
            secrets: may.see.then(|| SecretView::all(&fares.secrets)),
            duplicate: None,
            status: webhook.status.name(),
            enabled: webhook.enabled,
            auto_recover: false,
            metadata: Metadata { events: events.clone(), project_ids: &webhook.project_ids },
            events,
            project_ids: &webhook.project_ids,
            payload_format: webhook.payload_format.name(),
            filter: filter.filter(|_| may.see),
            description: webhook.description.as_deref().filter(|_| may.see),
            headers: may.see.then(|| webhook.headers.iter().map(|(name, _)| (name.as_str(), None)).collect()),
            rate_limit_per_second: webhook.rate_limit_per_second,
            company_id: &webhook.company_id,
            created_by_id: &webhook.created_by_id,
            created_by: access.named(&webhook.created_by_id),
            created_at: Instant(webhook.created_at),
            updated_at: Instant(webhook.updated_at),
            health: HealthView::new(&fares.health, off, language),
            waiting: WaitingView::new(&fares.backlog),
            held: HeldView::new(&fares.backlog),
            disabled: off.map(|off| {
                let person = off.person.as_deref().and_then(|id| access.named(id));
                DisabledView::new(off, (person, &access.needs(webhook)), may, language)
            }),
            may,
            stats: FaredView::Newest(SummaryView::new(&fares.summary)),
            activity: fares.activity.as_ref().map(ActivityView::new),
            probe: None,
            projects: None,
            history: None,
        }
    }

    /// The same with its secret, at the one time when it is shown.
    pub(in crate::api) fn with_secret(self, secret: Option<&'a str>) -> WebhookView<'a> {
        WebhookView { secret, ..self }
    }

    /// A webhook that was made before, by the same request.
    pub(in crate::api) fn repeated(self) -> WebhookView<'a> {
        WebhookView { duplicate: Some(true), ..self }
    }

    /// The same with the probe that preceded switching on: for those who see the webhook.
    pub(in crate::api) fn with_probe(self, probe: &'a Probe, language: Language) -> WebhookView<'a> {
        let shown = if self.may.see {
            ProbeView::Shown(Box::new(AttemptView::new(&probe.attempt, language)))
        } else {
            ProbeView::Hidden(())
        };
        WebhookView { probe: Some(shown), ..self }
    }

    /// The same with how it fared in a window.
    pub(in crate::api) fn with_window(self, stats: &'a Stats) -> WebhookView<'a> {
        let window = Box::new(StatsView::new(self.id, stats));
        WebhookView { stats: FaredView::Window(window), ..self }
    }

    /// The same with the projects that the caller may choose.
    pub(in crate::api) fn with_projects(
        self,
        projects: &'a [Project],
        access: &Access<'_>,
    ) -> WebhookView<'a> {
        let view = |project| ProjectView::new(project).with_role(access.role_in(project));
        WebhookView { projects: Some(projects.iter().map(view).collect()), ..self }
    }

    /// The same with what its health was.
    pub(in crate::api) fn with_history(self, history: Vec<HealthChangeView<'a>>) -> WebhookView<'a> {
        WebhookView { history: Some(history), ..self }
    }
}

/// The host of a URL, with its port where that is not the scheme's own; and as people of its language write it, where that
/// is something else.
fn host(url: &str) -> (String, Option<String>) {
    let Ok(url) = Url::parse(url) else { return (String::new(), None) };
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let host = url.host_str().unwrap_or_default();
    let (unicode, valid) = idna::domain_to_unicode(host);
    let unicode = (valid.is_ok() && unicode != host).then(|| format!("{unicode}{port}"));
    (format!("{host}{port}"), unicode)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_has_its_port_and_its_own_letters() {
        for (url, expected, unicode) in [
            ("https://crm.example.com/hooks", "crm.example.com", None),
            ("https://crm.example.com:443/", "crm.example.com", None),
            ("http://127.0.0.1:8080/a", "127.0.0.1:8080", None),
            ("https://[::1]:8443/", "[::1]:8443", None),
            ("https://xn--mller-kva.example:81/", "xn--mller-kva.example:81", Some("müller.example:81")),
        ] {
            assert_eq!(host(url), (expected.to_owned(), unicode.map(str::to_owned)), "{url}");
        }
    }
}

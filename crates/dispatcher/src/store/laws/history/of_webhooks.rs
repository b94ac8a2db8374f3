//! Webhooks are made, changed, switched off and deleted; their secrets change, and how they fare.

use std::sync::Arc;

use bluehook_core::{
    filter::Filter,
    signature::Secret,
    webhook::{PayloadFormat, Status, Webhook},
};

use super::{HOUR, History, logging::TYPES, outcomes::outcome};
use crate::{
    know::Revision,
    model::{
        WebhookKey,
        cause::Cause,
        changes::WebhookStep,
        health::{Health, HealthState},
        log::{Attempt, Phases},
        standing::{HealthChange, Off, OffBy, Probe},
    },
    store::{
        Change,
        change::{Secrets, WebhookRow},
        laws::dice::Dice,
        secrets::headers_of,
        snapshot::Beginning,
    },
};

/// The most webhooks at once.
const MOST: usize = 4;

impl History {
    /// The webhooks that are not deleted.
    pub(super) fn there(&self) -> Vec<WebhookKey> {
        let there = |data: &crate::store::laws::memory::Data| {
            let there = data.webhooks.iter().filter(|(_, kept)| kept.deleted_at.is_none());
            there.map(|(key, _)| *key).collect()
        };
        self.with(there)
    }

    /// The revision of a webhook as it is.
    pub(in crate::store::laws) fn revision_of(&self, key: WebhookKey) -> i64 {
        self.with(|data| data.webhooks[&key].revision)
    }

    pub(super) fn webhook(&mut self, dice: &mut Dice) {
        if self.there().len() < MOST {
            self.make_webhook(dice);
        }
    }

    /// Makes one, whatever its number.
    pub(in crate::store::laws) fn make_webhook(&mut self, dice: &mut Dice) -> WebhookKey {
        let (key, _) = self.with(Beginning::next_keys).unwrap();
        let webhook = Webhook {
            id: format!("w{key}"),
            uid: format!("{key:032x}"),
            name: None,
            url: String::new(),
            status: Status::Healthy,
            enabled: true,
            events: Vec::new(),
            project_ids: Vec::new(),
            company_id: format!("c{}", dice.below(2)),
            created_by_id: format!("u{}", dice.below(2)),
            created_at: self.now,
            updated_at: self.now,
            payload_format: PayloadFormat::Full,
            filter: None,
            description: None,
            headers: Vec::new(),
            rate_limit_per_second: None,
        };
        self.keep(key, changed(webhook, self.now, dice));
        if dice.one_in(2) {
            self.new_secrets(key, dice);
        }
        self.webhook_changes(key, WebhookStep::Created);
        key
    }

    /// Writes a webhook as it is now, with a new revision.
    fn keep(&mut self, key: WebhookKey, webhook: Webhook) {
        let (_, revision) = self.with(Beginning::next_keys).unwrap();
        let made_after = self.numbers.last();
        let headers = serde_json::to_string(&webhook.headers).unwrap();
        let seal = || self.world.keys.seal(&headers_of(&webhook.id), &headers).unwrap();
        let sealed_headers = (!webhook.headers.is_empty()).then(seal);
        let (payload_format, body_object) = (webhook.payload_format, webhook.to_body_object());
        let revision = Arc::new(Revision { key: revision, payload_format, body_object });
        self.put(move |group| {
            let (webhook, sealed_headers) = (&webhook, sealed_headers.clone());
            group.put(Change::Webhook(WebhookRow {
                key,
                webhook,
                revision: revision.key,
                sealed_headers,
            }))?;
            let url = webhook.url.as_str();
            group.put(Change::Revision { webhook: key, url, revision: &revision, made_after })
        });
    }

    pub(super) fn change(&mut self, dice: &mut Dice) {
        let Some(key) = dice.pick(&self.there()) else { return };
        let webhook = self.with(|data| data.webhooks[&key].webhook.clone());
        let webhook = changed(webhook, self.now, dice);
        let is_on = webhook.enabled;
        self.keep(key, webhook);
        let off = (!is_on).then(|| off(self.now, dice));
        self.put(move |group| group.put(Change::Off(key, off.as_ref())));
        self.webhook_changes(key, WebhookStep::Changed);
    }

    pub(super) fn delete(&mut self, dice: &mut Dice) {
        let Some(key) = dice.pick(&self.there()) else { return };
        let at = self.latest;
        self.put(move |group| group.put(Change::Deleted(key, at)));
        self.webhook_changes(key, WebhookStep::Deleted);
    }

    pub(super) fn secrets(&mut self, dice: &mut Dice) {
        if let Some(key) = dice.pick(&self.there()) {
            self.new_secrets(key, dice);
        }
    }

    fn new_secrets(&mut self, key: WebhookKey, dice: &mut Dice) {
        let (known, webhook) =
            self.with(|data| (data.webhooks[&key].secrets.clone(), data.webhooks[&key].webhook.clone()));
        let secret = Secret::new(format!("whsec_{:032x}", dice.any())).unwrap();
        let takes_over_at = self.now + dice.within(0..HOUR);
        let secrets = match dice.below(4) {
            0 => Secrets::default(),
            1 => known.newest(),
            _ => known.rotated((&self.world.keys, &webhook), &secret, (self.now, takes_over_at)).unwrap(),
        };
        self.put(move |group| group.put(Change::Secrets(key, &secrets)));
    }

    /// How a webhook fares changes, and its creator is told.
    pub(super) fn fares(&mut self, dice: &mut Dice) {
        let Some(key) = dice.pick(&self.there()) else { return };
        let health = Health {
            state: dice
                .pick(&[HealthState::New, HealthState::Working, HealthState::Failing, HealthState::Off])
                .unwrap(),
            last_attempt_at: dice.one_in(2).then_some(self.now),
            last_success_at: dice.one_in(3).then_some(self.now - 5),
            failures: u32::try_from(dice.below(9)).unwrap(),
            cause: Cause::of(&outcome(dice), self.now, None),
            ..Health::new(self.now)
        };
        let by = dice.maybe(&OffBy::ALL);
        let change = HealthChange { by, person: Some("u1".to_owned()), ..HealthChange::of(&health) };
        let at = self.now;
        self.put(move |group| group.put(Change::Health(key, &health)));
        self.put(move |group| group.put(Change::HealthChanged(key, change.clone())));
        self.put(move |group| group.put(Change::Notice { webhook: key, user_id: "u1", delivery: None, at }));
        self.webhook_changes(key, WebhookStep::Health);
    }
}

/// A webhook with some of it changed.
fn changed(webhook: Webhook, now: i64, dice: &mut Dice) -> Webhook {
    let enabled = !dice.one_in(4);
    let filter = dice.one_in(3).then(|| Filter::parse(r#"{"currentValue":{"done":true}}"#).unwrap());
    Webhook {
        name: dice.one_in(2).then(|| format!("name {}", dice.below(9))),
        url: format!("https://r{}.example/", dice.below(9)),
        status: if enabled { Status::Healthy } else { Status::Unhealthy },
        enabled,
        events: TYPES[..dice.below(3)].to_vec(),
        project_ids: (0..dice.below(3)).map(|project| format!("p{project}")).collect(),
        created_by_id: format!("u{}", dice.below(2)),
        updated_at: now,
        payload_format: if dice.one_in(2) { PayloadFormat::Full } else { PayloadFormat::Compact },
        filter,
        description: dice.one_in(2).then(|| "what it is for".to_owned()),
        headers: (0..dice.below(3)).map(|n| (format!("X-{n}"), "as it was given".to_owned())).collect(),
        rate_limit_per_second: dice.one_in(2).then_some(5),
        ..webhook
    }
}

fn off(at: i64, dice: &mut Dice) -> Off {
    let outcome = outcome(dice);
    let cause = Cause::of(&outcome, at, Some("dlv_1".to_owned()));
    let attempt = Attempt {
        id: "att_1".to_owned(),
        number: 1,
        started_at: at,
        duration_us: 5,
        url: "https://r.example/".to_owned(),
        request_headers: vec![("a".to_owned(), "b".to_owned())],
        outcome,
        reused: None,
        phases: Phases::default(),
    };
    let (by, person) = (dice.pick(&OffBy::ALL).unwrap(), dice.one_in(2).then(|| "u0".to_owned()));
    Off { by, at, person, cause, probe: dice.one_in(2).then_some(Probe { attempt }) }
}

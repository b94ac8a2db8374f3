//! An event as the API shows it.

use bluehook_dispatcher::{Accepted, EventDetail, Sight, StoredEvent};
use serde::Serialize;
use serde_json::value::RawValue;

use super::{DeliveryView, Instant};

/// The answer to an event.
#[derive(Serialize)]
pub(in crate::api) struct AcceptedView<'a> {
    id: &'a str,
    deliveries: u32,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    duplicate: bool,
}

impl<'a> AcceptedView<'a> {
    pub(in crate::api) fn new(accepted: &'a Accepted) -> AcceptedView<'a> {
        AcceptedView { id: &accepted.id, deliveries: accepted.deliveries, duplicate: accepted.duplicate }
    }
}

/// An event as lists show it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::api) struct EventView<'a> {
    id: &'a str,
    event: &'static str,
    company_id: &'a str,
    project_id: &'a str,
    user_id: &'a str,
    occurred_at: Option<Instant>,
    received_at: Instant,
    delivery_count: u32,
}

impl<'a> EventView<'a> {
    pub(in crate::api) fn new(event: &'a StoredEvent) -> EventView<'a> {
        EventView {
            id: &event.id,
            event: event.event_type.name(),
            company_id: &event.company_id,
            project_id: &event.project_id,
            user_id: &event.user_id,
            occurred_at: event.occurred_at.map(Instant),
            received_at: Instant(event.received_at),
            delivery_count: event.deliveries,
        }
    }
}

/// An event with its values and its newest deliveries.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::api) struct EventDetailView<'a> {
    #[serde(flatten)]
    event: EventView<'a>,
    previous_value: &'a RawValue,
    current_value: &'a RawValue,
    deliveries: Vec<DeliveryView<'a>>,
}

impl<'a> EventDetailView<'a> {
    /// `None` when a stored value is not JSON, which only a damaged store gives.
    pub(in crate::api) fn new(found: &'a EventDetail) -> Option<EventDetailView<'a>> {
        let deliveries = found.deliveries.iter();
        Some(EventDetailView {
            event: EventView::new(&found.event),
            previous_value: serde_json::from_str(&found.previous_value).ok()?,
            current_value: serde_json::from_str(&found.current_value).ok()?,
            deliveries: deliveries.map(|delivery| DeliveryView::new(delivery, Sight::Whole)).collect(),
        })
    }
}

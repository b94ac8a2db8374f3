//! What there is, as it is asked for: webhooks and the directory, events and deliveries.

use std::sync::Arc;

use bluehook_core::{payload, webhook::PayloadFormat, webhook::Webhook};
use tokio::sync::watch;

use super::NO_SUCH;
use crate::{
    Dispatcher, Result,
    id::{Ids, Kind},
    model::{
        directory::{Company, Project, Role, User},
        log::{
            Delivery, DeliveryDetail, DeliveryQuery, EventDetail, EventQuery, Page, PageQuery, StoredEvent,
        },
        standing::Off,
    },
    store::Snapshot,
};

impl Dispatcher {
    /// Changes whenever something was written: an event taken in, an attempt recorded, a webhook changed. Whoever waits
    /// for one of these asks again after each change.
    pub fn commits(&self) -> watch::Receiver<u64> {
        self.commits.clone()
    }

    /// The webhook with this id.
    pub fn webhook(&self, id: &str) -> Option<Arc<Webhook>> {
        self.entry(id).ok().map(|entry| entry.webhook.clone())
    }

    /// Why a webhook is off; none when it is on.
    pub fn off(&self, id: &str) -> Option<Arc<Off>> {
        self.entry(id).ok()?.off.clone()
    }

    /// A company of the directory.
    pub fn company(&self, id: &str) -> Option<Company> {
        self.known.now().directory.companies.get(id).cloned()
    }

    /// A project of the directory.
    pub fn project(&self, id: &str) -> Option<Project> {
        self.known.now().directory.projects.get(id).cloned()
    }

    /// A person of the directory.
    pub fn user(&self, id: &str) -> Option<User> {
        self.known.now().directory.users.get(id).cloned()
    }

    /// What a person may do in a project; none when they are not a member.
    pub fn role(&self, project_id: &str, user_id: &str) -> Option<Role> {
        self.known.now().directory.role(project_id, user_id)
    }

    /// The projects of a company, by name.
    pub fn projects(&self, company_id: &str) -> Vec<Project> {
        let of_company = |project: &&Project| project.company_id == company_id;
        let mut projects: Vec<Project> =
            self.known.now().directory.projects.values().filter(of_company).cloned().collect();
        projects.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
        projects
    }

    /// A page of events, newest first.
    ///
    /// # Errors
    /// [`crate::Error::Invalid`] for a cursor that is none, [`crate::Error::Store`].
    pub async fn events(&self, query: EventQuery, page: PageQuery) -> Result<Page<StoredEvent>> {
        let (ids, first) = (self.ids.clone(), self.first_event(query.company_id.as_deref(), None));
        self.store.read(move |snapshot| snapshot.events(&ids, (&query, first), &page)).await
    }

    /// The event with this id, within a company where one is named, with up to `limit` of its deliveries.
    ///
    /// # Errors
    /// [`crate::Error::Store`].
    pub async fn event(
        &self,
        id: &str,
        company_id: Option<&str>,
        limit: usize,
    ) -> Result<Option<EventDetail>> {
        let first = self.first_event(company_id, None);
        let (ids, id, company_id) = (self.ids.clone(), id.to_owned(), company_id.map(str::to_owned));
        let known = self.known.now();
        let find = move |snapshot: &dyn Snapshot| {
            let number = snapshot.event_number(&ids, &id, company_id.as_deref())?;
            let number = number.filter(|number| *number >= first);
            let found = number.map(|number| snapshot.event_detail(&ids, number)).transpose()?.flatten();
            let is_of = |found: &EventDetail| {
                company_id.as_ref().is_none_or(|company| found.event.company_id == *company)
            };
            let Some(mut found) = found.filter(is_of) else { return Ok(None) };
            let query = DeliveryQuery {
                event_id: Some(found.event.id.clone()),
                company_id: Some(found.event.company_id.clone()),
                ..DeliveryQuery::default()
            };
            let first = known.directory.first_event(query.company_id.as_deref(), None);
            let page = PageQuery { limit, cursor: None };
            // In one reading: who waits for a second turn would hold the values meanwhile.
            found.deliveries = snapshot.deliveries(&ids, (&query, first), &page)?.items;
            Ok(Some(found))
        };
        self.store.read(find).await
    }

    /// A page of deliveries, newest first.
    ///
    /// # Errors
    /// [`crate::Error::Invalid`] for a cursor that is none, [`crate::Error::Store`].
    pub async fn deliveries(&self, query: DeliveryQuery, page: PageQuery) -> Result<Page<Delivery>> {
        let first = self.first_event(query.company_id.as_deref(), query.created_by_id.as_deref());
        let ids = self.ids.clone();
        self.store.read(move |snapshot| snapshot.deliveries(&ids, (&query, first), &page)).await
    }

    /// Whose a delivery is: the company and the person that its webhook belongs to. What is not there takes as long.
    ///
    /// # Errors
    /// [`crate::Error::Store`].
    pub async fn delivery_owner(&self, id: &str) -> Result<Option<(String, String)>> {
        let number = self.ids.number(Kind::Delivery, id).unwrap_or(NO_SUCH);
        self.store.read(move |snapshot| snapshot.owner(number)).await
    }

    /// The delivery with this id: its exact body, and every attempt.
    ///
    /// # Errors
    /// [`crate::Error::Store`].
    pub async fn delivery(&self, id: &str) -> Result<Option<DeliveryDetail>> {
        let number = self.ids.number(Kind::Delivery, id).unwrap_or(NO_SUCH);
        let ids = self.ids.clone();
        self.store.read(move |snapshot| delivery_detail(snapshot, &ids, number)).await
    }
}

/// A delivery with its body rendered again: the same bytes that were sent.
fn delivery_detail(snapshot: &dyn Snapshot, ids: &Ids, number: i64) -> Result<Option<DeliveryDetail>> {
    let Some(found) = snapshot.told(ids, number)? else { return Ok(None) };
    let Some((event, _)) = snapshot.event(found.event)? else { return Ok(None) };
    let format = PayloadFormat::from_name(&found.payload_format).unwrap_or_default();
    let body = payload::render(format, &(&event).into(), &found.body_object);
    let (attempts, attempts_total) = snapshot.attempts(ids, number)?;
    Ok(Some(DeliveryDetail {
        delivery: found.delivery,
        url: found.url,
        company_id: found.company_id,
        created_by_id: found.created_by_id,
        body,
        attempts,
        attempts_total,
    }))
}

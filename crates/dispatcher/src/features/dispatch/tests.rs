//! What is matched, and what is checked, before something else of the same moment is written.

use bluehook_core::{delivery::Status, event::EventType, filter::Filter, json::RawJson};

use super::*;
use crate::{
    DirectoryChange, NewWebhook, WebhookChange,
    house::House,
    model::{
        directory::{Company, Role, User},
        log::{DeliveryQuery, PageQuery},
    },
};

fn event(value: &str) -> Arc<Event> {
    Arc::new(Event {
        id: None,
        event_type: EventType::TodoCreated,
        company_id: "c".to_owned(),
        project_id: "p".to_owned(),
        user_id: "ben".to_owned(),
        occurred_at: None,
        previous_value: RawJson::null(),
        current_value: RawJson::parse(value).unwrap(),
    })
}

fn filter(text: &str) -> Filter {
    Filter::parse(text).unwrap()
}

impl House {
    /// Ada's webhook.
    async fn webhook(&self, filter: Option<Filter>) -> String {
        let new = NewWebhook { filter, ..House::new_webhook() };
        self.dispatcher.create_webhook(new).await.unwrap().0.id.clone()
    }

    async fn changed(&self, id: &str, change: WebhookChange) {
        self.dispatcher.update_webhook(id, change).await.unwrap();
    }

    async fn switched(&self, id: &str, on: bool) {
        self.changed(id, WebhookChange { enabled: Some(on), ..WebhookChange::default() }).await;
        assert_eq!(self.dispatcher.webhook(id).unwrap().enabled, on);
    }

    async fn matched(&self, event: &Arc<Event>, times: u32) -> Matched {
        self.dispatcher.select(event.clone(), times).await.unwrap()
    }

    /// Hands an event in as it was matched.
    async fn hand_in(&self, matched: Matched) -> Answer {
        let (reply, answer) = oneshot::channel();
        let waiting = self.dispatcher.gate.enter().unwrap();
        let accept = Accept::new(matched, &self.dispatcher.workers, waiting, reply);
        self.dispatcher.store.submit(Box::new(accept)).unwrap();
        answer.await.unwrap().unwrap()
    }

    /// The statuses of the deliveries that an event made when it was handed in as it was matched.
    async fn came_to(&self, matched: Matched) -> Vec<Status> {
        let Answer::Accepted(accepted) = self.hand_in(matched).await else { panic!("not taken in") };
        let query = DeliveryQuery { event_id: Some(accepted.id), ..DeliveryQuery::default() };
        let page = PageQuery { limit: 9, cursor: None };
        let found = self.dispatcher.deliveries(query, page).await.unwrap().items;
        assert_eq!(found.len(), usize::try_from(accepted.deliveries).unwrap());
        found.iter().map(|delivery| delivery.status).collect()
    }
}

#[tokio::test]
async fn an_event_goes_by_what_holds_when_it_is_written() {
    let house = House::new().await;
    let id = house.webhook(None).await;
    let event = event("1");

    let matched_on = house.matched(&event, 1).await;
    house.switched(&id, false).await;
    assert_eq!(house.came_to(matched_on).await, [Status::Held]);

    let matched_off = house.matched(&event, 1).await;
    house.switched(&id, true).await;
    let came_to = house.came_to(matched_off).await;
    assert!(came_to.len() == 1 && came_to != [Status::Held], "{came_to:?}");

    let matched = house.matched(&event, 1).await;
    let none = filter(r#"{"currentValue":{"n":1}}"#);
    house.changed(&id, WebhookChange { filter: Some(Some(none)), ..WebhookChange::default() }).await;
    assert_eq!(house.came_to(matched).await, [], "the filter does not let it pass");
    house.changed(&id, WebhookChange { filter: Some(None), ..WebhookChange::default() }).await;

    let member = || ("p".to_owned(), "ada".to_owned());
    let (project_id, user_id) = member();
    let matched_member = house.matched(&event, 1).await;
    house.told(DirectoryChange::DeleteMember { project_id, user_id }).await;
    assert_eq!(house.came_to(matched_member).await, [], "it is not Ada's any more");

    let (project_id, user_id) = member();
    let matched_stranger = house.matched(&event, 1).await;
    house.told(DirectoryChange::PutMember { project_id, user_id, role: Role::Member }).await;
    assert_eq!(house.came_to(matched_stranger).await.len(), 1);

    let matched = house.matched(&event, 1).await;
    house.dispatcher.delete_webhook(&id).await.unwrap();
    assert_eq!(house.came_to(matched).await, []);
}

#[tokio::test]
async fn what_changes_nothing_for_a_company_matches_nothing_again() {
    let house = House::new().await;
    house.webhook(None).await;
    let matched = house.matched(&event("1"), 1).await;
    let company = Company { id: "d".to_owned(), name: "D".to_owned(), slug: None };
    house.told(DirectoryChange::PutCompany(company)).await;
    let person =
        User { id: "ada".to_owned(), full_name: "Ada L".to_owned(), email: String::new(), locale: None };
    house.told(DirectoryChange::PutUser(person)).await;
    assert_eq!(house.dispatcher.known.now().version_of("c"), matched.version);
    assert_eq!(house.came_to(matched).await.len(), 1);
}

#[tokio::test]
async fn costly_filters_are_asked_again_where_nobody_waits_and_at_last_where_everybody_does() {
    let house = House::new().await;
    let conditions: Vec<String> = (0..90).map(|n| format!(r#""f{n}":1"#)).collect();
    let costly = filter(&format!(r#"{{"currentValue":{{{}}}}}"#, conditions.join(",")));
    let id = house.webhook(Some(costly)).await;
    let event = event(&format!(r#"{{"text":"{}"}}"#, "x".repeat(100_000)));
    for times in 1..=accept::MAX_TIMES {
        let matched = house.matched(&event, times).await;
        let name = Some(Some(times.to_string()));
        house.changed(&id, WebhookChange { name, ..WebhookChange::default() }).await;
        let answer = house.hand_in(matched).await;
        assert_eq!(matches!(answer, Answer::Stale), times < accept::MAX_TIMES, "{times}");
    }
    // By the front door it is taken in whatever happens meanwhile.
    assert_eq!(house.dispatcher.dispatch((*event).clone()).await.unwrap().deliveries, 0);
}

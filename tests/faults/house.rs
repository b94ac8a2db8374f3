//! A dispatcher on a database of its own, with a company, a project and a person, and a clock that tests move.

use std::{path::PathBuf, sync::Arc, time::Duration};

use bluehook_core::{delivery::Status, event::Event, time::Millis, webhook::Webhook};
use bluehook_dispatcher::{
    Accepted, Clock, Company, Config, Delivery, DeliveryDetail, DeliveryQuery, DirectoryChange, Dispatcher,
    EncryptionKey, NewWebhook, PageQuery, Project, Role, User, WebhookChange,
};
use bluehook_tests::wait::within;
use tempfile::TempDir;

use crate::chance::Chance;

/// When the tests' clocks begin.
pub(crate) const START: Millis = 1_700_000_000_000;

pub(crate) const SECOND: Millis = 1_000;
pub(crate) const MINUTE: Millis = 60 * SECOND;
pub(crate) const HOUR: Millis = 60 * MINUTE;

/// How long an attempt may take here: short, since stalls last that long; long enough for a busy machine.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(1);

pub(crate) struct House {
    folder: TempDir,
    pub(crate) config: Config,
    pub(crate) clock: Clock,
    pub(crate) dispatcher: Dispatcher,
}

impl House {
    pub(crate) async fn new() -> House {
        House::with(|_| {}).await
    }

    /// The same with another configuration.
    pub(crate) async fn with(change: impl FnOnce(&mut Config)) -> House {
        let folder = TempDir::new().unwrap();
        let mut config = config(folder.path().join("bluehook.db"));
        change(&mut config);
        let clock = Clock::manual(START);
        let dispatcher = Dispatcher::open_with_clock(config.clone(), clock.clone()).await.unwrap();
        populate(&dispatcher).await;
        House { folder, config, clock, dispatcher }
    }

    /// Where the database is.
    pub(crate) fn database(&self) -> PathBuf {
        self.folder.path().join("bluehook.db")
    }

    /// Shuts the dispatcher down and opens the same database again.
    pub(crate) async fn reopen(&mut self) {
        self.close().await;
        self.open().await;
    }

    /// Shuts the dispatcher down: the database is another process's to open.
    pub(crate) async fn close(&self) {
        self.dispatcher.shutdown().await;
    }

    /// Opens the database again.
    pub(crate) async fn open(&mut self) {
        let opening = Dispatcher::open_with_clock(self.config.clone(), self.clock.clone());
        self.dispatcher = opening.await.unwrap();
    }

    /// A connection beside the dispatcher's.
    pub(crate) fn sql(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.database()).unwrap()
    }

    /// What one value of the database is.
    pub(crate) fn count(&self, sql: &str) -> i64 {
        self.sql().query_row(sql, [], |row| row.get(0)).unwrap()
    }

    /// A webhook that wants everything.
    pub(crate) async fn webhook(&self, url: &str) -> Arc<Webhook> {
        webhook(&self.dispatcher, url).await
    }

    /// So many webhooks that want everything, of which the first few are on.
    pub(crate) async fn webhooks(&self, url: &str, count: usize, on: usize) -> Vec<Arc<Webhook>> {
        let mut webhooks = Vec::new();
        for number in 0..count {
            let webhook = self.webhook(url).await;
            if number >= on {
                let off = WebhookChange { enabled: Some(false), ..WebhookChange::default() };
                self.dispatcher.update_webhook(&webhook.id, off).await.unwrap();
            }
            webhooks.push(webhook);
        }
        webhooks
    }

    /// Takes in an event with an id.
    pub(crate) async fn dispatch(&self, id: &str) -> Accepted {
        self.dispatcher.dispatch(event(id)).await.unwrap()
    }

    /// Takes in an event that makes a single delivery; gives the delivery's id.
    pub(crate) async fn deliver(&self, id: &str) -> String {
        self.dispatch(id).await;
        self.of_event(id).await
    }

    /// The id of the first delivery of an event.
    pub(crate) async fn of_event(&self, id: &str) -> String {
        let query = DeliveryQuery { event_id: Some(id.to_owned()), ..DeliveryQuery::default() };
        self.list(query).await[0].id.clone()
    }

    /// Up to 200 deliveries, newest first.
    pub(crate) async fn list(&self, query: DeliveryQuery) -> Vec<Delivery> {
        list(&self.dispatcher, query).await
    }

    /// All deliveries, newest first, page by page.
    pub(crate) async fn all(&self, query: DeliveryQuery) -> Vec<Delivery> {
        let (mut all, mut cursor) = (Vec::new(), None);
        loop {
            let page = PageQuery { limit: 200, cursor: cursor.take() };
            let page = self.dispatcher.deliveries(query.clone(), page).await.unwrap();
            all.extend(page.items);
            cursor = page.next_cursor;
            if cursor.is_none() {
                return all;
            }
        }
    }

    /// The id of the only delivery.
    pub(crate) async fn only(&self) -> String {
        let mut all = self.list(DeliveryQuery::default()).await;
        assert_eq!(all.len(), 1);
        all.remove(0).id
    }

    /// How many attempts ended, of up to 200 deliveries.
    pub(crate) async fn attempted(&self) -> usize {
        let attempts =
            self.list(DeliveryQuery::default()).await.into_iter().map(|delivery| delivery.attempts);
        usize::try_from(attempts.sum::<u32>()).unwrap()
    }

    /// How many deliveries, of up to 200, are in a status.
    pub(crate) async fn in_status(&self, status: Status) -> usize {
        self.list(DeliveryQuery { status: Some(status), ..DeliveryQuery::default() }).await.len()
    }

    /// Waits until so many deliveries, of up to 200, are in a status.
    pub(crate) async fn until_in_status(&self, status: Status, count: usize) {
        let what = format!("{count} deliveries are {}", status.name());
        self.until(&what, async || (self.in_status(status).await == count).then_some(())).await;
    }

    /// A delivery with everything.
    pub(crate) async fn detail(&self, id: &str) -> DeliveryDetail {
        self.dispatcher.delivery(id).await.unwrap().unwrap()
    }

    /// Asks again after every commit until there is an answer.
    pub(crate) async fn until<T>(&self, what: &str, ask: impl AsyncFn() -> Option<T>) -> T {
        until(&self.dispatcher, what, ask).await
    }

    /// Waits until so many attempts of a delivery ended and it is in a status.
    pub(crate) async fn until_attempted(&self, id: &str, attempts: u32, status: Status) -> DeliveryDetail {
        let what = format!("{attempts} attempts of {id}, then {}", status.name());
        let ask = async || {
            let detail = self.detail(id).await;
            (detail.delivery.attempts == attempts && detail.delivery.status == status).then_some(detail)
        };
        self.until(&what, ask).await
    }

    /// A webhook as it stands.
    pub(crate) fn standing(&self, webhook: &Webhook) -> Arc<Webhook> {
        self.dispatcher.webhook(&webhook.id).unwrap()
    }
}

/// What the tests' dispatchers are opened with.
pub(crate) fn config(database: PathBuf) -> Config {
    let mut config = Config::new(database, EncryptionKey::from_base64(KEY).unwrap());
    config.allow_networks.push("127.0.0.0/8".parse().unwrap());
    config.timeout = TIMEOUT;
    config.workers = 2;
    config
}

/// Any key: the tests' secrets are none.
const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

pub(crate) async fn webhook(dispatcher: &Dispatcher, url: &str) -> Arc<Webhook> {
    dispatcher.create_webhook(new_webhook(url)).await.unwrap().0
}

pub(crate) fn new_webhook(url: &str) -> NewWebhook {
    NewWebhook {
        company_id: "company".into(),
        created_by_id: "person".into(),
        url: url.into(),
        ..NewWebhook::default()
    }
}

/// An event with this id, which its value carries too.
pub(crate) fn event(id: &str) -> Event {
    let body = format!(
        r#"{{"id":"{id}","event":"TODO_CREATED","companyId":"company","projectId":"project","userId":"person","currentValue":{{"id":"{id}"}}}}"#
    );
    Event::parse(body.as_bytes()).unwrap()
}

/// The same with a value of nearly 1 MiB.
pub(crate) fn large_event(id: &str) -> Event {
    let text = Chance::new(1).text((1 << 20) - 4_096);
    let body = format!(
        r#"{{"id":"{id}","event":"TODO_CREATED","companyId":"company","projectId":"project","userId":"person","currentValue":{{"id":"{id}","text":"{text}"}}}}"#
    );
    Event::parse(body.as_bytes()).unwrap()
}

/// Puts the company, the project and the person in.
pub(crate) async fn populate(dispatcher: &Dispatcher) {
    let (project_id, user_id) = ("project".to_owned(), "person".to_owned());
    let project = Project {
        id: project_id.clone(),
        company_id: "company".into(),
        name: "A project".into(),
        slug: None,
    };
    let user = User {
        id: user_id.clone(),
        email: "person@example.com".into(),
        full_name: "A person".into(),
        locale: None,
    };
    for change in [
        DirectoryChange::PutCompany(Company { id: "company".into(), name: "A company".into(), slug: None }),
        DirectoryChange::PutProject(project),
        DirectoryChange::PutUser(user),
        DirectoryChange::PutMember { project_id, user_id, role: Role::Admin },
    ] {
        dispatcher.change_directory(change).await.unwrap();
    }
}

pub(crate) async fn list(dispatcher: &Dispatcher, query: DeliveryQuery) -> Vec<Delivery> {
    dispatcher.deliveries(query, PageQuery { limit: 200, cursor: None }).await.unwrap().items
}

/// Asks again after every commit until there is an answer.
pub(crate) async fn until<T>(dispatcher: &Dispatcher, what: &str, ask: impl AsyncFn() -> Option<T>) -> T {
    let mut commits = dispatcher.commits();
    within(what, async {
        loop {
            commits.mark_unchanged();
            if let Some(answer) = ask().await {
                return answer;
            }
            commits.changed().await.unwrap();
        }
    })
    .await
}

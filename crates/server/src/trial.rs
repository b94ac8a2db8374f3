//! A real server for tests of what callers meet: fresh store, free port, two companies.

use awc::{Client, http::Method};
use bluehook_dispatcher::{self as dispatcher, EncryptionKey, Role};
use serde_json::{Value, json};
use tokio::sync::oneshot;

use crate::{AdminToken, Application, Config, StartError};

pub(crate) const ADMIN: &str = "the-admin-token-of-these-tests";

/// The key of every database here.
const KEY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

/// A running server with two companies, `c` and `other`, each with a project `p-…`.
pub(crate) struct World {
    pub(crate) url: String,
    pub(crate) client: Client,
    stop: oneshot::Sender<()>,
    running: actix_web::rt::task::JoinHandle<Result<(), StartError>>,
    folder: tempfile::TempDir,
}

impl World {
    pub(crate) async fn new() -> World {
        World::configured(|_| ()).await
    }

    /// The same with some settings.
    pub(crate) async fn configured(change: impl FnOnce(&mut Config)) -> World {
        let world = World::serve(tempfile::tempdir().unwrap(), change).await;
        for company in ["c", "other"] {
            world.service(Method::PUT, &format!("/v1/companies/{company}"), json!({"name": company})).await;
            let project = json!({"companyId": company, "name": company});
            world.service(Method::PUT, &format!("/v1/projects/p-{company}"), project).await;
        }
        world
    }

    async fn serve(folder: tempfile::TempDir, change: impl FnOnce(&mut Config)) -> World {
        let key = EncryptionKey::from_base64(KEY).unwrap();
        let mut dispatcher = dispatcher::Config::new(folder.path().join("b.db"), key);
        dispatcher.allow_networks = vec!["127.0.0.0/8".parse().unwrap()];
        let mut config = Config::new(dispatcher);
        config.listen = "127.0.0.1:0".to_owned();
        config.admin_token = Some(AdminToken::new(ADMIN.to_owned()).unwrap());
        change(&mut config);
        let application = Application::build(config).await.unwrap();
        let url = format!("http://{}", application.address());
        let (stop, stopped) = oneshot::channel::<()>();
        let running = actix_web::rt::spawn(application.run(async { drop(stopped.await) }));
        World { url, client: Client::default(), stop, running, folder }
    }

    /// Stops the server, and starts one on the same database.
    pub(crate) async fn restart(self) -> World {
        drop(self.stop);
        self.running.await.unwrap().unwrap();
        World::serve(self.folder, |_| ()).await
    }

    /// Asks the server to stop, and waits until it has.
    pub(crate) async fn stop(self) {
        drop(self.stop);
        self.running.await.unwrap().unwrap();
    }

    /// A person with a role in a company's project, and their token.
    pub(crate) async fn person(&self, name: &str, company: &str, role: Role) -> String {
        let user = json!({"email": "a@example.com", "fullName": name});
        self.service(Method::PUT, &format!("/v1/users/{name}"), user).await;
        let member = format!("/v1/projects/p-{company}/members/{name}");
        self.service(Method::PUT, &member, json!({"role": role.name()})).await;
        let token = json!({"userId": name, "companyId": company, "name": "test"});
        let made = self.service(Method::POST, "/v1/tokens", token).await;
        made["token"].as_str().unwrap().to_owned()
    }

    /// A webhook that the backend makes for a person.
    pub(crate) async fn webhook(&self, name: &str, company: &str) -> String {
        let body = json!({"companyId": company, "createdById": name, "url": "http://127.0.0.1:9/"});
        self.service(Method::POST, "/v1/webhooks", body).await["id"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn service(&self, method: Method, path: &str, body: Value) -> Value {
        let (status, answer) = self.call(ADMIN, method, path, body).await;
        assert!((200..300).contains(&status), "{path}: {answer}");
        answer
    }

    pub(crate) async fn call(&self, token: &str, method: Method, path: &str, body: Value) -> (u16, Value) {
        self.call_in("c", token, method, path, body).await
    }

    /// The same in the company that a request of Blue's clients names.
    pub(crate) async fn call_in(
        &self,
        company: &str,
        token: &str,
        method: Method,
        path: &str,
        body: Value,
    ) -> (u16, Value) {
        let request = self.client.request(method, format!("{}{path}", self.url)).bearer_auth(token);
        let request = request.insert_header(("blue-org-id", company));
        let mut response =
            if body.is_null() { request.send().await } else { request.send_json(&body).await }.unwrap();
        let answer = response.body().await.unwrap();
        (response.status().as_u16(), serde_json::from_slice(&answer).unwrap_or(Value::Null))
    }
}

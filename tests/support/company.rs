//! A company with one person in one project, as the backend keeps it in the directory, and what happens there.

use bluehook_core::{event::EventType, sample::sample};
use serde_json::{Value, json};

use crate::{api::Api, server::Server};

/// A company in a server's directory.
pub struct Company {
    api: Api,
    /// Its id.
    pub id: String,
    /// A person who administers the project.
    pub person_id: String,
    /// The project.
    pub project_id: String,
}

impl Company {
    /// Puts a company, a person and a project into the directory. They may be there already.
    pub async fn create(server: &Server, name: &str) -> Company {
        let company = Company::unknown(server.url(), name);
        let Company { id, person_id, project_id, .. } = &company;
        let person = json!({"email": format!("{name}@example.com"), "fullName": name});
        company.put(&format!("/v1/companies/{id}"), json!({"name": name})).await;
        company.put(&format!("/v1/users/{person_id}"), person).await;
        company.put(&format!("/v1/projects/{project_id}"), json!({"companyId": id, "name": name})).await;
        company
            .put(&format!("/v1/projects/{project_id}/members/{person_id}"), json!({"role": "ADMIN"}))
            .await;
        company
    }

    async fn put(&self, path: &str, body: Value) {
        let answer = self.api.put(path, &body).await;
        assert!(matches!(answer.status, 200 | 201), "{path}: {}", answer.text());
    }

    /// A company that no directory knows.
    pub fn unknown(url: &str, name: &str) -> Company {
        let id = |kind: &str| format!("{kind}-of-{name}");
        Company { api: Api::at(url), id: id("company"), person_id: id("person"), project_id: id("project") }
    }

    /// The same company on a server that was started again.
    #[must_use]
    pub fn on(self, server: &Server) -> Company {
        Company { api: Api::of(server), ..self }
    }

    /// Creates a webhook of the person's; `more` adds to or replaces fields. The answer carries the secret.
    pub async fn webhook(&self, url: &str, more: Value) -> Value {
        let mut body =
            json!({"companyId": self.id, "createdById": self.person_id, "name": "Webhook", "url": url});
        if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
            body.extend(more);
        }
        self.api.post("/v1/webhooks", body.to_string()).await.json(201)
    }

    /// The body of `POST /v1/events` for a record that was created, its value given as JSON text.
    pub fn record_created(&self, value: &str) -> String {
        self.event("TODO_CREATED", "null", value)
    }

    /// The body of `POST /v1/events` with both values given as JSON text.
    pub fn event(&self, event: &str, previous_value: &str, current_value: &str) -> String {
        let Company { id, person_id, project_id, .. } = self;
        format!(
            r#"{{"event":"{event}","companyId":"{id}","projectId":"{project_id}","userId":"{person_id}","previousValue":{previous_value},"currentValue":{current_value}}}"#
        )
    }
}

/// A real record, as JSON text.
pub fn sample_record() -> String {
    sample(EventType::TodoCreated).current_value.as_str().to_owned()
}

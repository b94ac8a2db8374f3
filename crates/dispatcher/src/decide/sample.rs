//! A webhook for tests of rules.

use bluehook_core::webhook::{PayloadFormat, Status, Webhook};

pub(super) fn webhook(enabled: bool) -> Webhook {
    Webhook {
        id: "w".to_owned(),
        uid: "w".to_owned(),
        name: None,
        url: "https://example.com/".to_owned(),
        status: if enabled { Status::Healthy } else { Status::Unhealthy },
        enabled,
        events: Vec::new(),
        project_ids: Vec::new(),
        company_id: "c".to_owned(),
        created_by_id: "ada".to_owned(),
        created_at: 0,
        updated_at: 0,
        payload_format: PayloadFormat::default(),
        filter: None,
        description: None,
        headers: Vec::new(),
        rate_limit_per_second: None,
    }
}

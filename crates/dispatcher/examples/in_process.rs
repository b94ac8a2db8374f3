//! A backend that sends webhooks without a server: opens a dispatcher, makes a webhook, dispatches an event, and shows
//! how the delivery went.
//!
//! `cargo run -p bluehook-dispatcher --example in_process -- http://127.0.0.1:9000/hook` (with a receiver listening there)

use std::{error::Error, time::Duration};

use bluehook_core::event::Event;
use bluehook_dispatcher::{
    Company, Config, DeliveryQuery, DirectoryChange, Dispatcher, EncryptionKey, NewWebhook, PageQuery,
    Project, Role, User,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let url = std::env::args().nth(1).ok_or("usage: in_process URL")?;
    let folder = tempfile::tempdir()?;
    let mut config = Config::new(folder.path().join("example.db"), EncryptionKey::generate());
    config.allow_networks.push("127.0.0.0/8".parse()?);
    let dispatcher = Dispatcher::open(config).await?;

    for change in directory() {
        dispatcher.change_directory(change).await?;
    }
    let new = NewWebhook {
        company_id: "company".into(),
        created_by_id: "user".into(),
        url,
        ..NewWebhook::default()
    };
    let (webhook, secret) = dispatcher.create_webhook(new).await?;
    println!(
        "webhook {} signs with {}",
        webhook.id,
        secret.as_ref().map_or("nothing", |secret| secret.expose())
    );

    let body = br#"{"event":"TODO_CREATED","companyId":"company","projectId":"project","userId":"user",
                    "previousValue":null,"currentValue":{"title":"Hello"}}"#;
    let event = Event::parse(body).map_err(bluehook_dispatcher::Error::Invalid)?;
    let accepted = dispatcher.dispatch(event).await?;
    println!("event {} goes to {} webhook(s)", accepted.id, accepted.deliveries);

    let query = DeliveryQuery { event_id: Some(accepted.id), ..DeliveryQuery::default() };
    let page = PageQuery { limit: 1, cursor: None };
    loop {
        let found = dispatcher.deliveries(query.clone(), page.clone()).await?;
        let ended = found.items.first().filter(|delivery| delivery.attempts > 0);
        if let Some(delivery) = ended {
            println!(
                "delivery {} {} with status code {:?}",
                delivery.id,
                delivery.status.name(),
                delivery.last_status_code
            );
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    dispatcher.shutdown().await;
    Ok(())
}

fn directory() -> Vec<DirectoryChange> {
    let (company_id, project_id, user_id) = ("company".to_owned(), "project".to_owned(), "user".to_owned());
    vec![
        DirectoryChange::PutCompany(Company { id: company_id.clone(), name: "A company".into() }),
        DirectoryChange::PutProject(Project {
            id: project_id.clone(),
            company_id,
            name: "A project".into(),
            slug: None,
        }),
        DirectoryChange::PutUser(User {
            id: user_id.clone(),
            email: "user@example.com".into(),
            full_name: "A user".into(),
            locale: None,
        }),
        DirectoryChange::PutMember { project_id, user_id, role: Role::Owner },
    ]
}

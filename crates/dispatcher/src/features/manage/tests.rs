use super::*;
use crate::{Conflict, DirectoryChange, Project, house::House};

#[tokio::test]
async fn a_change_goes_by_what_there_is_when_it_is_made() {
    let house = House::new().await;
    let dispatcher = &house.dispatcher;
    let (webhook, _) = dispatcher.create_webhook(House::new_webhook()).await.unwrap();
    let (id, name) = ("q".to_owned(), "Q".to_owned());
    house
        .told(DirectoryChange::PutProject(Project { id, name, company_id: "c".to_owned(), slug: None }))
        .await;
    let chosen = WebhookChange { project_ids: Some(vec!["q".to_owned()]), ..WebhookChange::default() };
    assert!(dispatcher.problems_of_change(&webhook.id, &chosen).unwrap().is_empty());
    house.told(DirectoryChange::DeleteProject("q".to_owned())).await;
    let refused = dispatcher.change_webhook(&webhook.id, chosen, None, |_: &str| true).await;
    assert!(matches!(&refused, Err(Error::Invalid(of)) if of[0].pointer == "/projectIds/0"), "{refused:?}");

    let on = || Some(Switch { on: true, actor: Actor::Service, probe: None });
    let (project_id, user_id) = ("p".to_owned(), "ada".to_owned());
    house.told(DirectoryChange::DeleteMember { project_id, user_id }).await;
    let refused =
        dispatcher.change_webhook(&webhook.id, WebhookChange::default(), on(), |_: &str| true).await;
    assert!(matches!(refused, Err(Error::Conflict(Conflict::Membership))), "{refused:?}");
}

//! A webhook's creator gets what happens in the projects that they are in now: asked at every attempt, at every sending
//! again, and for everything that is shown; what was deleted does not come back.

use bluehook_core::{delivery::Status, signature::Secret};
use bluehook_dispatcher::{
    Actor, CancelledBecause, Choice, Company, Conflict, DeliveryQuery, DirectoryChange, Error, NewWebhook,
    OffBy, PageQuery, Project, ReplayQuery, ReplayState, Role, Sight, User, WebhookChange, WebhookQuery,
};

use crate::{
    house::{HOUR, House, MINUTE, SECOND, START, new_webhook, populate},
    receiver::{BROKEN, OK, Receiver, answer},
};

async fn tell(house: &House, change: DirectoryChange) {
    house.dispatcher.change_directory(change).await.unwrap();
}

fn member(out: bool) -> DirectoryChange {
    let (project_id, user_id) = ("project".to_owned(), "person".to_owned());
    if out {
        DirectoryChange::DeleteMember { project_id, user_id }
    } else {
        DirectoryChange::PutMember { project_id, user_id, role: Role::Admin }
    }
}

fn project(id: &str) -> DirectoryChange {
    DirectoryChange::PutProject(Project {
        id: id.into(),
        company_id: "company".into(),
        name: id.into(),
        slug: None,
    })
}

async fn put_in(house: &House, project_id: &str, user_id: &str) {
    let (project_id, user_id) = (project_id.to_owned(), user_id.to_owned());
    tell(house, DirectoryChange::PutMember { project_id, user_id, role: Role::Admin }).await;
}

fn user(id: &str) -> DirectoryChange {
    let (id, email, full_name) = (id.to_owned(), "a@example.com".to_owned(), id.to_owned());
    DirectoryChange::PutUser(User { id, email, full_name, locale: None })
}

fn everything(webhook_id: &str, status: Option<Status>) -> ReplayQuery {
    ReplayQuery { webhook_id: webhook_id.to_owned(), since: 0, until: START + HOUR, status, event: None }
}

fn off_by(house: &House, id: &str) -> Option<OffBy> {
    house.dispatcher.off(id).map(|off| off.by)
}

/// Fails as long as `down` says, and then never again.
async fn flaky(failures: usize) -> Receiver {
    Receiver::scripted(move |turn| answer(if turn < failures { BROKEN } else { OK })).await
}

#[tokio::test]
async fn retries_of_somebody_who_left_are_cancelled_and_can_be_had_once_they_are_back() {
    let house = House::new().await;
    let receiver = flaky(1).await;
    let webhook = house.webhook(&receiver.url()).await;
    let id = house.deliver("one").await;
    house.until_attempted(&id, 1, Status::Retrying).await;
    tell(&house, member(true)).await;
    house.clock.advance(10 * SECOND);
    let cancelled = house.until_attempted(&id, 1, Status::Cancelled).await.delivery;
    assert_eq!(cancelled.cancelled_because, Some(CancelledBecause::Membership));
    assert_eq!(house.dispatcher.sight("company", "person", &cancelled), Sight::Outline);
    let refused = house.dispatcher.redeliver(&id).await;
    assert!(matches!(refused, Err(Error::Conflict(ref why)) if why.why() == "MEMBERSHIP"), "{refused:?}");
    let replay = async || {
        let query = everything(&webhook.id, Some(Status::Cancelled));
        house.dispatcher.count_replay(query).await.unwrap()
    };
    assert_eq!(replay().await, 0, "nothing of a project that they are not in");
    tell(&house, member(false)).await;
    assert_eq!(replay().await, 1);
    assert_eq!(house.dispatcher.sight("company", "person", &cancelled), Sight::Whole);
    house.dispatcher.redeliver(&id).await.unwrap();
    let again = house.until_attempted(&id, 2, Status::Succeeded).await.delivery;
    assert_eq!(again.cancelled_because, None);
}

#[tokio::test]
async fn a_replay_passes_over_what_its_webhook_may_not_have() {
    let house = House::new().await;
    let receiver = Receiver::always(answer(OK)).await;
    let webhook = house.webhook(&receiver.url()).await;
    for n in 0..5 {
        let id = house.deliver(&format!("e{n}")).await;
        house.until_attempted(&id, 1, Status::Succeeded).await;
    }
    tell(&house, project("elsewhere")).await;
    put_in(&house, "elsewhere", "person").await;
    tell(&house, member(true)).await;
    let before = receiver.requests().len();
    let started =
        house.dispatcher.start_replay(everything(&webhook.id, Some(Status::Succeeded))).await.unwrap();
    assert_eq!(started.total, 0);
    let ended = async || {
        house.clock.advance(SECOND);
        let replay = house.dispatcher.replay(&started.id).await.unwrap().unwrap();
        (replay.state == ReplayState::Completed).then_some((replay.done, replay.skipped))
    };
    assert_eq!(house.until("the replay ends", ended).await, (0, 5));
    assert_eq!(receiver.requests().len(), before);
}

#[tokio::test]
async fn a_creator_who_is_away_for_a_minute_loses_the_webhook_and_not_before() {
    let house = House::new().await;
    let receiver = Receiver::always(answer(OK)).await;
    let all = house.webhook(&receiver.url()).await;
    let chosen = NewWebhook { project_ids: vec!["project".into()], ..new_webhook(&receiver.url()) };
    let chosen = house.dispatcher.create_webhook(chosen).await.unwrap().0;
    tell(&house, project("other")).await;
    // A backend that brings the directory into step takes out and puts in.
    for _ in 0..3 {
        tell(&house, member(true)).await;
        house.clock.advance(50 * SECOND);
        tell(&house, member(false)).await;
    }
    let later = house.deliver("later").await;
    house.until(&later, async || (house.attempted().await == 2).then_some(())).await;
    assert_eq!((off_by(&house, &all.id), off_by(&house, &chosen.id)), (None, None));
    put_in(&house, "other", "person").await;
    tell(&house, member(true)).await;
    house.clock.advance(59 * SECOND);
    house.dispatcher.set_setting("a-commit", String::new()).await.unwrap();
    assert_eq!(off_by(&house, &chosen.id), None);
    house.clock.advance(SECOND);
    house.until("it is off", async || off_by(&house, &chosen.id)).await;
    assert_eq!(off_by(&house, &chosen.id), Some(OffBy::Membership));
    assert_eq!(off_by(&house, &all.id), None, "in another project of the company");
    let on = WebhookChange { enabled: Some(true), ..WebhookChange::default() };
    let refused = house.dispatcher.update_webhook(&chosen.id, on.clone()).await;
    assert!(matches!(refused, Err(Error::Conflict(Conflict::Membership))), "{refused:?}");
    let both = WebhookChange { project_ids: Some(vec!["other".into()]), ..on.clone() };
    assert!(house.dispatcher.update_webhook(&chosen.id, both).await.unwrap().enabled);
    // In none of the company; and the minute is counted anew after a restart, never shortened.
    let (project_id, user_id) = ("other".to_owned(), "person".to_owned());
    tell(&house, DirectoryChange::DeleteMember { project_id, user_id }).await;
    house.clock.advance(MINUTE);
    house.until("it is off, too", async || off_by(&house, &all.id)).await;
    tell(&house, member(false)).await;
    assert!(house.dispatcher.update_webhook(&all.id, on).await.unwrap().enabled, "the creator is back");
}

#[tokio::test]
async fn a_deleted_project_leaves_the_lists_and_an_empty_list_never_comes_about_so() {
    let house = House::new().await;
    let receiver = Receiver::always(answer(OK)).await;
    tell(&house, project("other")).await;
    put_in(&house, "other", "person").await;
    let choose = |ids: &[&str]| NewWebhook {
        project_ids: ids.iter().map(|id| (*id).to_owned()).collect(),
        ..new_webhook(&receiver.url())
    };
    let both = house.dispatcher.create_webhook(choose(&["other", "project"])).await.unwrap().0;
    let one = house.dispatcher.create_webhook(choose(&["other"])).await.unwrap().0;
    tell(&house, DirectoryChange::DeleteProject("other".into())).await;
    assert_eq!(house.standing(&both).project_ids, ["project"]);
    assert!(house.standing(&both).enabled);
    assert_eq!(off_by(&house, &one.id), Some(OffBy::ProjectDeleted));
    assert!(!house.standing(&one).project_ids.is_empty(), "an empty list means all");
    let change = async |change: WebhookChange| house.dispatcher.update_webhook(&one.id, change).await;
    for harmless in [
        WebhookChange { name: Some(Some("Renamed".into())), ..WebhookChange::default() },
        WebhookChange { enabled: Some(false), ..WebhookChange::default() },
    ] {
        change(harmless).await.unwrap();
    }
    let on = WebhookChange { enabled: Some(true), ..WebhookChange::default() };
    let refused = change(on.clone()).await;
    assert!(matches!(refused, Err(Error::Conflict(Conflict::ProjectDeleted))), "{refused:?}");
    let gone = WebhookChange { project_ids: Some(vec!["other".into()]), ..on.clone() };
    assert!(matches!(change(gone).await, Err(Error::Invalid(_))));
    let all = WebhookChange { project_ids: Some(Vec::new()), ..on };
    assert!(change(all).await.unwrap().enabled, "said in so many words");
    tell(&house, DirectoryChange::DeleteProject("project".into())).await;
    assert_eq!(off_by(&house, &both.id), Some(OffBy::ProjectDeleted));
    house.clock.advance(MINUTE);
    house.until("its creator is in no project", async || off_by(&house, &one.id)).await;
    assert_eq!(off_by(&house, &one.id), Some(OffBy::Membership));
}

#[tokio::test]
async fn what_was_deleted_does_not_come_back() {
    for gone in [
        DirectoryChange::DeleteUser("person".into()),
        DirectoryChange::DeleteCompany("company".into()),
        DirectoryChange::DeleteProject("project".into()),
    ] {
        let mut house = House::new().await;
        let receiver = flaky(1).await;
        let webhook = house.webhook(&receiver.url()).await;
        let old = house.deliver("same").await;
        house.until_attempted(&old, 1, Status::Retrying).await;
        let before = house.detail(&old).await.delivery;
        tell(&house, gone.clone()).await;
        populate(&house.dispatcher).await;
        house.clock.advance(10 * SECOND);
        house.until_attempted(&old, 1, Status::Cancelled).await;
        assert_eq!(receiver.requests().len(), 1, "{gone:?}");
        assert_ne!(house.dispatcher.sight("company", "person", &before), Sight::Whole, "{gone:?}");
        house.reopen().await;
        assert_ne!(house.dispatcher.sight("company", "person", &before), Sight::Whole, "{gone:?}");
        let mine = DeliveryQuery {
            company_id: Some("company".into()),
            created_by_id: Some("person".into()),
            ..DeliveryQuery::default()
        };
        if house.dispatcher.webhook(&webhook.id).is_none() {
            assert_eq!(house.list(mine.clone()).await.len(), 0, "{gone:?}");
            house.webhook(&receiver.url()).await;
            let (me, choice) = (Actor::Person("person".into()), Choice::default());
            let first = PageQuery { limit: 1, cursor: None };
            let id = house.dispatcher.webhooks(&WebhookQuery::default(), &first).unwrap().items[0].id.clone();
            let run = house.dispatcher.dry_run_for(&me, &id, &choice, 10).await.unwrap();
            assert_eq!(run.considered, 0, "{gone:?}");
        } else {
            assert!(house.dispatcher.redeliver(&old).await.is_err(), "{gone:?}");
        }
        let again = house.dispatch("same").await;
        let same_company = !matches!(gone, DirectoryChange::DeleteCompany(_));
        assert_eq!(again.duplicate, same_company, "an id is the company's: {gone:?}");
        house.deliver("new").await;
        house
            .until("the new one arrives", async || {
                let listed = house.list(mine.clone()).await;
                listed.iter().any(|delivery| delivery.status == Status::Succeeded).then_some(())
            })
            .await;
    }
}

#[tokio::test]
async fn an_administrator_hands_over_what_its_creator_left_and_nothing_secret_goes_along() {
    let house = House::new().await;
    let receiver = Receiver::always(answer(OK)).await;
    tell(&house, user("boss")).await;
    put_in(&house, "project", "boss").await;
    let new = NewWebhook { headers: vec![("X-Key".into(), "k".into())], ..new_webhook(&receiver.url()) };
    let (webhook, secret) = house.dispatcher.create_webhook(new).await.unwrap();
    let give = async |actor: &Actor, to: &str| {
        house.dispatcher.hand_over(&webhook.id, to, actor, |_: &str| true).await
    };
    let boss = Actor::Person("boss".into());
    assert!(matches!(give(&boss, "boss").await, Err(Error::Changed)), "it is not off by MEMBERSHIP");
    for nobody in ["person-of-another-company", "nobody"] {
        assert!(matches!(give(&Actor::Service, nobody).await, Err(Error::Invalid(_))), "{nobody}");
    }
    tell(&house, member(true)).await;
    house.clock.advance(MINUTE);
    house.until("it is off", async || off_by(&house, &webhook.id)).await;
    give(&boss, "boss").await.unwrap();
    let given = house.standing(&webhook);
    assert_eq!((given.created_by_id.as_str(), given.enabled, given.headers.len()), ("boss", false, 0));
    let on = WebhookChange { enabled: Some(true), ..WebhookChange::default() };
    assert!(house.dispatcher.update_webhook(&webhook.id, on).await.unwrap().enabled);
    let request = receiver.requests().pop().unwrap();
    let old =
        bluehook_core::signature::Signer::new(&Secret::new(secret.unwrap().expose().to_owned()).unwrap());
    assert_ne!(request.header("x-signature"), old.x_signature(&request.body), "another secret signs");
}

#[tokio::test]
async fn a_dry_run_tells_a_person_nothing_of_projects_that_they_are_not_in() {
    let house = House::new().await;
    let receiver = Receiver::always(answer(OK)).await;
    let webhook = house.webhook(&receiver.url()).await;
    house.dispatch("one").await;
    tell(&house, project("other")).await;
    put_in(&house, "other", "person").await;
    tell(&house, member(true)).await;
    let run = async |actor: Actor| {
        house.dispatcher.dry_run_for(&actor, &webhook.id, &Choice::default(), 10).await.unwrap()
    };
    let theirs = run(Actor::Person("person".into())).await;
    assert_eq!((theirs.considered, theirs.others.len()), (0, 0));
    let backends = run(Actor::Service).await;
    assert_eq!((backends.considered, backends.others.len()), (1, 1));
}

#[tokio::test]
async fn a_slug_is_one_companys() {
    let house = House::new().await;
    let company = |id: &str, slug: Option<&str>| {
        DirectoryChange::PutCompany(Company { id: id.into(), name: id.into(), slug: slug.map(str::to_owned) })
    };
    tell(&house, company("a", Some("acme"))).await;
    tell(&house, company("a", Some("acme"))).await;
    let taken = house.dispatcher.change_directory(company("b", Some("acme"))).await;
    assert!(matches!(taken, Err(Error::Conflict(ref why)) if why.why() == "ID_USED"), "{taken:?}");
    tell(&house, company("a", None)).await;
    tell(&house, company("b", Some("acme"))).await;
}

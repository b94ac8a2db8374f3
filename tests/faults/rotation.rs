//! A secret that changes: both sign during the overlap, then the new one takes over.

use std::time::Duration;

use bluehook_core::{delivery::Status, signature::Secret, signature::Signer};
use bluehook_dispatcher::{NewWebhook, SecretChoice};

use crate::{
    house::{HOUR, House, new_webhook},
    receiver::{Receiver, Request},
};

const OLD: &str = "the old secret";
const NEW: &str = "the new secret";

async fn signed_by(house: &House, url: &str) -> bluehook_core::webhook::Webhook {
    let secret = SecretChoice::Given(OLD.into());
    let (webhook, _) =
        house.dispatcher.create_webhook(NewWebhook { secret, ..new_webhook(url) }).await.unwrap();
    (*webhook).clone()
}

fn x_signature(secret: &str, request: &Request) -> String {
    Signer::new(&Secret::new(secret.to_owned()).unwrap()).x_signature(&request.body)
}

/// How a delivery of now is signed: `X-Signature`, `X-Signature-Next`, and how many `webhook-signature`s.
async fn check(house: &House, receiver: &Receiver, event: &str, current: &str, next: Option<&str>) {
    let id = house.deliver(event).await;
    house.until_attempted(&id, 1, Status::Succeeded).await;
    let request = receiver.requests().pop().unwrap();
    assert_eq!(request.header("x-signature"), x_signature(current, &request), "{event}");
    let expected = next.map(|next| x_signature(next, &request)).unwrap_or_default();
    assert_eq!(request.header("x-signature-next"), expected, "{event}");
    let signatures = request.header("webhook-signature").split(' ').count();
    assert_eq!(signatures, 1 + usize::from(next.is_some()), "{event}");
}

#[tokio::test]
async fn both_sign_until_the_new_one_takes_over() {
    let mut house = House::new().await;
    let receiver = Receiver::good().await;
    let webhook = signed_by(&house, &receiver.url()).await;
    check(&house, &receiver, "before", OLD, None).await;
    let day = Duration::from_hours(24);
    house.dispatcher.rotate_secret(&webhook.id, day, Some(NEW.into())).await.unwrap();
    check(&house, &receiver, "in the overlap", OLD, Some(NEW)).await;
    house.reopen().await;
    check(&house, &receiver, "after a restart", OLD, Some(NEW)).await;
    house.clock.advance(24 * HOUR - 1);
    check(&house, &receiver, "at the last moment", OLD, Some(NEW)).await;
    house.clock.advance(1);
    check(&house, &receiver, "taken over", NEW, None).await;
    house.reopen().await;
    check(&house, &receiver, "taken over, after a restart", NEW, None).await;
}

#[tokio::test]
async fn without_an_overlap_the_new_one_signs_at_once() {
    let house = House::new().await;
    let receiver = Receiver::good().await;
    let webhook = signed_by(&house, &receiver.url()).await;
    house.dispatcher.rotate_secret(&webhook.id, Duration::ZERO, Some(NEW.into())).await.unwrap();
    check(&house, &receiver, "at once", NEW, None).await;
}

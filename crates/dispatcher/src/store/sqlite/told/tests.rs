//! What is told of deliveries, against what is known of them.

use super::*;
use crate::{
    id::OldIds,
    store::sqlite::{
        lists::sample::{company, creator, four, sample},
        numbers::{self, TIMED},
    },
};

/// What is told of a bare delivery is what its event says, and the same as of any other.
#[test]
fn a_bare_delivery_is_told_of() {
    let (log, ids) = (sample(4, four), Ids::new(&[7; 32], OldIds::default()));
    let connection = &log.connection;
    for known in log.known.iter().rev().filter(|known| known.is_bare()).take(200) {
        let told = get(connection, &ids, known.number).unwrap().unwrap();
        let owner = owner(connection, known.number).unwrap();
        assert_eq!(owner, Some((company(known.webhook), creator(known.webhook))));
        assert_eq!((told.company_id, told.created_by_id), owner.unwrap());
        assert_eq!((told.event, told.body_object.as_str()), (known.event, "{}"));
        let delivery = told.delivery;
        assert_eq!(delivery.webhook_id, format!("w{}", known.webhook));
        assert_eq!(delivery.event_id, ids.of(Kind::Event, known.event));
        assert_eq!((delivery.status, delivery.created_at), (known.status, known.created_at));
        assert_eq!((delivery.attempts, delivery.next_attempt_at), (0, None));
        let stands = stands(connection, known.number).unwrap().unwrap();
        assert_eq!((stands.status, stands.webhook), (known.status, known.webhook));
        assert_eq!((stands.event_type, stands.created_at), (known.event_type, known.created_at));
        let made = stands.bare.unwrap();
        assert_eq!((made.number, made.event), (known.number, known.event));
        assert_eq!(delivery.held_by_filter, made.how == MadeAs::HeldByFilter);
        let of = told_of(connection, known.number).unwrap();
        assert_eq!(of, Some(("p".to_owned(), known.event)));
    }
    let row = log.known.iter().rev().find(|known| !known.is_bare()).unwrap();
    assert!(stands(connection, row.number).unwrap().unwrap().bare.is_none());
    let last = log.known.last().unwrap().number;
    for nothing in [last + numbers::STEP, last + 1, TIMED, 0, -1] {
        assert!(listed(connection, &ids, nothing).unwrap().is_none());
        assert!(owner(connection, nothing).unwrap().is_none());
    }
}

//! The write-ahead log: others who read the database neither hold up those who write, nor let it grow without limit.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use bluehook_core::event::Event;
use bluehook_dispatcher::{DeliveryQuery, Dispatcher, Error, PageQuery, Window};
use bluehook_tests::wait::within;

use crate::house::{House, large_event};

/// With so many bytes it is emptied before anybody reads again; what comes in until then is some more.
const LONGEST: u64 = 64 << 20;
const SOME_MORE: u64 = 32 << 20;

/// How many read at once.
const READERS: usize = 6;

async fn take_in(house: &House, number: usize) {
    let event: Event = large_event(&format!("event-{number}"));
    house.dispatcher.dispatch(event).await.unwrap();
}

#[tokio::test]
async fn who_reads_outside_holds_nobody_up_and_is_told_of() {
    let house = House::new().await;
    house.dispatch("first").await;
    let reader = house.sql();
    reader.execute_batch("BEGIN; SELECT * FROM settings;").unwrap();
    let held = async {
        let mut number = 0;
        while !house.dispatcher.metrics().log_held {
            take_in(&house, number).await;
            number += 1;
        }
        number
    };
    let taken = within("it is told that the log is held", held).await;
    assert!(house.dispatcher.metrics().log_bytes >= LONGEST);
    assert!(house.dispatcher.ready().is_ok(), "events are taken in all the same");
    let page = PageQuery { limit: 1, cursor: None };
    assert!(house.dispatcher.deliveries(DeliveryQuery::default(), page).await.is_ok(), "and read");

    reader.execute_batch("COMMIT").unwrap();
    let emptied = async {
        let mut number = taken;
        while house.dispatcher.metrics().log_bytes > LONGEST / 8 {
            house.dispatch(&format!("event-{number}")).await;
            number += 1;
        }
    };
    within("the log is emptied", emptied).await;
    assert!(!house.dispatcher.metrics().log_held);
}

/// Asks for statistics and lists until told not to; gives how often it was answered.
async fn read_on(dispatcher: Dispatcher, webhook: String, is_over: Arc<AtomicBool>) -> usize {
    let mut answered = 0;
    while !is_over.load(Ordering::Acquire) {
        let page = PageQuery { limit: 200, cursor: None };
        let answers = [
            dispatcher.window(&webhook, Window::Month).await.map(|_| ()),
            dispatcher.stats(&webhook, 86_400_000).await.map(|_| ()),
            dispatcher.deliveries(DeliveryQuery::default(), page).await.map(|_| ()),
        ];
        for answer in answers {
            match answer {
                Ok(()) => answered += 1,
                Err(Error::Busy { .. }) => {}
                Err(error) => panic!("{error}"),
            }
        }
    }
    answered
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_who_read_do_not_let_it_grow() {
    let house = House::new().await;
    let webhook = house.webhook("http://127.0.0.1:9/").await;
    for number in 0..200 {
        house.dispatch(&format!("small-{number}")).await;
    }
    let is_over = Arc::new(AtomicBool::new(false));
    let readers: Vec<_> = (0..READERS)
        .map(|_| tokio::spawn(read_on(house.dispatcher.clone(), webhook.id.clone(), is_over.clone())))
        .collect();
    let (mut longest, mut written) = (0, 0);
    for number in 0..200 {
        take_in(&house, number).await;
        written += 1 << 20;
        longest = longest.max(house.dispatcher.metrics().log_bytes);
    }
    is_over.store(true, Ordering::Release);
    for reader in readers {
        assert!(reader.await.unwrap() > 0, "everybody was answered");
    }
    assert!(written > 2 * (LONGEST + SOME_MORE));
    assert!(longest < LONGEST + SOME_MORE, "{longest}");
    assert!(!house.dispatcher.metrics().log_held, "nobody outside reads");
}

//! What goes into a group, and what comes first.

use std::sync::mpsc::{Sender, channel};

use super::*;
use crate::{
    Error, Result,
    ledger::{Context, Lasting, Writing},
};

/// A write that nothing comes of.
#[derive(Default)]
struct Nothing {
    looks: bool,
}

impl Write for Nothing {
    fn looks(&self) -> bool {
        self.looks
    }

    fn apply(&mut self, _: &Writing<'_>, _: &mut Context) -> Result<()> {
        Ok(())
    }

    fn committed(self: Box<Self>, _: &Lasting) {}

    fn failed(self: Box<Self>, _: Error) -> Option<Box<dyn Write>> {
        None
    }
}

/// Has so many writes lie on the shelf. Whether the writer is to be woken.
fn shelve(inbox: &Inbox, count: usize) -> bool {
    inbox.shelf.put((0..count).map(|_| Box::new(Nothing::default()) as Box<dyn Write>).collect())
}

fn write() -> Order {
    Order::Write(Box::new(Nothing::default()))
}

fn look() -> Order {
    Order::Write(Box::new(Nothing { looks: true }))
}

fn inbox() -> (Sender<Order>, Inbox) {
    let (sender, receiver) = channel();
    (sender, Inbox::new(receiver, Arc::default()))
}

/// The next group.
fn grown(inbox: &mut Inbox, wait: Duration) -> Vec<Box<dyn Write>> {
    let mut group: Vec<_> = inbox.first(wait).into_iter().collect();
    inbox.take_ready(&mut group);
    while !group.is_empty()
        && let Some(write) = inbox.next(group.len())
    {
        group.push(write);
    }
    group
}

/// How many writes are in the next group, and how many wait after it.
fn group(inbox: &mut Inbox, wait: Duration) -> (usize, usize) {
    (grown(inbox, wait).len(), inbox.later.len())
}

#[test]
fn what_nobody_waits_for_goes_with_what_somebody_does() {
    let (sender, mut inbox) = inbox();
    shelve(&inbox, 3);
    assert_eq!(group(&mut inbox, Duration::ZERO), (0, 3));
    sender.send(write()).unwrap();
    assert_eq!(group(&mut inbox, Duration::MAX), (4, 0));
}

#[test]
fn it_goes_alone_in_a_moment_or_when_it_is_much() {
    let (_sender, mut inbox) = inbox();
    shelve(&inbox, 2);
    let began = Instant::now();
    assert_eq!(group(&mut inbox, Duration::MAX), (2, 0));
    assert!(began.elapsed() >= LATER, "it was not waited for others");
    shelve(&inbox, MANY);
    assert_eq!(group(&mut inbox, Duration::ZERO), (MANY, 0));
}

#[test]
fn the_writer_is_woken_only_when_it_does_not_come_by() {
    let (sender, mut inbox) = inbox();
    sender.send(write()).unwrap();
    assert_eq!(group(&mut inbox, Duration::MAX), (1, 0));
    assert!(!shelve(&inbox, 1), "what comes of a group is looked for");
    let began = Instant::now();
    assert_eq!(group(&mut inbox, Duration::MAX), (1, 0));
    assert!(began.elapsed() >= LATER, "it was not waited for others");
    assert_eq!(group(&mut inbox, 2 * LATER), (0, 0));
    assert!(shelve(&inbox, 1), "it was looked for already");
    assert!(!shelve(&inbox, 1), "it is woken once");
    sender.send(Order::Shelved).unwrap();
    assert_eq!(group(&mut inbox, Duration::MAX), (2, 0));
    assert_eq!((shelve(&inbox, MANY - 1), shelve(&inbox, 1), shelve(&inbox, 1)), (false, true, false));
}

#[test]
fn a_group_is_bounded_but_the_last() {
    let (sender, mut inbox) = inbox();
    shelve(&inbox, 2 * MAX_GROUP);
    sender.send(write()).unwrap();
    assert_eq!(group(&mut inbox, Duration::MAX), (MAX_GROUP, MAX_GROUP + 1));
    sender.send(Order::End).unwrap();
    assert_eq!(group(&mut inbox, Duration::MAX).1, 0, "nothing is left behind");
}

#[test]
fn what_is_to_be_tried_again_keeps_nobody_out() {
    let (sender, mut inbox) = inbox();
    let mut group: Vec<Box<dyn Write>> = Vec::new();
    group.resize_with(MAX_GROUP + 90, || Box::new(Nothing::default()));
    shelve(&inbox, MANY);
    sender.send(write()).unwrap();
    inbox.take_ready(&mut group);
    assert_eq!(group.len(), MAX_GROUP + 90 + 1 + MANY);
}

/// Which of the next group's writes look.
fn looks(inbox: &mut Inbox) -> Vec<bool> {
    grown(inbox, Duration::ZERO).iter().map(|write| write.looks()).collect()
}

#[test]
fn what_looks_comes_first_in_its_group() {
    let (sender, mut inbox) = inbox();
    for order in [look(), write(), look(), look(), write(), write()] {
        sender.send(order).unwrap();
    }
    assert_eq!(looks(&mut inbox), [true, false]);
    assert_eq!(looks(&mut inbox), [true]);
    shelve(&inbox, 1);
    assert_eq!(looks(&mut inbox), [true, false, false, false]);
    let gathered = vec![Nothing::default(), Nothing { looks: true }];
    let gathered = gathered.into_iter().map(|nothing| Box::new(nothing) as Box<dyn Write>);
    inbox.shelf.put(gathered.collect());
    sender.send(write()).unwrap();
    assert_eq!(looks(&mut inbox), [false, false]);
    sender.send(Order::End).unwrap();
    assert_eq!(looks(&mut inbox), [true]);
}

#[test]
fn a_group_does_not_wait_for_the_disk_when_the_next_has_its_first() {
    let (sender, mut inbox) = inbox();
    inbox.syncing = 1;
    sender.send(write()).unwrap();
    sender.send(look()).unwrap();
    assert_eq!(looks(&mut inbox), [false]);
    sender.send(Order::Synced(1)).unwrap();
    assert_eq!(looks(&mut inbox), [true]);
}

#[test]
fn it_ends_when_everything_that_came_before_is_in_a_group() {
    let (sender, mut inbox) = inbox();
    for order in [write(), look(), Order::End] {
        sender.send(order).unwrap();
    }
    assert_eq!(looks(&mut inbox), [false]);
    assert!(!inbox.is_done());
    shelve(&inbox, 1);
    assert_eq!(looks(&mut inbox), [true, false]);
    assert!(inbox.is_done());
}

#[test]
fn little_goes_on_when_nothing_was_to_be_written_for_long() {
    let (_sender, mut inbox) = inbox();
    shelve(&inbox, 1);
    assert_eq!(group(&mut inbox, Duration::MAX), (1, 0));
    assert!(inbox.is_quiet(), "it was waited for others");
    inbox.syncing = 1;
    assert!(!inbox.is_quiet(), "the disk is busy already");
}

//! L11: who reads sees one moment: nothing of what is committed meanwhile, nor half of anything.

use std::{sync::mpsc, thread};

use super::{
    Store,
    asked::Asked,
    dice::Dice,
    histories::Action,
    history::{DAY, History},
    portrait::Portrait,
    world::{fill, stop},
};

/// A history that has something of most.
fn history(store: Store, dice: &mut Dice) -> History {
    let mut history = History::of(store);
    for _ in 0..2 {
        history.make_webhook(dice);
    }
    for _ in 0..5 {
        happens(&mut history, dice);
        history.end_group();
    }
    history
}

fn happens(history: &mut History, dice: &mut Dice) {
    for action in Action::ALL.into_iter().filter(|action| !matches!(action, Action::Delete)) {
        history.act(action, dice);
    }
}

pub(super) fn who_reads_sees_one_moment(store: Store) {
    let dice = &mut Dice::from(61);
    let mut history = history(store, dice);
    for round in 0..4 {
        let (asked, readers) = (Asked::of_all(&history), history.world.readers());
        let expected = history.world.portrait(&asked);
        let ((tell, told), (go_on, gone_on)) = (mpsc::channel(), mpsc::channel());
        let other = thread::spawn(move || {
            let mut seen = Vec::new();
            let read = readers.read(&mut |snapshot| {
                // Some stores begin to look with the first question.
                seen.push(Portrait::of(snapshot, &asked));
                tell.send(()).unwrap();
                while gone_on.recv().is_ok() {
                    seen.push(Portrait::of(snapshot, &asked));
                    tell.send(()).unwrap();
                }
                Ok(())
            });
            read.unwrap();
            seen
        });
        told.recv().unwrap();
        for change in [happens, folds, happens, prunes] {
            change(&mut history, dice);
            history.end_group();
            go_on.send(()).unwrap();
            told.recv().unwrap();
        }
        drop(go_on);
        let seen = other.join().unwrap();
        assert_eq!(seen.len(), 5);
        for seen in &seen {
            seen.assert_is(&expected);
        }
        let after = Asked::of_all(&history);
        assert!(history.world.portrait(&after) != expected, "something happened in round {round}");
        history.world.check_beside(&after);
    }
}

fn folds(history: &mut History, _: &mut Dice) {
    history.fold();
    history.sum_hours();
}

fn prunes(history: &mut History, _: &mut Dice) {
    history.pass(DAY);
    history.prune_now(|_| false);
}

pub(super) fn nobody_sees_half_a_group(store: Store) {
    let dice = &mut Dice::from(62);
    let mut history = history(store, dice);
    for change in [happens, folds, prunes] {
        change(&mut history, dice);
        history.note_commit();
        let asked = Asked::of(&history, dice.any());
        let before = history.world.portrait_beside(&asked);
        let counts = Portrait::of_counts(history.world.snapshot(), &asked);
        let (puts, readers) = (std::mem::take(&mut history.puts), history.world.readers());
        let failed = history.world.try_to_write(|group| {
            for put in &puts {
                fill(group, std::slice::from_ref(put))?;
                readers.read(&mut |snapshot| {
                    Portrait::of_counts(snapshot, &asked).assert_is(&counts);
                    Ok(())
                })?;
            }
            readers.read(&mut |snapshot| {
                Portrait::of(snapshot, &asked).assert_is(&before);
                Ok(())
            })?;
            Err(stop())
        });
        assert_eq!(failed.unwrap_err().to_string(), stop().to_string());
        history.puts = puts;
        history.end_group();
        history.world.check_beside(&Asked::of_all(&history));
    }
}

//! L5, L6, L8, L9, L10, L12: histories by chance.

use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};

use super::{
    Store,
    asked::Asked,
    histories::{self, Then},
    history::History,
    waiting::found_at_a_start,
};

/// How many histories.
const HISTORIES: u32 = 40;

/// How many shorter ones are tried when one failed.
const SHORTER: u32 = 200;

pub(super) fn whatever_happens_a_store_says_what_the_model_says(store: Store) {
    let config = Config {
        cases: HISTORIES,
        max_shrink_iters: SHORTER,
        failure_persistence: None,
        ..Config::default()
    };
    let run = TestRunner::new(config).run(&histories::steps(), |steps| {
        let mut history = History::of(store);
        for step in &steps {
            history.take(step);
            // Half of the groups are enough, but for those after which a store may have moved what it has.
            let moves = step.upkeep.is_some() || !matches!(step.then, Then::GoOn);
            if moves || step.asked % 2 == 0 {
                history.world.check(&Asked::of(&history, step.asked));
            }
            prop_assert_eq!(found_at_a_start(history.world.snapshot()), history.to_be_sent());
        }
        history.world.check_beside(&Asked::of_all(&history));
        Ok(())
    });
    run.unwrap();
}

//! What every store keeps to: one suite, run on each that there is. A second store of the tests, which looks at all that it
//! has for each answer, says what is right; histories by chance are told to both, and everything that can be read is read.

use std::path::Path;

use super::{lane::Open, sqlite};
use crate::Result;

// The store that says what is right.
mod memory;

// A store on a disk, and that one beside it.
mod world;

// Choices by chance.
mod dice;

// What happens.
mod histories;
mod history;

// What is asked, and answered.
mod asked;
mod portrait;

// The laws.
mod counted;
mod gone;
mod lasting;
mod looking;
mod numbering;
mod old;
mod random;
mod repeated;
mod waiting;
mod whole;

/// How a store is opened.
#[derive(Clone, Copy)]
struct Store {
    open: fn(&Path) -> Result<Open>,
}

const SQLITE: Store = Store { open: sqlite::open };

/// The one that says what is right keeps to the laws itself.
const MEMORY: Store = Store { open: memory::open };

/// Makes a test of each law, on each store.
macro_rules! laws {
    ($($module:ident: $($law:ident)*;)*) => {
        mod on_sqlite { $($(
            #[test]
            fn $law() {
                super::$module::$law(super::SQLITE);
            }
        )*)* }

        mod in_memory { $($(
            #[test]
            fn $law() {
                super::$module::$law(super::MEMORY);
            }
        )*)* }
    };
}

laws! {
    whole:
        what_a_group_did_is_there_whole_or_not_at_all
        a_group_shows_what_was_before_it;
    numbering:
        commits_are_numbered_one_after_the_other
        numbers_go_on_when_nothing_is_left
        keys_are_never_given_again;
    repeated:
        an_id_is_known_in_its_company_as_long_as_its_event_is_there
        what_was_written_is_not_written_again
        what_says_how_it_is_may_be_said_again
        no_more_attempts_are_kept_than_that
        what_moves_and_is_gone_changes_nothing;
    waiting: a_start_finds_what_is_to_be_sent;
    counted:
        sums_are_what_the_log_says_wherever_it_was_folded
        no_more_of_its_health_is_kept_than_that;
    lasting:
        what_was_written_is_there_after_the_end
        a_cursor_is_of_one_query;
    looking:
        who_reads_sees_one_moment
        nobody_sees_half_a_group;
    old: what_is_old_and_settled_goes_and_nothing_else;
    gone:
        what_is_listed_can_be_read_when_much_is_gone
        what_is_told_of_a_webhook_outlives_it;
}

/// The model would only be asked whether it says what it says.
#[test]
fn whatever_happens_a_store_says_what_the_model_says() {
    random::whatever_happens_a_store_says_what_the_model_says(SQLITE);
}

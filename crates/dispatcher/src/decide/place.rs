//! How a delivery is made.

use crate::{know::select::Held, store::made::MadeAs};

/// How a delivery is made: held, where the webhook's selection says so; sent at once, where there is a place in memory and
/// nothing before it that has none; or else later, in its turn.
pub(crate) const fn made_as(held: Option<Held>, has_place: bool, waits_behind_others: bool) -> MadeAs {
    match held {
        Some(Held::Filter) => MadeAs::HeldByFilter,
        Some(Held::Off) => MadeAs::Held,
        None if has_place && !waits_behind_others => MadeAs::Open,
        None => MadeAs::Owed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_new_never_overtakes_what_has_no_place() {
        for (held, has_place, waits_behind_others, expected) in [
            (None, true, false, MadeAs::Open),
            (None, true, true, MadeAs::Owed),
            (None, false, false, MadeAs::Owed),
            (None, false, true, MadeAs::Owed),
            (Some(Held::Off), false, false, MadeAs::Held),
            (Some(Held::Off), false, true, MadeAs::Held),
            (Some(Held::Filter), false, true, MadeAs::HeldByFilter),
        ] {
            assert_eq!(made_as(held, has_place, waits_behind_others), expected);
        }
    }
}

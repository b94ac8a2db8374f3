//! How many deliveries of a webhook are to be attempted, and how many are held: folded out of the log of commits, so that a
//! start reads it instead of counting.

use bluehook_core::delivery::Status;
use rusqlite::{Connection, params};

use super::sums;
use crate::{Result, model::sums::Move, store::folding::Fares};

/// Adds a move.
pub(crate) fn count(gathered: &mut Fares, moved: &Move) {
    let count = i64::try_from(moved.count).unwrap_or(i64::MAX);
    for (status, by) in [(moved.from, -count), (moved.to, count)] {
        let Some(status) = status.filter(|status| status.is_live() || *status == Status::Held) else {
            continue;
        };
        let [live, held] = gathered.entry(moved.webhook).or_default();
        *if status.is_live() { live } else { held } += by;
    }
}

/// How many deliveries of each webhook stand where, those of commits that are not folded yet with them. To be read where
/// nothing is written meanwhile.
pub(crate) fn read(connection: &Connection) -> Result<Fares> {
    let mut gathered = Fares::new();
    let mut statement = connection.prepare("SELECT webhook, live, held FROM fares")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        gathered.insert(row.get(0)?, [row.get(1)?, row.get(2)?]);
    }
    sums::moves(connection, |moved| count(&mut gathered, moved))?;
    Ok(gathered)
}

/// Adds to the rows.
pub(crate) fn add(connection: &Connection, gathered: &Fares) -> Result<()> {
    let sql = "INSERT INTO fares (webhook, live, held) VALUES (?1, ?2, ?3)
               ON CONFLICT (webhook) DO UPDATE SET live = live + excluded.live, held = held + excluded.held";
    let mut statement = connection.prepare_cached(sql)?;
    for (webhook, [live, held]) in gathered {
        if *live != 0 || *held != 0 {
            statement.execute(params![webhook, live, held])?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sqlite::{
        changes::{self, Entries},
        schema,
    };
    use proptest::prelude::*;

    /// Where some deliveries of a webhook go: each from where it stands to a status, or it is taken away.
    fn steps() -> impl Strategy<Value = Vec<(usize, Option<Status>, bool)>> {
        let to = prop::option::weighted(0.8, prop::sample::select(&Status::ALL[..]));
        prop::collection::vec((0..20_usize, to, prop::bool::weighted(0.1)), 0..200)
    }

    proptest! {
        #[test]
        fn what_is_read_is_what_there_is(steps in steps()) {
            let connection = Connection::open_in_memory().unwrap();
            schema::bring_up_to_date(&connection).unwrap();
            let mut stand = [None::<Status>; 20];
            for (commit, (which, to, is_folded)) in (1..).zip(steps) {
                let (webhook, slot) = (i64::try_from(which % 3).unwrap(), i64::try_from(which % 2).unwrap());
                let moved = Move { slot, from: stand[which], to, ..Move::made(webhook, 0, Status::Held) };
                stand[which] = to;
                changes::insert(&connection, (commit, 0), &Entries::default(), &sums::pack([moved].iter())).unwrap();
                if is_folded {
                    sums::fold_everything(&connection);
                }
            }
            let read = read(&connection).unwrap();
            for webhook in 0..3 {
                let of_it = || stand.iter().skip(webhook).step_by(3).flatten();
                let live = of_it().filter(|status| status.is_live()).count();
                let held = of_it().filter(|status| **status == Status::Held).count();
                let found = read.get(&i64::try_from(webhook).unwrap()).copied().unwrap_or_default();
                prop_assert_eq!(found, [live, held].map(|count| i64::try_from(count).unwrap()));
            }
        }
    }
}

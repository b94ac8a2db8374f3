//! Running replays go on, piece by piece, and leave room for what is new.

use bluehook_core::time::Millis;
use rusqlite::Transaction;

use super::rescue::Look;
use crate::{
    Result,
    know::{Entry, membership::may_send},
    ledger::{Context, again},
    model::replay::ReplayState,
    store::{self, replays},
};

/// The most deliveries that one look hands over for one replay.
const PIECE: usize = 128;

/// Hands over one more piece of every running replay whose webhook has room. Gives now as the time to go on when there
/// is more.
pub(crate) fn go_on(tx: &Transaction<'_>, context: &mut Context, look: &mut Look) -> Result<Option<Millis>> {
    let mut again_at = None;
    let running = replays::running(tx)?;
    // All of them together leave half to what else waits.
    let piece = (look.allowance.at_most(usize::MAX) / 2 / running.len().max(1)).clamp(1, PIECE);
    for job in running {
        match context.entry(job.webhook) {
            Some(entry) if entry.webhook.enabled => {
                // Half of the room stays free for what is new.
                let room = look.allowance.at_most((entry.load.free() / 2).min(piece));
                look.allowance.spend(room);
                if room > 0 && hand_over(tx, context, (&job, &entry), room, look)? {
                    again_at = Some(look.now + PAUSE);
                }
            }
            _ => replays::end(tx, job.number, ReplayState::Cancelled)?,
        }
    }
    Ok(again_at)
}

/// The pause between two pieces.
const PAUSE: Millis = 20;

/// Makes the next deliveries of a replay due. False when that was the last of them.
fn hand_over(
    tx: &Transaction<'_>,
    context: &mut Context,
    (job, entry): (&replays::Running, &Entry),
    room: usize,
    look: &mut Look,
) -> Result<bool> {
    let (tail, now) = (look.tail(tx)?, look.now);
    let next = {
        let may_send = may_send(context.world(), &entry.webhook);
        store::again::next_again(tx, (job, &tail), room, &may_send)?
    };
    let (mut done, mut skipped, mut backlog) = (0, 0, 0);
    for (number, may_send) in &next.numbers {
        if *may_send {
            // What is being sent at this moment is on its way already.
            backlog += i64::from(again::make_due(tx, context, *number, now)?);
            done += 1;
        } else {
            skipped += 1;
        }
    }
    context.backlog_changes(backlog);
    let last = next.reached.or_else(|| next.numbers.last().map(|(last, _)| *last));
    match last {
        Some(last) => replays::advance(tx, job.number, last, (done, skipped))?,
        None => replays::end(tx, job.number, ReplayState::Completed)?,
    }
    Ok(last.is_some())
}

//! A clock that was set back must not make anything wait longer than its pause: what waits is moved to it, by as much as is
//! known, piece by piece.

use bluehook_core::time::Millis;

use super::MAX_ASIDE;
use crate::{
    Result,
    decide::due::postponed,
    ledger::{Context, Writing, due::SetBack},
    schedule::rescue::Look,
    store::{Change, change::Became},
};

/// Moves what waits to a clock that was set back. True when it moved something, or there is more to move: what else is to be
/// done finds it in the next look.
pub(in crate::schedule::rescue) fn move_back(
    writing: &Writing<'_>,
    context: &mut Context,
    look: &mut Look,
) -> Result<bool> {
    // A clock that was set back twice moves what it moved the first time: that is for the next look, too.
    while let Some(job) = context.due.set_back.pop_front() {
        let (moved, left) = go_on(writing, context, job, look)?;
        let is_left = left.is_some();
        if let Some(job) = left {
            context.due.set_back.push_front(job);
        }
        if moved || is_left {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Goes on with one, as far as the look may. Gives whether something moved, and what is left.
fn go_on(
    writing: &Writing<'_>,
    context: &mut Context,
    mut job: SetBack,
    look: &mut Look,
) -> Result<(bool, Option<SetBack>)> {
    let before = writing.look()?.before();
    let mut has_moved = false;
    while !look.allowance.is_spent() {
        let limit = look.allowance.at_most(MAX_ASIDE);
        let (webhook, after) = job.at;
        let found = before.waiting_after(webhook, after, limit)?;
        look.allowance.spend(found.len() + 1);
        for one in &found {
            if let Some((at, first_attempt_at)) = postponed(one, job.to, job.by) {
                writing.put(Change::Moved(one.number, Became::Postponed { at, first_attempt_at }))?;
                has_moved = true;
            }
        }
        if !found.is_empty() {
            context.due.note(webhook, Millis::MIN);
        }
        let next = match found.last() {
            Some(last) if found.len() == limit => Some((webhook, last.number)),
            _ => before.next_waiting(webhook)?.map(|(next, _)| (next, 0)),
        };
        let Some(at) = next else { return Ok((has_moved, None)) };
        job.at = at;
    }
    Ok((has_moved, Some(job)))
}

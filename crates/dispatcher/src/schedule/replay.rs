//! Running replays go on, piece by piece, and leave room for what is new.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use bluehook_core::time::Millis;

use super::rescue::Look;
use crate::{
    Result, kill,
    know::{Entry, membership::may_send},
    ledger::{Context, Writing, again},
    model::{WebhookKey, replay::ReplayState},
    store::{Change, rows::RunningReplay},
};

/// The most deliveries that one look hands over for one replay.
const PIECE: usize = 128;

/// The pause between two pieces.
const PAUSE: Duration = Duration::from_millis(20);

/// Which replays go on in a look, each with how many deliveries it may hand over.
#[derive(Default)]
pub(super) struct Plan {
    shares: Vec<(RunningReplay, usize)>,
    /// The time to go on when none does now.
    again_at: Option<Millis>,
}

/// Plans a piece of every running replay whose webhook has room.
pub(super) fn plan(writing: &Writing<'_>, context: &Context, look: &mut Look) -> Result<Plan> {
    let running = writing.look()?.before().running_replays()?;
    if running.is_empty() {
        return Ok(Plan::default());
    }
    let pause = context
        .turns
        .replays_from
        .map_or(Duration::ZERO, |from| from.saturating_duration_since(Instant::now()));
    if !pause.is_zero() {
        return Ok(Plan { again_at: Some(look.after(pause)), ..Plan::default() });
    }
    // All of them together leave half to what else waits.
    let piece = (look.allowance.at_most(usize::MAX) / 2 / running.len()).clamp(1, PIECE);
    let mut seen = BTreeSet::new();
    // Two of one webhook might find the same delivery in one look: they take turns.
    let running = running.into_iter().filter(|job| seen.insert(job.webhook));
    let shares = running.map(|job| {
        let share = look.allowance.at_most(room(context, job.webhook).min(piece));
        look.allowance.spend(share);
        (job, share)
    });
    Ok(Plan { shares: shares.collect(), again_at: None })
}

/// How much room there is for what is handed over: half of it stays free for what is new.
fn room(context: &Context, webhook: WebhookKey) -> usize {
    is_on(context, webhook).map_or(0, |entry| entry.load.free() / 2)
}

fn is_on(context: &Context, webhook: WebhookKey) -> Option<&Entry> {
    context.world().entry(webhook).map(|entry| &**entry).filter(|entry| entry.webhook.enabled)
}

/// Hands over as planned. Gives the time to go on when there is more. What is handed over is due now, and taken up by the next
/// look.
pub(super) fn go_on(
    writing: &Writing<'_>,
    context: &mut Context,
    look: &mut Look,
    plan: Plan,
) -> Result<Option<Millis>> {
    let Plan { shares, mut again_at } = plan;
    for (job, share) in shares {
        if is_on(context, job.webhook).is_none() {
            writing.put(Change::ReplayEnded(job.number, ReplayState::Cancelled))?;
            continue;
        }
        // What was due has taken of the room meanwhile.
        let room = room(context, job.webhook).min(share);
        if share > 0 && (room == 0 || hand_over(writing, context, &job, room, look)?) {
            again_at = Some(look.after(PAUSE));
            context.turns.replays_from = Some(Instant::now() + PAUSE);
        }
    }
    Ok(again_at)
}

/// Makes the next deliveries of a replay due. False when that was the last of them.
fn hand_over(
    writing: &Writing<'_>,
    context: &mut Context,
    job: &RunningReplay,
    room: usize,
    look: &mut Look,
) -> Result<bool> {
    let Some(entry) = context.entry(job.webhook) else { return Ok(false) };
    let before = writing.look()?.before();
    let (tail, now) = (look.tail(before)?, look.now);
    let next = {
        let may_send = may_send(context.world(), &entry.webhook);
        before.next_again(job, &tail, room, &may_send)?
    };
    let (mut done, mut skipped, mut backlog) = (0, 0, 0);
    for (number, may_send) in &next.numbers {
        if *may_send {
            // What is being sent at this moment is on its way already.
            backlog += i64::from(again::make_due(writing, context, *number, now)?);
            done += 1;
        } else {
            skipped += 1;
        }
    }
    context.backlog_changes(backlog);
    let number = job.number;
    let last = next.reached.or_else(|| next.numbers.last().map(|(last, _)| *last));
    writing.put(match last {
        Some(position) => Change::ReplayReached { number, position, done, skipped },
        None => Change::ReplayEnded(number, ReplayState::Completed),
    })?;
    kill::point("replay-step");
    Ok(last.is_some())
}

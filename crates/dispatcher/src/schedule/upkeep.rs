//! Upkeep: what is done to the log by and by — sums and lists brought up to date, old entries taken away — in pieces that
//! nobody waits long for.

use std::{sync::Arc, time::Duration};

use bluehook_core::{delivery::Status, time::Millis};

use crate::{
    Error, Result,
    clock::Clock,
    kill,
    ledger::{Context, Store, Writing},
    model::WebhookKey,
    store::{Change, folding::Folding, lane::Old},
};

/// How much of the log of commits is gathered on the writer's thread, and how much beside it: deliveries and moves.
const LITTLE: usize = 2_048;
const MUCH: usize = 524_288;

/// The lists of how many webhooks are written in one piece: each is a page or more of its own.
const LISTS: usize = 64;

/// What is to be folded next.
#[derive(Clone)]
enum Fold {
    /// What there is, if it is little.
    Little,
    /// What was gathered beside the writer, of which the lists of the webhooks up to this one have their part.
    Gathered(Arc<Folding>, WebhookKey),
    /// A piece of what there is: it could not be read beside.
    Piece,
}

/// What is left to be brought up to date after one piece.
enum Left {
    Nothing,
    /// This comes next.
    Next(Fold),
    /// There is more in the log.
    More,
}

/// Brings the sums up to date, and what else is made of the log of commits. True when there is more.
pub(super) async fn keep_sums(store: &Store, clock: &Clock) -> bool {
    let more = fold(store, clock).await.unwrap_or_else(|error| {
        tracing::error!(%error, "sums could not be brought up to date");
        false
    });
    kill::point("folded");
    more
}

/// Little is gathered and put in at once. What is more is gathered beside the writer and put in by pieces; then others have
/// their turn. True when there is more.
async fn fold(store: &Store, clock: &Clock) -> Result<bool> {
    let mut next = Fold::Little;
    loop {
        let fold = next.clone();
        let piece = move |writing: &Writing<'_>, context: &mut Context| fold_piece(writing, context, &fold);
        next = match (store.look_and_change(piece).await?, next) {
            (Left::Nothing, _) => return Ok(false),
            (Left::Next(fold), _) => {
                kill::point("lists");
                fold
            }
            (Left::More, Fold::Little) => gather(store, clock.now()).await,
            (Left::More, _) => return Ok(true),
        };
    }
}

/// Gathers much, beside the writer.
async fn gather(store: &Store, now: Millis) -> Fold {
    match store.read_beside(move |snapshot| snapshot.unfolded(now, MUCH)).await {
        Ok(folding) => return Fold::Gathered(Arc::new(folding), 0),
        // Nobody may read as long as the log is being emptied.
        Err(Error::Busy { .. }) => {}
        Err(error) => tracing::warn!(%error, "the log of commits could not be read beside its writer"),
    }
    Fold::Piece
}

fn fold_piece(writing: &Writing<'_>, context: &mut Context, fold: &Fold) -> Result<Left> {
    let (group, now) = (writing.look()?, context.clock.now());
    if let Fold::Gathered(folding, listed) = fold
        && folding.listed(*listed, LISTS + 1).count() > LISTS
        && let Some(listed) = group.fold_lists(folding, *listed, LISTS)?
    {
        return Ok(Left::Next(Fold::Gathered(folding.clone(), listed)));
    }
    // What is folded is not looked at by the next start.
    if context.catch_up_healths(writing)? {
        return Ok(Left::Next(fold.clone()));
    }
    let mut more = if let Fold::Gathered(folding, listed) = fold {
        group.fold(folding, *listed)?;
        folding.more
    } else {
        let folding = group.before().unfolded(now, LITTLE)?;
        if matches!(fold, Fold::Little) && (folding.more || folding.lists.len() > LISTS) {
            return Ok(Left::More);
        }
        group.fold(&folding, 0)?;
        folding.more
    };
    more |= group.sum_hours(now)?;
    kill::point("fold");
    if !context.uncounted().is_empty() {
        let left = group.count(now)?;
        more |= !left.is_empty();
        context.counted(left);
    }
    Ok(if more { Left::More } else { Left::Nothing })
}

/// Takes away what is older than it is kept for, by the time that it is believed to be.
pub(super) async fn prune(store: &Store, (kept, audit_kept): (Duration, Duration)) {
    let now = match store.change(keep_age).await {
        Ok(now) => now,
        Err(error) => return tracing::error!(%error, "how old things are could not be told"),
    };
    let (before, audit_before) = (time_before(now, kept), time_before(now, audit_kept));
    let old = move |writing: &Writing<'_>, context: &mut Context| prune_piece(writing, before, context);
    in_pieces(store, "old entries could not be taken away", old).await;
    let audited = move |writing: &Writing<'_>, _: &mut Context| writing.look()?.prune_audit(audit_before);
    in_pieces(store, "old entries of the audit trail could not be taken away", audited).await;
}

/// One piece. The numbers to go on from are kept beside the log, which may lose its last event.
fn prune_piece(writing: &Writing<'_>, before: Millis, context: &mut Context) -> Result<bool> {
    let group = writing.look()?;
    writing.put(Change::LastNumber(context.numbers.last()))?;
    let lines = &context.lines;
    let pruned = group.prune(Old {
        before,
        now: context.ageing.now(&context.clock).now,
        may_be_bare: &|webhook, event| lines.may_be_bare(webhook, event),
        is_in_memory: &|webhook, delivery| lines.holds(webhook, delivery),
        swept: context.swept,
    })?;
    context.swept = pruned.swept;
    for moved in pruned.moves {
        if moved.from.is_some_and(Status::is_live) {
            context.backlog_changes(i64::try_from(moved.count).map_or(0, |count| -count));
        }
        context.moves_unsummed(moved);
    }
    Ok(pruned.more)
}

/// Keeps what time it is believed to be, and gives it.
fn keep_age(writing: &Writing<'_>, context: &mut Context) -> Result<Millis> {
    let age = context.ageing.keep(&context.clock);
    writing.put(Change::Age(age))?;
    Ok(age.now)
}

fn time_before(now: Millis, kept: Duration) -> Millis {
    now.saturating_sub_unsigned(u64::try_from(kept.as_millis()).unwrap_or(u64::MAX))
}

/// Does something piece by piece, until one says that it was the last.
async fn in_pieces(
    store: &Store,
    failure: &str,
    piece: impl FnMut(&Writing<'_>, &mut Context) -> Result<bool> + Clone + Send + 'static,
) {
    loop {
        match store.look_and_change(piece.clone()).await {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => return tracing::error!(%error, "{failure}"),
        }
    }
}

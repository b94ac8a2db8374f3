//! What deliveries an event made: kept in the event itself, so that one has no row of its own before something came of it.
//! Such a delivery is *bare*, and stands where it stood when it was made.

use bluehook_core::{delivery::Status, event::EventType, time::Millis};

use super::packed;
use crate::model::WebhookKey;

/// How a delivery was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MadeAs {
    /// There was a place in memory for it: it went to a worker at once.
    Open,
    /// There was none: it waits in the log until there is.
    Owed,
    /// Its webhook was off.
    Held,
    /// Its webhook's filter would have cost too much.
    HeldByFilter,
}

impl MadeAs {
    /// Every way.
    pub(crate) const ALL: [MadeAs; 4] = [MadeAs::Open, MadeAs::Owed, MadeAs::Held, MadeAs::HeldByFilter];

    /// Where it stands as long as it is bare.
    pub(crate) const fn status(self) -> Status {
        match self {
            MadeAs::Open => Status::Delivering,
            MadeAs::Owed => Status::Pending,
            MadeAs::Held | MadeAs::HeldByFilter => Status::Held,
        }
    }

    /// Whether it is to be sent.
    pub(crate) const fn is_live(self) -> bool {
        self.status().is_live()
    }
}

/// A delivery as its event tells of it: for whom, and how it was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) revision: i64,
    pub(crate) made_as: MadeAs,
}

/// Targets, in the order of their numbers.
pub(crate) fn pack(targets: impl Iterator<Item = Target>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for Target { revision, made_as } in targets {
        packed::push(&mut bytes, revision.unsigned_abs() << 2 | made_as as u64);
    }
    bytes
}

/// Reads targets back, as far as they can be read.
pub(crate) fn unpack(bytes: &[u8]) -> impl Iterator<Item = Target> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let packed = packed::take(&mut rest)?;
        let made_as = *MadeAs::ALL.get(usize::try_from(packed & 3).ok()?)?;
        Some(Target { revision: i64::try_from(packed >> 2).ok()?, made_as })
    })
}

/// A delivery as it was made, whether it has a row by now or not.
#[derive(Clone, Debug)]
pub(crate) struct Made {
    pub(crate) number: i64,
    pub(crate) event: i64,
    pub(crate) event_type: EventType,
    pub(crate) project_id: String,
    pub(crate) created_at: Millis,
    pub(crate) webhook: WebhookKey,
    pub(crate) revision: i64,
    pub(crate) how: MadeAs,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn target() -> impl Strategy<Value = Target> {
        (1..i64::MAX >> 2, prop::sample::select(&MadeAs::ALL[..]))
            .prop_map(|(revision, made_as)| Target { revision, made_as })
    }

    proptest! {
        #[test]
        fn targets_are_read_as_they_were_written(expected in prop::collection::vec(target(), 0..20)) {
            prop_assert_eq!(unpack(&pack(expected.iter().copied())).collect::<Vec<_>>(), expected);
        }

        #[test]
        fn whatever_is_there_is_read_to_an_end(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            prop_assert!(unpack(&bytes).count() <= 64);
        }
    }
}

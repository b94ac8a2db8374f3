//! A delivery's first attempt in few bytes: it is kept in the delivery's row, so that what gets through at once needs no row of
//! its own for that.

use bluehook_core::time::Millis;

use super::{
    change::{NewAttempt, header_lines, headers_in},
    packed::{self, folded, push_bytes, take_bytes, take_text, unfolded},
    phases,
};
use crate::model::{
    cause::ErrorClass,
    failure::{Failure, FailureKind, Params, Reason},
    log::{BodyCut, Outcome, Phases, Response},
};

/// What is said of an attempt in one number.
const ANSWERED: u64 = 1;
const REUSED: u64 = 1 << 1;
const TRUNCATED: u64 = 1 << 2;
const UNCLEAN: u64 = 1 << 3;
/// Above it: why the answer is not whole, counted from 1.
const CUT: u32 = 4;

/// A first attempt, read back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct First {
    /// The revision whose URL was called.
    pub(crate) revision: i64,
    pub(crate) started_at: Millis,
    pub(crate) duration_us: u64,
    /// Its request's headers, packed ([`super::heads`]).
    pub(crate) head: Vec<u8>,
    pub(crate) outcome: Outcome,
    pub(crate) reused: bool,
    pub(crate) phases: Phases,
}

/// Packs it.
pub(crate) fn pack(new: &NewAttempt<'_>) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(128 + new.head.len());
    for number in [new.duration_us, flags(new)] {
        packed::push(&mut bytes, number);
    }
    match new.outcome {
        Outcome::Response(response) => packed::push(&mut bytes, u64::from(response.status_code)),
        Outcome::Failure(failure) => push_bytes(&mut bytes, failure.kind.name().as_bytes()),
    }
    packed::push(&mut bytes, new.revision.unsigned_abs());
    packed::push(&mut bytes, folded(new.started_at));
    push_bytes(&mut bytes, &phases::pack(new.phases));
    push_bytes(&mut bytes, new.head);
    match new.outcome {
        Outcome::Response(response) => {
            let headers = response.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
            push_bytes(&mut bytes, header_lines(headers).as_bytes());
            push_bytes(&mut bytes, &response.body);
        }
        Outcome::Failure(failure) => {
            push_bytes(&mut bytes, failure.reason.map_or("", Reason::name).as_bytes());
            push_bytes(&mut bytes, failure.params.to_json().unwrap_or_default().as_bytes());
        }
    }
    bytes
}

fn flags(new: &NewAttempt<'_>) -> u64 {
    let mut flags = if new.reused { REUSED } else { 0 };
    if let Outcome::Response(response) = new.outcome {
        let cut = response.body_cut.and_then(|cut| BodyCut::ALL.iter().position(|known| *known == cut));
        flags |= ANSWERED | cut.map_or(0, |place| u64::try_from(place + 1).unwrap_or(0)) << CUT;
        flags |= if response.body_truncated { TRUNCATED } else { 0 };
        flags |= if response.clean { 0 } else { UNCLEAN };
    }
    flags
}

/// How long it took, and the class of its failure, if it failed: the rest is not read.
pub(crate) fn took(bytes: &[u8]) -> Option<(u64, Option<ErrorClass>)> {
    let Beginning { duration_us, code, .. } = Beginning::take(&mut &*bytes)?;
    let class = match code {
        Ok(status_code) => ErrorClass::of_status(status_code),
        Err(kind) => Some(ErrorClass::of_failure(kind)),
    };
    Some((duration_us, class))
}

/// Reads it back; none of what is not one.
pub(crate) fn unpack(bytes: &[u8]) -> Option<First> {
    let mut rest = bytes;
    let Beginning { duration_us, flags, code } = Beginning::take(&mut rest)?;
    let revision = i64::try_from(packed::take(&mut rest)?).ok()?;
    let started_at = unfolded(packed::take(&mut rest)?);
    let phases = phases::unpack(take_bytes(&mut rest)?);
    let head = take_bytes(&mut rest)?.to_vec();
    let outcome = match code {
        Ok(status_code) => Outcome::Response(Response {
            status_code,
            headers: headers_in(take_text(&mut rest)?),
            body: take_bytes(&mut rest)?.to_vec(),
            body_truncated: flags & TRUNCATED != 0,
            body_cut: usize::try_from(flags >> CUT)
                .ok()?
                .checked_sub(1)
                .and_then(|at| BodyCut::ALL.get(at))
                .copied(),
            clean: flags & UNCLEAN == 0,
        }),
        Err(kind) => {
            let reason = Reason::from_name(take_text(&mut rest)?);
            let params = Some(take_text(&mut rest)?).filter(|json| !json.is_empty());
            Outcome::Failure(Failure { kind, reason, params: Box::new(Params::from_json(params)) })
        }
    };
    let reused = flags & REUSED != 0;
    Some(First { revision, started_at, duration_us, head, outcome, reused, phases })
}

/// What comes first: enough for those who count.
struct Beginning {
    duration_us: u64,
    flags: u64,
    /// The answer's status code, or why there was none.
    code: Result<u16, FailureKind>,
}

impl Beginning {
    fn take(rest: &mut &[u8]) -> Option<Beginning> {
        let (duration_us, flags) = (packed::take(rest)?, packed::take(rest)?);
        let code = if flags & ANSWERED == 0 {
            Err(FailureKind::from_name(take_text(rest)?)?)
        } else {
            Ok(u16::try_from(packed::take(rest)?).ok()?)
        };
        Some(Beginning { duration_us, flags, code })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use proptest::prelude::*;

    fn headers() -> impl Strategy<Value = Vec<(String, String)>> {
        prop::collection::vec(("[a-z-]{1,12}", "[ -~é]{0,20}"), 0..4)
    }

    fn outcome() -> impl Strategy<Value = Outcome> {
        let cut = prop::option::of(prop::sample::select(&BodyCut::ALL[..]));
        let response = (100..600_u16, headers(), any::<Vec<u8>>(), any::<bool>(), cut, any::<bool>());
        let response = response.prop_map(|(status_code, headers, body, body_truncated, body_cut, clean)| {
            Outcome::Response(Response { status_code, headers, body, body_truncated, body_cut, clean })
        });
        let reason = prop::option::of(prop::sample::select(&Reason::ALL[..]));
        let kind = prop::sample::select(&FailureKind::ALL[..]);
        let failure = (kind, reason, prop::option::of("[a-z.]{1,12}"));
        let failure = failure.prop_map(|(kind, reason, host)| {
            let params = Box::new(Params { host, ..Params::default() });
            Outcome::Failure(Failure { kind, reason, params })
        });
        prop_oneof![response, failure]
    }

    fn phases() -> impl Strategy<Value = Phases> {
        let phase = || prop::option::of((0..u64::MAX / 4).prop_map(Duration::from_micros));
        (phase(), phase(), phase()).prop_map(|(queued, dns, first_byte)| Phases {
            queued,
            dns,
            first_byte,
            ..Phases::default()
        })
    }

    proptest! {
        #[test]
        fn what_is_read_is_what_was_packed(
            (revision, started_at, duration_us) in (1..i64::MAX, any::<i64>(), any::<u64>()),
            (head, outcome) in (any::<Vec<u8>>(), outcome()),
            (reused, phases) in (any::<bool>(), phases()),
        ) {
            let bytes = pack(&NewAttempt {
                delivery: 1,
                revision,
                ordinal: 1,
                started_at,
                duration_us,
                head: &head,
                outcome: &outcome,
                reused,
                phases: &phases,
            });
            prop_assert_eq!(took(&bytes), Some((duration_us, ErrorClass::of(&outcome))));
            let read = unpack(&bytes);
            prop_assert_eq!(
                read,
                Some(First { revision, started_at, duration_us, head, outcome, reused, phases })
            );
            for length in 0..bytes.len() {
                prop_assert_eq!(unpack(&bytes[..length]), None, "of {} bytes", length);
            }
        }

        #[test]
        fn whatever_is_there_is_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            let (read, took) = (unpack(&bytes), took(&bytes));
            prop_assert!(read.is_none_or(|read| Some(read.duration_us) == took.map(|(took, _)| took)));
        }
    }
}

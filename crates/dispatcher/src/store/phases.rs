//! How long the steps of an attempt took, in a few bytes: for each step 0 when there was none, or its microseconds plus 1.

use std::time::Duration;

use super::packed;
use crate::model::log::Phases;

pub(super) fn pack(phases: &Phases) -> Vec<u8> {
    let Phases { queued, dns, connect, tls, first_byte } = *phases;
    let mut bytes = Vec::with_capacity(12);
    for phase in [queued, dns, connect, tls, first_byte] {
        let micros = phase.map_or(0, |phase| u64::try_from(phase.as_micros()).unwrap_or(u64::MAX - 1) + 1);
        packed::push(&mut bytes, micros);
    }
    bytes
}

/// What was packed; nothing where nothing was.
pub(super) fn unpack(bytes: &[u8]) -> Phases {
    let mut rest = bytes;
    let mut next = || Some(Duration::from_micros(packed::take(&mut rest)?.checked_sub(1)?));
    Phases { queued: next(), dns: next(), connect: next(), tls: next(), first_byte: next() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_phases_read_back() {
        let micros = |micros| Some(Duration::from_micros(micros));
        for phases in [
            Phases::default(),
            Phases {
                queued: micros(0),
                dns: None,
                connect: micros(7_000_000),
                tls: None,
                first_byte: micros(1),
            },
            Phases { tls: micros(300), ..Phases::default() },
        ] {
            assert_eq!(unpack(&pack(&phases)), phases);
        }
        assert_eq!(unpack(&[]), Phases::default());
    }
}

//! A change in a few bytes: what happened, to which webhook, and for a delivery how far its number is from the last one's.

use bluehook_core::delivery::Status;

use crate::{
    model::{
        WebhookKey,
        changes::{DeliveryStep, WebhookStep},
    },
    store::packed::{self, folded, unfolded},
};

/// The kind of a webhook's change; a delivery's is its step's place.
const WEBHOOK: u64 = 3;

/// One change, as it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    Webhook { key: WebhookKey, step: WebhookStep },
    Delivery { webhook: WebhookKey, number: i64, step: DeliveryStep, status: Status, attempts: u32 },
}

impl Entry {
    /// Whose it is.
    pub(crate) const fn webhook(&self) -> WebhookKey {
        match self {
            Entry::Webhook { key, .. } => *key,
            Entry::Delivery { webhook, .. } => *webhook,
        }
    }
}

/// Changes one after the other.
#[derive(Debug, Default)]
pub(crate) struct Entries {
    bytes: Vec<u8>,
    /// The last delivery's number.
    last: i64,
}

impl Entries {
    pub(crate) fn push(&mut self, entry: Entry) {
        match entry {
            Entry::Webhook { key, step } => {
                packed::push(&mut self.bytes, WEBHOOK | place(&WebhookStep::ALL, step) << 2);
                packed::push(&mut self.bytes, key.unsigned_abs());
            }
            Entry::Delivery { webhook, number, step, status, attempts } => {
                packed::push(
                    &mut self.bytes,
                    place(&DeliveryStep::ALL, step) | place(&Status::ALL, status) << 2,
                );
                packed::push(&mut self.bytes, webhook.unsigned_abs());
                packed::push(&mut self.bytes, folded(number.wrapping_sub(self.last)));
                packed::push(&mut self.bytes, u64::from(attempts));
                self.last = number;
            }
        }
    }

    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
        self.last = 0;
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Entry> {
        read(&self.bytes)
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// Reads changes back, as far as they can be read.
pub(crate) fn read(bytes: &[u8]) -> impl Iterator<Item = Entry> {
    let (mut rest, mut last) = (bytes, 0);
    std::iter::from_fn(move || {
        let kind = packed::take(&mut rest)?;
        let webhook = i64::try_from(packed::take(&mut rest)?).ok()?;
        let which = usize::try_from(kind >> 2).ok()?;
        if kind & 3 == WEBHOOK {
            return Some(Entry::Webhook { key: webhook, step: *WebhookStep::ALL.get(which)? });
        }
        let step = *DeliveryStep::ALL.get(usize::try_from(kind & 3).ok()?)?;
        let status = *Status::ALL.get(which)?;
        last = unfolded(packed::take(&mut rest)?).wrapping_add(last);
        let attempts = u32::try_from(packed::take(&mut rest)?).ok()?;
        Some(Entry::Delivery { webhook, number: last, step, status, attempts })
    })
}

fn place<T: Copy + PartialEq>(all: &[T], one: T) -> u64 {
    all.iter().position(|known| *known == one).and_then(|place| u64::try_from(place).ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn entry() -> impl Strategy<Value = Entry> {
        let key = 1..i64::MAX;
        let webhook = (key.clone(), prop::sample::select(&WebhookStep::ALL[..]))
            .prop_map(|(key, step)| Entry::Webhook { key, step });
        let step = prop::sample::select(&DeliveryStep::ALL[..]);
        let status = prop::sample::select(&Status::ALL[..]);
        let delivery = (key.clone(), key, step, status, any::<u32>()).prop_map(
            |(webhook, number, step, status, attempts)| Entry::Delivery {
                webhook,
                number,
                step,
                status,
                attempts,
            },
        );
        prop_oneof![webhook, delivery]
    }

    proptest! {
        #[test]
        fn what_is_read_is_what_was_written(expected in prop::collection::vec(entry(), 0..20)) {
            let mut entries = Entries::default();
            for entry in &expected {
                entries.push(*entry);
            }
            prop_assert_eq!(read(entries.as_bytes()).collect::<Vec<_>>(), expected);
        }

        #[test]
        fn whatever_is_there_is_read_to_an_end(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            prop_assert!(read(&bytes).count() <= 64);
        }
    }

    #[test]
    fn a_delivery_takes_few_bytes() {
        let mut entries = Entries::default();
        for number in 1_000_000..1_000_100 {
            let (step, status) = (DeliveryStep::Attempted, Status::Succeeded);
            entries.push(Entry::Delivery { webhook: 7, number, step, status, attempts: 1 });
        }
        assert!(entries.as_bytes().len() < 410, "{}", entries.as_bytes().len());
    }
}

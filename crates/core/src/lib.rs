//! Bluehook's rules, without a clock, randomness or I/O: the same code signs and verifies, previews and sends.
//!
//! Built natively for the dispatcher and to wasm for the npm package. The feature `preview` adds everything beyond
//! signatures, `dispatch` what only a sender needs. Nothing here panics: a panic would end a wasm instance.
#![no_std]

extern crate alloc;

#[cfg(any(test, feature = "count-effort"))]
extern crate std;

// What happens in Blue, by name.
pub mod event;

// Making and checking signatures.
pub mod signature;

// Why a request was refused.
pub mod explain;

// The headers of a delivery.
pub mod request;

// What a person set up.
#[cfg(feature = "preview")]
pub mod webhook;

// Which webhook gets which event, and why not.
#[cfg(feature = "preview")]
pub mod matching;

// Which records a webhook wants.
#[cfg(feature = "preview")]
pub mod filter;

// The one writer of bodies.
#[cfg(feature = "preview")]
pub mod payload;

// What would be sent, and why not.
#[cfg(feature = "preview")]
pub mod preview;

// An example of every event.
#[cfg(feature = "preview")]
pub mod sample;

// What an event's values look like.
#[cfg(feature = "preview")]
pub mod schema;

// A delivery's state and its steps.
pub mod delivery;

// When a failed delivery is tried again.
pub mod retry;

// When a webhook is switched off.
pub mod health;

// What receivers answer.
#[cfg(feature = "dispatch")]
pub mod answer;

// Where deliveries may go.
#[cfg(feature = "dispatch")]
pub mod target;

// JSON kept as it was given.
#[cfg(feature = "preview")]
pub mod json;

// Objects read field by field, all problems at once.
#[cfg(feature = "preview")]
pub mod input;

// Small sets.
#[cfg(feature = "preview")]
mod sorted;

// The languages of sentences for people.
pub mod language;

// Instants as milliseconds.
pub mod time;

// "Did you mean …?"
pub mod nearest;

// What tests count.
pub mod effort;

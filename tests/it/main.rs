//! End to end: the real program, real sockets, a real database.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has to fail"
)]

// What arrives is what was posted, logged and previewed.
mod delivery;

// The preview is the wire.
mod wire;

// A choice tried on what happened lately.
mod dry_run;

// A sample sent now, and what came of it.
mod test_send;

// Other programs verify what arrives.
mod verifiers;

// Bad input is refused, and the server goes on.
mod refusals;

// What one caller may take.
mod limits;

// Apps that subscribe and unsubscribe.
mod rest_hooks;

// Webhooks made once.
mod creation;

// Webhooks changed by several people.
mod editors;

// Who gets what.
mod rules;

// What receivers do wrong.
mod failure;

// What was accepted arrives, whatever is killed.
mod crash;

// The filter agrees with a naive one, and stays cheap.
mod filter;

// The core as wasm answers as it does natively.
mod wasm;

// What changes is told, and nothing of it is missed.
mod stream;

// Secrets that are planted, and found nowhere.
mod planted;

// Those who watch, and whoever brings a database up to date.
mod watch;

// What operators meet: settings, signals, the log, restores.
mod operate;

// URLs and names that lead where nobody may call.
mod hostile;

// The keys of secrets at rest.
mod keys;

// Node.js with the npm package.
mod node;

// Chance that can be repeated.
mod random;

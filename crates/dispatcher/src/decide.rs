//! What is decided about deliveries and webhooks, as pure rules: what is known goes in, what follows comes out. Nothing here has
//! a store, a clock or a thread; who asks writes down what it is told.

// How a delivery is made: at once, later, or held.
pub(crate) mod place;

// What an attempt that ended means.
pub(crate) mod outcome;

// When a delivery is due that is sent once more, or whose clock was set back.
pub(crate) mod due;

// What becomes of a delivery that is sent nowhere.
pub(crate) mod aside;

// What switching a webhook on or off means.
pub(crate) mod switching;

// A webhook for tests.
#[cfg(test)]
mod sample;

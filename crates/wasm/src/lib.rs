//! The npm package's wasm side: a thin shell that lets JavaScript use the core without copies it does not need.
//!
//! Two modules are built from it: a small one that verifies and signs, and, with the feature `preview`, one that renders,
//! filters and shows samples as the server does. The JavaScript around both is in `js/`.
#![cfg_attr(target_arch = "wasm32", no_std)]

extern crate alloc;

// Memory and the end of it.
#[cfg(target_arch = "wasm32")]
mod runtime;

// What a receiver needs on every request.
#[cfg(not(feature = "preview"))]
pub mod receiver;

// What the settings page and tests need.
#[cfg(feature = "preview")]
pub mod preview;

//! Why a command could not do what it was asked to: one sentence for the person at the terminal.

/// Any error. Nothing here handles one kind differently from another; it only has to be readable.
pub(crate) type Failure = Box<dyn std::error::Error>;

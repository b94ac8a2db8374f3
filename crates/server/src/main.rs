//! The `bluehook` program.

use std::process::ExitCode;

/// Every event passes many small allocations between threads, which the system's allocator is slow at.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    bluehook_server::main()
}

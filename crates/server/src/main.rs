//! The `bluehook` program.

use std::{hint::black_box, process::ExitCode, thread, time::Duration};

/// Every event passes many small allocations between threads, which the system's allocator is slow at. It does not ask for huge
/// pages (`no_thp`): with them an idle program took 41 MiB, not 23, and was no faster.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How often what nobody uses is given back to the system.
const GIVING_BACK: Duration = Duration::from_secs(1);

/// A piece so large that the allocator does not keep it for the next.
const LARGE: usize = 2 << 20;

fn main() -> ExitCode {
    // Without it, memory only stays what it was at most.
    let _ = thread::Builder::new().name("bluehook-memory".to_owned()).spawn(give_back);
    bluehook_server::main()
}

/// The allocator gives back what was free for a second, but only looks for that when it frees a large piece: after a burst
/// nobody does. This does; the piece is never touched, and takes no memory.
fn give_back() {
    loop {
        thread::sleep(GIVING_BACK);
        drop(black_box(Vec::<u8>::with_capacity(LARGE)));
    }
}

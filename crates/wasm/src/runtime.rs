//! What takes the place of the standard library: its allocator and its way of reporting panics would add a quarter to the
//! small module, 3.6 KB after gzip, and its limit has no room for them. The lock is there because safe code has no other way
//! to share an allocator; without threads it costs next to nothing.

use core::panic::PanicInfo;

use lol_alloc::{FreeListAllocator, LockedAllocator};

#[global_allocator]
static ALLOCATOR: LockedAllocator<FreeListAllocator> = LockedAllocator::new(FreeListAllocator::new());

/// The core does not panic; if it did, the instance would end here.
#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

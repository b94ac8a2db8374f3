//! What takes the place of the standard library, which would be most of the module's size.

use core::panic::PanicInfo;

use lol_alloc::{FreeListAllocator, LockedAllocator};

#[global_allocator]
static ALLOCATOR: LockedAllocator<FreeListAllocator> = LockedAllocator::new(FreeListAllocator::new());

/// The core does not panic; if it did, the instance would end here instead of carrying the means to say so.
#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

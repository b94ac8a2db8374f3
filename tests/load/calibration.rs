//! What the machine itself can do at this moment: without it a figure of today says nothing beside one of tomorrow.

use std::{
    fs::File,
    hint::black_box,
    io::{Seek, Write},
    path::Path,
    time::Instant,
};

use bluehook_core::signature::{Secret, Signer};
use bluehook_tests::company::sample_record;

const SIGNATURES: u32 = 50_000;
const SYNCS: u32 = 200;

/// Signatures of the sample record per second, on one thread.
pub(crate) fn signing() -> f64 {
    let signer = Signer::new(&Secret::from_random([7; 32]));
    let body = sample_record();
    let began = Instant::now();
    for _ in 0..SIGNATURES {
        black_box(signer.x_signature(black_box(body.as_bytes())));
    }
    f64::from(SIGNATURES) / began.elapsed().as_secs_f64()
}

/// Milliseconds to write 4 KiB and have them on the disk, on average.
pub(crate) fn syncing(disk: &Path) -> f64 {
    let path = disk.join("calibration");
    let mut file = File::create(&path).unwrap();
    let page = [7; 4096];
    let began = Instant::now();
    for _ in 0..SYNCS {
        file.rewind().unwrap();
        file.write_all(&page).unwrap();
        file.sync_data().unwrap();
    }
    let took = began.elapsed();
    std::fs::remove_file(path).unwrap();
    took.as_secs_f64() * 1_000.0 / f64::from(SYNCS)
}

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bluehook_fuzz::target::check(data));

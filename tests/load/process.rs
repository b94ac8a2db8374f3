//! What the kernel says of a process.

use std::fs;

/// Its resident memory, in MiB.
pub(crate) fn resident_mib(id: u32) -> f64 {
    let status = fs::read_to_string(format!("/proc/{id}/status")).expect("the process");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("its memory");
    let kib: f64 = line.trim().trim_end_matches(" kB").parse().expect("a number");
    kib / 1024.0
}

/// The processor time that it used so far, in milliseconds, in steps of 10.
pub(crate) fn cpu_ms(id: u32) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).expect("the process");
    let after_name = stat.rsplit_once(')').expect("its name").1;
    let ticks = |place: usize| -> f64 {
        after_name.split_whitespace().nth(place).expect("a field").parse().expect("a number")
    };
    (ticks(11) + ticks(12)) * 10.0
}

/// How many descriptors it has open.
pub(crate) fn descriptors(id: u32) -> usize {
    fs::read_dir(format!("/proc/{id}/fd")).expect("the process").count()
}

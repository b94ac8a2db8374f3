//! The `bluehook` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    bluehook_server::main()
}

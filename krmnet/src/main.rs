//! The krmnet binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    krmnet::main()
}

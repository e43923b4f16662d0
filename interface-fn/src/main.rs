//! The interface-fn binary: a ResourceList on stdin, a ResourceList on stdout.

use std::process::ExitCode;

fn main() -> ExitCode {
    krm::harness::main(&interface_fn::FUNCTION)
}

//! The nad-fn binary: a ResourceList on stdin, a ResourceList on stdout.

use std::process::ExitCode;

fn main() -> ExitCode {
    krm::harness::main(&nad_fn::FUNCTION)
}

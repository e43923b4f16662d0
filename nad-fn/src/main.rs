//! The nad-fn binary: a ResourceList on stdin, a ResourceList on stdout.

fn main() -> std::process::ExitCode {
    krm::harness::main(&nad_fn::FUNCTION)
}

//! The vlan-fn binary: a ResourceList on stdin, a ResourceList on stdout.

fn main() -> std::process::ExitCode {
    krm::harness::main(&vlan_fn::FUNCTION)
}

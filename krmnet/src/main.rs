//! The krmnet binary.

fn main() -> std::process::ExitCode {
    krmnet::main()
}

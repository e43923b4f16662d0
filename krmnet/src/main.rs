//! The krmnet command line.
fn main() {}

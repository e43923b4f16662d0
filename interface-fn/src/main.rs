//! The interface-fn binary: a ResourceList on stdin, a ResourceList on stdout.
fn main() {}

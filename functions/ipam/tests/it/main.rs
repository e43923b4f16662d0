//! The rules of the allocation core, as its users see them: one test a rule, named after it.

// Helpers of tests may panic as tests do.
#![allow(clippy::unwrap_used, clippy::panic)]

mod blocks;
mod build;
mod explaining;
mod forms;
mod gateways;
mod giving;
mod indexed;
mod keeping;
mod laws;
mod peer;
mod pools;
mod regressions;
mod selecting;

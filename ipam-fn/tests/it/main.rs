//! Laws of ipam-fn as a whole, on generated ResourceLists.

// Helpers of tests may panic as tests do.
#![allow(clippy::expect_used, missing_docs)]

mod draw;
mod laws;
mod run;

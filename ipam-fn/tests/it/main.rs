//! Laws of ipam-fn as a whole, on generated ResourceLists.

#![allow(missing_docs)]

mod draw;
mod laws;
mod run;

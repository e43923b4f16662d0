//! Random inputs and random edits of them, drawn so that collisions, full pools, nested pools and near misses are
//! likely: both families have 256 addresses, names and labels are few.

mod claims;
mod edits;
mod pools;
mod universe;

pub(crate) use claims::{Draft, draft};
pub(crate) use edits::{Edit, World, edits, shuffled, write_back};

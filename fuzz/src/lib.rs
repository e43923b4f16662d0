//! What the fuzz targets share: how inputs are damaged, and what must hold of a function whatever it is given.
//!
//! Every check panics where it finds something; the fuzzer keeps the input then. A panic of the code under test is a
//! finding as well.

pub mod edits;
pub mod function;
pub mod mutate;
pub mod naive;
pub mod owners;

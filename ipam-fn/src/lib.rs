//! The ipam function.

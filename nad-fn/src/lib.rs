//! The nad function.

//! The interface function.

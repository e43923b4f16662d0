//! The krmnet command line.

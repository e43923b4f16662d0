//! The resource types that the functions read and write.

//! How much of a thing is too much: beyond it stands a clear error in place of a machine without memory.
//!
//! Each limit lies far beyond what any package needs, and low enough that a function stays below 1 GB of memory.
//! `docs/limits.md` states the same figures.

/// The bytes of a text: of a ResourceList, or of a file.
pub const MAX_BYTES: usize = 100 << 20;

/// The items of a ResourceList, and the documents of a file.
pub const MAX_ITEMS: usize = 100_000;

/// The nodes of a text that is read as one: an item or, where the layout of a list is not kpt's (JSON), the list. Each
/// key, value and collection is a node.
pub const MAX_NODES: usize = 4_000_000;

/// How deep collections lie in each other, aliases followed: their readers are recursive.
pub const MAX_DEPTH: usize = 128;

/// The characters of a map key as it is written, quotes and escapes included: YAML allows no more before a colon.
pub const MAX_KEY: usize = 1_024;

/// The nodes that the aliases of a text stand for.
pub const MAX_ALIASED_NODES: usize = 10_000;

/// The bytes of text that the aliases of a text stand for.
pub const MAX_ALIASED_BYTES: usize = 1 << 20;

#[cfg(test)]
mod tests;

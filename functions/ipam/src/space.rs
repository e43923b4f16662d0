//! Which part of a prefix is in use, and where the next free block lies.
//!
//! A binary trie over address bits, path-compressed: a leaf is a block in use, an inner node the smallest block around
//! two of them. Two halves in use become one leaf, so a densely filled pool costs a handful of nodes and a fragmented
//! one a node per fragment, in a /64 as in a /24. What is free hangs off the edges: an edge that skips from order 8 to
//! order 3 passes one free sibling of each order 3 to 7. Exactly these siblings are the largest free aligned blocks, and
//! every node knows as a bit set which orders occur below it; so both searches walk down one path, at most 128 steps.

use crate::block::{Block, ones};

/// A prefix of which parts are in use.
#[derive(Debug, Clone)]
pub(crate) struct Space {
    whole: Block,
    root: Option<Node>,
}

#[derive(Debug, Clone)]
enum Node {
    /// All of the block is in use.
    Used { start: u128, order: u8 },
    /// Parts of both halves are in use.
    Split(Box<Split>),
}

#[derive(Debug, Clone)]
struct Split {
    block: Block,
    /// Bit n: a largest free block of order n lies inside.
    free: u128,
    low: Node,
    high: Node,
}

impl Space {
    /// The space of a prefix, all free.
    pub(crate) fn new(whole: Block) -> Self {
        Self { whole, root: None }
    }

    /// Puts a block to use, whatever of it was in use already; returns how many addresses were not.
    pub(crate) fn take(&mut self, block: Block) -> u128 {
        if !self.whole.contains(block) {
            return 0;
        }
        match &mut self.root {
            Some(root) => root.take(block),
            None => {
                self.root = Some(Node::used(block));
                block.size()
            }
        }
    }

    /// The lowest free aligned block of `order`.
    pub(crate) fn lowest(&self, order: u8) -> Option<Block> {
        self.leftmost(at_least(order), order)
    }

    /// The first part of the smallest free aligned block that is large enough, the lowest of equals.
    pub(crate) fn best_fit(&self, order: u8) -> Option<Block> {
        let fitting = self.free() & at_least(order);
        // The lowest bit alone; no bit at all when the space is untouched or full.
        self.leftmost(fitting & fitting.wrapping_neg(), order)
    }

    /// Order of the largest free aligned block.
    pub(crate) fn largest(&self) -> Option<u8> {
        match &self.root {
            None => Some(self.whole.order),
            Some(_) => highest(self.free()),
        }
    }

    /// Orders of the largest free blocks. The untouched space has none: its only one may be of order 128.
    fn free(&self) -> u128 {
        self.root.as_ref().map_or(0, |root| root.free_within(self.whole.order))
    }

    /// The lowest block of `order` in the leftmost largest free block whose order is in the set.
    fn leftmost(&self, orders: u128, order: u8) -> Option<Block> {
        let Some(mut node) = self.root.as_ref() else {
            return (order <= self.whole.order).then(|| self.whole.first(order));
        };
        let mut above = self.whole.order;
        loop {
            let block = node.block();
            let passed = between(block.order, above) & orders;
            // Siblings below the node in address come first, the largest of them lowest.
            let left = highest(passed & block.start);
            if let Some(sibling) = left {
                return Some(block.sibling(sibling).first(order));
            }
            match node {
                Node::Split(split) if split.free & orders != 0 => {
                    above = block.order.saturating_sub(1);
                    node = if split.low.free_within(above) & orders != 0 { &split.low } else { &split.high };
                }
                _ => {
                    let right = lowest(passed & !block.start)?;
                    return Some(block.sibling(right).first(order));
                }
            }
        }
    }
}

impl Node {
    fn used(block: Block) -> Self {
        Self::Used { start: block.start, order: block.order }
    }

    fn block(&self) -> Block {
        match self {
            Self::Used { start, order } => Block { start: *start, order: *order },
            Self::Split(split) => split.block,
        }
    }

    /// Orders of the largest free blocks of the block of order `above` that holds this node alone.
    fn free_within(&self, above: u8) -> u128 {
        let inside = match self {
            Self::Used { .. } => 0,
            Self::Split(split) => split.free,
        };
        inside | between(self.block().order, above)
    }

    /// Number of addresses in use. No deeper than an address has bits.
    fn count(&self) -> u128 {
        match self {
            Self::Used { .. } => self.block().size(),
            Self::Split(split) => split.low.count().saturating_add(split.high.count()),
        }
    }

    /// As [`Space::take`]. Each step down goes to a smaller block, so it ends within 128.
    fn take(&mut self, new: Block) -> u128 {
        let own = self.block();
        if new.contains(own) {
            let fresh = new.size().saturating_sub(self.count());
            *self = Self::used(new);
            return fresh;
        }
        if !own.contains(new) {
            let old = std::mem::replace(self, Self::used(new));
            *self = Self::join(old, Self::used(new));
            return new.size();
        }
        let Self::Split(split) = self else {
            return 0;
        };
        let half = if new.start & ones(own.order) > ones(own.order) >> 1 { &mut split.high } else { &mut split.low };
        let fresh = half.take(new);
        if split.is_full() {
            *self = Self::used(own);
        } else {
            split.count_free();
        }
        fresh
    }

    /// Two disjoint nodes under one.
    fn join(a: Self, b: Self) -> Self {
        let block = a.block().around(b.block());
        let (low, high) = if a.block().start < b.block().start { (a, b) } else { (b, a) };
        let mut split = Split { block, free: 0, low, high };
        if split.is_full() {
            return Self::used(block);
        }
        split.count_free();
        Self::Split(Box::new(split))
    }
}

impl Split {
    fn half(&self) -> u8 {
        self.block.order.saturating_sub(1)
    }

    fn is_full(&self) -> bool {
        let filled = |node: &Node| matches!(node, Node::Used { order, .. } if *order == self.half());
        filled(&self.low) && filled(&self.high)
    }

    fn count_free(&mut self) {
        self.free = self.low.free_within(self.half()) | self.high.free_within(self.half());
    }
}

impl Block {
    /// The other half of the block of `order` + 1 around the block of `order` that holds this one.
    fn sibling(self, order: u8) -> Self {
        let bit = 1_u128.checked_shl(u32::from(order)).unwrap_or(0);
        Self { start: (self.start & !ones(order)) ^ bit, order }
    }
}

/// The set of all orders from `order` on.
fn at_least(order: u8) -> u128 {
    !ones(order)
}

/// The set of orders from `from` to below `to`.
fn between(from: u8, to: u8) -> u128 {
    ones(to) & !ones(from)
}

fn highest(set: u128) -> Option<u8> {
    set.checked_ilog2().and_then(|bit| u8::try_from(bit).ok())
}

fn lowest(set: u128) -> Option<u8> {
    if set == 0 {
        return None;
    }
    u8::try_from(set.trailing_zeros()).ok()
}

#[cfg(test)]
#[path = "space_tests.rs"]
mod tests;

//! The address space of one network instance and family: pools and blocks as a tree, and who holds which address.
//!
//! Two prefixes are disjoint or one lies in the other, so pools and blocks always form a tree, whether the nesting table
//! allows it or not.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::block::Block;
use crate::input::Kind;
use crate::outcome::Holder;
use crate::world::PoolId;

/// A pool or block in its place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Node {
    pub(crate) block: Block,
    pub(crate) kind: Kind,
    pub(crate) holder: Holder,
    /// `None` for a block without labels: held space that serves nobody.
    pub(crate) pool: Option<PoolId>,
    parent: Option<Block>,
}

impl Node {
    pub(crate) fn new(block: Block, kind: Kind, holder: Holder, pool: Option<PoolId>) -> Self {
        Self { block, kind, holder, pool, parent: None }
    }
}

/// By address, and of those that start at the same address the shortest prefix first.
type Place = (u128, Reverse<u8>);

fn place(block: Block) -> Place {
    (block.start, Reverse(block.order))
}

/// Who holds an address by stating just it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Held {
    pub(crate) holder: Holder,
    /// Kind of the claim.
    pub(crate) kind: Kind,
}

/// One network instance's space in one family.
#[derive(Debug, Default)]
pub(crate) struct Domain {
    nodes: BTreeMap<Place, Node>,
    held: BTreeMap<u128, Held>,
}

impl Domain {
    /// The smallest pool or block around `block`, which may be equal to it.
    pub(crate) fn covering(&self, block: Block) -> Option<&Node> {
        // Whatever lies between the one we look for and `block` in address order lies inside the one we look for.
        let (_, mut node) = self.nodes.range(..=place(block)).next_back()?;
        while !node.block.contains(block) {
            node = self.parent(node)?;
        }
        Some(node)
    }

    pub(crate) fn parent(&self, node: &Node) -> Option<&Node> {
        self.nodes.get(&place(node.parent?))
    }

    /// All pools and blocks around `block`, the smallest first.
    pub(crate) fn around(&self, block: Block) -> impl Iterator<Item = &Node> {
        std::iter::successors(self.covering(block), |node| self.parent(node))
    }

    /// The outermost pools and blocks strictly inside `block`.
    pub(crate) fn inside(&self, block: Block) -> impl Iterator<Item = &Node> {
        let mut from = Some(block.start);
        std::iter::from_fn(move || {
            let lowest = (from?, Reverse(block.order.saturating_sub(1)));
            let highest = (block.last(), Reverse(0));
            // An untouched /32 or /128 has nothing inside, and BTreeMap::range rejects a reversed range.
            if block.order == 0 || lowest > highest {
                return None;
            }
            let (_, node) = self.nodes.range(lowest..=highest).next()?;
            from = node.block.last().checked_add(1);
            Some(node)
        })
    }

    /// Puts a pool or block in its place; not where one with the same prefix is. Returns whether it was put.
    pub(crate) fn insert(&mut self, mut node: Node) -> bool {
        if self.nodes.contains_key(&place(node.block)) {
            return false;
        }
        node.parent = self.covering(node.block).map(|parent| parent.block);
        let children: Vec<Place> = self.inside(node.block).map(|child| place(child.block)).collect();
        for child in children {
            if let Some(child) = self.nodes.get_mut(&child) {
                child.parent = Some(node.block);
            }
        }
        self.nodes.insert(place(node.block), node);
        true
    }

    pub(crate) fn holder(&self, address: u128) -> Option<Holder> {
        self.held.get(&address).map(|held| held.holder)
    }

    pub(crate) fn hold(&mut self, address: u128, held: Held) {
        self.held.insert(address, held);
    }

    /// Addresses held inside `block` but not inside a pool or block in it.
    pub(crate) fn held_directly(&self, block: Block) -> impl Iterator<Item = (u128, Held)> {
        let mut from = Some(block.start);
        std::iter::from_fn(move || {
            loop {
                let first = from.filter(|&first| first <= block.last())?;
                let (&address, &held) = self.held.range(first..=block.last()).next()?;
                let nested = self
                    .covering(Block::addr(address))
                    .map(|node| node.block)
                    .filter(|node| *node != block && block.contains(*node));
                match nested {
                    Some(node) => from = node.last().checked_add(1),
                    None => {
                        from = address.checked_add(1);
                        return Some((address, held));
                    }
                }
            }
        })
    }
}

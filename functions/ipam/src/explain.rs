//! Why no pool serves a claim, pool by pool, and what was probably meant.

use ipnet::IpNet;

use crate::input::{Family, Instance, Kind};
use crate::outcome::PoolRef;
use crate::selector::Operator;

/// The whole explanation of an unserved claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The network instance that was asked.
    pub instance: Instance,
    /// Its pools, the nearest misses first: why each does not serve. None where there are some: so many other claims were
    /// explained that the reasons of this one are not told.
    pub pools: Vec<PoolMiss>,
    /// Pools of the network instance that are not listed, because there are too many.
    pub omitted: usize,
    /// Names that nearly match.
    pub suggestions: Vec<Suggestion>,
}

/// Why one pool does not serve a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PoolMiss {
    /// The pool.
    pub pool: PoolRef,
    /// Its prefix.
    pub prefix: IpNet,
    /// Its kind.
    pub kind: Kind,
    /// Every reason, not only the first, but no more than some. Never empty.
    pub why: Vec<Mismatch>,
}

/// One reason why a pool does not serve a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mismatch {
    /// The claim wants the other family.
    Family {
        /// What the claim wants.
        asked: Family,
        /// What the pool has.
        found: Family,
    },
    /// The pool is of a kind that does not serve such a claim.
    Kind {
        /// The kinds that would.
        asked: Vec<Kind>,
        /// What the pool is.
        found: Kind,
    },
    /// A requirement of the selector does not hold.
    Label {
        /// The label key.
        key: String,
        /// How it was compared; matchLabels count as `In` with one value.
        operator: Operator,
        /// The values that were asked for; empty for `Exists` and `DoesNotExist`.
        asked: Vec<String>,
        /// The pool's values of that key; empty when it has none, several when several objects state the pool.
        found: Vec<String>,
    },
    /// The pool carries a topology key that the selector does not mention, so it serves only those that ask for it.
    Unasked {
        /// The topology key.
        key: String,
        /// The pool's values.
        found: Vec<String>,
    },
    /// The pool is a claim's labelled block, and the selector names none of its labels with their value.
    BlockNotNamed,
    /// The pool is a block whose claim is annotated for deletion.
    Deleting,
    /// The pool's prefix is not shorter than the block that was asked for.
    TooLong {
        /// The length that was asked for.
        asked: u8,
        /// The pool's length.
        found: u8,
    },
    /// The static address or block does not lie inside the pool.
    Outside,
}

/// What is left of a pool. Counts are addresses and stop at `u128::MAX`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Usage {
    /// The pool.
    pub pool: PoolRef,
    /// Its prefix.
    pub prefix: IpNet,
    /// All addresses of the prefix.
    pub size: u128,
    /// First address, IPv4's last and gateway, where they are never given.
    pub reserved: u128,
    /// Taken out by exclusions and the range.
    pub excluded: u128,
    /// Inside child pools.
    pub nested: u128,
    /// Held by claims: addresses and blocks.
    pub claimed: u128,
    /// Neither of the above.
    pub free: u128,
    /// Prefix length of the largest free aligned block; this and every longer length still fits. `None`: nothing does.
    pub largest_free: Option<u8>,
}

/// What was probably meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Suggestion {
    /// Pools exist for a network instance of the same name in another namespace, or of nearly the same name.
    Instance {
        /// What the claim names.
        asked: Instance,
        /// What has pools.
        found: Instance,
    },
    /// A pool that would serve carries nearly the value that was asked for.
    LabelValue {
        /// The label key.
        key: String,
        /// The value that was asked for.
        asked: String,
        /// The value that a pool carries.
        found: String,
        /// That pool.
        pool: PoolRef,
    },
    /// A pool carries a label of nearly the key that was asked for.
    LabelKey {
        /// The key that was asked for.
        asked: String,
        /// The key that a pool carries.
        found: String,
        /// That pool.
        pool: PoolRef,
    },
}

//! "What a claim asks for": which pools serve it, in which order, and which address or block it takes from one.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::net::IpAddr;

use ipam::{Claim, Kind, Order, Settings};
use ipnet::IpNet;

use super::addresses::{addresses, blocks};
use super::asks::{asks_block, topology_matched, wants};
use super::gateway::is_gateway_claim;
use super::pools::Pool;

/// Why there is no candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoCandidate {
    /// The network instance has no pool.
    NoPool,
    /// None matches.
    NoMatch,
    /// Some match, but the block that is asked for is not longer than any of them.
    TooShort,
}

/// The kinds of pool that serve a claim; those of the second list only where none of the first matches.
fn kinds(claim: &Claim, settings: &Settings) -> [Vec<Kind>; 2] {
    // An aggregate is no subnet: it has no gateway.
    let fallback = if settings.from_aggregate && !is_gateway_claim(claim) { vec![Kind::Aggregate] } else { vec![] };
    match (claim.kind, asks_block(claim)) {
        (Kind::Network, false) => [vec![Kind::Network], fallback],
        (Kind::Loopback, false) => [vec![Kind::Loopback], fallback],
        (Kind::Pool, _) => [vec![Kind::Pool], vec![Kind::Aggregate]],
        (Kind::Network | Kind::Loopback, true) | (Kind::Aggregate, _) => [vec![Kind::Aggregate], vec![]],
    }
}

/// The pools that serve a claim, the best first. Indices into `pools`.
pub(crate) fn candidates(claim: &Claim, pools: &[Pool], settings: &Settings) -> Result<Vec<usize>, NoCandidate> {
    let in_instance = |pool: &&Pool| pool.instance == claim.instance;
    if pools.iter().filter(in_instance).count() == 0 {
        return Err(NoCandidate::NoPool);
    }
    let mut too_short = false;
    for kinds in kinds(claim, settings) {
        let matching = |pool: &Pool| {
            in_instance(&pool)
                && kinds.contains(&pool.kind)
                && !pool.block.as_ref().is_some_and(|block| block.deleting)
                && wants(claim, pool, settings.strict_selectors)
        };
        let all: Vec<usize> = (0..pools.len()).filter(|index| matching(&pools[*index])).collect();
        // A block is strictly longer than its parent; who only asks takes none.
        let long_enough = |index: &usize| {
            claim.get
                || !asks_block(claim)
                || claim.prefix_length.is_none_or(|length| length > pools[*index].prefix.prefix_len())
        };
        let mut fitting: Vec<usize> = all.iter().copied().filter(long_enough).collect();
        fitting.sort_by_key(|index| {
            let pool = &pools[*index];
            let matched = Reverse(topology_matched(claim, pool));
            (pool.family(), matched, Reverse(pool.prefix.prefix_len()), pool.prefix.network())
        });
        if !fitting.is_empty() {
            return Ok(fitting);
        }
        too_short |= !all.is_empty();
    }
    Err(if too_short { NoCandidate::TooShort } else { NoCandidate::NoMatch })
}

/// The `n`-th address of a pool, or its `n`-th block of a length.
pub(crate) fn nth(pool: &Pool, n: u32, length: Option<u8>) -> Option<IpNet> {
    let length = length.unwrap_or(pool.prefix.max_prefix_len());
    blocks(&pool.prefix, length).into_iter().nth(usize::try_from(n).ok()?)
}

/// The block of `length` to take from a pool, where `taken` lists the addresses that are not free.
pub(crate) fn choose(pool: &IpNet, length: u8, order: Order, taken: &BTreeSet<IpAddr>) -> Option<IpNet> {
    let free = |block: &IpNet| addresses(block).iter().all(|address| !taken.contains(address));
    match order {
        Order::Lowest => blocks(pool, length).into_iter().find(free),
        Order::BestFit => {
            // Free aligned blocks that are not half of a larger one, the smallest first, then the lowest.
            let largest = |block: &IpNet| free(block) && (block == pool || block.supernet().is_none_or(|b| !free(&b)));
            let sizes = (pool.prefix_len()..=length).rev();
            let mut fitting = sizes.flat_map(|size| blocks(pool, size)).filter(largest);
            fitting.next().and_then(|block| blocks(&block, length).into_iter().next())
        }
    }
}

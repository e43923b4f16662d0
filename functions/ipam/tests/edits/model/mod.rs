//! The rules of allocation stated a second time, for tests: plain lists of addresses, every rule asked of every
//! address, nothing clever. It shares nothing with the crate but the types of question and answer.
//!
//! The modules follow the headings of the specification: `pools` is "Pools in the tree", `gateway` "The gateway and
//! what is never given", `asks` and `candidates` "What a claim asks for"; "Keeping what is there" is `keeping` with
//! `judging`, `stating`, `giving` and `writing`.

mod addresses;
mod asks;
mod candidates;
mod gateway;
mod giving;
mod judging;
mod keeping;
mod natural;
mod pools;
mod stating;
mod writing;

use std::collections::BTreeSet;

use ipam::{Input, Key, Status};
use ipnet::IpNet;

/// What the specification says about an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answers {
    /// One for each claim, at the same index.
    pub(crate) claims: Vec<Answer>,
    /// What is wrong or useless about pools.
    pub(crate) pools: BTreeSet<PoolProblem>,
}

/// A problem of a pool: its code, the pool, and the other pool where there are two.
pub(crate) type PoolProblem = (&'static str, PoolName, Option<PoolName>);

/// A stated pool by the name of its object and its prefix as written.
pub(crate) type PoolName = (Key, IpNet);

/// What becomes of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) class: Class,
    /// Codes of what is said beside it.
    pub(crate) warnings: BTreeSet<&'static str>,
    /// It collides only with claims that are in error themselves: whether that makes it an error too, is open.
    pub(crate) doubtful: bool,
}

/// What becomes of a claim. A serving pool is named by its prefix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Class {
    /// It had no status and gets one.
    Allocated(Status, IpNet),
    /// Its status stays.
    Kept(IpNet),
    /// Its status stays although no pool serves it.
    KeptUnserved { pools_in_sight: bool },
    /// The same address with the right length and gateway.
    Mended(Status, IpNet),
    /// spec.prefix or spec.index beats the status.
    Rewritten(Status, IpNet),
    /// A conflict was solved by a new address.
    Moved(Status, IpNet),
    /// `action: get`.
    Got(Status, IpNet),
    /// Annotated for deletion.
    Deleting,
    /// An input has not arrived yet.
    Pending(&'static str),
    /// An error with one of these codes: every rule that the claim breaks.
    Failed(BTreeSet<&'static str>),
}

/// Answers by the specification.
pub(crate) fn answer(input: &Input) -> Answers {
    Answers { claims: keeping::answer_claims(input), pools: pools::problems(&input.pools) }
}

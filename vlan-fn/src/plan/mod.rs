//! Which VLAN ID goes to which claim. Pure: no YAML, no files; the same input in any order has the same answer.
//!
//! One index at a time: [`party`] puts the claims together that share an ID, [`domain`] lets them keep what they state
//! and gives the others the lowest free IDs.

mod domain;
mod ids;
#[cfg(test)]
mod laws;
mod party;
mod reader;
mod space;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

pub(crate) use ids::{Ids, why_unusable};
use ipam::Key;
pub(crate) use space::Holder;

use domain::Domain;
use party::Member;

/// What a plan is made from. The order of `vlans` and `claims` has no influence on it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Input {
    /// The indices in sight: only in these are IDs given.
    pub(crate) indices: BTreeSet<Index>,
    /// IDs that are registered apart from claims.
    pub(crate) vlans: Vec<Vlan>,
    /// The requests, answered or not.
    pub(crate) claims: Vec<Claim>,
    /// Whether a claim in conflict gets another ID instead of an error.
    pub(crate) reallocate: bool,
}

/// The identity of a VLANIndex. An absent namespace is `default`; whoever builds the input fills it in.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Index {
    pub(crate) namespace: String,
    pub(crate) name: String,
}

impl fmt::Display for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.namespace, self.name)
    }
}

/// A VLAN object.
#[derive(Debug, Clone)]
pub(crate) struct Vlan {
    pub(crate) key: Key,
    pub(crate) index: Index,
    /// All IDs that its spec and its status state.
    pub(crate) ids: Vec<Ids>,
}

/// A VLANClaim.
#[derive(Debug, Clone)]
pub(crate) struct Claim {
    /// Its identity, and its place in the order of processing.
    pub(crate) key: Key,
    pub(crate) index: Index,
    /// Claims of one index with the same name share one answer.
    pub(crate) share: Option<String>,
    pub(crate) request: Request,
    /// What its status states.
    pub(crate) status: Option<Answer>,
    /// It is about to go: it gets nothing new.
    pub(crate) delete: bool,
    /// It only reads: it takes nothing.
    pub(crate) get: bool,
}

/// What a claim asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Request {
    /// This ID (`spec.vlanID`).
    Exactly(u16),
    /// One of these IDs (`spec.range: "100:199"`, or all of the index).
    One(Ids),
    /// So many IDs in a row (`spec.range: "10"`).
    Block(u16),
}

/// What a status states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// `status.vlanID`.
    Id(u16),
    /// `status.vlanRange`.
    Block(Ids),
}

impl Answer {
    pub(crate) fn ids(self) -> Ids {
        match self {
            Self::Id(id) => Ids::one(id),
            Self::Block(ids) => ids,
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => write!(f, "VLAN ID {id}"),
            Self::Block(ids) => write!(f, "VLAN IDs {ids}"),
        }
    }
}

/// The answer to an [`Input`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Plan {
    /// One for each claim of the input, at its position.
    pub(crate) outcomes: Vec<Outcome>,
    /// VLANs that state an ID of another VLAN.
    pub(crate) clashes: Vec<Clash>,
}

/// Two VLANs that state one ID. Numbers are positions in the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Clash {
    pub(crate) vlan: usize,
    pub(crate) other: usize,
    pub(crate) id: u16,
}

/// What becomes of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) verdict: Verdict,
    pub(crate) warning: Option<Warning>,
}

/// The decision on a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It had no answer and has one now.
    Allocated(Answer),
    /// Its status is right as it stands.
    Kept(Answer),
    /// Its status stays as it is, although no index in sight vouches for it.
    KeptWithoutIndex(Answer),
    /// `spec.vlanID` beats the status.
    Rewritten { from: Answer, to: Answer },
    /// It was in conflict and has another answer now.
    Moved { from: Answer, to: Answer, why: Failure },
    /// It reads this, and takes nothing.
    Got(Answer),
    /// It is about to go, and stays as it is.
    Deleting,
    /// Its index is not in sight.
    Pending,
    /// The inputs contradict each other.
    Failed(Failure),
    /// Nothing, because a claim that it shares with failed.
    Blocked,
}

impl Verdict {
    /// What the status must state after the run, where that is decided here.
    pub(crate) fn answer(&self) -> Option<Answer> {
        match self {
            Self::Allocated(answer)
            | Self::Kept(answer)
            | Self::Got(answer)
            | Self::Rewritten { to: answer, .. }
            | Self::Moved { to: answer, .. } => Some(*answer),
            Self::KeptWithoutIndex(_) | Self::Deleting | Self::Pending | Self::Failed(_) | Self::Blocked => None,
        }
    }
}

/// A contradiction. Claims are named by their position in the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    /// Its status states an ID that cannot be given.
    Unusable { stated: Answer, id: u16 },
    /// Its status answers another question: one ID and not several in a row, or the other way round.
    Misfit { stated: Answer },
    /// Somebody who does not share with it holds the ID.
    Held { stated: Answer, id: u16, holder: Holder },
    /// It shares with a claim that states something else.
    SharersState { own: Answer, other: usize, others: Answer },
    /// It shares with a claim that asks for something else.
    SharersAsk { other: usize },
    /// It shares with a claim whose ID lies outside of its own range.
    SharersRange { other: usize, others: Answer },
    /// Nothing that it asks for is free.
    Full { usage: Usage },
    /// It must have another ID, and nothing that it asks for is free.
    CannotMove { stated: Answer, usage: Usage },
}

/// What is left of an index for a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Usage {
    /// From where the claim may have IDs.
    pub(crate) within: Ids,
    /// Of these, held by VLANs.
    pub(crate) vlans: usize,
    /// Of these, held by claims.
    pub(crate) claims: usize,
    /// The most free IDs in a row, in the whole index.
    pub(crate) largest: u32,
}

/// What is odd about an answer that holds nevertheless.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Warning {
    /// It is kept, but `spec.range` names other IDs.
    OutsideRange(Ids),
    /// It is kept, but `spec.range` asks for so many IDs.
    OtherSize(u16),
}

/// What concerns one index, with positions in the input.
#[derive(Default)]
struct Part<'i> {
    vlans: Vec<(usize, &'i Vlan)>,
    claims: Vec<Member<'i>>,
}

/// Answers every claim.
pub(crate) fn plan(input: &Input) -> Plan {
    let mut parts: BTreeMap<&Index, Part<'_>> = BTreeMap::new();
    for vlan in input.vlans.iter().enumerate() {
        parts.entry(&vlan.1.index).or_default().vlans.push(vlan);
    }
    for (number, claim) in input.claims.iter().enumerate() {
        parts.entry(&claim.index).or_default().claims.push(Member { number, claim });
    }
    let pending = Outcome { verdict: Verdict::Pending, warning: None };
    let mut plan = Plan { outcomes: vec![pending; input.claims.len()], clashes: Vec::new() };
    for (index, Part { vlans, claims }) in parts {
        Domain::new(input.indices.contains(index), input.reallocate, &mut plan).settle(vlans, claims);
    }
    plan
}

//! What a plan says: one outcome a claim, and findings on pools.

use std::net::IpAddr;
use std::sync::Arc;

use ipnet::IpNet;

use crate::explain::{Explanation, Mismatch};
use crate::failure::Failure;
use crate::finding::Finding;
use crate::input::Status;

/// The answer to an [`Input`](crate::Input).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// One entry for each claim of the input, at the same index.
    pub outcomes: Vec<Outcome>,
    /// Contradictions between pools and useless configuration, in the order of the pools' keys.
    pub findings: Vec<Finding>,
}

impl Plan {
    /// Whether anything in the plan is an error, so that nothing of it may be written.
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity() == Severity::Error)
            || self.outcomes.iter().any(|outcome| outcome.verdict.severity() == Some(Severity::Error))
    }
}

/// How bad a message is. `strict` is applied by the caller: it makes errors of pendings and of `not-in-a-pool`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Good to know.
    Info,
    /// Not finished, or suspicious.
    Warning,
    /// The inputs contradict each other: nothing may be written.
    Error,
}

/// A pool that serves: an entry of the input's pools, or a labelled block of a claim.
///
/// Where several inputs state the same pool it is the first of them in the order of their keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PoolRef {
    /// Index into [`Input::pools`](crate::Input).
    Pool(usize),
    /// Index into [`Input::claims`](crate::Input): the block of that claim.
    Block(usize),
}

/// Who holds an address or a block, and by which statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Holder {
    /// The object.
    pub owner: Owner,
    /// Which of its statements.
    pub role: Role,
}

/// An object of the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Owner {
    /// Index into [`Input::pools`](crate::Input).
    Pool(usize),
    /// Index into [`Input::claims`](crate::Input).
    Claim(usize),
}

/// By which statement something is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// A pool's spec.prefix.
    Prefix,
    /// A pool's gateway, named by its prefix or its first usable address.
    Gateway,
    /// A claim's spec.prefix.
    Static,
    /// A claim's spec.index.
    Index,
    /// A claim's status.prefix.
    Status,
    /// Given in this run.
    New,
}

/// What becomes of one claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The decision.
    pub verdict: Verdict,
    /// What else is worth saying about it.
    pub warnings: Vec<Warning>,
}

/// The decision on one claim. `status` is what its status must state after the run; where a variant has none, the
/// claim is left as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The claim had no status and has one now. Also of static and indexed claims.
    Allocated {
        /// What to write.
        status: Status,
        /// Who serves it.
        pool: PoolRef,
    },
    /// The status is right as it stands.
    Kept {
        /// Who serves it.
        pool: PoolRef,
    },
    /// The status is kept exactly as written although no pool in sight serves it. It counts as held.
    KeptUnserved {
        /// The tree shows a pool, other than aggregates, of this network instance and family: then it is a warning
        /// (`not-in-a-pool`), else an info.
        pools_in_sight: bool,
    },
    /// The address is right, its length or gateway was not.
    Mended {
        /// What stood there.
        from: Status,
        /// What to write.
        status: Status,
        /// Who serves it.
        pool: PoolRef,
    },
    /// spec.prefix or spec.index beats the status.
    Rewritten {
        /// What stood there.
        from: Status,
        /// What to write.
        status: Status,
        /// Who serves it.
        pool: PoolRef,
    },
    /// A dynamic claim in conflict got a new address ([`Settings::reallocate`](crate::Settings)).
    Moved {
        /// What stood there.
        from: Status,
        /// What to write.
        status: Status,
        /// Who serves it.
        pool: PoolRef,
        /// Why it could not stay.
        why: Box<Failure>,
    },
    /// `action: get`: nothing is taken, the status names the first candidate pool.
    Got {
        /// What the status must say; it may say so already.
        status: Status,
        /// The first candidate pool.
        pool: PoolRef,
    },
    /// Annotated for deletion: gets nothing, what it states stays held.
    Deleting,
    /// An input has not arrived yet.
    Pending(Pending),
    /// The inputs contradict each other.
    Failed(Failure),
}

/// Why a claim waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// In one word.
    pub cause: PendingCause,
    /// Pool by pool, with suggestions. Shared by all claims that ask the same.
    pub explanation: Arc<Explanation>,
}

/// What a pending claim waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PendingCause {
    /// The tree shows no pool at all for the network instance.
    NoPool,
    /// There are pools, but none matches.
    NoMatch,
    /// A static claim that lies in no pool that could serve it.
    StaticUnserved,
}

/// Something worth saying about a claim that is otherwise decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// A kept or static claim's selector does not match the pool that serves it.
    SelectorMismatch {
        /// The serving pool.
        pool: PoolRef,
        /// What does not match.
        why: Vec<Mismatch>,
    },
    /// A kept block has another length than spec.prefixLength asks for.
    LengthDiffers {
        /// The kept block.
        kept: IpNet,
        /// spec.prefixLength.
        asked: u8,
    },
    /// A claim annotated for deletion states what is somebody else's as well. That is no error, since it goes; but until it
    /// is gone both may be in use.
    HeldTwice {
        /// By which statement the claim holds it.
        role: Role,
        /// Whose it is as well: what the error would be if the claim stayed.
        why: Box<Failure>,
    },
    /// A claim with `action: get` stated an address, from before it had the annotation. It is held in this run only.
    LetGo {
        /// The address, as the status has it.
        from: IpNet,
        /// What the claim is answered instead.
        answer: IpNet,
    },
}

impl Verdict {
    /// What the claim's status must state after the run, where that is this plan's business.
    pub fn status(&self) -> Option<&Status> {
        match self {
            Self::Allocated { status, .. }
            | Self::Mended { status, .. }
            | Self::Rewritten { status, .. }
            | Self::Moved { status, .. }
            | Self::Got { status, .. } => Some(status),
            Self::Kept { .. } | Self::KeptUnserved { .. } | Self::Deleting | Self::Pending(_) | Self::Failed(_) => None,
        }
    }

    /// The pool that serves the claim.
    pub fn pool(&self) -> Option<PoolRef> {
        match self {
            Self::Allocated { pool, .. }
            | Self::Kept { pool }
            | Self::Mended { pool, .. }
            | Self::Rewritten { pool, .. }
            | Self::Moved { pool, .. }
            | Self::Got { pool, .. } => Some(*pool),
            Self::KeptUnserved { .. } | Self::Deleting | Self::Pending(_) | Self::Failed(_) => None,
        }
    }

    /// Whether the claim is resolved after the run: its condition is True.
    pub fn is_resolved(&self) -> bool {
        self.pool().is_some() || matches!(self, Self::KeptUnserved { .. })
    }

    /// Stable code of the message about this verdict; `None` where there is nothing to say.
    pub fn code(&self) -> Option<&'static str> {
        match self {
            Self::Allocated { .. } => Some("allocated"),
            Self::KeptUnserved { pools_in_sight: true } => Some("not-in-a-pool"),
            Self::KeptUnserved { pools_in_sight: false } => Some("kept-without-pool"),
            Self::Mended { .. } => Some("status-mended"),
            Self::Rewritten { .. } => Some("status-rewritten"),
            Self::Moved { .. } => Some("address-moved"),
            Self::Pending(pending) => Some(pending.cause.code()),
            Self::Failed(failure) => Some(failure.code()),
            Self::Kept { .. } | Self::Got { .. } | Self::Deleting => None,
        }
    }

    /// How bad it is, without `strict`; `None` where there is nothing to say.
    pub fn severity(&self) -> Option<Severity> {
        match self {
            Self::Allocated { .. } | Self::Mended { .. } | Self::KeptUnserved { pools_in_sight: false } => {
                Some(Severity::Info)
            }
            Self::KeptUnserved { pools_in_sight: true }
            | Self::Rewritten { .. }
            | Self::Moved { .. }
            | Self::Pending(_) => Some(Severity::Warning),
            Self::Failed(_) => Some(Severity::Error),
            Self::Kept { .. } | Self::Got { .. } | Self::Deleting => None,
        }
    }
}

impl PendingCause {
    /// Stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::NoPool => "no-pool",
            Self::NoMatch => "no-matching-pool",
            Self::StaticUnserved => "static-without-pool",
        }
    }
}

impl Warning {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::SelectorMismatch { .. } => "selector-mismatch",
            Self::LengthDiffers { .. } => "length-differs",
            Self::HeldTwice { .. } => "held-twice",
            Self::LetGo { .. } => "status-rewritten",
        }
    }
}

/// A gateway that a subnet already has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ExistingGateway {
    /// The subnet.
    pub pool: PoolRef,
    /// The gateway's address.
    pub address: IpAddr,
    /// Who states it.
    pub holder: Holder,
}

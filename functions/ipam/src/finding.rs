//! What is wrong or useless about pools.

use std::net::IpAddr;

use crate::outcome::Severity;
use crate::range::AddrRange;

/// A contradiction between pools, or configuration of a pool that does nothing. Numbers are indices into
/// [`Input::pools`](crate::Input).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// An IPv4-mapped IPv6 prefix.
    MappedIpv4 {
        /// The pool; it serves nobody.
        pool: usize,
    },
    /// Host bits in a prefix that cannot name a gateway: only a network IPPrefix does.
    HostBits {
        /// The pool.
        pool: usize,
    },
    /// The prefix in address notation names the broadcast address as gateway.
    GatewayIsBroadcast {
        /// The pool.
        pool: usize,
        /// The address.
        address: IpAddr,
    },
    /// Two objects state the same prefix and disagree.
    Disagree {
        /// The first in the order of keys; it is the one that counts.
        first: usize,
        /// The other.
        second: usize,
        /// In what.
        what: Disagreement,
    },
    /// The nesting table does not allow the child in the parent.
    Nesting {
        /// The longer prefix.
        child: usize,
        /// The shorter prefix.
        parent: usize,
    },
    /// An exclusion that lies outside its pool, wholly or in part.
    ExclusionOutside {
        /// The pool.
        pool: usize,
        /// The exclusion.
        range: AddrRange,
    },
    /// A range that lies outside its pool, wholly or in part.
    RangeOutside {
        /// The pool.
        pool: usize,
        /// The range.
        range: AddrRange,
    },
}

/// In what two objects disagree that state the same prefix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Disagreement {
    /// The kind.
    Kind,
    /// The gateway's address; `None` for none.
    Gateway {
        /// Of the first.
        first: Option<IpAddr>,
        /// Of the second.
        second: Option<IpAddr>,
    },
    /// The labels, system labels aside: the keys whose values differ.
    Labels {
        /// The keys.
        keys: Vec<String>,
    },
}

impl Finding {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::MappedIpv4 { .. } => "ipv4-mapped",
            Self::HostBits { .. } => "host-bits",
            Self::GatewayIsBroadcast { .. } => "gateway-is-broadcast",
            Self::Disagree { .. } => "pool-disagrees",
            Self::Nesting { .. } => "pool-nesting",
            Self::ExclusionOutside { .. } => "exclusion-outside-pool",
            Self::RangeOutside { .. } => "range-outside-pool",
        }
    }

    /// The pool that the finding is about; of two, the one that is to be changed first.
    pub fn pool(&self) -> usize {
        match self {
            Self::MappedIpv4 { pool }
            | Self::HostBits { pool }
            | Self::GatewayIsBroadcast { pool, .. }
            | Self::ExclusionOutside { pool, .. }
            | Self::RangeOutside { pool, .. }
            | Self::Disagree { second: pool, .. }
            | Self::Nesting { child: pool, .. } => *pool,
        }
    }

    /// How bad it is.
    pub fn severity(&self) -> Severity {
        match self {
            Self::MappedIpv4 { .. }
            | Self::HostBits { .. }
            | Self::GatewayIsBroadcast { .. }
            | Self::Disagree { .. }
            | Self::Nesting { .. } => Severity::Error,
            Self::ExclusionOutside { .. } | Self::RangeOutside { .. } => Severity::Warning,
        }
    }
}

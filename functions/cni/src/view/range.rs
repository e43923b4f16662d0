//! A range from which an IPAM plugin hands out addresses at run time.

use super::address_set::AddressSet;
use crate::json::Node;
use ipnet::IpNet;
use std::fmt;
use std::net::IpAddr;
use thiserror::Error;

/// The IPAM plugin of a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Allocator {
    /// Whereabouts: one set of leases for the cluster.
    Whereabouts,
    /// host-local: leases on each node of its own, so each node hands out the whole range.
    HostLocal,
}

impl fmt::Display for Allocator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Whereabouts => "whereabouts",
            Self::HostLocal => "host-local",
        })
    }
}

/// A range from which addresses are handed out at run time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DynamicRange {
    /// Where it stands: `plugins[0].ipam` or `plugins[0].ipam.ipRanges[1]`.
    pub path: String,
    /// Who hands out.
    pub allocator: Allocator,
    /// The subnet; pods get their address with its length.
    pub subnet: IpNet,
    /// Every address that may be handed out, lowest first in practice.
    pub addresses: AddressSet,
    /// The gateway of the configuration, where it states one. host-local keeps it out of `addresses`, Whereabouts does
    /// not.
    pub gateway: Option<IpAddr>,
}

/// A range that the IPAM plugin refuses, so that pods of the configuration do not start.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{path}: found {found}, but {fault}")]
pub struct RangeError {
    /// Where: `plugins[0].ipam.exclude[0]`.
    pub path: String,
    /// What stands there.
    pub found: String,
    /// What is wrong with it.
    pub fault: RangeFault,
}

impl RangeError {
    /// The `fault` of `key` in the object that describes a range.
    pub(super) fn at(entry: &Node<'_>, key: &str, fault: RangeFault) -> Self {
        let node = entry.get(key);
        Self { path: entry.path_of(key), found: node.map_or_else(|| "nothing".to_owned(), |node| node.found()), fault }
    }
}

/// What is wrong with a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum RangeFault {
    /// No subnet can be read.
    #[error("a range is written address/length")]
    Cidr,
    /// The subnet has no usable address by the plugin's count.
    #[error("the subnet is too small: nothing is left without its first and last address")]
    TooSmall,
    /// The first address of `start-end/length`, or host-local's `rangeStart`, cannot be read.
    #[error("the range does not start with an IP address")]
    Start,
    /// The range starts outside its subnet.
    #[error("the range starts outside its subnet")]
    StartOutside,
    /// host-local's `rangeEnd` cannot be read, lies outside the subnet or before the start.
    #[error("the range does not end with an address of its subnet at or after its start")]
    End,
    /// host-local's `subnet` has host bits.
    #[error("the subnet has host bits")]
    HostBits,
    /// An entry of Whereabouts' `exclude` is neither a block nor an address.
    #[error("an exclusion is a block or an address")]
    Exclude,
}

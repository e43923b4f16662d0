//! What a plan is made from: the pools and claims that lie in one package tree, and how to treat them.

use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use ipnet::IpNet;
use thiserror::Error;

use crate::key::Key;
use crate::range::AddrRange;
use crate::selector::Selector;

/// Everything that one plan sees. The order of `pools` and `claims` has no influence on the plan.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Input {
    /// The prefixes from which addresses and blocks are given. A [`PoolRef::Pool`](crate::PoolRef) is an index into this.
    pub pools: Vec<Pool>,
    /// The requests, resolved or not. [`Plan::outcomes`](crate::Plan) has one entry for each, at the same index.
    pub claims: Vec<Claim>,
    /// How to choose and how strict to be.
    pub settings: Settings,
}

/// One overlapping-address domain (VRF): equal addresses in two network instances are no conflict.
///
/// An absent namespace in a reference means `default`; whoever builds the input fills it in.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Instance {
    /// Namespace of the network instance.
    pub namespace: String,
    /// Name of the network instance.
    pub name: String,
}

impl Instance {
    /// The network instance `namespace`/`name`.
    pub fn new(namespace: impl Into<String>, name: impl Into<String>) -> Self {
        Self { namespace: namespace.into(), name: name.into() }
    }
}

impl fmt::Display for Instance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.namespace, self.name)
    }
}

/// Address family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Family {
    /// IPv4, 32 bits.
    V4,
    /// IPv6, 128 bits.
    V6,
}

impl Family {
    /// The family of a prefix.
    pub fn of(prefix: &IpNet) -> Self {
        match prefix {
            IpNet::V4(_) => Self::V4,
            IpNet::V6(_) => Self::V6,
        }
    }

    /// The family of an address.
    pub fn of_addr(addr: &IpAddr) -> Self {
        match addr {
            IpAddr::V4(_) => Self::V4,
            IpAddr::V6(_) => Self::V6,
        }
    }

    /// Width of an address in bits: 32 or 128.
    pub fn bits(self) -> u8 {
        match self {
            Self::V4 => 32,
            Self::V6 => 128,
        }
    }

    /// The value of the label `nephio.org/address-family`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V4 => "ipv4",
            Self::V6 => "ipv6",
        }
    }
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that is none of the values a field knows.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{found}` is not one of {expected}")]
pub struct UnknownWord {
    /// What was written.
    pub found: String,
    /// The valid words, for a message.
    pub expected: &'static str,
}

impl FromStr for Family {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        match text {
            "ipv4" => Ok(Self::V4),
            "ipv6" => Ok(Self::V6),
            _ => Err(UnknownWord { found: text.to_owned(), expected: "ipv4, ipv6" }),
        }
    }
}

/// What a pool is for, or what a claim asks from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A subnet of attachments: the first address, IPv4's last and the gateway are never given.
    Network,
    /// Single addresses, /32 or /128; nothing is reserved.
    Loopback,
    /// Space for DHCP, NAT or UE pools, given in blocks; nothing is reserved.
    Pool,
    /// Top-level space that holds all other kinds.
    Aggregate,
}

impl Kind {
    /// The word in `spec.kind` and in the label `nephio.org/prefix-kind`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Network => "network",
            Self::Loopback => "loopback",
            Self::Pool => "pool",
            Self::Aggregate => "aggregate",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Kind {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        match text {
            "network" => Ok(Self::Network),
            "loopback" => Ok(Self::Loopback),
            "pool" => Ok(Self::Pool),
            "aggregate" => Ok(Self::Aggregate),
            _ => Err(UnknownWord { found: text.to_owned(), expected: "network, loopback, pool, aggregate" }),
        }
    }
}

/// The kind of object that states a pool. An IPPrefix wins over the other two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PoolSource {
    /// An `IPPrefix`: the only source whose pools can have a gateway, an exclusion or a range of their own.
    IpPrefix,
    /// An entry of a `NetworkInstance`'s spec.prefixes.
    NetworkInstance,
    /// An entry of a `Network`'s routing table.
    Network,
}

/// One stated prefix from which addresses or blocks are given.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pool {
    /// Identity of the stating object; its name and namespace become the labels `nephio.org/nsn-name` and `-namespace`.
    pub key: Key,
    /// Which kind of object states it.
    pub source: PoolSource,
    /// The network instance whose space it is.
    pub instance: Instance,
    /// What it is for.
    pub kind: Kind,
    /// The prefix as written, host bits kept: for a network IPPrefix they name the gateway.
    pub prefix: IpNet,
    /// metadata.labels overlaid by spec.labels (or the entry's labels); the system labels are added by the plan.
    /// `nephio.org/gateway` is read from here.
    pub labels: BTreeMap<String, String>,
    /// Addresses that are never given (annotation `krmnet.dev/exclude`).
    pub exclude: Vec<AddrRange>,
    /// The only addresses that are given (annotation `krmnet.dev/range`).
    pub range: Option<AddrRange>,
}

impl Pool {
    /// A pool without labels and without exclusions, stated by an IPPrefix.
    pub fn new(key: Key, instance: Instance, kind: Kind, prefix: IpNet) -> Self {
        Self {
            key,
            source: PoolSource::IpPrefix,
            instance,
            kind,
            prefix,
            labels: BTreeMap::new(),
            exclude: Vec::new(),
            range: None,
        }
    }
}

/// What a claim's status states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Status {
    /// status.prefix: an address with its length, or a block.
    pub prefix: IpNet,
    /// status.gateway; `None` when absent or empty.
    pub gateway: Option<IpAddr>,
}

/// One request for an address or a block.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Claim {
    /// Identity and place in the processing order.
    pub key: Key,
    /// spec.networkInstance.
    pub instance: Instance,
    /// spec.kind.
    pub kind: Kind,
    /// spec.createPrefix is `true`: a block is asked for (`false` means absent).
    pub create_prefix: bool,
    /// spec.prefix, host bits kept: the claim is static.
    pub prefix: Option<IpNet>,
    /// spec.prefixLength.
    pub prefix_length: Option<u8>,
    /// spec.index: the n-th address or block of the pool.
    pub index: Option<u32>,
    /// spec.addressFamily.
    pub family: Option<Family>,
    /// spec.selector: which pools may serve.
    pub selector: Selector,
    /// spec.labels: of the block as a pool; `nephio.org/gateway: "true"` makes an address claim its subnet's gateway.
    pub labels: BTreeMap<String, String>,
    /// What the tree already holds for this claim.
    pub status: Option<Status>,
    /// Annotated `specializer.nephio.org/delete`: gets nothing new, what it states stays held.
    pub delete: bool,
    /// Annotated `nephio.org/action: get`: nothing is taken, the status names the first candidate pool.
    pub get: bool,
}

impl Claim {
    /// A dynamic claim for one address of `kind`, from any pool of the network instance.
    pub fn new(key: Key, instance: Instance, kind: Kind) -> Self {
        Self {
            key,
            instance,
            kind,
            create_prefix: false,
            prefix: None,
            prefix_length: None,
            index: None,
            family: None,
            selector: Selector::default(),
            labels: BTreeMap::new(),
            status: None,
            delete: false,
            get: false,
        }
    }

    /// The same claim, asking for a block of `length` instead of an address.
    #[must_use]
    pub fn block(mut self, length: u8) -> Self {
        self.create_prefix = true;
        self.prefix_length = Some(length);
        self
    }
}

/// Which free address or block is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// The lowest free one.
    #[default]
    Lowest,
    /// From the smallest free aligned block that is large enough, the lowest of equals: what Nephio's backend does.
    BestFit,
}

/// How to choose and how strict to be (functionConfig).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Settings {
    /// `order`.
    pub order: Order,
    /// `fromAggregate`: where no pool of its own kind matches, an address comes straight from an aggregate.
    pub from_aggregate: bool,
    /// `strictSelectors`: plain Kubernetes semantics, also for topology keys.
    pub strict_selectors: bool,
    /// `conflict: Reallocate`: a dynamic claim in conflict gets a new address instead of an error.
    pub reallocate: bool,
}

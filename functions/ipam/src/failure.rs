//! Why a claim is wrong: the inputs contradict each other.

use std::net::IpAddr;
use std::sync::Arc;

use ipnet::IpNet;

use crate::explain::{Explanation, Usage};
use crate::input::{Family, Kind};
use crate::outcome::{ExistingGateway, Holder, PoolRef};
use crate::range::AddrRange;
use crate::selector::Operator;

/// Why a claim is wrong. Every variant names what was found and what it collides with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The claim contradicts itself, whatever the pools are.
    Form(FormError),
    /// Two objects state the same address.
    AddressConflict {
        /// The address.
        address: IpAddr,
        /// Who holds it.
        holder: Holder,
    },
    /// A block overlaps another block, a pool, or an address held inside it.
    BlockConflict {
        /// This claim's block.
        block: IpNet,
        /// What it overlaps.
        with: IpNet,
        /// Who holds that.
        holder: Holder,
    },
    /// An address lies in a block that another claim holds.
    InForeignBlock {
        /// The address.
        address: IpAddr,
        /// The block.
        block: IpNet,
        /// Who holds it.
        holder: Holder,
    },
    /// The first or last address of the pool, where those are never given.
    Reserved {
        /// The address.
        address: IpAddr,
        /// The pool.
        pool: PoolRef,
        /// Which of the two.
        what: Reserved,
    },
    /// The address is the pool's gateway, or its default that stays reserved.
    IsGateway {
        /// The address.
        address: IpAddr,
        /// The pool.
        pool: PoolRef,
        /// Who states the gateway.
        holder: Holder,
    },
    /// The pool excludes it.
    Excluded {
        /// The address or block.
        prefix: IpNet,
        /// The pool.
        pool: PoolRef,
        /// The exclusion.
        range: AddrRange,
    },
    /// It lies outside the pool's range.
    OutOfRange {
        /// The address or block.
        prefix: IpNet,
        /// The pool.
        pool: PoolRef,
        /// The range.
        range: AddrRange,
    },
    /// The address lies in a pool of another kind.
    OtherKind {
        /// The address.
        address: IpAddr,
        /// The pool.
        pool: PoolRef,
        /// The pool's kind.
        found: Kind,
    },
    /// The nesting table does not allow such a block in that pool.
    Nesting {
        /// The block.
        block: IpNet,
        /// The pool.
        pool: PoolRef,
        /// The pool's kind.
        parent: Kind,
    },
    /// A static network address is not written with its pool's length.
    WrongLength {
        /// As written.
        found: IpNet,
        /// The length it should have.
        expected: u8,
        /// The pool.
        pool: PoolRef,
    },
    /// spec.index points beyond the pool.
    IndexOutOfPool {
        /// spec.index.
        index: u32,
        /// How many addresses, or blocks of that length, the pool has; stops at `u128::MAX`.
        count: u128,
        /// The pool.
        pool: PoolRef,
    },
    /// The default gateway address is held by something else, so an unresolved gateway claim cannot have it.
    GatewayTaken {
        /// The default gateway address.
        address: IpAddr,
        /// The subnet.
        pool: PoolRef,
        /// Who holds it.
        holder: Holder,
    },
    /// The subnet, or every candidate subnet, already has a gateway. Never empty.
    GatewayExists(Vec<ExistingGateway>),
    /// spec.prefixLength is not longer than that of any matching pool.
    LengthTooShort {
        /// spec.prefixLength.
        asked: u8,
        /// The matching pools, in candidate order.
        pools: Vec<PoolRef>,
        /// How many more there are.
        omitted: usize,
    },
    /// All matching pools are full.
    Exhausted(Exhausted),
    /// A claim in conflict was to move, but there is no place for it. Its status stays.
    CannotMove {
        /// Why it could not stay.
        why: Box<Failure>,
        /// Why there is no other place.
        because: NoPlace,
    },
}

/// Nothing of the asked size is left in any matching pool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exhausted {
    /// Prefix length that was asked for; `None` for a single address.
    pub length: Option<u8>,
    /// The matching pools, in candidate order, as they are at the end of the run. Shared by all claims that ask the same.
    /// Empty where so much was said of other claims that it is not told of this one.
    pub pools: Arc<Vec<Usage>>,
}

/// Why there is no place for a claim that had to move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoPlace {
    /// No pool matches.
    NoPool(Arc<Explanation>),
    /// What a claim without a status would have been told.
    Failed(Box<Failure>),
}

/// An address that is never given to a claim of kind network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reserved {
    /// The subnet's first address: IPv4 network address, IPv6 subnet-router anycast (RFC 4291 2.6.1).
    First,
    /// The last address: IPv4 broadcast; of an aggregate in either family.
    Last,
}

/// What is wrong with a claim by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FormError {
    /// An IPv4-mapped IPv6 prefix (`::ffff:10.0.0.0/104`).
    MappedIpv4(IpNet),
    /// Kind aggregate without spec.prefix.
    AggregateWithoutPrefix,
    /// Kind pool without createPrefix.
    PoolWithoutCreatePrefix,
    /// createPrefix without prefix and without prefixLength.
    CreatePrefixWithoutLength,
    /// prefixLength without prefix and without createPrefix.
    LengthWithoutCreatePrefix(u8),
    /// prefix and prefixLength disagree.
    LengthDisagrees {
        /// spec.prefix.
        prefix: IpNet,
        /// spec.prefixLength.
        length: u8,
    },
    /// prefixLength is longer than an address of the family.
    LengthOutOfRange {
        /// spec.prefixLength.
        length: u8,
        /// 32 or 128.
        max: u8,
    },
    /// prefix and index both say which.
    PrefixAndIndex {
        /// spec.prefix.
        prefix: IpNet,
        /// spec.index.
        index: u32,
    },
    /// A block is written with host bits.
    HostBits(IpNet),
    /// A static loopback address that is not a /32 or /128.
    LoopbackLength(IpNet),
    /// addressFamily, the selector's address-family label, prefix and prefixLength ask for different families.
    FamilyConflict {
        /// What one field asks for.
        first: (FamilyField, Family),
        /// What the other asks for.
        second: (FamilyField, Family),
    },
    /// The selector's `nephio.org/address-family` is neither ipv4 nor ipv6.
    UnknownFamily(String),
    /// `In` and `NotIn` need values, `Exists` and `DoesNotExist` must have none.
    Requirement {
        /// The label key.
        key: String,
        /// The operator.
        operator: Operator,
    },
}

/// A field that says which family is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FamilyField {
    /// spec.addressFamily.
    AddressFamily,
    /// spec.selector, label `nephio.org/address-family`.
    Selector,
    /// spec.prefix.
    Prefix,
    /// spec.prefixLength over 32.
    PrefixLength,
}

impl Failure {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Form(form) => form.code(),
            Self::AddressConflict { .. } => "address-conflict",
            Self::BlockConflict { .. } => "block-conflict",
            Self::InForeignBlock { .. } => "in-foreign-block",
            Self::Reserved { .. } => "address-reserved",
            Self::IsGateway { .. } => "address-is-gateway",
            Self::Excluded { .. } => "address-excluded",
            Self::OutOfRange { .. } => "address-out-of-range",
            Self::OtherKind { .. } => "other-kind",
            Self::Nesting { .. } => "block-nesting",
            Self::WrongLength { .. } => "wrong-length",
            Self::IndexOutOfPool { .. } => "index-out-of-pool",
            Self::GatewayTaken { .. } => "gateway-taken",
            Self::GatewayExists(_) => "gateway-exists",
            Self::LengthTooShort { .. } => "prefix-length-too-short",
            Self::Exhausted(_) => "pool-exhausted",
            Self::CannotMove { .. } => "cannot-move",
        }
    }
}

impl FormError {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::MappedIpv4(_) => "ipv4-mapped",
            Self::AggregateWithoutPrefix => "aggregate-without-prefix",
            Self::PoolWithoutCreatePrefix => "pool-without-create-prefix",
            Self::CreatePrefixWithoutLength => "create-prefix-without-length",
            Self::LengthWithoutCreatePrefix(_) => "length-without-create-prefix",
            Self::LengthDisagrees { .. } => "prefix-length-disagrees",
            Self::LengthOutOfRange { .. } => "prefix-length-out-of-range",
            Self::PrefixAndIndex { .. } => "prefix-and-index",
            Self::HostBits(_) => "host-bits",
            Self::LoopbackLength(_) => "loopback-length",
            Self::FamilyConflict { .. } => "family-conflict",
            Self::UnknownFamily(_) => "unknown-family",
            Self::Requirement { .. } => "selector-invalid",
        }
    }
}

//! What a claim asks for, once its fields are found to agree with each other.

use ipnet::IpNet;

use crate::failure::{FamilyField, FormError};
use crate::input::{Claim, Family, Kind};
use crate::labels::{ADDRESS_FAMILY, GATEWAY};
use crate::selector::Operator;
use crate::world::InstanceId;

/// A claim whose fields agree.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Request<'a> {
    /// Index into the input's claims.
    pub(crate) index: usize,
    pub(crate) claim: &'a Claim,
    pub(crate) instance: InstanceId,
    /// The family that is asked for; `None` for any.
    pub(crate) family: Option<Family>,
    pub(crate) want: Want,
    /// It is the gateway of its subnet.
    pub(crate) is_gateway: bool,
}

/// What exactly is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Want {
    /// Any free address.
    Address,
    /// Any free block of this length.
    Block(u8),
    /// Exactly this address, written with its pool's length.
    StaticAddress(IpNet),
    /// Exactly this block.
    StaticBlock(IpNet),
    /// The pool's n-th address.
    IndexedAddress(u32),
    /// The pool's n-th block of this length.
    IndexedBlock { index: u32, length: u8 },
    /// Only the first candidate pool's prefix.
    Get,
    /// Nothing: the claim is annotated for deletion. One that states no more than its index still points to a place.
    Nothing,
}

impl Claim {
    /// Whether its status and spec.prefix are blocks, not addresses.
    pub(crate) fn is_block(&self) -> bool {
        self.create_prefix || matches!(self.kind, Kind::Pool | Kind::Aggregate)
    }

    fn is_gateway(&self) -> bool {
        self.kind == Kind::Network && !self.is_block() && self.labels.get(GATEWAY).is_some_and(|value| value == "true")
    }
}

impl Request<'_> {
    /// Whether an aggregate may serve its address: never that of a gateway, which an aggregate has not.
    pub(crate) fn takes_from_aggregate(&self, from_aggregate: bool) -> bool {
        from_aggregate && !self.is_gateway
    }

    pub(crate) fn is_indexed(&self) -> bool {
        matches!(self.want, Want::IndexedAddress(_) | Want::IndexedBlock { .. })
    }
}

/// What a claim asks for, or why its fields contradict each other.
pub(crate) fn read<'a>(index: usize, claim: &'a Claim, instance: InstanceId) -> Result<Request<'a>, FormError> {
    let request = |family, want| Request { index, claim, instance, family, want, is_gateway: claim.is_gateway() };
    if claim.delete {
        let (family, want) = pointed_at(claim).unwrap_or((None, Want::Nothing));
        return Ok(request(family, want));
    }
    let stated = claim.status.map(|status| status.prefix);
    for prefix in claim.prefix.into_iter().chain(stated) {
        if is_mapped(&prefix) {
            return Err(FormError::MappedIpv4(prefix));
        }
    }
    check_selector(claim)?;
    if claim.get {
        return Ok(request(family(claim)?, Want::Get));
    }
    check_lengths(claim)?;
    let family = family(claim)?;
    Ok(request(family, want(claim, family)?))
}

/// What a claim that goes points to by its index, where that is all that it states and its fields agree.
fn pointed_at(claim: &Claim) -> Option<(Option<Family>, Want)> {
    if claim.get || claim.index.is_none() || claim.prefix.is_some() || claim.status.is_some() {
        return None;
    }
    check_selector(claim).and_then(|()| check_lengths(claim)).ok()?;
    let family = family(claim).ok()?;
    Some((family, want(claim, family).ok()?))
}

/// An IPv4 address in IPv6 clothes. It would compare unequal to the IPv4 address that it is.
pub(crate) fn is_mapped(prefix: &IpNet) -> bool {
    matches!(prefix, IpNet::V6(v6) if v6.addr().to_ipv4_mapped().is_some())
}

fn check_selector(claim: &Claim) -> Result<(), FormError> {
    for requirement in &claim.selector.match_expressions {
        let needs_values = matches!(requirement.operator, Operator::In | Operator::NotIn);
        if needs_values == requirement.values.is_empty() {
            return Err(FormError::Requirement { key: requirement.key.clone(), operator: requirement.operator });
        }
    }
    Ok(())
}

fn check_lengths(claim: &Claim) -> Result<(), FormError> {
    match (claim.kind, claim.prefix) {
        (Kind::Aggregate, None) => return Err(FormError::AggregateWithoutPrefix),
        (Kind::Pool, _) if !claim.create_prefix => return Err(FormError::PoolWithoutCreatePrefix),
        _ => {}
    }
    match (claim.prefix, claim.prefix_length) {
        (Some(prefix), Some(length)) if prefix.prefix_len() != length => {
            Err(FormError::LengthDisagrees { prefix, length })
        }
        (None, None) if claim.create_prefix => Err(FormError::CreatePrefixWithoutLength),
        (None, Some(length)) if !claim.create_prefix => Err(FormError::LengthWithoutCreatePrefix(length)),
        _ => Ok(()),
    }
}

/// The one family that all fields which say something agree on.
fn family(claim: &Claim) -> Result<Option<Family>, FormError> {
    let selected = claim
        .selector
        .match_labels
        .get(ADDRESS_FAMILY)
        .map(|word| word.parse().map_err(|_| FormError::UnknownFamily(word.clone())))
        .transpose()?;
    let long = claim.prefix_length.filter(|&length| length > Family::V4.bits());
    let says = [
        (FamilyField::AddressFamily, claim.family),
        (FamilyField::Selector, selected),
        (FamilyField::Prefix, claim.prefix.as_ref().map(Family::of)),
        (FamilyField::PrefixLength, long.map(|_| Family::V6)),
    ];
    let mut said = says.into_iter().filter_map(|(field, family)| Some((field, family?)));
    let Some(first) = said.next() else {
        return Ok(None);
    };
    match said.find(|(_, family)| *family != first.1) {
        Some(second) => Err(FormError::FamilyConflict { first, second }),
        None => Ok(Some(first.1)),
    }
}

fn want(claim: &Claim, family: Option<Family>) -> Result<Want, FormError> {
    if let (Some(prefix), Some(index)) = (claim.prefix, claim.index) {
        return Err(FormError::PrefixAndIndex { prefix, index });
    }
    if let Some(prefix) = claim.prefix {
        return match (claim.is_block(), claim.kind) {
            (true, _) if prefix != prefix.trunc() => Err(FormError::HostBits(prefix)),
            (true, _) => Ok(Want::StaticBlock(prefix)),
            (false, Kind::Loopback) if prefix.prefix_len() != prefix.max_prefix_len() => {
                Err(FormError::LoopbackLength(prefix))
            }
            (false, _) => Ok(Want::StaticAddress(prefix)),
        };
    }
    if let Some(length) = claim.prefix_length {
        let max = family.unwrap_or(Family::V6).bits();
        if length > max {
            return Err(FormError::LengthOutOfRange { length, max });
        }
    }
    Ok(match (claim.prefix_length, claim.index) {
        (Some(length), None) => Want::Block(length),
        (Some(length), Some(index)) => Want::IndexedBlock { index, length },
        (None, Some(index)) => Want::IndexedAddress(index),
        (None, None) => Want::Address,
    })
}

//! "The gateway and what is never given".

use std::net::IpAddr;

use ipam::{Claim, Kind};

use super::addresses::all_usable;
use super::pools::{GATEWAY_LABEL, Pool, StatedGateway};

/// A claim that is the gateway of its subnet.
pub(crate) fn is_gateway_claim(claim: &Claim) -> bool {
    claim.kind == Kind::Network
        && !claim.create_prefix
        && claim.labels.get(GATEWAY_LABEL).is_some_and(|value| value == "true")
}

/// Whether the pool's own address notation or default makes the address a gateway: never given to ordinary claims.
pub(crate) fn is_stated_gateway(pool: &Pool, address: IpAddr) -> bool {
    pool.gateway.address() == Some(address)
}

/// Whether a gateway claim would stand beside address notation.
pub(crate) fn has_named_gateway(pool: &Pool) -> bool {
    matches!(pool.gateway, StatedGateway::Named(_))
}

/// The first address, and the last where it is never given, to a claim of kind network.
pub(crate) fn is_reserved(claim: &Claim, pool: &Pool, address: IpAddr) -> bool {
    if claim.kind != Kind::Network || all_usable(&pool.prefix) {
        return false;
    }
    let last_is_reserved = address.is_ipv4() || pool.kind == Kind::Aggregate;
    address == pool.prefix.network() || (last_is_reserved && address == pool.prefix.broadcast())
}

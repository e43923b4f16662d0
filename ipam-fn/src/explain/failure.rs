//! Why a claim is wrong, what it collides with, and what to do.

use std::net::IpAddr;

use ipam::{Claim, Exhausted, ExistingGateway, Failure, Holder, NoPlace, Owner, PoolRef, Reserved, Role};
use ipnet::IpNet;
use krm::{Field, Finding};

use super::names::{Names, Stated, asked};
use super::{Told, form, usage, waiting};

/// The finding of the claim at `at`. Of pools that are full, `told` is where it is told how full they are.
pub(super) fn finding(names: Names<'_>, at: usize, failure: &Failure, told: Told) -> Option<Finding> {
    let claim = names.claim(at)?;
    if let Failure::Exhausted(exhausted) = failure {
        let where_told = match told {
            Told::Here => None,
            Told::By(first) => Some(format!("see {} for how full they are", names.claim_with_file(first))),
            Told::Nowhere => Some("settle other claims first, how full they are is told of so many only".to_owned()),
        };
        if let Some(where_told) = where_told {
            let message = format!("{}: {where_told}", no_room(claim, exhausted));
            return Some(Finding::error(failure.code(), message).field("spec"));
        }
    }
    if let Failure::Form(error) = failure {
        return Some(form::finding(claim, error));
    }
    let what = reason(names, claim, failure);
    let message = match remedy(names, claim, failure) {
        Some(remedy) => format!("{what}{}{remedy}", if what.contains('\n') { "\n" } else { ". " }),
        None => what,
    };
    Some(Finding::error(failure.code(), message).field(field(claim, failure)))
}

fn field(claim: &Claim, failure: &Failure) -> Field {
    let stated = Stated::by(claim);
    let current = match stated {
        Stated::Prefix => claim.prefix.map(|prefix| prefix.to_string()),
        Stated::Index => claim.index.map(|index| index.to_string()),
        Stated::Status => claim.status.map(|status| status.prefix.to_string()),
        Stated::Nothing => None,
    };
    match failure {
        Failure::LengthTooShort { asked, .. } => Field::new("spec.prefixLength").current(asked.to_string()),
        Failure::GatewayTaken { .. } | Failure::GatewayExists(_) => Field::new("spec.labels.nephio.org/gateway"),
        Failure::Exhausted(_) => Field::new("spec"),
        Failure::WrongLength { found, expected, .. } => {
            Field { current, ..Field::new(stated.field()) }.proposed(format!("{}/{expected}", found.addr()))
        }
        _ => Field { current, ..Field::new(stated.field()) },
    }
}

/// What is wrong, as the beginning of a sentence without a full stop, or as lines.
pub(super) fn reason(names: Names<'_>, claim: &Claim, failure: &Failure) -> String {
    reason_of(names, claim, Stated::by(claim), failure)
}

/// The same of a claim that may state something else by another of its fields.
pub(super) fn reason_of(names: Names<'_>, claim: &Claim, stated: Stated, failure: &Failure) -> String {
    let server = |pool: &PoolRef| names.server_with_file(*pool);
    let stated = stated.field();
    // An index does not show what it stands for.
    let index = claim.index.map(|index| format!(" (index {index})")).unwrap_or_default();
    match failure {
        Failure::Form(error) => form::finding(claim, error).message,
        Failure::AddressConflict { address, holder } => {
            format!("{address} has two owners: {stated} of this claim, and {}", names.holder(*holder))
        }
        Failure::BlockConflict { block, with, holder } if block == with => {
            format!("{block} has two owners: {stated} of this claim, and {}", names.holder(*holder))
        }
        Failure::BlockConflict { block, with, holder } => {
            format!("the block {block}{index} overlaps {with}, which {} holds", names.holder(*holder))
        }
        Failure::InForeignBlock { address, block, holder } => {
            format!("{address}{index} lies in the block {block}, which {} holds", names.holder(*holder))
        }
        Failure::Reserved { address, pool, what } => {
            format!("{address}{index} is {} of {}, which is never given", reserved(what, address), server(pool))
        }
        Failure::IsGateway { address, pool, holder } => is_gateway(names, &index, *address, *pool, *holder),
        Failure::Excluded { prefix, pool, range } => {
            format!("{}{index} is excluded from {}: krmnet.dev/exclude states {range}", shown(prefix), server(pool))
        }
        Failure::OutOfRange { prefix, pool, range } => format!(
            "{}{index} lies outside the range of {}: krmnet.dev/range states {range}",
            shown(prefix),
            server(pool)
        ),
        Failure::OtherKind { address, pool, found } => format!(
            "{address}{index} lies in {}, which is of kind {found}; the claim is of kind {}",
            server(pool),
            claim.kind
        ),
        Failure::Nesting { block, pool, parent } => format!(
            "the block {block}{index} of kind {} lies in {}, which is of kind {parent}: {}",
            claim.kind,
            server(pool),
            super::pools::may_lie_in(claim.kind)
        ),
        Failure::WrongLength { found, expected, pool } => format!(
            "{found} lies in {}: an address of a network is written with the length of its subnet, {}/{expected}",
            server(pool),
            found.addr()
        ),
        Failure::IndexOutOfPool { index, count, pool } => format!(
            "index {index} lies beyond {}, which has {} {}, counted from index 0",
            server(pool),
            usage::count(*count),
            if claim.create_prefix { "blocks of that length" } else { "addresses" }
        ),
        Failure::GatewayTaken { address, pool, holder } => format!(
            "{address}, the default gateway address of {}, is held by {}, so that this gateway claim cannot have it",
            server(pool),
            names.holder(*holder)
        ),
        Failure::GatewayExists(gateways) => gateway_exists(names, gateways),
        Failure::LengthTooShort { asked, pools, omitted } => {
            let mut pools: Vec<String> = pools.iter().map(|pool| format!("\n- {}", server(pool))).collect();
            if *omitted > 0 {
                pools.push(format!("\n- and {omitted} more"));
            }
            format!(
                "no matching pool is large enough for a /{asked}: a block is longer than its pool{}",
                pools.concat()
            )
        }
        Failure::Exhausted(exhausted) => exhausted_lines(names, claim, exhausted),
        Failure::CannotMove { why, because } => {
            let because = match because {
                NoPlace::NoPool(explanation) => {
                    format!("no pool matches{}", waiting::explanation(names, explanation))
                }
                NoPlace::Failed(failure) => reason(names, claim, failure),
            };
            format!(
                "the claim should move, since {}; but there is no other place for it, so that its status stays: {because}",
                reason(names, claim, why)
            )
        }
    }
}

fn shown(prefix: &IpNet) -> String {
    if prefix.prefix_len() == prefix.max_prefix_len() { prefix.addr().to_string() } else { prefix.to_string() }
}

fn reserved(what: &Reserved, address: &IpAddr) -> &'static str {
    match (what, address) {
        (Reserved::First, IpAddr::V4(_)) => "the network address",
        (Reserved::First, IpAddr::V6(_)) => "the subnet-router anycast address (RFC 4291 2.6.1)",
        (Reserved::Last, IpAddr::V4(_)) => "the broadcast address",
        (Reserved::Last, IpAddr::V6(_)) => "the last address",
    }
}

fn is_gateway(names: Names<'_>, index: &str, address: IpAddr, pool: PoolRef, holder: Holder) -> String {
    let server = names.server_with_file(pool);
    if is_own(pool, holder) {
        return format!("{address}{index} is reserved as the gateway of {server}");
    }
    format!("{address}{index} is the gateway of {server}, stated by {}", names.holder(holder))
}

/// Whether a gateway is stated by the pool itself.
fn is_own(pool: PoolRef, holder: Holder) -> bool {
    matches!((holder.owner, pool), (Owner::Pool(holder), PoolRef::Pool(pool)) if holder == pool)
}

fn gateway_exists(names: Names<'_>, gateways: &[ExistingGateway]) -> String {
    let stated = |gateway: &ExistingGateway| match is_own(gateway.pool, gateway.holder) {
        true => format!("{}, stated by its prefix", gateway.address),
        false => format!("{}, stated by {}", gateway.address, names.holder(gateway.holder)),
    };
    match gateways {
        [one] => format!("{} has a gateway already: {}", names.server_with_file(one.pool), stated(one)),
        several => {
            let lines = several
                .iter()
                .map(|gateway| format!("\n- {}: {}", names.server_with_file(gateway.pool), stated(gateway)));
            format!(
                "every subnet that could serve this gateway claim has a gateway already:{}",
                lines.collect::<String>()
            )
        }
    }
}

fn exhausted_lines(names: Names<'_>, claim: &Claim, exhausted: &Exhausted) -> String {
    let lines = exhausted.pools.iter().map(|pool| format!("\n- {}", usage::line(names, pool)));
    format!("{}:{}", no_room(claim, exhausted), lines.collect::<String>())
}

fn no_room(claim: &Claim, exhausted: &Exhausted) -> String {
    let matching = if exhausted.pools.len() == 1 { "the matching pool" } else { "any of the matching pools" };
    format!("no room is left for {} in {matching}", asked(claim))
}

/// What to do about it.
fn remedy(names: Names<'_>, claim: &Claim, failure: &Failure) -> Option<String> {
    Some(match failure {
        Failure::AddressConflict { holder, .. }
        | Failure::BlockConflict { holder, .. }
        | Failure::InForeignBlock { holder, .. } => settle(names, claim, failure, *holder),
        Failure::Exhausted(_) => {
            "Add a pool that the claim matches, widen one, or free what is not needed any more".to_owned()
        }
        Failure::LengthTooShort { .. } => "Ask for a longer spec.prefixLength, or add a larger pool".to_owned(),
        Failure::GatewayTaken { holder, .. } => {
            let other = match holder.role {
                Role::Static => "State another spec.prefix of the other",
                Role::Index => "State another spec.index of the other",
                Role::Status | Role::New => "Remove the other's status, so that it gets another address",
                Role::Prefix | Role::Gateway => "Change the other",
            };
            format!("{other}, or state spec.prefix of this gateway claim")
        }
        Failure::GatewayExists(gateways) if gateways.iter().any(|gateway| is_own(gateway.pool, gateway.holder)) => {
            "Remove this claim or its label nephio.org/gateway, or write the pool in prefix notation".to_owned()
        }
        Failure::GatewayExists(_) => "Remove this claim or its label nephio.org/gateway".to_owned(),
        Failure::CannotMove { .. } => "Add a pool that the claim matches, or settle the conflict by hand".to_owned(),
        Failure::WrongLength { .. } | Failure::Form(_) => return None,
        _ => elsewhere(claim),
    })
}

/// How the claim itself gets another address.
fn elsewhere(claim: &Claim) -> String {
    let what = if claim.create_prefix { "block" } else { "address" };
    match Stated::by(claim) {
        Stated::Prefix => format!("State another {what} in spec.prefix"),
        Stated::Index => "State another spec.index".to_owned(),
        Stated::Status | Stated::Nothing => format!(
            "Remove the claim's status and render again, or let it move (krmnet render --reallocate, or conflict: Reallocate \
             in the functionConfig): it then gets another {what}"
        ),
    }
}

/// How one of two owners gets another address.
fn settle(names: Names<'_>, claim: &Claim, failure: &Failure, holder: Holder) -> String {
    let this = elsewhere(claim);
    if let Owner::Claim(other) = holder.owner
        && names.claim(other).is_some_and(|other| other.delete)
    {
        return format!(
            "Delete the other, which is about to go (annotation specializer.nephio.org/delete), and render again; or else: {this}"
        );
    }
    match (Stated::by(claim), holder, failure) {
        (Stated::Status, Holder { role: Role::Status, .. }, Failure::AddressConflict { .. }) => {
            "Remove the status of the one that is the copy, or is not in use yet, and render again: it then gets another \
             address; if neither is in Git yet, run ipam-fn only in the package that holds the pools. krmnet render \
             --reallocate, or conflict: Reallocate in the functionConfig, moves this claim, as the later of the two"
                .to_owned()
        }
        (_, Holder { owner: Owner::Claim(_), role: Role::Status }, _) => format!("{this}; or remove the other's status"),
        (_, Holder { owner: Owner::Claim(_), role: Role::Static }, _) => format!("{this}; or change the other's spec.prefix"),
        (_, Holder { owner: Owner::Claim(_), role: Role::Index }, _) => format!("{this}; or change the other's spec.index"),
        _ => this,
    }
}

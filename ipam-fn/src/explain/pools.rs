//! What is wrong or useless about pools.

use ipam::{Disagreement, Kind, PoolSource, Severity};
use krm::{Field, Finding};

use super::names::Names;

/// The finding, about the pool at fault; of two the later one.
pub(super) fn finding(names: Names<'_>, found: &ipam::Finding) -> Option<Finding> {
    let (pool, message) = words(names, found);
    let statement = names.tree.pools.get(pool)?;
    let severity = match found.severity() {
        Severity::Error => krm::Severity::Error,
        Severity::Warning => krm::Severity::Warning,
        Severity::Info => krm::Severity::Info,
    };
    let field = field(names, found, &statement.field, pool);
    Some(names.list.about(Finding::new(severity, found.code(), message), statement.item).field(field))
}

fn field(names: Names<'_>, found: &ipam::Finding, stated: &str, pool: usize) -> Field {
    match found {
        ipam::Finding::ExclusionOutside { range, .. } => {
            Field::new("metadata.annotations.krmnet.dev/exclude").current(range.to_string())
        }
        ipam::Finding::RangeOutside { range, .. } => {
            Field::new("metadata.annotations.krmnet.dev/range").current(range.to_string())
        }
        _ => {
            let field = Field::new(stated);
            match names.pool(pool) {
                Some(pool) => field.current(pool.prefix.to_string()),
                None => field,
            }
        }
    }
}

/// The pool at fault, and what is wrong with it.
fn words(names: Names<'_>, found: &ipam::Finding) -> (usize, String) {
    let prefix = |at: usize| names.pool(at).map(|pool| pool.prefix.to_string()).unwrap_or_default();
    let kind = |at: usize| names.pool(at).map(|pool| pool.kind.as_str()).unwrap_or_default();
    match found {
        ipam::Finding::MappedIpv4 { pool } => {
            (*pool, format!("{} is an IPv4-mapped IPv6 prefix: write it as IPv4", prefix(*pool)))
        }
        ipam::Finding::HostBits { pool } => (*pool, host_bits(names, *pool)),
        ipam::Finding::GatewayIsBroadcast { pool, address } => (
            *pool,
            format!(
                "{} names {address} as the gateway, which is the subnet's broadcast address: write the router's address, or \
                 the prefix alone ({}) for the first usable one",
                prefix(*pool),
                names.pool(*pool).map(|pool| pool.prefix.trunc().to_string()).unwrap_or_default()
            ),
        ),
        ipam::Finding::Disagree { first, second, what } => (*second, disagreement(names, *first, *second, what)),
        ipam::Finding::Nesting { child, parent } => (
            *child,
            format!(
                "{} of kind {} lies in {}, which is of kind {}: {}. Correct the kind of one of them, or choose prefixes that \
                 do not overlap",
                prefix(*child),
                kind(*child),
                names.pool_with_file(*parent),
                kind(*parent),
                names.pool(*child).map(|child| may_lie_in(child.kind)).unwrap_or_default()
            ),
        ),
        ipam::Finding::ExclusionOutside { pool, range } => (
            *pool,
            format!(
                "the exclusion {range} lies outside the prefix {}, wholly or in part: correct or remove it",
                prefix(*pool)
            ),
        ),
        ipam::Finding::RangeOutside { pool, range } => (
            *pool,
            format!(
                "the range {range} lies outside the prefix {}, wholly or in part, and only what is in both is given: correct it",
                prefix(*pool)
            ),
        ),
    }
}

fn host_bits(names: Names<'_>, at: usize) -> String {
    let Some(pool) = names.pool(at) else { return String::new() };
    let who = match pool.source {
        PoolSource::IpPrefix => "an IPPrefix of kind network",
        PoolSource::NetworkInstance | PoolSource::Network => "an IPPrefix",
    };
    format!("{} has host bits, which name a gateway only in {who}: write {}", pool.prefix, pool.prefix.trunc())
}

fn disagreement(names: Names<'_>, first: usize, second: usize, what: &Disagreement) -> String {
    let kind = |at: usize| names.pool(at).map(|pool| pool.kind.as_str()).unwrap_or_default();
    let gateway = |address: &Option<std::net::IpAddr>| match address {
        Some(address) => format!("the gateway {address}"),
        None => "no gateway".to_owned(),
    };
    let value =
        |at: usize, key: &str| names.pool(at).and_then(|pool| pool.labels.get(key)).map_or("absent", String::as_str);
    let values = |key: &str| format!("{} there, {} here", value(first, key), value(second, key));
    let difference = match what {
        Disagreement::Kind => format!("kind {} there, {} here", kind(first), kind(second)),
        Disagreement::Gateway { first, second } => format!("{} there, {} here", gateway(first), gateway(second)),
        Disagreement::Labels { keys } => {
            let keys: Vec<String> = keys.iter().map(|key| format!("{key} ({})", values(key))).collect();
            format!("other labels: {}", keys.join(", "))
        }
    };
    format!(
        "{} states the same prefix with {difference}. One prefix is one pool: make them agree, or delete one of the two",
        names.pool_with_file(first)
    )
}

/// The row of the nesting table.
pub(super) fn may_lie_in(kind: Kind) -> &'static str {
    match kind {
        Kind::Aggregate => "an aggregate may lie only in an aggregate",
        Kind::Network => "a network may lie only in an aggregate",
        Kind::Loopback => "a loopback may lie only in an aggregate, and as a /32 or /128 in a loopback",
        Kind::Pool => "a pool may lie only in an aggregate or a pool",
    }
}

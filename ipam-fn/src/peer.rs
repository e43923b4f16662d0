//! The Kptfile messages of claims that wait, as Nephio's ipam-fn passes them on from its backend: its controllers and users
//! know them. The result beside it says the same in words that help.

use std::collections::BTreeMap;

use api::conditions::db_not_initialized;
use ipam::{Claim, Explanation, Kind, Pending, PendingCause, PoolMiss, PoolRef};

/// A condition is there, but its claim is not.
pub(crate) const NO_CLAIM: &str = "expected a for object but got nil";

/// The message of a claim that waits. `stated_by` names the object behind a pool, as `namespace/name`.
pub(crate) fn waits(claim: &Claim, pending: &Pending, stated_by: impl Fn(PoolRef) -> String) -> String {
    match pending.cause {
        PendingCause::NoPool => no_table(claim),
        PendingCause::StaticUnserved if pending.explanation.pools.is_empty() => no_table(claim),
        PendingCause::NoMatch => {
            let labels = go_map(&claim.selector.match_labels);
            format!("dynamic claim: no available routes based on the selector labels {labels}")
        }
        PendingCause::StaticUnserved => {
            let why = match covering_aggregate(claim, &pending.explanation).filter(|_| needs_network(claim)) {
                Some(pool) => format!(
                    "cannot create network prefix w/o parent network prefix, got {} of kind aggregate",
                    stated_by(pool)
                ),
                None => "an aggregate prefix is required".to_owned(),
            };
            format!("validated failed: {why}")
        }
    }
}

/// The backend has a table for each NetworkInstance that it knows; here the pools make one.
fn no_table(claim: &Claim) -> String {
    db_not_initialized(&claim.instance.namespace, &claim.instance.name)
}

fn needs_network(claim: &Claim) -> bool {
    claim.kind == Kind::Network && !claim.create_prefix
}

/// The most specific aggregate that holds a static address.
fn covering_aggregate(claim: &Claim, explanation: &Explanation) -> Option<PoolRef> {
    let address = claim.prefix?;
    let holds = |miss: &&PoolMiss| miss.kind == Kind::Aggregate && miss.prefix.contains(&address);
    explanation.pools.iter().filter(holds).max_by_key(|miss| miss.prefix.prefix_len()).map(|miss| miss.pool)
}

/// A map as Go prints it: keys sorted, nothing quoted.
fn go_map(map: &BTreeMap<String, String>) -> String {
    let entries: Vec<String> = map.iter().map(|(key, value)| format!("{key}:{value}")).collect();
    format!("map[{}]", entries.join(" "))
}

#[cfg(test)]
mod tests {
    use ipam::{Instance, Key, Mismatch};

    use super::*;

    fn pending(cause: PendingCause, pools: Vec<PoolMiss>) -> Pending {
        let explanation =
            Explanation { instance: Instance::new("default", "vpc"), pools, omitted: 0, suggestions: Vec::new() };
        Pending { cause, explanation: explanation.into() }
    }

    fn claim() -> Claim {
        Claim::new(Key::new("", "upf", "n3"), Instance::new("default", "vpc"), Kind::Network)
    }

    fn message(claim: &Claim, pending: &Pending) -> String {
        waits(claim, pending, |_| "ns/agg".to_owned())
    }

    #[test]
    fn no_pool_prints_the_reference() {
        assert_eq!(
            message(&claim(), &pending(PendingCause::NoPool, Vec::new())),
            "db not initialized: { default vpc    }"
        );
    }

    #[test]
    fn no_match_prints_the_labels_sorted() {
        let mut claim = claim();
        let expected = "dynamic claim: no available routes based on the selector labels map[]";
        assert_eq!(message(&claim, &pending(PendingCause::NoMatch, Vec::new())), expected);
        let labels = [("nephio.org/cluster-name", "edge01"), ("nephio.org/address-family", "ipv4")];
        claim.selector.match_labels = labels.map(|(key, value)| (key.to_owned(), value.to_owned())).into();
        assert_eq!(
            message(&claim, &pending(PendingCause::NoMatch, Vec::new())),
            "dynamic claim: no available routes based on the selector labels \
             map[nephio.org/address-family:ipv4 nephio.org/cluster-name:edge01]"
        );
    }

    #[test]
    fn a_static_claim_misses_an_aggregate_or_a_network() {
        let claim = Claim { prefix: Some("10.1.3.5/24".parse().unwrap()), ..claim() };
        let nothing = pending(PendingCause::StaticUnserved, Vec::new());
        assert_eq!(message(&claim, &nothing), "db not initialized: { default vpc    }");
        let aggregate = |prefix: &str| PoolMiss {
            pool: PoolRef::Pool(0),
            prefix: prefix.parse().unwrap(),
            kind: Kind::Aggregate,
            why: vec![Mismatch::Kind { asked: vec![Kind::Network], found: Kind::Aggregate }],
        };
        let elsewhere = pending(PendingCause::StaticUnserved, vec![aggregate("11.0.0.0/8")]);
        assert_eq!(message(&claim, &elsewhere), "validated failed: an aggregate prefix is required");
        let in_aggregate = pending(PendingCause::StaticUnserved, vec![aggregate("10.0.0.0/8")]);
        assert_eq!(
            message(&claim, &in_aggregate),
            "validated failed: cannot create network prefix w/o parent network prefix, got ns/agg of kind aggregate"
        );
    }
}

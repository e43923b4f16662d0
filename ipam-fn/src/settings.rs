//! The functionConfig of ipam-fn.

use ipam::Order;
use krm::config::{Key, KeyKind, STRICT, Settings};

const BEST_FIT: &str = "best-fit";
const REALLOCATE: &str = "Reallocate";

/// The keys, in the order of `--help`.
pub(crate) const KEYS: &[Key] = &[
    STRICT,
    Key {
        name: "order",
        about: "Which free address or block a claim gets. lowest: the lowest one. best-fit: the lowest one of the smallest \
                free block that is large enough, as from Nephio's backend.",
        default: Some("lowest"),
        kind: KeyKind::OneOf(&["lowest", BEST_FIT]),
    },
    Key {
        name: "conflict",
        about: "What becomes of a claim whose status states an address that it cannot have. Fail: an error that names both \
                owners. Reallocate: a dynamic claim gets another address, of two such claims the later one, and a warning \
                says from what to what.",
        default: Some("Fail"),
        kind: KeyKind::OneOf(&["Fail", REALLOCATE]),
    },
    Key {
        name: "fromAggregate",
        about: "Whether an address may come straight from an aggregate where no pool of the claim's own kind matches, as from \
                Nephio's backend. Only where each aggregate stands in one package: copies of one would give one address \
                twice.",
        default: Some("false"),
        kind: KeyKind::Flag,
    },
    Key {
        name: "strictSelectors",
        about: "Whether a selector that asks for a cluster, site, region, zone or network matches only pools that carry that \
                label, as in Kubernetes. Else pools that lack the label serve everyone.",
        default: Some("false"),
        kind: KeyKind::Flag,
    },
];

/// What the keys mean to the allocation core.
pub(crate) fn of(settings: &Settings) -> ipam::Settings {
    ipam::Settings {
        order: if settings.choice("order") == BEST_FIT { Order::BestFit } else { Order::Lowest },
        reallocate: settings.choice("conflict") == REALLOCATE,
        from_aggregate: settings.flag("fromAggregate"),
        strict_selectors: settings.flag("strictSelectors"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_defaults_are_those_of_the_core() {
        assert_eq!(of(&Settings::defaults(KEYS)), ipam::Settings::default());
    }

    #[test]
    fn every_key_reaches_the_core() {
        let config = json!({"apiVersion": "v1", "kind": "ConfigMap", "data": {
            "order": "best-fit", "conflict": "Reallocate", "fromAggregate": "true", "strictSelectors": "true",
        }});
        let expected =
            ipam::Settings { order: Order::BestFit, reallocate: true, from_aggregate: true, strict_selectors: true };
        assert_eq!(of(&Settings::read(Some(&config), "IpamFn", KEYS).unwrap()), expected);
    }
}

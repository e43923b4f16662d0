//! The labels of a pool, and the keys that have a meaning.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::block::Block;
use crate::input::{Family, Instance, Kind};
use crate::key::Key;

pub(crate) const ADDRESS_FAMILY: &str = "nephio.org/address-family";
pub(crate) const GATEWAY: &str = "nephio.org/gateway";
pub(crate) const NSN_NAME: &str = "nephio.org/nsn-name";
const NSN_NAMESPACE: &str = "nephio.org/nsn-namespace";
const PREFIX_KIND: &str = "nephio.org/prefix-kind";
const SUBNET: &str = "nephio.org/subnet";

/// Keys that say where something is. A pool without such a key serves everyone in that dimension.
pub(crate) const TOPOLOGY_KEYS: [&str; 5] = [
    "nephio.org/cluster-name",
    "nephio.org/site-name",
    "nephio.org/region",
    "nephio.org/availability-zone",
    "nephio.org/network-name",
];

/// Keys that a pool gets from the plan, over whatever it was given.
const SYSTEM_KEYS: [&str; 5] = [ADDRESS_FAMILY, PREFIX_KIND, SUBNET, NSN_NAME, NSN_NAMESPACE];

pub(crate) fn is_system(key: &str) -> bool {
    SYSTEM_KEYS.contains(&key)
}

/// Where an object's labels come from.
#[derive(Debug)]
pub(crate) struct Stated<'a> {
    pub(crate) key: &'a Key,
    pub(crate) labels: &'a BTreeMap<String, String>,
    /// A name besides the object's own under which its pool can be selected.
    pub(crate) alias: Option<String>,
}

/// The labels of a pool. Where several objects state the pool, a key can have several values.
#[derive(Debug, Clone, Default)]
pub(crate) struct Labels<'a> {
    values: BTreeMap<Cow<'a, str>, Vec<Cow<'a, str>>>,
    /// Topology keys that one of the objects leaves open, so that everyone is served.
    open: Vec<&'static str>,
    /// Topology keys that one of the objects has.
    topology: Vec<&'static str>,
    /// The pool is a claim's block.
    pub(crate) is_block: bool,
}

impl<'a> Labels<'a> {
    /// The union of the labels of all objects that state the pool, overlaid by the system labels.
    pub(crate) fn of(stated: &[Stated<'a>], family: Family, kind: Kind, block: Block, is_block: bool) -> Self {
        let mut labels = Self { is_block, ..Self::default() };
        for object in stated {
            for (key, value) in object.labels.iter().filter(|(key, _)| !is_system(key)) {
                labels.add(key, value.as_str().into());
            }
            labels.add(NSN_NAME, object.key.name.as_str().into());
            if let Some(alias) = &object.alias {
                labels.add(NSN_NAME, alias.clone().into());
            }
            labels.add(NSN_NAMESPACE, object.key.namespace.as_str().into());
        }
        let has = |object: &Stated<'_>, key| object.labels.contains_key(key);
        labels.topology = TOPOLOGY_KEYS.into_iter().filter(|key| stated.iter().any(|o| has(o, *key))).collect();
        // For a block, an absent key matches nobody.
        labels.open = TOPOLOGY_KEYS
            .into_iter()
            .filter(|key| !is_block && !stated.iter().all(|object| has(object, *key)))
            .collect();
        labels.add(ADDRESS_FAMILY, family.as_str().into());
        labels.add(PREFIX_KIND, kind.as_str().into());
        labels.add(SUBNET, subnet_name(family, block).into());
        labels
    }

    fn add(&mut self, key: &'a str, value: Cow<'a, str>) {
        let values = self.values.entry(Cow::Borrowed(key)).or_default();
        if !values.contains(&value) {
            values.push(value);
        }
    }

    /// All values of a key; none when the pool does not carry it.
    pub(crate) fn get(&self, key: &str) -> &[Cow<'a, str>] {
        self.values.get(key).map_or(&[], Vec::as_slice)
    }

    /// Everyone is served in this topology dimension.
    pub(crate) fn is_open(&self, key: &str) -> bool {
        self.open.contains(&key)
    }

    /// The topology keys that the pool carries.
    pub(crate) fn topology(&self) -> impl Iterator<Item = &'static str> {
        self.topology.iter().copied()
    }

    /// The topology keys in which only those are served that ask for the pool's value.
    pub(crate) fn closed(&self) -> impl Iterator<Item = &'static str> {
        self.topology().filter(|key| !self.is_open(key))
    }

    /// Every key with each of its values.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&Cow<'a, str>, &Cow<'a, str>)> {
        self.values.iter().flat_map(|(key, values)| values.iter().map(move |value| (key, value)))
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        self.values.keys().map(AsRef::as_ref)
    }
}

/// The name under which Nephio registers a prefix of a network instance, and by which its claims select it.
pub(crate) fn aggregate_name(prefix: &ipnet::IpNet, instance: &Instance) -> String {
    let prefix = prefix.to_string().replace(['/', ':'], "-");
    format!("{prefix}-{}-aggregate", instance.name)
}

/// The value of `nephio.org/subnet`: `10.0.0.0-24`, `2000---64`.
fn subnet_name(family: Family, block: Block) -> String {
    block.net(family).to_string().replace(['/', ':'], "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subnet_names_are_as_the_peer_writes_them() {
        let name = |text: &str| {
            let net = text.parse().unwrap();
            subnet_name(Family::of(&net), Block::of(&net))
        };
        assert_eq!(name("10.0.0.1/24"), "10.0.0.0-24");
        assert_eq!(name("2000::1/64"), "2000---64");
    }

    #[test]
    fn aggregate_names_are_as_the_peer_writes_them() {
        let vpc = Instance::new("default", "vpc");
        let name = |text: &str| aggregate_name(&text.parse().unwrap(), &vpc);
        assert_eq!(name("10.0.0.1/24"), "10.0.0.1-24-vpc-aggregate");
        assert_eq!(name("1000::/32"), "1000---32-vpc-aggregate");
    }

    #[test]
    fn system_labels_overlay_what_the_user_wrote() {
        let user = BTreeMap::from([
            (ADDRESS_FAMILY.to_owned(), "ipv6".to_owned()),
            (NSN_NAME.to_owned(), "mine".to_owned()),
            ("tier".to_owned(), "gold".to_owned()),
        ]);
        let key = Key::new("", "ns", "pool");
        let stated = Stated { key: &key, labels: &user, alias: None };
        let block = Block::of(&"10.0.0.0/24".parse().unwrap());
        let labels = Labels::of(&[stated], Family::V4, Kind::Network, block, false);
        assert_eq!(labels.get(ADDRESS_FAMILY), ["ipv4"]);
        assert_eq!(labels.get(NSN_NAME), ["pool"]);
        assert_eq!(labels.get(NSN_NAMESPACE), ["ns"]);
        assert_eq!(labels.get(PREFIX_KIND), ["network"]);
        assert_eq!(labels.get(SUBNET), ["10.0.0.0-24"]);
        assert_eq!(labels.get("tier"), ["gold"]);
    }
}

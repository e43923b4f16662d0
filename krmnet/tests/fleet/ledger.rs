//! Who holds what in a rendered fleet, read by other means than the functions use.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use serde::Deserialize;
use serde_yaml::Value;

use crate::support::tree::Tree;

/// What a fleet holds. Everything is named by its folder, so `edge0001/nf1`.
#[derive(Default)]
pub(crate) struct Ledger {
    pub(crate) interfaces: Vec<(String, Value)>,
    pub(crate) claims: Vec<Claim>,
    vlans: Vec<(String, Value)>,
    attachments: Vec<(String, Value)>,
}

/// An IPClaim and what it was given.
pub(crate) struct Claim {
    folder: String,
    instance: String,
    is_block: bool,
    address: IpAddr,
    length: u8,
}

impl Ledger {
    pub(crate) fn read(tree: &Tree) -> Self {
        let mut ledger = Self::default();
        for (path, text) in tree.yaml_files() {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
            for document in serde_yaml::Deserializer::from_slice(text) {
                let object = Value::deserialize(document).unwrap();
                match object["kind"].as_str().unwrap_or_default() {
                    "Interface" => ledger.interfaces.push((folder.clone(), object)),
                    "IPClaim" => ledger.claims.push(Claim::read(&folder, &object)),
                    "VLANClaim" => ledger.vlans.push((folder.clone(), object)),
                    "NetworkAttachmentDefinition" => ledger.attachments.push((folder.clone(), object)),
                    _ => {}
                }
            }
        }
        ledger
    }

    /// Addresses of one network instance are given once, and blocks do not overlap.
    pub(crate) fn no_two_owners(&self) {
        let mut addresses = BTreeSet::new();
        let mut blocks: BTreeSet<(&str, bool, u128, u128)> = BTreeSet::new();
        for claim in &self.claims {
            if claim.is_block {
                let (first, last) = claim.bounds();
                blocks.insert((&claim.instance, claim.address.is_ipv4(), first, last));
            } else {
                assert!(addresses.insert((&claim.instance, claim.address)), "{} is given twice", claim.says());
            }
        }
        let blocks: Vec<_> = blocks.into_iter().collect();
        assert_eq!(blocks.len(), self.claims.iter().filter(|claim| claim.is_block).count(), "a block is given twice");
        for pair in blocks.windows(2) {
            if let [(instance, v4, _, last), (next_instance, next_v4, next_first, _)] = pair
                && (instance, v4) == (next_instance, next_v4)
            {
                assert!(last < next_first, "blocks of {instance} overlap");
            }
        }
    }

    /// In a delegated network every address lies in a block of its own cluster.
    pub(crate) fn addresses_come_from_the_own_cluster(&self) {
        let mut blocks: BTreeMap<(&str, &str), Vec<(u128, u128)>> = BTreeMap::new();
        for block in self.claims.iter().filter(|claim| claim.is_block) {
            blocks.entry((&block.instance, block.cluster())).or_default().push(block.bounds());
        }
        let delegated: BTreeSet<&str> = blocks.keys().map(|(instance, _)| *instance).collect();
        assert!(!delegated.is_empty());
        for claim in self.claims.iter().filter(|claim| delegated.contains(claim.instance.as_str())) {
            let own = blocks.get(&(claim.instance.as_str(), claim.cluster())).unwrap();
            let address = bits(claim.address);
            assert!(own.iter().any(|(first, last)| (*first..=*last).contains(&address)), "{}", claim.says());
        }
    }

    /// All Interfaces of a network instance in a cluster share a VLAN, and no other has it.
    pub(crate) fn vlans_belong_to_one_network_of_a_cluster(&self) {
        let mut networks = BTreeMap::new();
        let mut ids = BTreeMap::new();
        assert!(!self.vlans.is_empty());
        for (folder, claim) in &self.vlans {
            let cluster = folder.split('/').next().unwrap();
            let network = claim["metadata"]["annotations"]["specializer.nephio.org/vlanClaimName"].as_str().unwrap();
            let id = claim["status"]["vlanID"].as_u64().unwrap();
            assert!((2..=4094).contains(&id), "{folder}: {id}");
            assert_eq!(*networks.entry((cluster, id)).or_insert(network), network, "{folder}: VLAN {id}");
            assert_eq!(*ids.entry((cluster, network)).or_insert(id), id, "{folder}: {network}");
        }
    }

    /// Each Interface with a plugin has an attachment, which is valid and states the addresses of its claims.
    pub(crate) fn attachments_state_what_the_claims_hold(&self) {
        let attached = self.interfaces.iter().filter(|(_, interface)| !interface["spec"]["cniType"].is_null());
        let mut expected = BTreeMap::new();
        for (folder, interface) in attached {
            let status = &interface["status"]["ipClaimStatus"];
            let addresses: Vec<String> = status.as_sequence().unwrap().iter().map(|one| text(&one["prefix"])).collect();
            expected.insert((folder.as_str(), text(&interface["metadata"]["name"])), addresses);
        }
        let held: BTreeSet<String> = self.claims.iter().map(Claim::says).collect();
        assert_eq!(self.attachments.len(), expected.len());
        for (folder, attachment) in &self.attachments {
            let config = text(&attachment["spec"]["config"]);
            assert_eq!(cni::check_text(&config), [], "{folder}: {config}");
            let config: Value = serde_yaml::from_str(&config).unwrap();
            let addresses = config["plugins"][0]["ipam"]["addresses"].as_sequence().unwrap();
            let addresses: Vec<String> = addresses.iter().map(|one| text(&one["address"])).collect();
            let owner = text(&attachment["metadata"]["annotations"]["specializer.nephio.org/owner"]);
            let name = owner.rsplit('.').next().unwrap().to_owned();
            assert_eq!(expected.get(&(folder.as_str(), name)), Some(&addresses), "{folder}: {owner}");
            for address in addresses {
                assert!(held.contains(&format!("{folder} {address}")), "{folder}: {address} is held by no claim");
            }
        }
    }
}

impl Claim {
    fn read(folder: &str, claim: &Value) -> Self {
        let name = &claim["metadata"]["name"];
        let prefix = claim["status"]["prefix"].as_str();
        let prefix = prefix.unwrap_or_else(|| panic!("{folder}: {name:?} is unanswered"));
        let (address, length) = prefix.split_once('/').unwrap();
        Self {
            folder: folder.to_owned(),
            instance: text(&claim["spec"]["networkInstance"]["name"]),
            is_block: claim["spec"]["createPrefix"].as_bool().unwrap_or_default(),
            address: address.parse().unwrap(),
            length: length.parse().unwrap(),
        }
    }

    fn cluster(&self) -> &str {
        self.folder.split('/').next().unwrap_or_default()
    }

    fn says(&self) -> String {
        format!("{} {}/{}", self.folder, self.address, self.length)
    }

    /// First and last address of the prefix.
    fn bounds(&self) -> (u128, u128) {
        let width = if self.address.is_ipv4() { 32 } else { 128 };
        let hosts = width - u32::from(self.length);
        let below = 1_u128.checked_shl(hosts).map_or(u128::MAX, |size| size - 1);
        (bits(self.address) & !below, bits(self.address) | below)
    }
}

fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u128::from(address.to_bits()),
        IpAddr::V6(address) => address.to_bits(),
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("expected a text, found {value:?}")).to_owned()
}

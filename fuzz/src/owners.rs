//! Never two owners: of an address in a network instance, of a VLAN ID in an index. Of claims that go, two may state the
//! same: each keeps it from others until it has gone, and a warning tells so.

use std::collections::BTreeMap;

use api::meta::ObjectReference;
use api::{IpClaim, VlanClaim, annotations};
use ipnet::IpNet;
use krm::{Item, ResourceList};

/// Checks what the IPClaims of a list state after ipam-fn has accepted it.
///
/// # Panics
/// If an address or block is stated twice.
pub fn of_addresses(list: &ResourceList) {
    let mut owners: BTreeMap<_, (String, bool)> = BTreeMap::new();
    for (_, item) in list.iter().filter(|(_, item)| is(item, api::kinds::IP_CLAIM)) {
        let Ok(claim) = item.read::<IpClaim>() else { continue };
        let Some(instance) = claim.spec.network_instance.as_ref().map(identity) else { continue };
        let is_block = claim.spec.create_prefix == Some(true);
        let Some(prefix) = claim.status.as_ref().and_then(|status| status.prefix()) else { continue };
        if only_looks(item) {
            continue;
        }
        let Ok(prefix) = prefix.parse::<IpNet>() else { continue };
        let taken = (instance, prefix.addr(), is_block);
        if let Some((other, other_goes)) = owners.insert(taken, (item.name().to_owned(), goes(item))) {
            assert!(other_goes && goes(item), "{prefix} has two owners, {other} and {}", item.name());
        }
    }
}

/// Checks what the VLANClaims of a list state after vlan-fn has accepted it.
///
/// # Panics
/// If an ID is stated twice by claims that do not share it.
pub fn of_vlans(list: &ResourceList) {
    let mut owners: BTreeMap<_, (Option<String>, String, bool)> = BTreeMap::new();
    for (_, item) in list.iter().filter(|(_, item)| is(item, api::kinds::VLAN_CLAIM)) {
        let Ok(claim) = item.read::<VlanClaim>() else { continue };
        let Some(index) = claim.spec.vlan_index.as_ref().map(identity) else { continue };
        let Some(id) = claim.status.as_ref().and_then(|status| status.vlan_id) else { continue };
        if only_looks(item) {
            continue;
        }
        let share = item.annotation(annotations::VLAN_CLAIM_NAME).filter(|name| !name.is_empty());
        let owner = (share.map(str::to_owned), item.name().to_owned(), goes(item));
        if let Some((other, name, other_goes)) = owners.insert((index, id), owner.clone()) {
            let share = other.is_some() && other == owner.0;
            assert!(share || (other_goes && owner.2), "VLAN {id} has two owners, {name} and {}", owner.1);
        }
    }
}

fn is(item: &Item, gvk: api::Gvk) -> bool {
    gvk.matches(item.api_version(), item.kind())
}

fn only_looks(item: &Item) -> bool {
    item.annotation(annotations::ACTION).is_some_and(|action| action == "get")
}

fn goes(item: &Item) -> bool {
    item.annotation(annotations::DELETE) == Some("true")
}

/// Namespace and name; an absent namespace is `default`.
fn identity(reference: &ObjectReference) -> (String, String) {
    let namespace = reference.namespace.as_deref().filter(|namespace| !namespace.is_empty()).unwrap_or("default");
    (namespace.to_owned(), reference.name.clone().unwrap_or_default())
}

//! Reads what the plan needs from a list: the Interfaces of each package, their possible children, and the cluster.

use std::collections::BTreeMap;

use api::{Gvk, Interface, IpClaim, ObjectMeta, VlanClaim, WorkloadCluster, advice, kinds};
use krm::{Finding, ItemId, PackageId, Placed, Reader, ResourceList, by_package};
use serde::Deserialize;

use crate::codes;
use crate::plan::{Cluster, Package};

/// The packages of a list.
pub(crate) struct Tree {
    /// Each package with its Kptfile, outer ones before inner ones.
    pub(crate) packages: Vec<(ItemId, Package)>,
    /// The Interfaces, in the order of the list.
    pub(crate) interfaces: Vec<ItemId>,
    /// The items that [`Placed::item`] numbers.
    pub(crate) items: Vec<ItemId>,
}

/// An object of which only the metadata matters.
#[derive(Deserialize)]
struct MetadataOnly {
    metadata: ObjectMeta,
}

/// Reads the packages. `None` where something cannot be read, which is reported then.
pub(crate) fn gather(list: &mut ResourceList) -> Option<Tree> {
    let interfaces = select(list, kinds::INTERFACE);
    let ip_claims = select(list, kinds::IP_CLAIM);
    let vlan_claims = select(list, kinds::VLAN_CLAIM);
    let nads = select(list, kinds::NAD);
    let clusters = select(list, kinds::WORKLOAD_CLUSTER);
    let all = [&interfaces[..], &ip_claims, &vlan_claims, &nads, &clusters].concat();
    let places = list.packages(&all);
    let mut packages: BTreeMap<PackageId, Package> =
        places.with_kptfiles().map(|(id, _)| (id, Package::default())).collect();
    if packages.is_empty() {
        list.report(Finding::error(codes::KPTFILE_MISSING, advice::no_kptfile()));
        return None;
    }

    let mut reader = Reader::new(list, &places);
    reader.require_package(&interfaces, &Finding::error(codes::KPTFILE_MISSING, advice::outside_of_packages()));
    for (package, placed) in reader.objects::<Interface>(&interfaces) {
        if placed.object.metadata.name.is_empty() {
            let message = "metadata.name is empty: an Interface needs a name, from which those of its claims are made";
            let finding = Finding::error(codes::FIELD_MALFORMED, message).field("metadata.name");
            reader.report(placed.source.on(finding));
        }
        packages.entry(package).or_default().interfaces.push(placed);
    }
    for (package, placed) in reader.objects::<IpClaim>(&ip_claims) {
        packages.entry(package).or_default().ip_claims.push(placed);
    }
    for (package, placed) in reader.objects::<VlanClaim>(&vlan_claims) {
        packages.entry(package).or_default().vlan_claims.push(placed);
    }
    for (package, Placed { item, source, object }) in reader.objects::<MetadataOnly>(&nads) {
        packages.entry(package).or_default().nads.push(Placed { item, source, object: object.metadata });
    }
    let clusters = by_package(reader.objects::<WorkloadCluster>(&clusters));
    for (id, package) in &mut packages {
        if let Some(found) = places.outwards(*id).find_map(|id| clusters.get(&id)) {
            let found = found.iter().map(|placed| (placed.source.clone(), placed.object.spec.clone()));
            package.cluster = Cluster::of(found.collect());
        }
    }
    let (items, findings) = reader.finish();
    for finding in findings {
        list.report(finding);
    }
    let packages = packages.into_iter().filter_map(|(id, package)| Some((places.get(id)?.kptfile?, package)));
    let tree = Tree { packages: packages.collect(), interfaces, items };
    (!list.has_errors()).then_some(tree)
}

fn select(list: &mut ResourceList, gvk: Gvk) -> Vec<ItemId> {
    list.select(gvk.api_version, gvk.kind)
}

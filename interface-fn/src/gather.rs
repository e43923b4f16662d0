//! Reads what the plan needs from a list: the Interfaces of each package, their possible children, and the cluster.

use std::collections::{BTreeMap, HashMap};

use api::infra::WorkloadClusterSpec;
use api::{Gvk, Interface, IpClaim, ObjectMeta, VlanClaim, WorkloadCluster, advice, kinds};
use krm::{Finding, ItemId, PackageId, Packages, ResourceList};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::codes;
use crate::plan::{Cluster, Package, Placed, Source};

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
    let packages = list.packages(&all);
    let mut reader = Reader { list, packages: &packages, items: Vec::new(), findings: Vec::new() };

    let mut found: BTreeMap<PackageId, Package> = reader.with_kptfile();
    if found.is_empty() {
        list.report(Finding::error(codes::KPTFILE_MISSING, advice::no_kptfile()));
        return None;
    }
    for (package, placed) in reader.read::<Interface>(&interfaces, true) {
        if placed.object.metadata.name.is_empty() {
            let message = "metadata.name is empty: an Interface needs a name, from which those of its claims are made";
            reader
                .findings
                .push(placed.source.on(Finding::error(codes::FIELD_MALFORMED, message).field("metadata.name")));
        }
        found.entry(package).or_default().interfaces.push(placed);
    }
    for (package, placed) in reader.read::<IpClaim>(&ip_claims, false) {
        found.entry(package).or_default().ip_claims.push(placed);
    }
    for (package, placed) in reader.read::<VlanClaim>(&vlan_claims, false) {
        found.entry(package).or_default().vlan_claims.push(placed);
    }
    for (package, Placed { item, source, object }) in reader.read::<MetadataOnly>(&nads, false) {
        found.entry(package).or_default().nads.push(Placed { item, source, object: object.metadata });
    }
    let mut known: HashMap<PackageId, Vec<(Source, WorkloadClusterSpec)>> = HashMap::new();
    for (package, Placed { source, object, .. }) in reader.read::<WorkloadCluster>(&clusters, false) {
        known.entry(package).or_default().push((source, object.spec));
    }
    for (id, package) in &mut found {
        let nearest = packages.outwards(*id).find_map(|id| known.get(&id));
        package.cluster = Cluster::of(nearest.cloned().unwrap_or_default());
    }
    let Reader { items, findings, .. } = reader;
    for finding in findings {
        list.report(finding);
    }
    let packages = found.into_iter().filter_map(|(id, package)| Some((packages.get(id)?.kptfile?, package)));
    let tree = Tree { packages: packages.collect(), interfaces, items };
    (!list.has_errors()).then_some(tree)
}

fn select(list: &mut ResourceList, gvk: Gvk) -> Vec<ItemId> {
    list.select(gvk.api_version, gvk.kind)
}

/// Reads items one by one and remembers what is wrong with them.
struct Reader<'l> {
    list: &'l ResourceList,
    packages: &'l Packages,
    items: Vec<ItemId>,
    findings: Vec<Finding>,
}

impl Reader<'_> {
    /// The packages that have a Kptfile, empty so far.
    fn with_kptfile(&self) -> BTreeMap<PackageId, Package> {
        let packages = self.packages.iter().filter(|(_, package)| package.kptfile.is_some());
        packages.map(|(id, _)| (id, Package::default())).collect()
    }

    /// The items as objects, each with its package: the nearest directory around it with a Kptfile. Items outside of
    /// all packages are left out, and reported where they are `required` to lie in one.
    fn read<T: DeserializeOwned>(&mut self, ids: &[ItemId], required: bool) -> Vec<(PackageId, Placed<T>)> {
        let mut read = Vec::with_capacity(ids.len());
        for &id in ids {
            let Some(item) = self.list.get(id) else { continue };
            let innermost = self.packages.of_item(item);
            let has_kptfile = |id: &PackageId| self.packages.get(*id).is_some_and(|package| package.kptfile.is_some());
            let package = self.packages.outwards(innermost).find(has_kptfile);
            match (package, item.read::<T>()) {
                (_, Err(error)) => self.findings.push(self.list.about(error.to_finding(), id)),
                (None, _) if required => {
                    let finding = Finding::error(codes::KPTFILE_MISSING, advice::outside_of_packages());
                    self.findings.push(self.list.about(finding, id));
                }
                (None, _) => {}
                (Some(package), Ok(object)) => {
                    let Some(source) = self.source(id) else { continue };
                    read.push((package, Placed { item: self.items.len(), source, object }));
                    self.items.push(id);
                }
            }
        }
        read
    }

    fn source(&self, id: ItemId) -> Option<Source> {
        let item = self.list.get(id)?;
        Some(Source { object: item.object_ref(), file: item.file() })
    }
}

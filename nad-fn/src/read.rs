//! Reads what the plan needs from a list.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use api::{Gvk, Interface, IpClaim, Network, VlanClaim, WorkloadCluster, advice, annotations, kinds};
use krm::{Finding, Item, ItemId, PackageId, Packages, Reader, ResourceList, Source, by_package};
use serde_json::Value;

use crate::codes;
use crate::plan::{Cluster, Nad, NadName, Package, RoutingTables};

/// What a list holds.
pub(crate) struct Tree {
    /// The packages with their Kptfiles, outer ones before inner ones.
    pub(crate) packages: BTreeMap<PackageId, (ItemId, Package)>,
    /// NetworkAttachmentDefinitions outside of all packages.
    pub(crate) loose: Vec<Nad>,
    /// How packages enclose each other.
    pub(crate) places: Packages,
    /// The items that [`krm::Placed::item`] and [`Nad::item`] number.
    pub(crate) items: Vec<ItemId>,
}

/// Reads a list. `None` where something cannot be read, which is reported then.
pub(crate) fn read(list: &mut ResourceList) -> Option<Tree> {
    let interfaces = select(list, kinds::INTERFACE);
    let ip_claims = select(list, kinds::IP_CLAIM);
    let vlan_claims = select(list, kinds::VLAN_CLAIM);
    let nads = select(list, kinds::NAD);
    let clusters = select(list, kinds::WORKLOAD_CLUSTER);
    let networks = select(list, kinds::NETWORK);
    let all = [&interfaces[..], &ip_claims, &vlan_claims, &nads, &clusters, &networks].concat();
    let places = list.packages(&all);
    let mut packages: BTreeMap<PackageId, (ItemId, Package)> =
        places.with_kptfiles().map(|(id, kptfile)| (id, (kptfile, Package::default()))).collect();
    let mut reader = Reader::new(list, &places);
    if packages.is_empty() {
        reader.report(Finding::error(codes::KPTFILE_MISSING, advice::no_kptfile()));
    } else {
        reader.require_package(&interfaces, &Finding::error(codes::KPTFILE_MISSING, advice::outside_of_packages()));
    }
    fill(&mut packages, reader.objects::<Interface>(&interfaces), |package, placed| package.interfaces.push(placed));
    fill(&mut packages, reader.objects::<IpClaim>(&ip_claims), |package, placed| package.ip_claims.push(placed));
    fill(&mut packages, reader.objects::<VlanClaim>(&vlan_claims), |package, placed| package.vlan_claims.push(placed));
    let (nads, loose) = read_nads(&mut reader, &places, &nads);
    fill(&mut packages, nads, |package, nad| package.nads.push(nad));

    let clusters = by_package(reader.objects::<WorkloadCluster>(&clusters));
    let networks = by_package(reader.objects::<Network>(&networks));
    let (items, mut findings) = reader.finish();
    let tables: HashMap<PackageId, Arc<RoutingTables>> = networks
        .into_iter()
        .map(|(id, networks)| {
            let (tables, wrong) = RoutingTables::of(networks);
            findings.extend(wrong);
            (id, Arc::new(tables))
        })
        .collect();
    for (id, (_, package)) in &mut packages {
        if let Some(found) = places.outwards(*id).find_map(|id| clusters.get(&id)) {
            let found = found.iter().map(|placed| (placed.source.clone(), placed.object.spec.clone()));
            package.cluster = Cluster::of(found.collect());
        }
        if let Some(found) = places.outwards(*id).find_map(|id| tables.get(&id)) {
            package.tables = Arc::clone(found);
        }
    }
    for finding in findings {
        list.report(finding);
    }
    (!list.has_errors()).then_some(Tree { packages, loose, places, items })
}

fn select(list: &mut ResourceList, gvk: Gvk) -> Vec<ItemId> {
    list.select(gvk.api_version, gvk.kind)
}

fn fill<T>(
    packages: &mut BTreeMap<PackageId, (ItemId, Package)>,
    objects: Vec<(PackageId, T)>,
    put: impl Fn(&mut Package, T),
) {
    for (id, object) in objects {
        if let Some((_, package)) = packages.get_mut(&id) {
            put(package, object);
        }
    }
}

/// NetworkAttachmentDefinitions: those of packages, and the others. Whatever their authors wrote, none is an error.
fn read_nads(reader: &mut Reader<'_>, places: &Packages, ids: &[ItemId]) -> (Vec<(PackageId, Nad)>, Vec<Nad>) {
    let (mut inside, mut outside) = (Vec::with_capacity(ids.len()), Vec::new());
    for &id in ids {
        let Some(item) = reader.list().get(id) else { continue };
        let nad = nad(item, reader.number(id));
        match places.with_kptfile_around(item) {
            Some(package) => inside.push((package, nad)),
            None => outside.push(nad),
        }
    }
    (inside, outside)
}

fn nad(item: &Item, number: usize) -> Nad {
    let config = item.value().ok().and_then(|value| value.pointer("/spec/config")).and_then(Value::as_str);
    let namespace = Some(item.namespace()).filter(|namespace| !namespace.is_empty());
    let annotation = |key: &str| item.annotation(key).filter(|value| !value.is_empty()).map(str::to_owned);
    Nad {
        item: number,
        source: Source::of(item),
        name: NadName { namespace: namespace.map(str::to_owned), name: item.name().to_owned() },
        owner: annotation(annotations::OWNER),
        resource_name: annotation(annotations::RESOURCE_NAME),
        marked: item.annotation(annotations::DELETE).is_some(),
        config: config.unwrap_or_default().to_owned(),
    }
}

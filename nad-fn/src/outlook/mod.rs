//! Trouble ahead: what works on paper and goes wrong once pods run. Warnings only.

mod segments;
mod workloads;

use std::collections::{HashMap, HashSet};

use api::{Gvkn, kinds};
use cni::{ConfigView, Segment};
use krm::{Finding, ObjectRef, PackageId, ResourceList, Source};

use crate::plan::{Attachment, Nad, NadName, Plan};
use crate::read::Tree;

/// A NetworkAttachmentDefinition as it will be.
#[derive(Debug)]
pub(crate) struct Seen {
    name: NadName,
    source: Source,
    /// Its package; `None` outside of all packages.
    package: Option<PackageId>,
    /// The cluster that it is for, if that is known. The same segment of two clusters is two wires.
    cluster: Option<String>,
    /// Whether an Interface asks for it.
    ours: bool,
    segments: Vec<Segment>,
    view: ConfigView,
}

/// What will go wrong once the plans are carried out.
pub(crate) fn findings<'t>(
    list: &ResourceList,
    tree: &Tree,
    plans: impl Iterator<Item = (PackageId, &'t Plan)>,
) -> Vec<Finding> {
    let nads = future(tree, plans);
    if !nads.iter().any(|nad| nad.ours) {
        return Vec::new();
    }
    let mut findings = segments::findings(&nads);
    findings.extend(workloads::findings(list, &tree.places, &nads));
    findings
}

/// The NetworkAttachmentDefinitions of the tree as they will be, without those that are no configuration at all.
fn future<'t>(tree: &Tree, plans: impl Iterator<Item = (PackageId, &'t Plan)>) -> Vec<Seen> {
    let mut removed: HashSet<usize> = HashSet::new();
    let mut written: HashMap<usize, &Attachment> = HashMap::new();
    let mut added: HashMap<PackageId, Vec<&Attachment>> = HashMap::new();
    for (id, plan) in plans {
        removed.extend(&plan.removed);
        for attachment in &plan.attachments {
            match attachment.existing {
                Some(item) => {
                    written.insert(item, attachment);
                }
                None => added.entry(id).or_default().push(attachment),
            }
        }
    }
    let present = |nad: &Nad, package: Option<PackageId>, cluster: Option<&str>| {
        let written = written.get(&nad.item);
        let config = written.map_or(&nad.config, |attachment| &attachment.config);
        let resource = written.and_then(|attachment| attachment.resource_name.as_ref()).or(nad.resource_name.as_ref());
        let ours = written.is_some() || nad.owner.as_deref().is_some_and(names_interface);
        let place = Place { package, cluster, ours };
        seen(&nad.name, nad.source.clone(), place, resource, config).filter(|_| !removed.contains(&nad.item))
    };
    let mut nads: Vec<Seen> = tree.loose.iter().filter_map(|nad| present(nad, None, None)).collect();
    for (id, (_, package)) in &tree.packages {
        let cluster = package.cluster.name();
        nads.extend(package.nads.iter().filter_map(|nad| present(nad, Some(*id), cluster)));
        for attachment in added.get(id).into_iter().flatten() {
            let place = Place { package: Some(*id), cluster, ours: true };
            let resource = attachment.resource_name.as_ref();
            nads.extend(seen(&attachment.name, unfiled(&attachment.name), place, resource, &attachment.config));
        }
    }
    nads
}

struct Place<'t> {
    package: Option<PackageId>,
    cluster: Option<&'t str>,
    ours: bool,
}

fn seen(name: &NadName, source: Source, place: Place<'_>, resource: Option<&String>, config: &str) -> Option<Seen> {
    let view = ConfigView::parse(config).ok()?;
    let Place { package, cluster, ours } = place;
    let segments = view.segments(resource.map(String::as_str));
    Some(Seen { name: name.clone(), source, package, cluster: cluster.map(str::to_owned), ours, segments, view })
}

/// How messages name a NetworkAttachmentDefinition that is not there yet.
fn unfiled(name: &NadName) -> Source {
    let object = ObjectRef {
        api_version: kinds::NAD.api_version.to_owned(),
        kind: kinds::NAD.kind.to_owned(),
        namespace: name.namespace.clone(),
        name: name.name.clone(),
    };
    Source { object, file: None }
}

fn names_interface(owner: &str) -> bool {
    owner.parse::<Gvkn>().is_ok_and(|gvkn| gvkn.is(kinds::INTERFACE))
}

/// The first few of some texts, and how many more there are.
fn some<T: AsRef<str>>(texts: &[T]) -> String {
    const SHOWN: usize = 5;
    let shown: Vec<&str> = texts.iter().take(SHOWN).map(AsRef::as_ref).collect();
    match texts.len().saturating_sub(SHOWN) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

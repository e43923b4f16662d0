//! Workloads that run several pods with one static address.

use std::collections::HashMap;

use api::annotations::NETWORKS;
use krm::{Field, Finding, Item, PackageId, Packages, ResourceList, Source};
use serde_json::Value;

use super::{Seen, some};
use crate::codes;

/// Why a workload can have several pods at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Crowd {
    /// It asks for that many.
    Replicas(u64),
    /// One on each node.
    EachNode,
    /// The old and the new one during an update.
    RollingUpdate,
}

/// The namespace and name of a NetworkAttachmentDefinition.
type Reference = (String, String);

pub(super) fn findings(list: &ResourceList, places: &Packages, nads: &[Seen]) -> Vec<Finding> {
    let book = Book::of(nads);
    let attached = list.iter().map(|(_, item)| item).filter(|item| item.text().contains(NETWORKS));
    attached.filter_map(|item| check(item, &book, places)).collect()
}

fn check(item: &Item, book: &Book<'_>, places: &Packages) -> Option<Finding> {
    let value = item.value().ok()?;
    let crowd = crowd(value)?;
    let networks = value.pointer("/spec/template/metadata/annotations")?.get(NETWORKS)?.as_str()?;
    let package = places.of_item(item);
    let chain: Vec<PackageId> = places.outwards(package).collect();
    let shared: Vec<String> = references(networks, item.namespace())
        .iter()
        .filter_map(|reference| book.find(reference, &chain))
        .map(|nad| {
            let addresses = nad.view.addresses().into_iter().map(|stated| stated.text).collect::<Vec<_>>();
            format!("{} ({})", nad.name.shown(), addresses.join(", "))
        })
        .collect();
    if shared.is_empty() {
        return None;
    }
    let (why, field) = match crowd {
        Crowd::Replicas(count) => (
            format!("all of its {count} pods would have the same addresses: run one pod, and give further ones Interfaces of their own"),
            Field::new("spec.replicas").current(count.to_string()).proposed("1"),
        ),
        Crowd::EachNode => (
            "the pods of all nodes would have the same addresses: give each node an Interface and a workload of its own"
                .to_owned(),
            Field::new("kind").current("DaemonSet"),
        ),
        Crowd::RollingUpdate => (
            "during an update the new pod has the same addresses as the old one: set spec.strategy.type to Recreate"
                .to_owned(),
            Field::new("spec.strategy.type").current("RollingUpdate").proposed("Recreate"),
        ),
    };
    let message = format!("attaches static addresses ({}), and {why}", some(&shared));
    Some(Source::of(item).on(Finding::warning(codes::ADDRESS_SHARED, message).field(field)))
}

/// Whether a workload can have several pods at a time.
fn crowd(workload: &Value) -> Option<Crowd> {
    let text = |path: &str| workload.pointer(path).and_then(Value::as_str).unwrap_or_default();
    if !text("/apiVersion").starts_with("apps/") {
        return None;
    }
    let replicas = workload.pointer("/spec/replicas").and_then(Value::as_u64).unwrap_or(1);
    match text("/kind") {
        "DaemonSet" => Some(Crowd::EachNode),
        "Deployment" | "StatefulSet" if replicas > 1 => Some(Crowd::Replicas(replicas)),
        // A StatefulSet replaces its pod only when the old one is gone.
        "Deployment" if replicas == 1 && text("/spec/strategy/type") != "Recreate" => Some(Crowd::RollingUpdate),
        _ => None,
    }
}

/// What a pod's annotation attaches: `namespace/name@interface,…` or a JSON list. Multus takes a text with `[`, `{` or
/// `"` for JSON.
fn references(networks: &str, namespace: &str) -> Vec<Reference> {
    if networks.contains(['[', '{', '"']) {
        let list: Vec<Value> = serde_json::from_str(networks).unwrap_or_default();
        let reference = |entry: &Value| {
            let text = |key: &str| entry.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
            Some((text("namespace").unwrap_or(namespace).to_owned(), text("name")?.to_owned()))
        };
        return list.iter().filter_map(reference).collect();
    }
    let reference = |entry: &str| {
        let entry = entry.trim();
        let entry = entry.split_once('@').map_or(entry, |(nad, _)| nad);
        let (namespace, name) = entry.split_once('/').unwrap_or((namespace, entry));
        (namespace.to_owned(), name.to_owned())
    };
    networks.split(',').map(reference).collect()
}

/// Our NetworkAttachmentDefinitions with addresses, to be looked up by name.
struct Book<'n> {
    by_package: HashMap<(PackageId, Reference), &'n Seen>,
    /// `None` where several have that name.
    anywhere: HashMap<Reference, Option<&'n Seen>>,
}

impl<'n> Book<'n> {
    fn of(nads: &'n [Seen]) -> Self {
        let mut book = Self { by_package: HashMap::new(), anywhere: HashMap::new() };
        for nad in nads.iter().filter(|nad| nad.ours && !nad.view.addresses().is_empty()) {
            let reference = (nad.name.namespace.clone().unwrap_or_default(), nad.name.name.clone());
            book.anywhere.entry(reference.clone()).and_modify(|only| *only = None).or_insert(Some(nad));
            if let Some(package) = nad.package {
                book.by_package.insert((package, reference), nad);
            }
        }
        book
    }

    /// The one that a workload means: of its own package or one around it, else the only one of that name.
    fn find(&self, reference: &Reference, chain: &[PackageId]) -> Option<&'n Seen> {
        let near = chain.iter().find_map(|id| self.by_package.get(&(*id, reference.clone())));
        near.copied().or_else(|| self.anywhere.get(reference).copied().flatten())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn shown(networks: &str) -> Vec<String> {
        references(networks, "upf").into_iter().map(|(namespace, name)| format!("{namespace}/{name}")).collect()
    }

    #[test]
    fn both_forms_of_the_annotation() {
        assert_eq!(shown("n3, core/n4@eth4,n6@n6"), ["upf/n3", "core/n4", "upf/n6"]);
        let json =
            r#"[{"name": "n3", "ips": ["10.1.3.9/24"]}, {"name": "n4", "namespace": "core"}, {"interface": "x"}]"#;
        assert_eq!(shown(json), ["upf/n3", "core/n4"]);
        assert_eq!(shown("[{"), [""; 0]);
    }

    #[test]
    fn which_workloads_have_several_pods() {
        let workload = |kind: &str, spec: Value| crowd(&json!({"apiVersion": "apps/v1", "kind": kind, "spec": spec}));
        assert_eq!(workload("Deployment", json!({})), Some(Crowd::RollingUpdate));
        assert_eq!(workload("Deployment", json!({"replicas": 1, "strategy": {"type": "Recreate"}})), None);
        assert_eq!(workload("Deployment", json!({"replicas": 0})), None);
        assert_eq!(
            workload("Deployment", json!({"replicas": 2, "strategy": {"type": "Recreate"}})),
            Some(Crowd::Replicas(2))
        );
        assert_eq!(workload("StatefulSet", json!({})), None);
        assert_eq!(workload("StatefulSet", json!({"replicas": 3})), Some(Crowd::Replicas(3)));
        assert_eq!(workload("DaemonSet", json!({})), Some(Crowd::EachNode));
        assert_eq!(workload("ReplicaSet", json!({"replicas": 3})), None);
        assert_eq!(crowd(&json!({"apiVersion": "v1", "kind": "Deployment"})), None);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in any::<String>()) {
            references(&text, "upf");
        }
    }
}

//! What several functions say about one and the same thing, in the same words: whoever runs them all is told once.
//!
//! The sentences stand beside the name of an object and of a field, and do not repeat these.

use crate::conditions::KPTFILE_MISSING;
use crate::infra::{ClusterFault, PLACEHOLDER_CLUSTER_NAME, WorkloadClusterSpec};
use crate::req::POD_NETWORK;

/// How many names a sentence lists.
const NAMED: usize = 5;

const INJECT: &str = "inject the WorkloadCluster of the target cluster (Nephio does it with a PackageVariant)";

/// `Interface n3`, `Interfaces n3 and n6`, `Interfaces a, b, c, d, e and 7 more`.
pub fn interfaces(names: impl ExactSizeIterator<Item = String>) -> String {
    let count = names.len();
    let mut names: Vec<String> = names.take(NAMED).collect();
    match (count, names.pop()) {
        (0 | 1, last) => format!("Interface {}", last.unwrap_or_default()),
        (count, Some(last)) if count <= NAMED => format!("Interfaces {} and {last}", names.join(", ")),
        (count, last) => {
            names.extend(last);
            format!("Interfaces {} and {} more", names.join(", "), count.saturating_sub(NAMED))
        }
    }
}

/// There is no WorkloadCluster, and [`interfaces`] wait for one.
pub fn cluster_missing(waiting: &str) -> String {
    format!(
        "no WorkloadCluster is in the package or around it: {INJECT}, or add one by hand. Waiting for it: {waiting}"
    )
}

/// There are several WorkloadClusters, and [`interfaces`] wait for one.
pub fn cluster_doubled(clusters: &[String], waiting: &str) -> String {
    format!(
        "{} WorkloadClusters are in one package ({}), and nobody knows which one it is for: keep one. Waiting for it: \
         {waiting}",
        clusters.len(),
        clusters.join(", ")
    )
}

/// A WorkloadCluster cannot be used yet, and [`interfaces`] wait for it.
pub fn cluster_incomplete(spec: &WorkloadClusterSpec, fault: ClusterFault, waiting: &str) -> String {
    let what = match fault {
        ClusterFault::ClusterName if spec.cluster_name == PLACEHOLDER_CLUSTER_NAME => {
            format!("`{PLACEHOLDER_CLUSTER_NAME}` is the placeholder of a blueprint: {INJECT}, or fill it in by hand")
        }
        ClusterFault::ClusterName => "clusterName is empty: state the name of the target cluster".to_owned(),
        ClusterFault::Cnis => "cnis is empty: list the CNI plugins that the cluster has, such as macvlan".to_owned(),
        ClusterFault::MasterInterface => {
            "masterInterface is absent: state the hosts' interface that attachments sit on, such as eth1".to_owned()
        }
    };
    format!("{what}. Waiting for it: {waiting}")
}

/// A cluster, as users know it, lacks the CNI plugin that an Interface asks for.
pub fn cni_not_in_cluster(requested: &str, cnis: &[String], cluster: &str) -> String {
    format!(
        "`{requested}` is not among the CNI plugins {} of {cluster}: change it, or add it to the cluster's spec.cnis if \
         the cluster has it",
        cnis.join(", ")
    )
}

/// An Interface names no network instance.
pub fn no_network_instance() -> String {
    format!(
        "the Interface names no network instance: set spec.networkInstance.name to the network that it attaches to, or to \
         `{POD_NETWORK}` for the pod network"
    )
}

/// A list holds no Kptfile at all.
pub fn no_kptfile() -> String {
    format!(
        "{KPTFILE_MISSING}: run the function on a kpt package (kpt pkg init makes one), and let no selector leave the \
         Kptfile out"
    )
}

/// An object lies outside of all packages of a list.
pub fn outside_of_packages() -> String {
    format!("{KPTFILE_MISSING}: no directory around the object has one")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(count: usize) -> String {
        interfaces((0..count).map(|number| format!("n{}", number + 1)))
    }

    #[test]
    fn names_are_listed_up_to_a_number() {
        assert_eq!(listed(1), "Interface n1");
        assert_eq!(listed(2), "Interfaces n1 and n2");
        assert_eq!(listed(5), "Interfaces n1, n2, n3, n4 and n5");
        assert_eq!(listed(6), "Interfaces n1, n2, n3, n4, n5 and 1 more");
    }

    #[test]
    fn a_cluster_without_a_name_is_no_placeholder() {
        let advice = |name: &str| {
            let spec = WorkloadClusterSpec { cluster_name: name.to_owned(), ..WorkloadClusterSpec::default() };
            cluster_incomplete(&spec, ClusterFault::ClusterName, &listed(1))
        };
        assert!(advice("example").starts_with("`example` is the placeholder"));
        assert_eq!(
            advice(""),
            "clusterName is empty: state the name of the target cluster. Waiting for it: Interface n1"
        );
    }
}

//! What the workload lands on: `WorkloadCluster` and `Network` (`infra.nephio.org/v1alpha1`).

use serde::Deserialize;
use thiserror::Error;

use crate::conditions::CLUSTER_MULTIPLE;
use crate::de::null_as_default;
use crate::ipam::LabelledPrefix;
use crate::meta::{NoStatus, Resource};

/// The cluster that a package is deployed to.
pub type WorkloadCluster = Resource<WorkloadClusterSpec, NoStatus>;
/// Routing tables with their prefixes.
pub type Network = Resource<NetworkSpec, NoStatus>;

/// The cluster name that blueprints carry until the real cluster is injected.
pub const PLACEHOLDER_CLUSTER_NAME: &str = "example";

/// What the functions need to know of a cluster.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "a mapping")]
#[cfg_attr(feature = "crd", derive(serde::Serialize, schemars::JsonSchema, kube::CustomResource))]
#[cfg_attr(
    feature = "crd",
    kube(
        group = "infra.nephio.org",
        version = "v1alpha1",
        kind = "WorkloadCluster",
        plural = "workloadclusters",
        singular = "workloadcluster",
        root = "WorkloadClusterDefinition",
        shortname = "wlc",
        category = "krmnet",
        category = "nephio",
        namespaced,
        doc = "The cluster that a package is deployed to.",
        status = "NoStatus",
        printcolumn = r#"{"name": "Cluster", "type": "string", "jsonPath": ".spec.clusterName"}"#,
        printcolumn = r#"{"name": "Master", "type": "string", "jsonPath": ".spec.masterInterface"}"#,
        printcolumn = r#"{"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"}"#,
    )
)]
pub struct WorkloadClusterSpec {
    /// The cluster's name, which becomes a selector label of claims.
    #[serde(default, deserialize_with = "null_as_default")]
    #[cfg_attr(feature = "crd", schemars(with = "Option<String>"))]
    pub cluster_name: String,
    /// The CNI plugins that the cluster has.
    #[serde(default, deserialize_with = "null_as_default")]
    #[cfg_attr(feature = "crd", schemars(with = "Option<Vec<String>>"))]
    pub cnis: Vec<String>,
    /// The interface of its hosts that attachments sit on.
    #[serde(default)]
    pub master_interface: Option<String>,
}

/// Why a WorkloadCluster cannot be used yet. The texts are those of Nephio's functions (two of them name the kind by
/// its former name), because its controllers and users look for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Error)]
pub enum ClusterFault {
    /// `spec.clusterName` is empty, or still the [placeholder](PLACEHOLDER_CLUSTER_NAME).
    #[error("spec invalid: mandatory field ClusterName is missing from WorkloadCluster")]
    ClusterName,
    /// `spec.cnis` is empty.
    #[error("spec invalid: mandatory field CNIConfig is missing from ClusterContext")]
    Cnis,
    /// `spec.masterInterface` is absent. An empty text passes.
    #[error("spec invalid: mandatory field MasterInterface is missing from ClusterContext")]
    MasterInterface,
}

impl ClusterFault {
    /// The field at fault, for a message that a person can act on.
    pub const fn field(self) -> &'static str {
        match self {
            Self::ClusterName => "spec.clusterName",
            Self::Cnis => "spec.cnis",
            Self::MasterInterface => "spec.masterInterface",
        }
    }
}

impl WorkloadClusterSpec {
    /// Whether the cluster can be used: the first fault found, in the order of [`ClusterFault`].
    pub fn validate(&self) -> Result<(), ClusterFault> {
        if self.cluster_name.is_empty() || self.cluster_name == PLACEHOLDER_CLUSTER_NAME {
            Err(ClusterFault::ClusterName)
        } else if self.cnis.is_empty() {
            Err(ClusterFault::Cnis)
        } else if self.master_interface.is_none() {
            Err(ClusterFault::MasterInterface)
        } else {
            Ok(())
        }
    }

    /// Whether the cluster has the CNI plugin. Names are compared literally.
    pub fn has_cni(&self, cni_type: &str) -> bool {
        self.cnis.iter().any(|cni| cni == cni_type)
    }
}

/// What the WorkloadClusters in sight of a package amount to. `S` says where each one stands, for messages.
#[derive(Debug, Clone, Default)]
pub enum Cluster<S> {
    /// There is no WorkloadCluster.
    #[default]
    Missing,
    /// There are several.
    Doubled(Vec<S>),
    /// There is one, but it cannot be used yet.
    Faulty(S, WorkloadClusterSpec, ClusterFault),
    /// There is one.
    Known(S, WorkloadClusterSpec),
}

impl<S> Cluster<S> {
    /// From the WorkloadClusters of one package.
    pub fn of(mut found: Vec<(S, WorkloadClusterSpec)>) -> Self {
        if found.len() > 1 {
            return Self::Doubled(found.into_iter().map(|(source, _)| source).collect());
        }
        match found.pop() {
            None => Self::Missing,
            Some((source, spec)) => match spec.validate() {
                Ok(()) => Self::Known(source, spec),
                Err(fault) => Self::Faulty(source, spec, fault),
            },
        }
    }

    /// A cluster that can be used.
    pub fn known(&self) -> Option<(&S, &WorkloadClusterSpec)> {
        match self {
            Self::Known(source, spec) => Some((source, spec)),
            Self::Missing | Self::Doubled(_) | Self::Faulty(..) => None,
        }
    }

    /// The name of a cluster that can be used.
    pub fn name(&self) -> Option<&str> {
        self.known().map(|(_, spec)| spec.cluster_name.as_str())
    }

    /// The message of a condition that waits for a usable cluster although there are WorkloadClusters.
    pub fn fault(&self) -> Option<String> {
        match self {
            Self::Doubled(_) => Some(CLUSTER_MULTIPLE.to_owned()),
            Self::Faulty(_, _, fault) => Some(fault.to_string()),
            Self::Missing | Self::Known(..) => None,
        }
    }
}

/// The part of a Network that functions look at.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "a mapping")]
#[cfg_attr(feature = "crd", derive(serde::Serialize, schemars::JsonSchema, kube::CustomResource))]
#[cfg_attr(
    feature = "crd",
    kube(
        group = "infra.nephio.org",
        version = "v1alpha1",
        kind = "Network",
        plural = "networks",
        singular = "network",
        root = "NetworkDefinition",
        shortname = "nwk",
        category = "krmnet",
        category = "nephio",
        namespaced,
        doc = "Routing tables with their prefixes, shared by the attachments of a network.",
        status = "NoStatus",
        printcolumn = r#"{"name": "Topology", "type": "string", "jsonPath": ".spec.topology"}"#,
        printcolumn = r#"{"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"}"#,
    )
)]
#[cfg_attr(feature = "crd", schemars(extend("x-kubernetes-preserve-unknown-fields" = true)))]
pub struct NetworkSpec {
    /// The topology that the network belongs to.
    #[serde(default)]
    pub topology: Option<String>,
    /// Routing tables; each is named like the network instance that it belongs to.
    #[serde(default, deserialize_with = "null_as_default")]
    #[cfg_attr(feature = "crd", schemars(with = "Option<Vec<RoutingTable>>"))]
    pub routing_tables: Vec<RoutingTable>,
}

/// One routing table of a Network.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "a mapping")]
#[cfg_attr(feature = "crd", derive(serde::Serialize, schemars::JsonSchema))]
#[cfg_attr(feature = "crd", schemars(extend("x-kubernetes-preserve-unknown-fields" = true)))]
pub struct RoutingTable {
    /// The name: that of the network instance.
    #[cfg_attr(feature = "crd", schemars(length(min = 1)))]
    pub name: String,
    /// The prefixes that are reachable through the network.
    #[serde(default, deserialize_with = "null_as_default")]
    #[cfg_attr(feature = "crd", schemars(with = "Option<Vec<LabelledPrefix>>"))]
    pub prefixes: Vec<LabelledPrefix>,
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn fault(value: Value) -> Option<ClusterFault> {
        serde_json::from_value::<WorkloadClusterSpec>(value).unwrap().validate().err()
    }

    #[test]
    fn the_first_fault_wins() {
        assert_eq!(fault(json!({})), Some(ClusterFault::ClusterName));
        assert_eq!(
            fault(json!({"clusterName": "example", "cnis": ["macvlan"], "masterInterface": "eth1"})),
            Some(ClusterFault::ClusterName)
        );
        assert_eq!(fault(json!({"clusterName": "edge01", "cnis": null})), Some(ClusterFault::Cnis));
        assert_eq!(fault(json!({"clusterName": "edge01", "cnis": ["macvlan"]})), Some(ClusterFault::MasterInterface));
        assert_eq!(fault(json!({"clusterName": "edge01", "cnis": ["macvlan"], "masterInterface": ""})), None);
    }

    #[test]
    fn the_texts_are_those_that_controllers_look_for() {
        assert_eq!(
            ClusterFault::ClusterName.to_string(),
            "spec invalid: mandatory field ClusterName is missing from WorkloadCluster"
        );
        assert_eq!(
            ClusterFault::Cnis.to_string(),
            "spec invalid: mandatory field CNIConfig is missing from ClusterContext"
        );
        assert_eq!(
            ClusterFault::MasterInterface.to_string(),
            "spec invalid: mandatory field MasterInterface is missing from ClusterContext"
        );
    }

    #[test]
    fn cnis_are_compared_literally() {
        let spec: WorkloadClusterSpec = serde_json::from_value(json!({"cnis": ["macvlan"]})).unwrap();
        assert!(spec.has_cni("macvlan"));
        assert!(!spec.has_cni("Macvlan"));
    }

    #[test]
    fn a_network_reads_its_routing_tables() {
        let network: Network = serde_json::from_value(json!({
            "metadata": {"name": "vpc-ran"},
            "spec": {
                "topology": "nephio",
                "bridgeDomains": [{"name": "vpc-ran"}],
                "routingTables": [{"name": "vpc-ran", "interfaces": [], "prefixes": [{"prefix": "172.3.0.0/16"}]}],
            },
        }))
        .unwrap();
        let table = network.spec.routing_tables.first().unwrap();
        assert_eq!(table.name, "vpc-ran");
        assert_eq!(table.prefixes.first().unwrap().prefix, "172.3.0.0/16");
    }
}

//! The cluster that a package is for.

use api::conditions::CLUSTER_MULTIPLE;
use api::infra::{ClusterFault, PLACEHOLDER_CLUSTER_NAME, WorkloadClusterSpec};
use krm::{Field, Finding};

use super::asker::Asker;
use crate::codes;
use crate::source::Source;

/// The cluster that a package is for: its own WorkloadCluster, else that of the nearest package around it.
#[derive(Debug, Clone, Default)]
pub(crate) enum Cluster {
    /// There is no WorkloadCluster.
    #[default]
    Missing,
    /// There are several.
    Doubled(Vec<Source>),
    /// There is one, but it cannot be used yet.
    Faulty(Source, WorkloadClusterSpec, ClusterFault),
    /// There is one.
    Known(Source, WorkloadClusterSpec),
}

impl Cluster {
    /// What the WorkloadClusters of one package amount to.
    pub(crate) fn of(mut found: Vec<(Source, WorkloadClusterSpec)>) -> Self {
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

    /// The name of a cluster that can be used.
    pub(crate) fn name(&self) -> Option<&str> {
        self.known().map(|(_, spec)| spec.cluster_name.as_str())
    }

    /// A cluster that can be used.
    pub(super) fn known(&self) -> Option<(&Source, &WorkloadClusterSpec)> {
        match self {
            Self::Known(source, spec) => Some((source, spec)),
            Self::Missing | Self::Doubled(_) | Self::Faulty(..) => None,
        }
    }

    /// The message of a condition that waits for a usable cluster although there are WorkloadClusters.
    pub(super) fn fault(&self) -> Option<String> {
        match self {
            Self::Doubled(_) => Some(CLUSTER_MULTIPLE.to_owned()),
            Self::Faulty(_, _, fault) => Some(fault.to_string()),
            Self::Missing | Self::Known(..) => None,
        }
    }

    /// What a user can do about the cluster, where Interfaces wait for it.
    pub(super) fn finding(&self, waiting: &[&Asker<'_>]) -> Option<Finding> {
        let first = waiting.first()?;
        match self {
            Self::Known(..) => None,
            Self::Missing => {
                let message = format!(
                    "no WorkloadCluster is in the package or around it, so that the attachments of {} wait: inject the \
                     WorkloadCluster of the target cluster (Nephio does it with a PackageVariant), or add one by hand",
                    list(waiting)
                );
                Some(first.interface.source.on(Finding::warning(codes::CLUSTER_MISSING, message)))
            }
            Self::Doubled(sources) => {
                let named: Vec<String> = sources.iter().map(Source::to_string).collect();
                let message = format!(
                    "{} WorkloadClusters are in one package ({}), so that nobody knows which one the attachments of {} are \
                     for: keep one",
                    sources.len(),
                    named.join(", "),
                    list(waiting)
                );
                let second = sources.get(1).unwrap_or(&first.interface.source);
                Some(second.on(Finding::warning(codes::CLUSTER_DOUBLED, message)))
            }
            Self::Faulty(source, spec, fault) => Some(source.on(incomplete(spec, *fault, waiting))),
        }
    }
}

fn incomplete(spec: &WorkloadClusterSpec, fault: ClusterFault, waiting: &[&Asker<'_>]) -> Finding {
    let what = match fault {
        ClusterFault::ClusterName if spec.cluster_name == PLACEHOLDER_CLUSTER_NAME => format!(
            "spec.clusterName is `{PLACEHOLDER_CLUSTER_NAME}`, the placeholder of a blueprint: inject the WorkloadCluster \
             of the target cluster (Nephio does it with a PackageVariant), or fill it in by hand"
        ),
        ClusterFault::ClusterName => "spec.clusterName is empty: state the name of the target cluster".to_owned(),
        ClusterFault::Cnis => {
            "spec.cnis is empty: list the CNI plugins that the cluster has, such as macvlan".to_owned()
        }
        ClusterFault::MasterInterface => {
            "spec.masterInterface is absent: state the hosts' interface that attachments sit on, such as eth1"
                .to_owned()
        }
    };
    let field = Field::new(fault.field());
    let field = match fault {
        ClusterFault::ClusterName => field.current(spec.cluster_name.as_str()),
        ClusterFault::Cnis | ClusterFault::MasterInterface => field,
    };
    Finding::warning(codes::CLUSTER_INCOMPLETE, format!("{what}. Waiting for it: {}", list(waiting))).field(field)
}

/// How many Interfaces a message lists by name.
const NAMED: usize = 5;

/// `Interface n3`, `Interfaces n3 and n6`, `Interfaces a, b, c, d, e and 7 more`.
fn list(askers: &[&Asker<'_>]) -> String {
    let mut names: Vec<String> = askers.iter().take(NAMED).map(|asker| asker.shown()).collect();
    match (askers.len(), names.pop()) {
        (0 | 1, last) => format!("Interface {}", last.unwrap_or_default()),
        (count, Some(last)) if count <= NAMED => format!("Interfaces {} and {last}", names.join(", ")),
        (count, last) => {
            names.extend(last);
            format!("Interfaces {} and {} more", names.join(", "), count.saturating_sub(NAMED))
        }
    }
}

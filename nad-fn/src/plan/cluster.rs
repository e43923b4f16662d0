//! The cluster that a package is for.

use api::advice;
use api::infra::{ClusterFault, WorkloadClusterSpec};
use krm::{Field, Finding, Source};

use super::asker::Asker;
use crate::codes;

/// The cluster that a package is for: its own WorkloadCluster, else that of the nearest package around it.
pub(crate) type Cluster = api::infra::Cluster<Source>;

/// What a user can do about the cluster, where Interfaces wait for it.
pub(super) fn finding(cluster: &Cluster, waiting: &[&Asker<'_>]) -> Option<Finding> {
    let first = waiting.first()?;
    match cluster {
        Cluster::Known(..) => None,
        Cluster::Missing => {
            let message = advice::cluster_missing(&list(waiting));
            Some(first.interface.source.on(Finding::warning(codes::CLUSTER_MISSING, message)))
        }
        Cluster::Doubled(sources) => {
            let named: Vec<String> = sources.iter().map(Source::to_string).collect();
            let message = advice::cluster_doubled(&named, &list(waiting));
            let second = sources.get(1).unwrap_or(&first.interface.source);
            Some(second.on(Finding::warning(codes::CLUSTER_DOUBLED, message)))
        }
        Cluster::Faulty(source, spec, fault) => Some(source.on(incomplete(spec, *fault, waiting))),
    }
}

fn incomplete(spec: &WorkloadClusterSpec, fault: ClusterFault, waiting: &[&Asker<'_>]) -> Finding {
    let field = Field::new(fault.field());
    let field = match fault {
        ClusterFault::ClusterName => field.current(spec.cluster_name.as_str()),
        ClusterFault::Cnis | ClusterFault::MasterInterface => field,
    };
    let message = advice::cluster_incomplete(spec, fault, &list(waiting));
    Finding::warning(codes::CLUSTER_INCOMPLETE, message).field(field)
}

fn list(askers: &[&Asker<'_>]) -> String {
    advice::interfaces(askers.iter().map(|asker| asker.shown()))
}

//! The cluster that a package is for.

use api::advice;
use api::conditions::CLUSTER_MULTIPLE;
use api::infra::{ClusterFault, WorkloadClusterSpec};
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
                let message = advice::cluster_missing(&list(waiting));
                Some(first.interface.source.on(Finding::warning(codes::CLUSTER_MISSING, message)))
            }
            Self::Doubled(sources) => {
                let named: Vec<String> = sources.iter().map(Source::to_string).collect();
                let message = advice::cluster_doubled(&named, &list(waiting));
                let second = sources.get(1).unwrap_or(&first.interface.source);
                Some(second.on(Finding::warning(codes::CLUSTER_DOUBLED, message)))
            }
            Self::Faulty(source, spec, fault) => Some(source.on(incomplete(spec, *fault, waiting))),
        }
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

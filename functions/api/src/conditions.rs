//! The messages of Kptfile conditions. Nephio's controllers, its users and its other functions read them, so the texts
//! are fixed.

/// An object is done. Status True.
pub const UPDATE_DONE: &str = "update done";
/// An object's children differ from what it wants. Status False.
pub const UPDATE_FOR_CONDITION: &str = "update for condition";
/// A child's condition was missing although the child is there. Status False.
pub const CREATE_CONDITION: &str = "create condition";
/// A child was asked for. Status False.
pub const CREATE_INITIAL_RESOURCE: &str = "create initial resource";
/// A child asks for something else than before. Status False.
pub const UPDATE_RESOURCE: &str = "update resource";
/// There is no WorkloadCluster.
pub const CLUSTER_MISSING: &str = "workload cluster is missing from the kpt package";
/// There is more than one WorkloadCluster.
pub const CLUSTER_MULTIPLE: &str = "multiple WorkloadCluster objects found in the kpt package";
/// A NetworkAttachmentDefinition has no Interface.
pub const INTERFACE_EXPECTED: &str = "expected Interface object to generate the nad";
/// The Interface of a NetworkAttachmentDefinition has no claim.
pub const CLAIM_EXPECTED: &str = "expected one of IPClaim or VLANClaim objects to generate the nad";
/// Nobody says which interface of the hosts an attachment sits on.
pub const MASTER_UNKNOWN: &str = "unknown nad master interface";
/// A bridge is named after a VLAN ID, and there is none.
pub const VLAN_ID_UNKNOWN: &str = "unknown vlanID";
/// There is no Kptfile. Not a condition, as there is nothing to hold one.
pub const KPTFILE_MISSING: &str = "mandatory Kptfile is missing from the package";

/// An object's children could not be worked out. Status False.
pub fn cannot_populate(error: &str) -> String {
    format!("stage1: cannot populate new resource err: {error}")
}

/// The cluster has other CNI plugins than the one that an Interface asks for.
pub fn cni_not_supported(cluster_cnis: &[String], requested: &str) -> String {
    format!(
        "cniType not supported in workload cluster; workload cluster CNI(s): [{}], interface cniType requested: {requested}",
        cluster_cnis.join(" ")
    )
}

/// The annotations of an Interface do not say how its NetworkAttachmentDefinition is called, or where it belongs.
pub fn for_names_expected(for_name: &str, for_namespace: &str) -> String {
    format!("expecting a for name and for namespace, got forName: {for_name}, forNamespace: {for_namespace}")
}

/// Nothing in sight gives to a claim: its network instance has no pool, or its VLAN index is not there. Status False.
///
/// The blanks stand for the fields of the reference that nobody fills.
pub fn db_not_initialized(namespace: &str, name: &str) -> String {
    format!("db not initialized: {{ {namespace} {name}    }}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_that_controllers_look_for() {
        let cnis = ["macvlan".to_owned(), "ipvlan".to_owned()];
        assert_eq!(
            cannot_populate(&cni_not_supported(&cnis, "sriov")),
            "stage1: cannot populate new resource err: cniType not supported in workload cluster; \
             workload cluster CNI(s): [macvlan ipvlan], interface cniType requested: sriov"
        );
    }

    #[test]
    fn the_text_of_a_claim_without_a_pool() {
        assert_eq!(db_not_initialized("default", "edge01"), "db not initialized: { default edge01    }");
    }
}

//! VLAN IDs: claims and indices (`vlan.resource.nephio.org/v1alpha1`).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::de::null_as_default;
use crate::meta::{Condition, LabelSelector, NoStatus, ObjectReference, Resource};

/// A request for a VLAN ID, and its answer.
pub type VlanClaim = Resource<VlanClaimSpec, VlanClaimStatus>;
/// One domain of VLAN IDs.
pub type VlanIndex = Resource<VlanIndexSpec, NoStatus>;

/// A VLAN ID, or a range of them, that is registered in an index: nobody else is given it.
pub type Vlan = Resource<VlanSpec, VlanClaimStatus>;

/// What a VLANClaim asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "a mapping")]
#[cfg_attr(feature = "crd", derive(serde::Serialize, schemars::JsonSchema, kube::CustomResource))]
#[cfg_attr(
    feature = "crd",
    kube(
        group = "vlan.resource.nephio.org",
        version = "v1alpha1",
        kind = "VLANClaim",
        plural = "vlanclaims",
        singular = "vlanclaim",
        root = "VlanClaimDefinition",
        shortname = "vlanc",
        category = "krmnet",
        category = "nephio",
        namespaced,
        doc = "A request for a VLAN ID, and its answer.",
        status = "VlanClaimStatus",
        printcolumn = r#"{"name": "Index", "type": "string", "jsonPath": ".spec.vlanIndex.name"}"#,
        printcolumn = r#"{"name": "Wanted", "type": "integer", "jsonPath": ".spec.vlanID"}"#,
        printcolumn = r#"{"name": "VLAN", "type": "integer", "jsonPath": ".status.vlanID"}"#,
        printcolumn = r#"{"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"}"#,
    )
)]
#[cfg_attr(feature = "crd", schemars(extend("x-kubernetes-validations" = crate::crd::rules::rules(crate::crd::rules::VLAN_CLAIM))))]
// `serde(default)` would make it optional.
#[cfg_attr(feature = "crd", schemars(extend("required" = ["vlanIndex"])))]
pub struct VlanClaimSpec {
    /// The index to claim in.
    // Whoever needs it says so in its own words.
    #[serde(default)]
    #[cfg_attr(feature = "crd", schemars(required))]
    pub vlan_index: Option<ObjectReference>,
    /// Exactly this ID.
    #[serde(default, rename = "vlanID")]
    #[cfg_attr(feature = "crd", schemars(range(min = 2, max = 4094)))]
    pub vlan_id: Option<u16>,
    /// A range of IDs: `start:end` for one of these, `size` for so many in a row.
    #[serde(default)]
    #[cfg_attr(
        feature = "crd",
        schemars(length(max = crate::crd::patterns::VLAN_RANGE_LENGTH), regex(pattern = crate::crd::patterns::VLAN_RANGE))
    )]
    pub range: Option<String>,
    /// Labels of what is claimed.
    #[serde(default, deserialize_with = "null_as_default")]
    #[cfg_attr(feature = "crd", schemars(with = "Option<BTreeMap<String, String>>"))]
    pub labels: BTreeMap<String, String>,
    /// Which entries of the index may serve the claim.
    #[serde(default)]
    pub selector: Option<LabelSelector>,
}

/// What a VLANClaim was given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", expecting = "a mapping")]
#[cfg_attr(feature = "crd", derive(schemars::JsonSchema))]
pub struct VlanClaimStatus {
    /// Conditions that a controller keeps in the cluster.
    #[serde(default, deserialize_with = "null_as_default", skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "crd", schemars(with = "Option<Vec<Condition>>"))]
    pub conditions: Vec<Condition>,
    /// When the claim ends, if ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiry_time: Option<String>,
    /// The ID.
    #[serde(default, rename = "vlanID", skip_serializing_if = "Option::is_none")]
    pub vlan_id: Option<u16>,
    /// The range, `start:end`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vlan_range: Option<String>,
}

/// What a VLAN registers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "a mapping")]
#[cfg_attr(feature = "crd", derive(serde::Serialize, schemars::JsonSchema, kube::CustomResource))]
#[cfg_attr(
    feature = "crd",
    kube(
        group = "vlan.resource.nephio.org",
        version = "v1alpha1",
        kind = "VLAN",
        plural = "vlans",
        singular = "vlan",
        root = "VlanDefinition",
        category = "krmnet",
        category = "nephio",
        namespaced,
        doc = "A VLAN ID, or a range of them, that is registered in an index: nobody else is given it.",
        status = "VlanClaimStatus",
        printcolumn = r#"{"name": "Index", "type": "string", "jsonPath": ".spec.vlanIndex.name"}"#,
        printcolumn = r#"{"name": "VLAN", "type": "integer", "jsonPath": ".spec.vlanID"}"#,
        printcolumn = r#"{"name": "Range", "type": "string", "jsonPath": ".spec.range"}"#,
        printcolumn = r#"{"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"}"#,
    )
)]
#[cfg_attr(feature = "crd", schemars(extend("x-kubernetes-validations" = crate::crd::rules::rules(crate::crd::rules::VLAN))))]
// `serde(default)` would make it optional.
#[cfg_attr(feature = "crd", schemars(extend("required" = ["vlanIndex"])))]
pub struct VlanSpec {
    /// The index that the ID belongs to.
    // Whoever needs it says so in its own words.
    #[serde(default)]
    #[cfg_attr(feature = "crd", schemars(required))]
    pub vlan_index: Option<ObjectReference>,
    /// The ID.
    #[serde(default, rename = "vlanID")]
    #[cfg_attr(feature = "crd", schemars(range(min = 2, max = 4094)))]
    pub vlan_id: Option<u16>,
    /// Several IDs: `start:end`. A `size` alone names none.
    #[serde(default)]
    #[cfg_attr(
        feature = "crd",
        schemars(length(max = crate::crd::patterns::VLAN_RANGE_LENGTH), regex(pattern = crate::crd::patterns::VLAN_IDS))
    )]
    pub range: Option<String>,
    /// Labels of what is registered.
    #[serde(default, deserialize_with = "null_as_default")]
    #[cfg_attr(feature = "crd", schemars(with = "Option<BTreeMap<String, String>>"))]
    pub labels: BTreeMap<String, String>,
}

/// A VLANIndex has labels only: the object marks where IDs may be given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "a mapping")]
#[cfg_attr(feature = "crd", derive(serde::Serialize, schemars::JsonSchema, kube::CustomResource))]
#[cfg_attr(
    feature = "crd",
    kube(
        group = "vlan.resource.nephio.org",
        version = "v1alpha1",
        kind = "VLANIndex",
        plural = "vlanindices",
        singular = "vlanindex",
        root = "VlanIndexDefinition",
        shortname = "vlani",
        category = "krmnet",
        category = "nephio",
        namespaced,
        doc = "One domain of VLAN IDs.",
        status = "NoStatus",
        printcolumn = r#"{"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"}"#,
    )
)]
pub struct VlanIndexSpec {
    /// Labels of the index.
    #[serde(default, deserialize_with = "null_as_default")]
    #[cfg_attr(feature = "crd", schemars(with = "Option<BTreeMap<String, String>>"))]
    pub labels: BTreeMap<String, String>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_ids_are_spelled_as_in_the_cluster() {
        let claim: VlanClaim = serde_json::from_value(json!({
            "metadata": {"name": "upf-n3"},
            "spec": {"vlanIndex": {"name": "edge01"}, "vlanID": 100, "range": "10:20"},
            "status": {"vlanID": 100, "vlanRange": "10:20"},
        }))
        .unwrap();
        assert_eq!((claim.spec.vlan_id, claim.spec.range.as_deref()), (Some(100), Some("10:20")));
        let status = claim.status.unwrap();
        assert_eq!(serde_json::to_string(&status).unwrap(), r#"{"vlanID":100,"vlanRange":"10:20"}"#);
    }

    #[test]
    fn an_index_needs_no_spec() {
        let index: VlanIndex = serde_json::from_value(json!({"metadata": {"name": "edge01"}})).unwrap();
        assert_eq!(index.spec, VlanIndexSpec::default());
    }

    #[test]
    fn a_vlan_registers_ids() {
        let vlan: Vlan = serde_json::from_value(json!({
            "metadata": {"name": "storage"},
            "spec": {"vlanIndex": {"name": "edge01"}, "vlanID": 100, "range": "10:20"},
            "status": {"vlanID": 100},
        }))
        .unwrap();
        assert_eq!((vlan.spec.vlan_id, vlan.spec.range.as_deref()), (Some(100), Some("10:20")));
        assert_eq!(vlan.status.and_then(|status| status.vlan_id), Some(100));
    }

    #[test]
    fn an_id_above_sixteen_bits_is_an_error() {
        let value = json!({"metadata": {"name": "c"}, "spec": {"vlanID": 70000}});
        let error = serde_path_to_error::deserialize::<_, VlanClaim>(value).unwrap_err();
        assert_eq!(error.path().to_string(), "spec.vlanID");
    }
}

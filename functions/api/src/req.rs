//! What a workload asks for: `Interface` (`req.nephio.org/v1alpha1`).

use serde::{Deserialize, Serialize};

use crate::de::{empty_as_none, null_as_default};
use crate::ipam::{AddressFamily, IpClaimStatus};
use crate::meta::{ObjectReference, Resource};
use crate::vlan::VlanClaimStatus;

/// A request for one network attachment of a workload, and what came of it.
pub type Interface = Resource<InterfaceSpec, InterfaceStatus>;

/// The network instance that stands for the pod network: an Interface in it needs nothing from these functions.
pub const POD_NETWORK: &str = "default";

/// The `attachmentType` that asks for a VLAN. Any other value asks for none.
pub const ATTACHMENT_VLAN: &str = "vlan";

/// Which address families an Interface wants. Both spellings in use are read: that of the published resource
/// definition (`dual-stack`) and that of Nephio's functions (`dualstack`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub enum IpFamilyPolicy {
    /// Stated as none, which Nephio's functions treat as IPv4.
    #[serde(rename = "none")]
    None,
    /// IPv4.
    #[serde(rename = "ipv4only", alias = "ipv4-only")]
    Ipv4Only,
    /// IPv6.
    #[serde(rename = "ipv6only", alias = "ipv6-only")]
    Ipv6Only,
    /// Both.
    #[serde(rename = "dualstack", alias = "dual-stack")]
    DualStack,
}

impl IpFamilyPolicy {
    /// The families, IPv4 first.
    pub const fn families(self) -> &'static [AddressFamily] {
        match self {
            Self::None | Self::Ipv4Only => &[AddressFamily::Ipv4],
            Self::Ipv6Only => &[AddressFamily::Ipv6],
            Self::DualStack => &[AddressFamily::Ipv4, AddressFamily::Ipv6],
        }
    }
}

/// What an Interface asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "a mapping")]
#[cfg_attr(feature = "crd", derive(serde::Serialize, schemars::JsonSchema, kube::CustomResource))]
#[cfg_attr(
    feature = "crd",
    kube(
        group = "req.nephio.org",
        version = "v1alpha1",
        kind = "Interface",
        plural = "interfaces",
        singular = "interface",
        root = "InterfaceDefinition",
        shortname = "netif",
        category = "krmnet",
        category = "nephio",
        namespaced,
        doc = "A request for one network attachment of a workload, and what came of it.",
        status = "InterfaceStatus",
        printcolumn = r#"{"name": "Network-Instance", "type": "string", "jsonPath": ".spec.networkInstance.name"}"#,
        printcolumn = r#"{"name": "CNI", "type": "string", "jsonPath": ".spec.cniType"}"#,
        printcolumn = r#"{"name": "Attachment", "type": "string", "jsonPath": ".spec.attachmentType"}"#,
        printcolumn = r#"{"name": "Families", "type": "string", "jsonPath": ".spec.ipFamilyPolicy"}"#,
        printcolumn = r#"{"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"}"#,
    )
)]
// `serde(default)` would make it optional.
#[cfg_attr(feature = "crd", schemars(extend("required" = ["networkInstance"])))]
pub struct InterfaceSpec {
    /// The network to attach to.
    // Whoever needs it says so in its own words.
    #[serde(default)]
    #[cfg_attr(feature = "crd", schemars(required))]
    pub network_instance: Option<ObjectReference>,
    /// The CNI plugin; absent or empty for a loopback.
    #[serde(default)]
    pub cni_type: Option<String>,
    /// `vlan` for an attachment with a VLAN ID.
    #[serde(default)]
    pub attachment_type: Option<String>,
    /// The address families; IPv4 where absent.
    #[serde(default, deserialize_with = "empty_as_none")]
    #[cfg_attr(feature = "crd", schemars(schema_with = "crate::crd::ip_family_policy"))]
    pub ip_family_policy: Option<IpFamilyPolicy>,
}

impl InterfaceSpec {
    /// The name of the network instance, if one is stated and is not empty.
    pub fn network_instance_name(&self) -> Option<&str> {
        self.network_instance.as_ref().and_then(ObjectReference::name)
    }

    /// Whether the Interface is the pod network's.
    pub fn is_pod_network(&self) -> bool {
        self.network_instance_name() == Some(POD_NETWORK)
    }

    /// The CNI plugin, if one is stated and is not empty.
    pub fn cni_type(&self) -> Option<&str> {
        self.cni_type.as_deref().filter(|cni_type| !cni_type.is_empty())
    }

    /// Whether the Interface wants a VLAN ID.
    pub fn wants_vlan(&self) -> bool {
        self.attachment_type.as_deref() == Some(ATTACHMENT_VLAN)
    }

    /// The address families to claim, IPv4 first.
    pub fn families(&self) -> &'static [AddressFamily] {
        self.ip_family_policy.unwrap_or(IpFamilyPolicy::Ipv4Only).families()
    }
}

/// What an Interface was given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", expecting = "a mapping")]
#[cfg_attr(feature = "crd", derive(schemars::JsonSchema))]
pub struct InterfaceStatus {
    /// The statuses of its IPClaims, by the claims' names.
    #[serde(
        default,
        rename = "ipClaimStatus",
        deserialize_with = "null_as_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    #[cfg_attr(feature = "crd", schemars(with = "Option<Vec<IpClaimStatus>>"))]
    pub ip_claim_status: Vec<IpClaimStatus>,
    /// The status of its VLANClaim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vlan_claim_status: Option<VlanClaimStatus>,
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn spec(value: Value) -> Result<InterfaceSpec, String> {
        serde_path_to_error::deserialize(value).map_err(|error| error.to_string())
    }

    #[test]
    fn both_spellings_of_the_family_policy() {
        use AddressFamily::{Ipv4, Ipv6};
        let cases: &[(&str, &[AddressFamily])] = &[
            ("none", &[Ipv4]),
            ("", &[Ipv4]),
            ("ipv4only", &[Ipv4]),
            ("ipv4-only", &[Ipv4]),
            ("ipv6only", &[Ipv6]),
            ("ipv6-only", &[Ipv6]),
            ("dualstack", &[Ipv4, Ipv6]),
            ("dual-stack", &[Ipv4, Ipv6]),
        ];
        for (policy, families) in cases {
            assert_eq!(spec(json!({"ipFamilyPolicy": policy})).unwrap().families(), *families, "{policy}");
        }
        assert_eq!(spec(json!({})).unwrap().families(), [Ipv4]);
    }

    #[test]
    fn an_unknown_family_policy_lists_the_known_ones() {
        let error = spec(json!({"ipFamilyPolicy": "v6"})).unwrap_err();
        for word in ["ipFamilyPolicy", "`v6`", "`none`", "`ipv4only`", "`ipv6only`", "`dualstack`"] {
            assert!(error.contains(word), "{word} not in: {error}");
        }
    }

    #[test]
    fn a_reference_is_a_mapping() {
        let error = spec(json!({"networkInstance": "vpc"})).unwrap_err();
        assert_eq!(error, "networkInstance: invalid type: string \"vpc\", expected a mapping with a name");
    }

    #[test]
    fn an_empty_cni_type_is_a_loopback() {
        assert_eq!(spec(json!({"cniType": ""})).unwrap().cni_type(), None);
        assert_eq!(spec(json!({"cniType": "macvlan"})).unwrap().cni_type(), Some("macvlan"));
    }

    #[test]
    fn only_the_word_vlan_asks_for_one() {
        assert!(spec(json!({"attachmentType": "vlan"})).unwrap().wants_vlan());
        assert!(!spec(json!({"attachmentType": "none"})).unwrap().wants_vlan());
        assert!(!spec(json!({})).unwrap().wants_vlan());
    }

    #[test]
    fn network_instance_default_is_the_pod_network() {
        assert!(spec(json!({"networkInstance": {"name": "default"}})).unwrap().is_pod_network());
        assert!(!spec(json!({"networkInstance": {"name": "vpc"}})).unwrap().is_pod_network());
        assert_eq!(spec(json!({"networkInstance": {"name": ""}})).unwrap().network_instance_name(), None);
    }

    #[test]
    fn a_status_is_written_as_it_is_read() {
        let value = json!({
            "ipClaimStatus": [{"prefix": "10.1.3.2/24", "gateway": "10.1.3.1"}],
            "vlanClaimStatus": {"vlanID": 10},
        });
        let status: InterfaceStatus = serde_json::from_value(value.clone()).unwrap();
        assert_eq!(serde_json::to_value(&status).unwrap(), value);
    }
}

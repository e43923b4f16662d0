//! Addresses: claims, prefixes and network instances (`ipam.resource.nephio.org/v1alpha1`).

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::de::{empty_as_none, null_as_default};
use crate::meta::{Condition, LabelSelector, NoStatus, ObjectReference, Resource};

/// A request for an address or a block of addresses, and its answer.
pub type IpClaim = Resource<IpClaimSpec, IpClaimStatus>;
/// A prefix that is registered in a network instance.
pub type IpPrefix = Resource<IpPrefixSpec, NoStatus>;
/// One domain of addresses that do not overlap.
pub type NetworkInstance = Resource<NetworkInstanceSpec, NoStatus>;

/// What a prefix is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PrefixKind {
    /// Subnets of network interfaces.
    #[default]
    Network,
    /// Loopback addresses.
    Loopback,
    /// Pools that are handed on, such as those for user equipment.
    Pool,
    /// Top-level space that the others are cut from.
    Aggregate,
}

impl PrefixKind {
    /// The kind as it stands in a spec or label.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Network => "network",
            Self::Loopback => "loopback",
            Self::Pool => "pool",
            Self::Aggregate => "aggregate",
        }
    }
}

impl fmt::Display for PrefixKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// IPv4 or IPv6.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum AddressFamily {
    /// IPv4.
    Ipv4,
    /// IPv6.
    Ipv6,
}

impl AddressFamily {
    /// The family as it stands in a spec, a label or a claim's name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ipv4 => "ipv4",
            Self::Ipv6 => "ipv6",
        }
    }
}

impl fmt::Display for AddressFamily {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What an IPClaim asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "a mapping")]
#[cfg_attr(feature = "crd", derive(serde::Serialize, schemars::JsonSchema, kube::CustomResource))]
#[cfg_attr(
    feature = "crd",
    kube(
        group = "ipam.resource.nephio.org",
        version = "v1alpha1",
        kind = "IPClaim",
        plural = "ipclaims",
        singular = "ipclaim",
        root = "IpClaimDefinition",
        shortname = "ipc",
        category = "krmnet",
        category = "nephio",
        namespaced,
        doc = "A request for an address or a block of addresses, and its answer.",
        status = "IpClaimStatus",
        printcolumn = r#"{"name": "Network-Instance", "type": "string", "jsonPath": ".spec.networkInstance.name"}"#,
        printcolumn = r#"{"name": "Kind", "type": "string", "jsonPath": ".spec.kind"}"#,
        printcolumn = r#"{"name": "Family", "type": "string", "jsonPath": ".spec.addressFamily"}"#,
        printcolumn = r#"{"name": "Wanted", "type": "string", "jsonPath": ".spec.prefix"}"#,
        printcolumn = r#"{"name": "Prefix", "type": "string", "jsonPath": ".status.prefix"}"#,
        printcolumn = r#"{"name": "Gateway", "type": "string", "jsonPath": ".status.gateway"}"#,
        printcolumn = r#"{"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"}"#,
    )
)]
#[cfg_attr(feature = "crd", schemars(extend("x-kubernetes-validations" = crate::crd::rules::rules(crate::crd::rules::IP_CLAIM))))]
// `serde(default)` would make it optional.
#[cfg_attr(feature = "crd", schemars(extend("required" = ["networkInstance"])))]
pub struct IpClaimSpec {
    /// The kind of pool to claim from.
    #[serde(default, deserialize_with = "null_as_default")]
    #[cfg_attr(feature = "crd", schemars(schema_with = "crate::crd::prefix_kind"))]
    pub kind: PrefixKind,
    /// The network instance to claim in.
    // Whoever needs it says so in its own words.
    #[serde(default)]
    #[cfg_attr(feature = "crd", schemars(required))]
    pub network_instance: Option<ObjectReference>,
    /// The family, where the selector does not state it.
    #[serde(default, deserialize_with = "empty_as_none")]
    #[cfg_attr(feature = "crd", schemars(schema_with = "crate::crd::address_family"))]
    pub address_family: Option<AddressFamily>,
    /// Exactly this address or block, with its length.
    #[serde(default)]
    #[cfg_attr(feature = "crd", schemars(length(max = crate::crd::patterns::PREFIX_LENGTH), regex(pattern = crate::crd::patterns::PREFIX)))]
    pub prefix: Option<String>,
    /// The length of the block to cut; goes with `createPrefix: true`.
    #[serde(default)]
    #[cfg_attr(feature = "crd", schemars(range(max = 128)))]
    pub prefix_length: Option<u8>,
    /// The n-th address or block of the pool.
    #[serde(default)]
    #[cfg_attr(feature = "crd", schemars(range(max = u32::MAX)))]
    pub index: Option<u32>,
    /// `true`: a block, not an address. `false` is the same as absent.
    #[serde(default)]
    pub create_prefix: Option<bool>,
    /// Labels of what is claimed, for the selectors of further claims.
    #[serde(default, deserialize_with = "null_as_default")]
    #[cfg_attr(feature = "crd", schemars(with = "Option<BTreeMap<String, String>>"))]
    pub labels: BTreeMap<String, String>,
    /// Which pools may serve the claim.
    #[serde(default)]
    pub selector: Option<LabelSelector>,
}

/// What an IPClaim was given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", expecting = "a mapping")]
#[cfg_attr(feature = "crd", derive(schemars::JsonSchema))]
pub struct IpClaimStatus {
    /// The address with its subnet's length, or the block.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prefix: Option<String>,
    /// Conditions that a controller keeps in the cluster.
    #[serde(default, deserialize_with = "null_as_default", skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "crd", schemars(with = "Option<Vec<Condition>>"))]
    pub conditions: Vec<Condition>,
    /// When the claim ends, if ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiry_time: Option<String>,
    /// The subnet's gateway. Nephio writes an empty text where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gateway: Option<String>,
}

impl IpClaimStatus {
    /// The prefix, if one is stated and is not empty.
    pub fn prefix(&self) -> Option<&str> {
        self.prefix.as_deref().filter(|prefix| !prefix.is_empty())
    }

    /// The gateway, if one is stated and is not empty.
    pub fn gateway(&self) -> Option<&str> {
        self.gateway.as_deref().filter(|gateway| !gateway.is_empty())
    }
}

/// A registered prefix.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "a mapping")]
#[cfg_attr(feature = "crd", derive(serde::Serialize, schemars::JsonSchema, kube::CustomResource))]
#[cfg_attr(
    feature = "crd",
    kube(
        group = "ipam.resource.nephio.org",
        version = "v1alpha1",
        kind = "IPPrefix",
        plural = "ipprefixes",
        singular = "ipprefix",
        root = "IpPrefixDefinition",
        shortname = "ipp",
        category = "krmnet",
        category = "nephio",
        namespaced,
        doc = "A prefix that is registered in a network instance: a pool.",
        status = "NoStatus",
        printcolumn = r#"{"name": "Network-Instance", "type": "string", "jsonPath": ".spec.networkInstance.name"}"#,
        printcolumn = r#"{"name": "Kind", "type": "string", "jsonPath": ".spec.kind"}"#,
        printcolumn = r#"{"name": "Prefix", "type": "string", "jsonPath": ".spec.prefix"}"#,
        printcolumn = r#"{"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"}"#,
    )
)]
#[cfg_attr(feature = "crd", schemars(extend("x-kubernetes-validations" = crate::crd::rules::rules(crate::crd::rules::IP_PREFIX))))]
// `serde(default)` would make it optional.
#[cfg_attr(feature = "crd", schemars(extend("required" = ["networkInstance", "prefix"])))]
pub struct IpPrefixSpec {
    /// What the prefix is for.
    #[serde(default, deserialize_with = "null_as_default")]
    #[cfg_attr(feature = "crd", schemars(schema_with = "crate::crd::prefix_kind"))]
    pub kind: PrefixKind,
    /// The network instance that the prefix belongs to.
    // Whoever needs it says so in its own words.
    #[serde(default)]
    #[cfg_attr(feature = "crd", schemars(required))]
    pub network_instance: Option<ObjectReference>,
    /// The prefix: `10.1.3.0/24`, or `10.1.3.1/24` to name the gateway's address as well.
    #[cfg_attr(feature = "crd", schemars(length(max = crate::crd::patterns::PREFIX_LENGTH), regex(pattern = crate::crd::patterns::PREFIX)))]
    pub prefix: String,
    /// Labels that claims select by.
    #[serde(default, deserialize_with = "null_as_default")]
    #[cfg_attr(feature = "crd", schemars(with = "Option<BTreeMap<String, String>>"))]
    pub labels: BTreeMap<String, String>,
}

/// The prefixes of a network instance.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "a mapping")]
#[cfg_attr(feature = "crd", derive(serde::Serialize, schemars::JsonSchema, kube::CustomResource))]
#[cfg_attr(
    feature = "crd",
    kube(
        group = "ipam.resource.nephio.org",
        version = "v1alpha1",
        kind = "NetworkInstance",
        plural = "networkinstances",
        singular = "networkinstance",
        root = "NetworkInstanceDefinition",
        shortname = "netinst",
        category = "krmnet",
        category = "nephio",
        namespaced,
        doc = "One domain of addresses that do not overlap.",
        status = "NoStatus",
        printcolumn = r#"{"name": "Prefix0", "type": "string", "jsonPath": ".spec.prefixes[0].prefix"}"#,
        printcolumn = r#"{"name": "Prefix1", "type": "string", "jsonPath": ".spec.prefixes[1].prefix"}"#,
        printcolumn = r#"{"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"}"#,
    )
)]
pub struct NetworkInstanceSpec {
    /// Prefixes, each a pool.
    #[serde(default, deserialize_with = "null_as_default")]
    #[cfg_attr(feature = "crd", schemars(with = "Option<Vec<LabelledPrefix>>"))]
    pub prefixes: Vec<LabelledPrefix>,
}

/// A prefix with labels, as NetworkInstances and Networks list them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "a mapping")]
#[cfg_attr(feature = "crd", derive(serde::Serialize, schemars::JsonSchema))]
#[cfg_attr(feature = "crd", schemars(extend("x-kubernetes-validations" = crate::crd::rules::rules(crate::crd::rules::LABELLED_PREFIX))))]
pub struct LabelledPrefix {
    /// The prefix.
    #[cfg_attr(feature = "crd", schemars(length(max = crate::crd::patterns::PREFIX_LENGTH), regex(pattern = crate::crd::patterns::PREFIX)))]
    pub prefix: String,
    /// Its labels.
    #[serde(default, deserialize_with = "null_as_default")]
    #[cfg_attr(feature = "crd", schemars(with = "Option<BTreeMap<String, String>>"))]
    pub labels: BTreeMap<String, String>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_claim_reads_every_field() {
        let claim: IpClaim = serde_json::from_value(json!({
            "apiVersion": "ipam.resource.nephio.org/v1alpha1", "kind": "IPClaim",
            "metadata": {"name": "n3", "namespace": "upf"},
            "spec": {
                "kind": "pool", "networkInstance": {"name": "vpc"}, "addressFamily": "ipv6", "prefixLength": 64,
                "index": 3, "createPrefix": true, "labels": {"a": "b"}, "selector": {"matchLabels": {"c": "d"}},
            },
            "status": {"prefix": "10.1.3.2/24", "gateway": ""},
        }))
        .unwrap();
        assert_eq!(claim.metadata.name, "n3");
        assert_eq!(claim.spec.kind, PrefixKind::Pool);
        assert_eq!(claim.spec.network_instance.as_ref().and_then(ObjectReference::name), Some("vpc"));
        assert_eq!(claim.spec.address_family, Some(AddressFamily::Ipv6));
        assert_eq!((claim.spec.prefix_length, claim.spec.index), (Some(64), Some(3)));
        assert_eq!(claim.spec.create_prefix, Some(true));
        let status = claim.status.unwrap();
        assert_eq!((status.prefix(), status.gateway()), (Some("10.1.3.2/24"), None));
    }

    #[test]
    fn kind_defaults_to_network_and_status_may_be_null() {
        let claim: IpClaim =
            serde_json::from_value(json!({"metadata": {"name": "n3"}, "spec": {}, "status": null})).unwrap();
        assert_eq!((claim.spec.kind, claim.status), (PrefixKind::Network, None));
    }

    #[test]
    fn a_length_as_text_is_an_error_that_names_the_field() {
        let value = json!({"metadata": {"name": "n3"}, "spec": {"prefixLength": "24"}});
        let error = serde_path_to_error::deserialize::<_, IpClaim>(value).unwrap_err();
        assert_eq!(error.path().to_string(), "spec.prefixLength");
        assert_eq!(error.inner().to_string(), "invalid type: string \"24\", expected u8");
    }

    #[test]
    fn an_unknown_kind_lists_the_known_ones() {
        let value = json!({"metadata": {"name": "n3"}, "spec": {"kind": "Network"}});
        let error = serde_path_to_error::deserialize::<_, IpClaim>(value).unwrap_err();
        assert_eq!(error.path().to_string(), "spec.kind");
        assert_eq!(
            error.inner().to_string(),
            "unknown variant `Network`, expected one of `network`, `loopback`, `pool`, `aggregate`"
        );
    }

    #[test]
    fn a_prefix_needs_its_prefix() {
        let value = json!({"metadata": {"name": "p"}, "spec": {"kind": null}});
        let error = serde_path_to_error::deserialize::<_, IpPrefix>(value).unwrap_err();
        assert_eq!(error.inner().to_string(), "missing field `prefix`");
    }

    #[test]
    fn a_network_instance_may_have_no_prefixes() {
        let instance: NetworkInstance =
            serde_json::from_value(json!({"metadata": {"name": "vpc"}, "spec": {"prefixes": null}})).unwrap();
        assert!(instance.spec.prefixes.is_empty());
    }

    #[test]
    fn a_status_is_written_prefix_first() {
        let status = IpClaimStatus {
            prefix: Some("10.1.3.2/24".into()),
            gateway: Some("10.1.3.1".into()),
            ..IpClaimStatus::default()
        };
        assert_eq!(serde_json::to_string(&status).unwrap(), r#"{"prefix":"10.1.3.2/24","gateway":"10.1.3.1"}"#);
    }
}

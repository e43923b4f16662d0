//! The functions' own configuration kinds, `fn.krmnet.dev/v1alpha1`: the keys, values, defaults and descriptions are those
//! that each function declares in its `Key`s, which a test of krmnet holds.
//!
//! Such objects lie in packages and reach a function as its functionConfig, so they have neither short names nor printer
//! columns: hardly ever does one stand in a cluster, and there a list of names is enough.

use kube::CustomResource;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// `true` or `false`, in the spellings that the functions read. A schema cannot type it: it is a boolean or a text.
fn flag(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"x-kubernetes-preserve-unknown-fields": true, "enum": [
        true, false, "true", "false", "True", "False", "TRUE", "FALSE", "yes", "no", "Yes", "No", "YES", "NO",
        "on", "off", "On", "Off", "ON", "OFF", "",
    ]})
}

fn order(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "string", "enum": ["lowest", "best-fit", ""]})
}

fn conflict(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "string", "enum": ["Fail", "Reallocate", ""]})
}

fn text(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "string", "nullable": true})
}

/// What interface-fn can be told.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema, CustomResource)]
#[serde(rename_all = "camelCase")]
#[kube(
    group = "fn.krmnet.dev",
    version = "v1alpha1",
    kind = "InterfaceFn",
    plural = "interfacefns",
    singular = "interfacefn",
    root = "InterfaceFnDefinition",
    category = "krmnet",
    namespaced,
    doc = "The configuration of interface-fn."
)]
pub struct InterfaceFnSpec {
    /// Whether what is pending (an input that has not arrived yet) is an error instead of a warning. For the outermost
    /// pipeline only: inner packages are rendered before their inputs arrive.
    #[serde(default)]
    #[schemars(schema_with = "flag", extend("default" = false))]
    pub strict: Value,
}

/// What ipam-fn can be told.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema, CustomResource)]
#[serde(rename_all = "camelCase")]
#[kube(
    group = "fn.krmnet.dev",
    version = "v1alpha1",
    kind = "IpamFn",
    plural = "ipamfns",
    singular = "ipamfn",
    root = "IpamFnDefinition",
    category = "krmnet",
    namespaced,
    doc = "The configuration of ipam-fn."
)]
pub struct IpamFnSpec {
    /// Whether what is pending (an input that has not arrived yet) is an error instead of a warning. For the outermost
    /// pipeline only: inner packages are rendered before their inputs arrive.
    #[serde(default)]
    #[schemars(schema_with = "flag", extend("default" = false))]
    pub strict: Value,
    /// Which free address or block a claim gets. lowest: the lowest one. best-fit: the lowest one of the smallest free block
    /// that is large enough, as from Nephio's backend.
    #[serde(default)]
    #[schemars(schema_with = "order", extend("default" = "lowest"))]
    pub order: Value,
    /// What becomes of a claim whose status states an address that it cannot have. Fail: an error that names both owners.
    /// Reallocate: a dynamic claim gets another address, of two such claims the later one, and a warning says from what to
    /// what.
    #[serde(default)]
    #[schemars(schema_with = "conflict", extend("default" = "Fail"))]
    pub conflict: Value,
    /// Whether an address may come straight from an aggregate where no pool of the claim's own kind matches, as from
    /// Nephio's backend. Only where each aggregate stands in one package: copies of one would give one address twice.
    #[serde(default)]
    #[schemars(schema_with = "flag", extend("default" = false))]
    pub from_aggregate: Value,
    /// Whether a selector that asks for a cluster, site, region, zone or network matches only pools that carry that label,
    /// as in Kubernetes. Else pools that lack the label serve everyone.
    #[serde(default)]
    #[schemars(schema_with = "flag", extend("default" = false))]
    pub strict_selectors: Value,
}

/// What nad-fn can be told.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema, CustomResource)]
#[serde(rename_all = "camelCase")]
#[kube(
    group = "fn.krmnet.dev",
    version = "v1alpha1",
    kind = "NadFn",
    plural = "nadfns",
    singular = "nadfn",
    root = "NadFnDefinition",
    category = "krmnet",
    namespaced,
    doc = "The configuration of nad-fn."
)]
pub struct NadFnSpec {
    /// Whether what is pending (an input that has not arrived yet) is an error instead of a warning. For the outermost
    /// pipeline only: inner packages are rendered before their inputs arrive.
    #[serde(default)]
    #[schemars(schema_with = "flag", extend("default" = false))]
    pub strict: Value,
    /// The interface of the nodes that attachments sit on, where neither the Interface (annotation krmnet.dev/master) nor
    /// the WorkloadCluster (spec.masterInterface) names one.
    #[serde(default)]
    #[schemars(schema_with = "text")]
    pub master_interface: Value,
}

/// What vlan-fn can be told.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema, CustomResource)]
#[serde(rename_all = "camelCase")]
#[kube(
    group = "fn.krmnet.dev",
    version = "v1alpha1",
    kind = "VlanFn",
    plural = "vlanfns",
    singular = "vlanfn",
    root = "VlanFnDefinition",
    category = "krmnet",
    namespaced,
    doc = "The configuration of vlan-fn."
)]
pub struct VlanFnSpec {
    /// Whether what is pending (an input that has not arrived yet) is an error instead of a warning. For the outermost
    /// pipeline only: inner packages are rendered before their inputs arrive.
    #[serde(default)]
    #[schemars(schema_with = "flag", extend("default" = false))]
    pub strict: Value,
    /// What becomes of a claim whose status states an ID that it cannot have. Fail: an error that names both owners.
    /// Reallocate: a claim without spec.vlanID gets another ID, of two such claims the later one, and a warning says from
    /// what to what.
    #[serde(default)]
    #[schemars(schema_with = "conflict", extend("default" = "Fail"))]
    pub conflict: Value,
}

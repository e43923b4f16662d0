//! The functions' own configuration kinds, `fn.krmnet.dev/v1alpha1`. Keys and values are to be those that each function
//! declares in its `Key`s.

use kube::CustomResource;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// `true` or `false`, in the spellings that the functions read. A schema cannot type it: it is a boolean or a text.
fn flag(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"x-kubernetes-preserve-unknown-fields": true, "nullable": true, "enum": [
        true, false, "true", "false", "True", "False", "TRUE", "FALSE", "yes", "no", "Yes", "No", "YES", "NO",
        "on", "off", "On", "Off", "ON", "OFF", "", null,
    ]})
}

fn order(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "string", "nullable": true, "enum": ["lowest", "best-fit", "", null]})
}

fn conflict(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "string", "nullable": true, "enum": ["Fail", "Reallocate", "", null]})
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
    /// Whether what is still pending is an error instead of a warning. Default: false.
    #[serde(default)]
    #[schemars(schema_with = "flag")]
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
    /// Whether what is still pending is an error instead of a warning. Default: false.
    #[serde(default)]
    #[schemars(schema_with = "flag")]
    pub strict: Value,
    /// Which free address or block a claim gets: the lowest (the default) or best-fit.
    #[serde(default)]
    #[schemars(schema_with = "order")]
    pub order: Value,
    /// What becomes of a claim whose status states what it cannot have: Fail (the default) or Reallocate.
    #[serde(default)]
    #[schemars(schema_with = "conflict")]
    pub conflict: Value,
    /// Whether an address may come straight from an aggregate where no pool of its kind matches. Default: false.
    #[serde(default)]
    #[schemars(schema_with = "flag")]
    pub from_aggregate: Value,
    /// Whether selectors match as in Kubernetes, topology keys included. Default: false.
    #[serde(default)]
    #[schemars(schema_with = "flag")]
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
    /// Whether what is still pending is an error instead of a warning. Default: false.
    #[serde(default)]
    #[schemars(schema_with = "flag")]
    pub strict: Value,
    /// The master of attachments where neither the Interface nor the WorkloadCluster names one.
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
    /// Whether what is still pending is an error instead of a warning. Default: false.
    #[serde(default)]
    #[schemars(schema_with = "flag")]
    pub strict: Value,
    /// What becomes of a claim whose status states what it cannot have: Fail (the default) or Reallocate.
    #[serde(default)]
    #[schemars(schema_with = "conflict")]
    pub conflict: Value,
}

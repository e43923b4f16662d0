//! The custom resource definitions of the kinds in this crate, and of the functions' own configuration kinds.
//!
//! Derived from the types, so that a field that the functions read cannot be missing from a definition. They accept what
//! the functions accept (an absent map may be `null`) and refuse what the functions always refuse.

pub mod config;
pub(crate) mod patterns;
pub(crate) mod rules;

use kube::CustomResourceExt;
use schemars::{Schema, SchemaGenerator, json_schema};
use serde_json::Value;

use crate::infra::{NetworkDefinition, WorkloadClusterDefinition};
use crate::ipam::{IpClaimDefinition, IpPrefixDefinition, NetworkInstanceDefinition};
use crate::req::InterfaceDefinition;
use crate::vlan::{VlanClaimDefinition, VlanDefinition, VlanIndexDefinition};

// An enum is not nullable: a server never finds null among its values, and drops a null where none may stand.

pub(crate) fn prefix_kind(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "string", "enum": ["network", "loopback", "pool", "aggregate"]})
}

pub(crate) fn address_family(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "string", "enum": ["ipv4", "ipv6", ""]})
}

pub(crate) fn ip_family_policy(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "string", "enum": [
        "none", "ipv4-only", "ipv6-only", "dual-stack", "ipv4only", "ipv6only", "dualstack", "",
    ]})
}

/// Every definition, each with the name of its file.
///
/// # Errors
/// Where a definition has no JSON form, which no type of this crate brings about.
pub fn definitions() -> Result<Vec<(String, Value)>, serde_json::Error> {
    [
        IpClaimDefinition::crd(),
        IpPrefixDefinition::crd(),
        NetworkInstanceDefinition::crd(),
        VlanClaimDefinition::crd(),
        VlanDefinition::crd(),
        VlanIndexDefinition::crd(),
        InterfaceDefinition::crd(),
        NetworkDefinition::crd(),
        WorkloadClusterDefinition::crd(),
        config::InterfaceFnDefinition::crd(),
        config::IpamFnDefinition::crd(),
        config::NadFnDefinition::crd(),
        config::VlanFnDefinition::crd(),
    ]
    .iter()
    .map(|crd| {
        let mut value = serde_json::to_value(crd)?;
        tidy(&mut value);
        let file = format!("{}_{}.yaml", crd.spec.group, crd.spec.names.plural);
        Ok((file, value))
    })
    .collect()
}

/// Drops the titles, which name types of ours, and the defaults that only say "empty"; makes each description one line; asks
/// for a spec only where the spec asks for something.
fn tidy(crd: &mut Value) {
    let versions = crd.pointer_mut("/spec/versions").and_then(Value::as_array_mut);
    for root in versions.into_iter().flatten().filter_map(|version| version.pointer_mut("/schema/openAPIV3Schema")) {
        let spec_is_optional = root.pointer("/properties/spec/required").is_none();
        if let Some(root) = root.as_object_mut().filter(|_| spec_is_optional) {
            root.remove("required");
            let spec = root.get_mut("properties").and_then(|properties| properties.get_mut("spec"));
            if let Some(spec) = spec.and_then(Value::as_object_mut) {
                spec.insert("nullable".to_owned(), Value::Bool(true));
            }
        }
        tidy_schema(root);
        if let Some(root) = root.as_object_mut() {
            root.remove("title");
        }
    }
}

fn tidy_schema(schema: &mut Value) {
    let Value::Object(schema) = schema else { return };
    let says_nothing = |value: &Value| match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    };
    if schema.get("default").is_some_and(says_nothing) {
        schema.remove("default");
    }
    if let Some(Value::String(description)) = schema.get_mut("description") {
        *description = description.replace('\n', " ");
    }
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        properties.values_mut().for_each(tidy_schema);
    }
    for part in ["items", "additionalProperties"] {
        if let Some(part) = schema.get_mut(part) {
            tidy_schema(part);
        }
    }
}

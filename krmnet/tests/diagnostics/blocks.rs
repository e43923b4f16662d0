//! The blocks of YAML and JSON on the pages: they can be read, our kinds decode, functionConfigs hold keys that exist, and
//! Porch's kinds fields that exist.

use api::kinds;
use krm::config::Settings;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::catalog::doc;
use crate::markdown::pages;
use crate::{FUNCTIONS, porch};

/// The blocks of a language, each with the page that it stands on.
fn blocks(language: &str) -> Vec<(String, String)> {
    let of_page = |(name, page): (String, crate::markdown::Page)| {
        let blocks = page.blocks.into_iter().filter(|block| block.language == language);
        blocks.map(move |block| (name.clone(), block.text)).collect::<Vec<_>>()
    };
    pages().into_iter().flat_map(of_page).collect()
}

/// The documents of a block.
pub(crate) fn documents(text: &str) -> Result<Vec<Value>, String> {
    let documents = serde_yaml::Deserializer::from_str(text).map(Value::deserialize);
    documents.collect::<Result<_, _>>().map_err(|error| error.to_string())
}

/// What is wrong with a document, as far as the programs know its kind.
fn check(document: &Value) -> Result<(), String> {
    for list in ["/pipeline/mutators", "/pipeline/validators", "/spec/pipeline/mutators"] {
        let steps = document.pointer(list).and_then(Value::as_array);
        steps.into_iter().flatten().try_for_each(check_step)?;
    }
    porch::check(document)?;
    let text = |field: &str| document.get(field).and_then(Value::as_str).unwrap_or_default();
    let (api_version, kind) = (text("apiVersion"), text("kind"));
    if let Some(function) = FUNCTIONS.iter().find(|function| function.config_kind == kind) {
        return check_settings(function.name, document);
    }
    let is = |gvk: api::Gvk| gvk.matches(api_version, kind);
    match () {
        () if is(kinds::INTERFACE) => decode::<api::Interface>(document),
        () if is(kinds::WORKLOAD_CLUSTER) => decode::<api::WorkloadCluster>(document),
        () if is(kinds::NETWORK) => decode::<api::Network>(document),
        () if is(kinds::IP_CLAIM) => decode::<api::IpClaim>(document),
        () if is(kinds::IP_PREFIX) => decode::<api::IpPrefix>(document),
        () if is(kinds::NETWORK_INSTANCE) => decode::<api::NetworkInstance>(document),
        () if is(kinds::VLAN_CLAIM) => decode::<api::VlanClaim>(document),
        () if is(kinds::VLAN_INDEX) => decode::<api::VlanIndex>(document),
        () if is(kinds::VLAN) => decode::<api::Vlan>(document),
        () if is(kinds::NAD) => decode::<api::NetworkAttachmentDefinition>(document),
        () => Ok(()),
    }
}

fn decode<T: for<'de> Deserialize<'de>>(document: &Value) -> Result<(), String> {
    T::deserialize(document).map(drop).map_err(|error| error.to_string())
}

/// A step names an image or a program; the configuration of one of our functions is one that it takes.
fn check_step(step: &Value) -> Result<(), String> {
    let program = ["image", "exec"].iter().find_map(|field| step.get(field)?.as_str());
    let program = program.ok_or_else(|| format!("a step without image and exec: {step}"))?;
    let name = program.rsplit('/').next().and_then(|name| name.split([':', '@']).next()).unwrap_or_default();
    match step.get("configMap") {
        Some(data) => check_settings(name, &json!({"apiVersion": "v1", "kind": "ConfigMap", "data": data})),
        None => Ok(()),
    }
}

fn check_settings(name: &str, config: &Value) -> Result<(), String> {
    let Some(function) = FUNCTIONS.iter().find(|function| function.name == name) else { return Ok(()) };
    let findings = Settings::read(Some(config), function.config_kind, function.keys).err().unwrap_or_default();
    findings.first().map_or(Ok(()), |finding| Err(finding.message.clone()))
}

#[test]
fn yaml_can_be_read_and_says_what_the_programs_understand() {
    let blocks = blocks("yaml");
    assert!(blocks.len() > 20, "only {} blocks", blocks.len());
    for (page, text) in blocks {
        let documents = documents(&text).unwrap_or_else(|error| panic!("{page}: {error}\n{text}"));
        for document in documents {
            check(&document).unwrap_or_else(|error| panic!("{page}: {error}\n{text}"));
        }
    }
}

#[test]
fn json_can_be_read() {
    let blocks = blocks("json");
    assert!(blocks.len() > 5, "only {} blocks", blocks.len());
    for (page, text) in blocks {
        for value in serde_json::Deserializer::from_str(&text).into_iter::<Value>() {
            value.unwrap_or_else(|error| panic!("{page}: {error}\n{text}"));
        }
    }
}

#[test]
fn examples_of_function_configs_are_accepted() {
    for function in &FUNCTIONS {
        for example in crate::catalog::list(&doc(function), "/functionConfig/examples") {
            let config = documents(example.as_str().unwrap()).unwrap().remove(0);
            check_settings(function.name, &config).unwrap_or_else(|error| panic!("{}: {error}", function.name));
        }
    }
}

#[test]
fn a_wrong_block_is_found() {
    for (text, fault) in [
        ("a: [", "did not find"),
        ("pipeline:\n  mutators:\n  - name: x\n", "a step without image and exec"),
        ("pipeline:\n  mutators:\n  - image: a/ipam-fn:v1\n    configMap: {ordre: lowest}\n", "unknown key ordre"),
        ("apiVersion: fn.krmnet.dev/v1alpha1\nkind: IpamFn\nspec: {order: highest}\n", "is not a value of order"),
        (
            "apiVersion: ipam.resource.nephio.org/v1alpha1\nkind: IPClaim\nmetadata: {name: a}\nspec: {prefixLength: x}\n",
            "invalid type",
        ),
    ] {
        let found = documents(text).and_then(|documents| documents.iter().try_for_each(check)).unwrap_err();
        assert!(found.contains(fault), "{found}");
    }
}

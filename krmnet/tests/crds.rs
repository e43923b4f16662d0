//! The custom resource definitions of `crds/`: they are what the types say, they are structural, they accept the objects
//! of `example/` and `testdata/`, and they refuse what the functions refuse.
//!
//! `UPDATE_GOLDEN=1` (or `make crds`) writes the files anew.

#![allow(clippy::unwrap_used)] // clippy.toml covers test functions, not their helpers.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use cel::{Context, Env, Value as CelValue, extensions};
use jsonschema::Validator;
use serde::Deserialize;
use serde_json::{Value, json};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn definitions() -> Vec<(String, Value)> {
    api::crd::definitions().unwrap()
}

/// The schema of a definition's one version.
fn schema(crd: &Value) -> &Value {
    crd.pointer("/spec/versions/0/schema/openAPIV3Schema").unwrap()
}

/// OpenAPI's `nullable` in JSON Schema's words.
fn plain(mut schema: Value) -> Value {
    match &mut schema {
        Value::Object(map) => {
            map.values_mut().for_each(|part| *part = plain(part.take()));
            if map.get("nullable") == Some(&json!(true))
                && let Some(kind) = map.remove("type")
            {
                map.insert("type".into(), json!([kind, "null"]));
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|part| *part = plain(part.take())),
        _ => {}
    }
    schema
}

/// The validator of each kind, by `apiVersion` and kind.
fn validators() -> BTreeMap<(String, String), Validator> {
    definitions()
        .iter()
        .map(|(_, crd)| {
            let text = |at: &str| crd.pointer(at).and_then(Value::as_str).unwrap().to_owned();
            let api_version = format!("{}/{}", text("/spec/group"), text("/spec/versions/0/name"));
            let validator = jsonschema::draft202012::new(&plain(schema(crd).clone())).unwrap();
            ((api_version, text("/spec/names/kind")), validator)
        })
        .collect()
}

#[test]
fn the_files_are_what_the_types_say() {
    let update = std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1");
    for (file, crd) in definitions() {
        let path = repository().join("crds").join(&file);
        let expected = serde_yaml::to_string(&crd).unwrap();
        if update {
            fs::write(&path, &expected).unwrap();
        }
        let found = fs::read_to_string(&path).unwrap_or_default();
        assert!(found == expected, "crds/{file} is not what the types say: run `make crds` and look at the diff");
    }
    let files = fs::read_dir(repository().join("crds")).unwrap().count();
    assert_eq!(files, definitions().len(), "crds/ holds a file that no type stands for");
}

#[test]
fn krmnet_prints_every_file() {
    let output = Command::new(env!("CARGO_BIN_EXE_krmnet")).arg("crds").output().unwrap();
    assert!(output.status.success());
    let found: Vec<Value> = serde_yaml::Deserializer::from_slice(&output.stdout)
        .map(|document| Value::deserialize(document).unwrap())
        .collect();
    assert_eq!(found.len(), definitions().len());
    for (file, crd) in definitions() {
        assert!(found.contains(&crd), "{file}");
    }
}

/// Every schema has a type, unless it says that it takes anything; no reference is left.
fn structural(at: &str, schema: &Value) {
    let open = schema.get("x-kubernetes-preserve-unknown-fields") == Some(&json!(true));
    assert!(schema.get("type").is_some_and(Value::is_string) || open, "{at} has no type");
    for word in ["$ref", "oneOf", "anyOf", "allOf", "not"] {
        assert!(schema.get(word).is_none(), "{at} has {word}");
    }
    for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        structural(&format!("{at}.{name}"), property);
    }
    for part in ["items", "additionalProperties"] {
        if let Some(part) = schema.get(part) {
            structural(&format!("{at}[]"), part);
        }
    }
}

#[test]
fn the_schemas_are_structural() {
    for (file, crd) in definitions() {
        structural(&file, schema(&crd));
    }
}

/// Every property says what it is, in words of the YAML and not of the Rust source.
fn described(at: &str, schema: &Value, faults: &mut Vec<String>) {
    match schema.get("description").and_then(Value::as_str).unwrap_or_default() {
        "" => faults.push(format!("{at} has no description")),
        text if text.contains("[`") || text.contains("::") => faults.push(format!("{at}: {text}")),
        _ => {}
    }
    if let Some(title) = schema.get("title") {
        faults.push(format!("{at} has the title {title}"));
    }
    for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        described(&format!("{at}.{name}"), property, faults);
    }
    if let Some(items) = schema.get("items").filter(|items| items.get("properties").is_some()) {
        described(&format!("{at}[]"), items, faults);
    }
}

#[test]
fn every_property_is_described() {
    let mut faults = Vec::new();
    for (file, crd) in definitions() {
        described(&file, schema(&crd), &mut faults);
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// A server reckons what a rule may cost at worst: a text that a rule looks into has to have a bound.
#[test]
fn every_pattern_comes_with_a_bound() {
    fn walk(at: &str, schema: &Value, faults: &mut Vec<String>) {
        if schema.get("pattern").is_some() && schema.get("maxLength").is_none() {
            faults.push(at.to_owned());
        }
        for (name, part) in schema.as_object().into_iter().flatten() {
            walk(&format!("{at}/{name}"), part, faults);
        }
    }
    let mut faults = Vec::new();
    for (file, crd) in definitions() {
        walk(&file, schema(&crd), &mut faults);
    }
    assert!(faults.is_empty(), "no maxLength: {faults:?}");
    let rules = |crd: &Value| schema(crd).pointer("/properties/spec/x-kubernetes-validations").cloned();
    for (file, crd) in definitions() {
        let text = rules(&crd).unwrap_or_default().to_string();
        assert!(!text.contains("string("), "{file}: string() makes a text without a bound");
    }
}

/// Every object of a YAML file; a ResourceList stands for its items. A file that is no YAML holds none.
fn objects(text: &str) -> Vec<Value> {
    let mut found = Vec::new();
    for document in serde_yaml::Deserializer::from_str(text) {
        let Ok(value) = Value::deserialize(document) else { break };
        match value.get("items").and_then(Value::as_array) {
            Some(items) => found.extend(items.iter().cloned().chain(value.get("functionConfig").cloned())),
            None => found.push(value),
        }
    }
    found
}

fn files(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "yaml") {
            found.push(path);
        }
    }
}

/// Cases whose functions exit 0 although an object of theirs is not what its definition asks for, and why.
const PASSED_OVER: &[(&str, &str)] = &[];

/// Whether the golden case that a file belongs to ends in an error.
fn fails(path: &Path) -> bool {
    path.ancestors().take_while(|dir| !dir.ends_with("testdata")).any(|dir| {
        let output = fs::read_to_string(dir.join("output.txt")).unwrap_or_default();
        output.starts_with("exit 1")
    })
}

#[test]
fn the_objects_of_the_examples_and_of_every_case_that_succeeds_are_accepted() {
    let validators = validators();
    let (mut seen, mut faults, mut paths) = (0, Vec::new(), Vec::new());
    files(&repository().join("example"), &mut paths);
    files(&repository().join("testdata"), &mut paths);
    for path in paths.iter().filter(|path| !fails(path)) {
        let shown = path.display().to_string();
        if PASSED_OVER.iter().any(|(case, _)| shown.contains(case)) {
            continue;
        }
        for object in objects(&fs::read_to_string(path).unwrap_or_default()) {
            let text = |key: &str| object.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
            let Some(validator) = validators.get(&(text("apiVersion"), text("kind"))) else { continue };
            seen += 1;
            faults.extend(validator.iter_errors(&object).map(|e| format!("{shown}: {}: {e}", e.instance_path())));
        }
    }
    assert!(seen > 500, "only {seen} objects were looked at");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn bad_objects_are_refused() {
    let validators = validators();
    let ipam = "ipam.resource.nephio.org/v1alpha1";
    let vlan = "vlan.resource.nephio.org/v1alpha1";
    let infra = "infra.nephio.org/v1alpha1";
    let own = "fn.krmnet.dev/v1alpha1";
    let ni = json!({"name": "vpc"});
    for (api_version, kind, good, bad) in [
        (
            ipam,
            "IPClaim",
            json!({"networkInstance": ni, "kind": "network", "prefix": "10.0.0.2/24", "labels": null}),
            vec![
                json!({"kind": "network"}),
                json!({"networkInstance": {}}),
                json!({"networkInstance": ni, "kind": "Network"}),
                json!({"networkInstance": ni, "prefix": "x10.0.0.2/24"}),
                json!({"networkInstance": ni, "prefix": "10.0.0.2/33"}),
                json!({"networkInstance": ni, "prefix": "10.0.0.02/24"}),
                json!({"networkInstance": ni, "prefixLength": "24"}),
                json!({"networkInstance": ni, "addressFamily": "IPv4"}),
                json!({"networkInstance": ni, "index": -1}),
                json!({"networkInstance": ni, "selector": {"matchExpressions": [{"key": "a", "operator": "in"}]}}),
            ],
        ),
        (
            ipam,
            "IPPrefix",
            json!({"networkInstance": ni, "prefix": "2001:db8::1/64"}),
            vec![json!({"networkInstance": ni}), json!({"networkInstance": ni, "prefix": "2001:db8::/129"})],
        ),
        (ipam, "NetworkInstance", json!({"prefixes": []}), vec![json!({"prefixes": [{"prefix": "10.0.0.0"}]})]),
        (
            vlan,
            "VLANClaim",
            json!({"vlanIndex": ni, "vlanID": 100}),
            vec![json!({}), json!({"vlanIndex": ni, "vlanID": 4095}), json!({"vlanIndex": ni, "vlanID": "100"})],
        ),
        (vlan, "VLANIndex", json!(null), vec![json!({"labels": {"a": 1}})]),
        (
            "req.nephio.org/v1alpha1",
            "Interface",
            json!({"networkInstance": ni, "ipFamilyPolicy": "dual-stack"}),
            vec![json!({"cniType": "macvlan"}), json!({"networkInstance": ni, "ipFamilyPolicy": "both"})],
        ),
        (
            infra,
            "Network",
            json!({"topology": "t", "bridgeDomains": [], "routingTables": [{"name": "vpc", "prefixes": null}]}),
            vec![json!({"routingTables": [{"prefixes": []}]})],
        ),
        (infra, "WorkloadCluster", json!({"clusterName": "edge01"}), vec![json!({"cnis": "macvlan"})]),
        (own, "InterfaceFn", json!({"strict": true}), vec![json!({"strict": "maybe"})]),
        (own, "IpamFn", json!({"order": "best-fit", "strict": "yes"}), vec![json!({"order": "highest"})]),
        (own, "NadFn", json!({"masterInterface": "ens3"}), vec![json!({"masterInterface": 3})]),
        (own, "VlanFn", json!({"conflict": "Reallocate"}), vec![json!({"conflict": "reallocate"})]),
    ] {
        let validator = &validators[&(api_version.to_owned(), kind.to_owned())];
        let object = |spec: &Value| json!({"apiVersion": api_version, "kind": kind, "metadata": {}, "spec": spec});
        assert!(validator.is_valid(&object(&good)), "{kind} {good}");
        for spec in bad {
            assert!(!validator.is_valid(&object(&spec)), "{kind} {spec}");
        }
    }
}

/// The messages of the rules of an IPClaim that a spec breaks.
fn broken_rules(spec: &Value) -> Vec<String> {
    let (_, crd) = definitions().into_iter().find(|(file, _)| file.contains("ipclaims")).unwrap();
    let rules = schema(&crd).pointer("/properties/spec/x-kubernetes-validations").and_then(Value::as_array).unwrap();
    // A server has the functions on texts of this extension from Kubernetes 1.25 on.
    let mut env = Env::stdlib();
    env.add_extension(extensions::strings).unwrap();
    let env = Arc::new(env);
    let mut context = Context::with_env(Arc::clone(&env));
    context.add_variable("self", spec).unwrap();
    let breaks = |rule: &&Value| {
        let found = env.compile(rule["rule"].as_str().unwrap()).unwrap().execute(&context).unwrap();
        found != CelValue::Bool(true)
    };
    rules.iter().filter(breaks).map(|rule| rule["message"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn rules_span_the_fields_of_a_claim() {
    for good in [
        json!({"kind": "network"}),
        json!({"kind": "network", "createPrefix": false}),
        json!({"kind": "pool", "createPrefix": true, "prefixLength": 24}),
        json!({"kind": "aggregate", "prefix": "10.0.0.0/8"}),
        json!({"kind": "network", "prefix": "10.0.0.2/24", "prefixLength": 24}),
    ] {
        assert_eq!(broken_rules(&good), Vec::<String>::new(), "{good}");
    }
    for (bad, word) in [
        (json!({"createPrefix": true}), "needs prefixLength"),
        (json!({"prefixLength": 24}), "needs createPrefix"),
        (json!({"prefixLength": 24, "createPrefix": false}), "needs createPrefix"),
        (json!({"prefix": "10.0.0.0/24", "prefixLength": 25}), "the length of prefix"),
        (json!({"prefix": "10.0.0.0/24", "index": 1}), "exclude each other"),
        (json!({"kind": "aggregate"}), "aggregate needs prefix"),
        (json!({"kind": "pool"}), "pool needs createPrefix"),
    ] {
        let found = broken_rules(&bad);
        assert!(found.len() == 1 && found[0].contains(word), "{bad}: {found:?}");
    }
}

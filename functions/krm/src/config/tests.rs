use proptest::prelude::*;
use serde_json::json;

use super::*;

const KEYS: &[Key] = &[
    STRICT,
    Key {
        name: "conflict",
        about: "What to do.",
        default: Some("Error"),
        kind: KeyKind::OneOf(&["Error", "Reallocate"]),
    },
    Key { name: "mode", about: "No default.", default: None, kind: KeyKind::OneOf(&["bridge", "private"]) },
    Key { name: "masterInterface", about: "The master.", default: None, kind: KeyKind::Text { example: "ens3" } },
];

fn read(config: &Value) -> Result<Settings, Vec<Finding>> {
    Settings::read(Some(config), "IPAM", KEYS)
}

fn config_map(data: Value) -> Value {
    json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "function-input"}, "data": data})
}

fn own_kind(spec: Value) -> Value {
    json!({"apiVersion": API_VERSION, "kind": "IPAM", "metadata": {"name": "c"}, "spec": spec})
}

/// The one finding of a functionConfig that is wrong in one place.
fn fault(config: &Value) -> Finding {
    let mut findings = read(config).expect_err("must be refused");
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert!(findings[0].is_error());
    findings.remove(0)
}

#[test]
fn without_configuration_the_defaults_hold() {
    let mut no_data = config_map(json!({}));
    no_data.as_object_mut().unwrap().remove("data");
    for config in [
        Value::Null,
        json!({}),
        no_data,
        config_map(json!({})),
        config_map(json!(null)),
        config_map(json!({"strict": "", "conflict": null, "masterInterface": ""})),
        own_kind(json!({})),
        own_kind(json!(null)),
    ] {
        assert_eq!(read(&config).unwrap(), Settings::defaults(KEYS), "{config}");
    }
    let settings = Settings::read(None, "IPAM", KEYS).unwrap();
    assert!(!settings.flag("strict"));
    assert_eq!(settings.choice("conflict"), "Error");
    assert_eq!(settings.choice("mode"), "bridge");
    assert_eq!(settings.text("mode"), None);
    assert_eq!(settings.text("masterInterface"), None);
}

#[test]
fn both_forms_set_the_same_keys() {
    let keys = json!({"strict": "true", "conflict": "Reallocate", "masterInterface": "ens3"});
    let settings = read(&config_map(keys.clone())).unwrap();
    assert!(settings.flag("strict"));
    assert_eq!(settings.choice("conflict"), "Reallocate");
    assert_eq!(settings.text("masterInterface"), Some("ens3"));
    assert_eq!(read(&own_kind(keys)).unwrap(), settings);
}

#[test]
fn flags_take_what_yaml_calls_a_boolean() {
    for (value, expected) in [
        (json!(true), true),
        (json!("yes"), true),
        (json!("On"), true),
        (json!("TRUE"), true),
        (json!(false), false),
        (json!("no"), false),
        (json!("off"), false),
    ] {
        let settings = read(&config_map(json!({"strict": value}))).unwrap();
        assert_eq!(settings.flag("strict"), expected, "{value}");
    }
}

#[test]
fn plain_numbers_are_text() {
    let settings = read(&config_map(json!({"masterInterface": 42}))).unwrap();
    assert_eq!(settings.text("masterInterface"), Some("42"));
}

#[test]
fn an_unknown_key_is_named_with_the_valid_ones() {
    let finding = fault(&config_map(json!({"strcit": "true"})));
    assert_eq!(
        finding.to_text(),
        "[error] v1/ConfigMap/function-input data.strcit: functionConfig: unknown key strcit, did you mean strict? \
         (valid keys: strict, conflict, mode, masterInterface) [config-unknown-key]"
    );
    assert_eq!(finding.field.unwrap().current.as_deref(), Some("true"));

    let finding = fault(&own_kind(json!({"gateway": {"a": 1}})));
    assert!(finding.message.starts_with("functionConfig: unknown key gateway (valid keys: strict,"));
    assert_eq!(*finding.field.unwrap(), Field::new("spec.gateway"));

    let none = Settings::read(Some(&config_map(json!({"a": "b"}))), "IPAM", &[]).unwrap_err();
    assert_eq!(none[0].message, "functionConfig: unknown key a (this function takes none)");
}

#[test]
fn a_bad_value_is_named_with_the_valid_ones() {
    let finding = fault(&config_map(json!({"conflict": "realocate"})));
    assert_eq!(
        finding.message,
        "functionConfig: `realocate` is not a value of conflict, did you mean Reallocate? (valid values: Error, Reallocate)"
    );
    assert_eq!(finding.code, CONFIG_BAD_VALUE);
    let expected = Field::new("data.conflict").current("realocate").proposed("Reallocate");
    assert_eq!(*finding.field.unwrap(), expected);

    let finding = fault(&own_kind(json!({"strict": 1})));
    assert_eq!(finding.message, "functionConfig: `1` is not a value of strict (valid values: true, false)");

    let finding = fault(&own_kind(json!({"masterInterface": ["a"]})));
    assert_eq!(finding.message, "functionConfig: spec.masterInterface is a list, expected a single value");
}

#[test]
fn every_fault_is_reported() {
    let findings = read(&config_map(json!({"a": "1", "strict": "maybe", "conflict": "Error", "b": "2"}))).unwrap_err();
    let fields: Vec<_> = findings.into_iter().map(|f| f.field.unwrap().path).collect();
    assert_eq!(fields, ["data.a", "data.strict", "data.b"]);
}

#[test]
fn another_kind_is_refused_with_both_forms() {
    let mut config = own_kind(json!({"strict": "true"}));
    config["kind"] = json!("NAD");
    assert_eq!(
        fault(&config).message,
        "functionConfig: found kind NAD, apiVersion fn.krmnet.dev/v1alpha1, expected kind ConfigMap (apiVersion v1, the keys \
         under data) or kind IPAM (apiVersion fn.krmnet.dev/v1alpha1, the keys under spec)"
    );
    // `kpt fn eval -- IPAM strict=true` makes this one.
    let config =
        json!({"metadata": {"name": "function-input"}, "data": {"strict": "true"}, "kind": "IPAM", "apiVersion": "v1"});
    assert!(fault(&config).message.contains("found kind IPAM, apiVersion v1,"));
    assert!(fault(&json!({"data": {}})).message.contains("found kind absent, apiVersion absent,"));
    assert!(fault(&json!("strict")).message.contains("found the value `\"strict\"`, expected"));
    assert!(fault(&config_map(json!(["strict"]))).message.contains("data is a list"));
}

#[test]
fn keys_at_the_wrong_level_are_not_overlooked() {
    let mut config = config_map(json!({}));
    config["strict"] = json!("true");
    assert_eq!(fault(&config).message, "functionConfig: strict belongs under data");
    let mut config = config_map(json!({}));
    config["spec"] = json!({"strict": true});
    assert_eq!(
        fault(&config).message,
        "functionConfig: unknown field spec; the keys of the function belong under data"
    );
}

#[test]
fn findings_name_the_object_and_its_file() {
    let mut config = own_kind(json!({"a": "1"}));
    config["metadata"] = json!({"name": "c", "namespace": "ns", "annotations": {
        "internal.config.kubernetes.io/path": "fn/ipam.yaml", "internal.config.kubernetes.io/index": "1"}});
    let finding = fault(&config);
    assert_eq!(finding.object.unwrap().to_string(), "fn.krmnet.dev/v1alpha1/IPAM/ns/c");
    assert_eq!(finding.file, Some(FileRef::new("fn/ipam.yaml").index(1)));
}

#[test]
fn undeclared_names_read_as_nothing() {
    let settings = Settings::defaults(KEYS);
    assert!(!settings.flag("nope"));
    assert_eq!(settings.text("nope"), None);
    assert_eq!(settings.choice("nope"), "");
    assert_eq!(settings.choice("masterInterface"), "");
}

/// Any JSON value, a few levels deep.
fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        prop_oneof![Just("v1"), Just("ConfigMap"), Just("IPAM"), Just(API_VERSION), Just("true")].prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
    ];
    let name = prop_oneof![
        Just("apiVersion"),
        Just("kind"),
        Just("metadata"),
        Just("annotations"),
        Just("data"),
        Just("spec"),
        Just("strict"),
        Just("zzz")
    ];
    leaf.prop_recursive(3, 24, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::hash_map(name.clone(), inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_function_config_is_read_or_refused_with_reasons(config in any_value()) {
        match read(&config) {
            Ok(settings) => prop_assert!(["Error", "Reallocate"].contains(&settings.choice("conflict"))),
            Err(findings) => prop_assert!(!findings.is_empty() && findings.iter().all(Finding::is_error)),
        }
    }
}

//! The functionConfig of a step: written into the Kptfile, or a resource of the package as it is when the step runs.

use krm::{Finding, Item};
use serde_json::{Map, Value, json};

use super::StepRef;
use crate::codes;
use crate::package::PackageTree;

/// Where a step's functionConfig comes from.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Config {
    /// There is none.
    None,
    /// `configMap:`, as the ConfigMap that kpt makes of it.
    Inline(Value),
    /// `configPath:`, cleaned, from the package's directory.
    File(String),
}

impl Config {
    /// Reads what a step says.
    pub(super) fn of(path: Option<&str>, map: Option<&Map<String, Value>>) -> Result<Config, String> {
        match (path.filter(|path| !path.is_empty()), map.filter(|map| !map.is_empty())) {
            (Some(_), Some(_)) => Err("states both configMap and configPath; keep one of them".to_owned()),
            (Some(path), None) => cleaned(path).map(Config::File),
            (None, Some(map)) => config_map(map).map(Config::Inline),
            (None, None) => Ok(Config::None),
        }
    }

    /// The functionConfig now, in the package with that number.
    pub(crate) fn value(&self, step: &StepRef, package: usize, tree: &PackageTree) -> Result<Option<Value>, Finding> {
        match self {
            Config::None => Ok(None),
            Config::Inline(value) => Ok(Some(value.clone())),
            Config::File(path) => {
                let mut items = tree.items_of_file(package, path);
                let problem = match (items.next(), items.next()) {
                    (Some(item), None) => match placed(item) {
                        Ok(value) => return Ok(Some(value)),
                        Err(error) => format!("cannot be read: {error}"),
                    },
                    (Some(_), Some(_)) => "holds several resources, expected one".to_owned(),
                    (None, _) => {
                        "holds no resource of this package; expected a file with one resource, relative to the \
                                  Kptfile, not in a subpackage and not in .krmignore"
                            .to_owned()
                    }
                };
                Err(finding(step, format!("configPath: {path} {problem}")).field(field(step, "configPath")))
            }
        }
    }
}

/// The functionConfig with one key set to `value`, whatever it says itself.
pub(crate) fn with_key(config: Option<Value>, key: &str, value: &str) -> Value {
    let mut config = config.unwrap_or_else(|| function_input(Map::new()));
    // As the functions read it: a ConfigMap has its keys under `data`, their own kinds have them under `spec`.
    let keys = if config.get("kind").is_some_and(|kind| kind == "ConfigMap") { "data" } else { "spec" };
    if let Some(object) = config.as_object_mut() {
        let keys = object.entry(keys).or_insert(Value::Null);
        if keys.is_null() {
            *keys = json!({});
        }
        if let Some(keys) = keys.as_object_mut() {
            keys.insert(key.to_owned(), value.into());
        }
    }
    config
}

/// An error about what a step says.
pub(super) fn finding(step: &StepRef, problem: String) -> Finding {
    let file = step.kptfile.as_deref().map(krm::FileRef::new);
    Finding::error(codes::STEP_CONFIG, problem).field(field(step, "")).file(file)
}

/// A field of the step in its Kptfile.
pub(super) fn field(step: &StepRef, name: &str) -> String {
    let entry = format!("pipeline.{}[{}]", step.role.key(), step.number.saturating_sub(1));
    if name.is_empty() { entry } else { format!("{entry}.{name}") }
}

/// The path without `.`; it cannot leave the package.
fn cleaned(path: &str) -> Result<String, String> {
    let outside =
        || Err(format!("configPath {path} leaves the package; it must be relative to the Kptfile, without `..`"));
    if path.starts_with('/') {
        return outside();
    }
    let mut components = Vec::new();
    for component in path.split('/') {
        match component {
            "" | "." => {}
            ".." => return outside(),
            component => components.push(component),
        }
    }
    Ok(components.join("/"))
}

fn config_map(map: &Map<String, Value>) -> Result<Value, String> {
    if let Some((key, _)) = map.iter().find(|(_, value)| value.is_array() || value.is_object()) {
        return Err(format!("configMap.{key} holds a list or a mapping; a ConfigMap holds single values"));
    }
    Ok(function_input(map.clone()))
}

/// The ConfigMap that kpt makes of `configMap:`.
fn function_input(data: Map<String, Value>) -> Value {
    json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "function-input"}, "data": data})
}

/// What the resource says, with annotations that name its file from the root.
fn placed(item: &Item) -> Result<Value, krm::ItemError> {
    let mut value = item.value()?.clone();
    if let (Some(file), Some(Value::Object(metadata))) = (item.file(), value.get_mut("metadata")) {
        let annotations = metadata.entry("annotations").or_insert(Value::Null);
        if annotations.is_null() {
            *annotations = json!({});
        }
        if let Some(annotations) = annotations.as_object_mut() {
            annotations.insert("internal.config.kubernetes.io/path".to_owned(), file.path.into());
        }
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(value: Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap()
    }

    #[test]
    fn a_config_map_becomes_the_one_that_kpt_passes() {
        let config = Config::of(None, Some(&map(json!({"strict": "true", "n": 1, "e": null})))).unwrap();
        let Config::Inline(value) = config else { panic!("{config:?}") };
        assert_eq!(value["kind"], "ConfigMap");
        assert_eq!(value["metadata"]["name"], "function-input");
        assert_eq!(value["data"], json!({"strict": "true", "n": 1, "e": null}));
    }

    #[test]
    fn nothing_stated_is_no_configuration() {
        assert_eq!(Config::of(None, None), Ok(Config::None));
        assert_eq!(Config::of(Some(""), Some(&Map::new())), Ok(Config::None));
    }

    #[test]
    fn a_key_is_set_in_every_form_of_a_configuration() {
        let own = json!({"kind": "IpamFn", "spec": {"strict": true, "conflict": "Fail"}});
        for (config, keys, expected) in [
            (None, "data", json!({"conflict": "Reallocate"})),
            (
                Some(function_input(map(json!({"strict": "true"})))),
                "data",
                json!({"strict": "true", "conflict": "Reallocate"}),
            ),
            (Some(json!({"kind": "ConfigMap", "data": null})), "data", json!({"conflict": "Reallocate"})),
            (Some(own), "spec", json!({"strict": true, "conflict": "Reallocate"})),
            (Some(json!({"kind": "IpamFn"})), "spec", json!({"conflict": "Reallocate"})),
        ] {
            assert_eq!(with_key(config, "conflict", "Reallocate")[keys], expected);
        }
    }

    #[test]
    fn paths_are_cleaned_and_stay_in_the_package() {
        for path in ["cfg/fc.yaml", "./cfg/fc.yaml", "cfg//./fc.yaml"] {
            assert_eq!(Config::of(Some(path), None), Ok(Config::File("cfg/fc.yaml".into())), "{path}");
        }
        for path in ["/cfg/fc.yaml", "../fc.yaml", "cfg/../../fc.yaml", "cfg/../fc.yaml"] {
            let error = Config::of(Some(path), None).unwrap_err();
            assert!(error.contains("leaves the package"), "{path}: {error}");
        }
    }

    #[test]
    fn what_kpt_refuses_is_refused() {
        assert!(Config::of(Some("a.yaml"), Some(&map(json!({"a": "b"})))).unwrap_err().contains("both"));
        assert!(Config::of(None, Some(&map(json!({"a": {"b": "c"}})))).unwrap_err().contains("configMap.a"));
    }
}

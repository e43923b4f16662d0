//! A Kptfile's pipeline, decoded as strictly as kpt decodes it: a misspelt `selectors` must not mean "everything".

use std::collections::BTreeMap;

use krm::{Item, ItemError, Origin};
use serde::Deserialize;
use serde_json::{Map, Value};

/// What a Kptfile says as far as rendering goes.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Kptfile {
    api_version: String,
    kind: String,
    metadata: Metadata,
    pipeline: Option<Pipeline>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Metadata {
    annotations: Option<BTreeMap<String, String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Pipeline {
    mutators: Option<Vec<Entry>>,
    validators: Option<Vec<Entry>>,
}

/// One function of a pipeline.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub(super) struct Entry {
    pub(super) image: Option<String>,
    pub(super) exec: Option<String>,
    /// A version constraint of newer kpt; the built-in version runs whatever it says.
    #[allow(dead_code)]
    tag: Option<String>,
    /// A label for readers.
    #[allow(dead_code)]
    name: Option<String>,
    pub(super) config_path: Option<String>,
    pub(super) config_map: Option<Map<String, Value>>,
    pub(super) selectors: Option<Vec<Selector>>,
    pub(super) exclude: Option<Vec<Selector>>,
}

/// One selector: what it states must all be so.
#[derive(Debug, Default, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub(super) struct Selector {
    pub(super) api_version: Option<String>,
    pub(super) kind: Option<String>,
    pub(super) name: Option<String>,
    pub(super) namespace: Option<String>,
    pub(super) labels: Option<BTreeMap<String, String>>,
    pub(super) annotations: Option<BTreeMap<String, String>>,
}

/// kpt renders outer packages first where the root's Kptfile has this annotation set to `true`.
const OUTER_FIRST: &str = "kpt.dev/bfs-rendering";

impl Kptfile {
    pub(super) fn parse(text: &str) -> Result<Kptfile, ItemError> {
        let kptfile: Kptfile = Item::document(text, Origin::default()).read()?;
        let expected = api::kinds::KPTFILE;
        if !expected.matches(&kptfile.api_version, &kptfile.kind) {
            let (field, found) = match kptfile.kind == expected.kind {
                true => ("apiVersion", &kptfile.api_version),
                false => ("kind", &kptfile.kind),
            };
            let message = format!(
                "found {found:?}, expected a {} of {}; `kpt pkg init` writes one",
                expected.kind, expected.api_version
            );
            return Err(ItemError::Field { field: field.to_owned(), message });
        }
        Ok(kptfile)
    }

    pub(super) fn renders_outer_first(&self) -> bool {
        let annotation = self.metadata.annotations.as_ref().and_then(|annotations| annotations.get(OUTER_FIRST));
        annotation.is_some_and(|value| value == "true")
    }

    pub(super) fn mutators(&self) -> &[Entry] {
        let entries = self.pipeline.as_ref().and_then(|pipeline| pipeline.mutators.as_deref());
        entries.unwrap_or_default()
    }

    pub(super) fn validators(&self) -> &[Entry] {
        let entries = self.pipeline.as_ref().and_then(|pipeline| pipeline.validators.as_deref());
        entries.unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(rest: &str) -> Result<Kptfile, String> {
        let text = format!("apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata:\n  name: a\n{rest}");
        Kptfile::parse(&text).map_err(|error| error.to_string())
    }

    #[test]
    fn a_pipeline_has_mutators_and_validators() {
        let kptfile = parse(
            "info: {whatever: 1}\npipeline:\n  mutators:\n  - image: a:v1\n    name: x\n    tag: '>=1'\n    configMap: {a: b}\n  \
             validators:\n  - exec: ./b\n    configPath: c.yaml\n    selectors:\n    - kind: K\n      labels: {l: v}\n    \
             exclude:\n    - {}\n",
        )
        .unwrap();
        assert_eq!(kptfile.mutators().first().unwrap().image.as_deref(), Some("a:v1"));
        let validator = kptfile.validators().first().unwrap();
        assert_eq!(validator.config_path.as_deref(), Some("c.yaml"));
        assert_eq!(validator.selectors.as_ref().unwrap()[0].kind.as_deref(), Some("K"));
        assert_eq!(validator.exclude.as_ref().unwrap()[0], Selector::default());
    }

    #[test]
    fn no_pipeline_is_an_empty_one() {
        for rest in ["", "pipeline:\n", "pipeline: {}\n", "pipeline: {mutators: , validators: []}\n"] {
            let kptfile = parse(rest).unwrap();
            assert!(kptfile.mutators().is_empty() && kptfile.validators().is_empty(), "{rest}");
        }
    }

    #[test]
    fn a_misspelt_key_is_an_error_that_says_where() {
        for (rest, words) in [
            ("pipeline: {mutators: [{image: a, selector: []}]}\n", ["pipeline.mutators[0]", "selector"]),
            ("pipeline: {mutator: []}\n", ["pipeline", "mutator"]),
            ("pipeline: {mutators: [{image: a, selectors: [{names: x}]}]}\n", ["selectors[0]", "names"]),
            ("pipeline: {mutators: [{image: 1}]}\n", ["pipeline.mutators[0].image", "string"]),
            ("pipeline: {mutators: {image: a}}\n", ["pipeline.mutators", "sequence"]),
        ] {
            let error = parse(rest).unwrap_err();
            assert!(words.iter().all(|word| error.contains(word)), "{rest}: {error}");
        }
    }

    #[test]
    fn only_a_kptfile_of_a_known_version_is_read() {
        for (text, word) in [
            ("apiVersion: kpt.dev/v1alpha2\nkind: Kptfile\n", "apiVersion"),
            ("apiVersion: v1\nkind: ConfigMap\n", "kind"),
            ("{}", "kind"),
            ("", "document"),
            ("- a\n", "map"),
        ] {
            let error = Kptfile::parse(text).unwrap_err().to_string();
            assert!(error.contains(word), "{text}: {error}");
        }
    }

    #[test]
    fn outer_packages_first_if_the_annotation_says_so() {
        let text = |value: &str| {
            format!("apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata: {{annotations: {{{OUTER_FIRST}: {value}}}}}\n")
        };
        assert!(Kptfile::parse(&text("\"true\"")).unwrap().renders_outer_first());
        assert!(!Kptfile::parse(&text("\"false\"")).unwrap().renders_outer_first());
    }
}

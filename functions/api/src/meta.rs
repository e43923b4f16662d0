//! What every object has: metadata, references to others, label selectors, and the root that holds spec and status.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::de::null_as_default;

/// An object: metadata, spec and status. `apiVersion` and `kind` are known to whoever asks for this type.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "a mapping")]
pub struct Resource<Spec, Status> {
    /// Name, namespace, labels, annotations.
    pub metadata: ObjectMeta,
    /// What is asked for. An absent spec is an empty one.
    #[serde(default, deserialize_with = "null_as_default")]
    #[serde(bound(deserialize = "Spec: Default + Deserialize<'de>"))]
    pub spec: Spec,
    /// What came of it. `status:` with nothing after it is an absent one.
    #[serde(default)]
    #[serde(bound(deserialize = "Status: Deserialize<'de>"))]
    pub status: Option<Status>,
}

/// The status of a kind that has none, or none that matters here. Accepts any map.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(
    feature = "crd",
    derive(serde::Serialize, schemars::JsonSchema),
    schemars(extend("x-kubernetes-preserve-unknown-fields" = true))
)]
pub struct NoStatus {}

/// The part of an object's metadata that functions look at.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "a mapping")]
pub struct ObjectMeta {
    /// The object's name.
    #[serde(default, deserialize_with = "null_as_default")]
    pub name: String,
    /// The object's namespace; `None` where the package does not state one.
    #[serde(default)]
    pub namespace: Option<String>,
    /// Labels, by key.
    #[serde(default, deserialize_with = "null_as_default")]
    pub labels: BTreeMap<String, String>,
    /// Annotations, by key.
    #[serde(default, deserialize_with = "null_as_default")]
    pub annotations: BTreeMap<String, String>,
}

impl ObjectMeta {
    /// The annotation's value, if the key is there and its value is not empty.
    pub fn annotation(&self, key: &str) -> Option<&str> {
        self.annotations.get(key).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// The label's value, if the key is there and its value is not empty.
    pub fn label(&self, key: &str) -> Option<&str> {
        self.labels.get(key).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// The namespace, if one is stated and is not empty.
    pub fn namespace(&self) -> Option<&str> {
        self.namespace.as_deref().filter(|namespace| !namespace.is_empty())
    }
}

/// A reference to another object, such as `spec.networkInstance`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", expecting = "a mapping with a name")]
#[cfg_attr(feature = "crd", derive(schemars::JsonSchema))]
// `serde(default)` would make it optional.
#[cfg_attr(feature = "crd", schemars(extend("required" = ["name"])))]
pub struct ObjectReference {
    /// The name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "crd", schemars(required, length(min = 1)))]
    pub name: Option<String>,
    /// The namespace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Group and version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api_version: Option<String>,
    /// The kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// A field within the object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field_path: Option<String>,
    /// The version of the object that is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_version: Option<String>,
    /// The object's unique identifier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uid: Option<String>,
}

impl ObjectReference {
    /// A reference by name alone.
    pub fn named(name: impl Into<String>) -> Self {
        Self { name: Some(name.into()), ..Self::default() }
    }

    /// The name, if one is stated and is not empty.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref().filter(|name| !name.is_empty())
    }

    /// The namespace, if one is stated and is not empty.
    pub fn namespace(&self) -> Option<&str> {
        self.namespace.as_deref().filter(|namespace| !namespace.is_empty())
    }
}

/// A Kubernetes label selector: every entry of both parts must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", expecting = "a mapping")]
#[cfg_attr(feature = "crd", derive(schemars::JsonSchema))]
pub struct LabelSelector {
    /// Labels that must be there with exactly this value.
    #[serde(default, deserialize_with = "null_as_default", skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(feature = "crd", schemars(with = "Option<BTreeMap<String, String>>"))]
    pub match_labels: BTreeMap<String, String>,
    /// Further requirements.
    #[serde(default, deserialize_with = "null_as_default", skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "crd", schemars(with = "Option<Vec<LabelSelectorRequirement>>"))]
    pub match_expressions: Vec<LabelSelectorRequirement>,
}

/// A requirement that a label must meet.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", expecting = "a mapping")]
#[cfg_attr(feature = "crd", derive(schemars::JsonSchema))]
pub struct LabelSelectorRequirement {
    /// The label's key.
    pub key: String,
    /// How the label relates to `values`.
    pub operator: LabelSelectorOperator,
    /// Used by `In` and `NotIn`; empty for the others.
    #[serde(default, deserialize_with = "null_as_default", skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "crd", schemars(with = "Option<Vec<String>>"))]
    pub values: Vec<String>,
}

/// How a label relates to the values of a requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[cfg_attr(feature = "crd", derive(schemars::JsonSchema))]
pub enum LabelSelectorOperator {
    /// The label is there and has one of the values.
    In,
    /// The label is absent, or has none of the values.
    NotIn,
    /// The label is there.
    Exists,
    /// The label is absent.
    DoesNotExist,
}

/// A condition in an object's own status (`metav1.Condition`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", expecting = "a mapping")]
#[cfg_attr(feature = "crd", derive(schemars::JsonSchema))]
pub struct Condition {
    /// What the condition is about, such as `Ready`.
    #[serde(rename = "type")]
    pub type_: String,
    /// `True`, `False` or `Unknown`.
    #[serde(default, deserialize_with = "null_as_default")]
    #[cfg_attr(feature = "crd", schemars(with = "Option<String>"))]
    pub status: String,
    /// A word for programs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// A sentence for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// When the status changed last, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_transition_time: Option<String>,
    /// The generation of the object that the condition was computed from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn null_and_absent_maps_are_empty() {
        let meta: ObjectMeta = serde_json::from_value(json!({"name": "n3", "labels": null, "extra": 1})).unwrap();
        assert_eq!(meta, ObjectMeta { name: "n3".into(), ..ObjectMeta::default() });
    }

    #[test]
    fn an_empty_annotation_is_no_annotation() {
        let meta: ObjectMeta =
            serde_json::from_value(json!({"name": "n3", "namespace": "", "annotations": {"a": "", "b": "x"}})).unwrap();
        assert_eq!((meta.annotation("a"), meta.annotation("b"), meta.annotation("c")), (None, Some("x"), None));
        assert_eq!(meta.namespace(), None);
    }

    #[test]
    fn a_number_is_not_an_annotation_and_the_error_names_it() {
        let value = json!({"name": "n3", "annotations": {"krmnet.dev/mtu": 9000}});
        let error = serde_path_to_error::deserialize::<_, ObjectMeta>(value).unwrap_err();
        assert_eq!(error.path().to_string(), "annotations.krmnet.dev/mtu");
        assert_eq!(error.inner().to_string(), "invalid type: integer `9000`, expected a string");
    }

    #[test]
    fn a_selector_reads_both_parts() {
        let selector: LabelSelector = serde_json::from_value(json!({
            "matchLabels": {"a": "b"},
            "matchExpressions": [{"key": "c", "operator": "NotIn", "values": ["d"]}, {"key": "e", "operator": "Exists"}],
        }))
        .unwrap();
        assert_eq!(selector.match_labels.get("a").map(String::as_str), Some("b"));
        assert_eq!(selector.match_expressions.first().unwrap().operator, LabelSelectorOperator::NotIn);
        assert!(selector.match_expressions.get(1).unwrap().values.is_empty());
    }

    #[test]
    fn an_unknown_operator_lists_the_known_ones() {
        let error =
            serde_json::from_value::<LabelSelectorRequirement>(json!({"key": "c", "operator": "in"})).unwrap_err();
        assert_eq!(error.to_string(), "unknown variant `in`, expected one of `In`, `NotIn`, `Exists`, `DoesNotExist`");
    }

    #[test]
    fn a_reference_is_written_name_first_and_without_absent_fields() {
        let reference: ObjectReference =
            serde_json::from_value(json!({"kind": "NetworkInstance", "namespace": "net", "name": "vpc"})).unwrap();
        assert_eq!(
            serde_json::to_string(&reference).unwrap(),
            r#"{"name":"vpc","namespace":"net","kind":"NetworkInstance"}"#
        );
    }
}

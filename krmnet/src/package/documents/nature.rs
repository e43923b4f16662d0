//! Whether a document is a resource. Most are told by their lines; only the others are parsed.

use api::Gvk;
use api::kinds;
use krm::yaml::{self, YamlError};
use krm::{Item, ItemError};
use serde_json::Value;

/// The kinds whose objects can state an address, a VLAN or a need for one.
const OURS: [Gvk; 9] = [
    kinds::INTERFACE,
    kinds::WORKLOAD_CLUSTER,
    kinds::NETWORK,
    kinds::IP_CLAIM,
    kinds::IP_PREFIX,
    kinds::NETWORK_INSTANCE,
    kinds::VLAN_CLAIM,
    kinds::VLAN_INDEX,
    kinds::NAD,
];

/// What a document is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Nature {
    /// It has apiVersion, kind and metadata.name.
    Resource,
    /// Something else, to be left alone.
    Other,
    /// It cannot be read, and may be a resource of ours.
    Unreadable(YamlError),
    /// It holds resources of ours in a form that is not read: what was found and what was expected.
    Unfit(String),
}

pub(super) fn of(item: &Item) -> Nature {
    if shows_a_resource(item.text()) {
        return Nature::Resource;
    }
    match item.value() {
        Ok(value) => of_value(value),
        Err(ItemError::Yaml(error)) => unreadable(item.text(), error),
        // A list of resources, perhaps.
        Err(_) => match yaml::read(item.text()) {
            Ok(value) => of_value(&value),
            Err(error) => unreadable(item.text(), error),
        },
    }
}

fn unreadable(text: &str, error: YamlError) -> Nature {
    if may_name_ours(text) { Nature::Unreadable(error) } else { Nature::Other }
}

fn of_value(value: &Value) -> Nature {
    let elements = value.as_array().or_else(|| value.get("items")?.as_array());
    if let Some(kind) = elements.into_iter().flatten().find_map(kind_of_ours) {
        return Nature::Unfit(format!(
            "found a list that holds a resource of kind {kind}; write each resource as a document of its own, between \
             `---` lines"
        ));
    }
    let states = |value: Option<&Value>| value.and_then(Value::as_str).is_some_and(|text| !text.is_empty());
    let name = value.get("metadata").and_then(|metadata| metadata.get("name"));
    if states(value.get("apiVersion")) && states(value.get("kind")) && states(name) {
        return Nature::Resource;
    }
    match kind_of_ours(value) {
        Some(kind) => Nature::Unfit(format!("found a resource of kind {kind} without metadata.name; give it a name")),
        None => Nature::Other,
    }
}

fn kind_of_ours(value: &Value) -> Option<&'static str> {
    let text = |key: &str| value.get(key).and_then(Value::as_str);
    let (api_version, kind) = (text("apiVersion")?, text("kind")?);
    OURS.iter().find(|ours| ours.kind == kind && group(ours.api_version) == group(api_version)).map(|ours| ours.kind)
}

fn group(api_version: &str) -> &str {
    api_version.split_once('/').map_or("", |(group, _)| group)
}

/// Whether the text could hold a resource of ours: it names one of our groups, and has `kind` followed by one of our kinds.
pub(super) fn may_name_ours(text: &str) -> bool {
    let names_a_kind = || {
        text.match_indices("kind").any(|(at, key)| {
            let rest = text.get(at + key.len()..).unwrap_or_default().trim_start_matches(['"', '\'', ' ']);
            let Some(value) = rest.strip_prefix(':') else { return false };
            let value = value.trim_start_matches(['"', '\'', ' ']);
            let end = value.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(value.len());
            OURS.iter().any(|ours| value.get(..end) == Some(ours.kind))
        })
    };
    OURS.iter().any(|ours| text.contains(group(ours.api_version))) && names_a_kind()
}

/// Whether the lines alone show apiVersion, kind (a plain word, and none of a list) and metadata.name.
fn shows_a_resource(text: &str) -> bool {
    let (mut api_version, mut kind, mut name, mut metadata) = (false, false, false, Metadata::Outside);
    for line in text.lines() {
        let content = line.trim_start_matches(' ');
        let column = line.len() - content.len();
        if content.trim_end().is_empty() || content.starts_with('#') {
            continue;
        }
        if column > 0 {
            metadata = metadata.at(column);
            name |= metadata == Metadata::Keys(column) && content.strip_prefix("name: ").is_some_and(is_plain_word);
            continue;
        }
        metadata = if line.trim_end() == "metadata:" { Metadata::Opened } else { Metadata::Outside };
        api_version |= line.strip_prefix("apiVersion: ").is_some_and(is_plain_word);
        if let Some(value) = line.strip_prefix("kind: ") {
            kind = is_plain_word(value) && !without_comment(value).ends_with("List");
        }
        if api_version && kind && name {
            return true;
        }
    }
    api_version && kind && name
}

/// Where a line stands towards `metadata`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Metadata {
    Outside,
    /// Behind `metadata:`, before its first key.
    Opened,
    /// Among its keys, which stand in this column.
    Keys(usize),
}

impl Metadata {
    /// At an indented line.
    fn at(self, column: usize) -> Metadata {
        if self == Metadata::Opened { Metadata::Keys(column) } else { self }
    }
}

/// Whether the rest of a line is text in any reading: it starts with a letter, and has none of YAML's signs in it.
fn is_plain_word(value: &str) -> bool {
    let word = without_comment(value);
    let is_sign = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '/' | '_'));
    word.starts_with(|c: char| c.is_ascii_alphabetic())
        && !word.contains(is_sign)
        && !["true", "false", "null"].iter().any(|other| word.eq_ignore_ascii_case(other))
}

fn without_comment(value: &str) -> &str {
    value.split(" #").next().unwrap_or_default().trim()
}

#[cfg(test)]
mod tests {
    use krm::Origin;

    use super::*;

    fn nature(text: &str) -> Nature {
        of(&Item::document(text, Origin::default()))
    }

    const CLAIM: &str = "apiVersion: ipam.resource.nephio.org/v1alpha1\nkind: IPClaim\n";

    #[test]
    fn resources() {
        for text in [
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n",
            "# c\nkind: ConfigMap # c\nmetadata:\n  # c\n  namespace: x\n\n  name: a\ndata: {}\napiVersion: v1\n",
            "apiVersion: 'v1'\nkind: \"ConfigMap\"\nmetadata: {name: '1'}\n",
            "{\"apiVersion\": \"v1\", \"kind\": \"ConfigMap\", \"metadata\": {\"name\": \"a\"}}",
            "apiVersion: v1\r\nkind: ConfigMap\r\nmetadata:\r\n  name: a\r\n",
            "apiVersion: v1\nkind: List\nmetadata:\n  name: a\nitems: []\n",
        ] {
            assert_eq!(nature(text), Nature::Resource, "{text:?}");
        }
    }

    #[test]
    fn a_template_of_a_foreign_kind_is_never_parsed() {
        let text = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: a\n{{- if .Values.x }}\n";
        assert_eq!(nature(text), Nature::Resource);
    }

    #[test]
    fn other_documents_are_left_alone() {
        for text in [
            "replicas: 1\n",
            "- a\n- b\n",
            "just text\n",
            "{{ template }}\n",
            "a: 1\na: 2\n",
            "\tkey: [\n",
            "apiVersion: v1\nkind: ConfigMap\n",
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  generateName: a\n",
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: 12\n",
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  labels:\n    name: x\nspec: {}\n",
            "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [a.yaml]\n\
             patches:\n- target: {group: k8s.cni.cncf.io, kind: NetworkAttachmentDefinition}\n",
            "kind: Network\nspec: {\n# config.openshift.io\n",
        ] {
            assert_eq!(nature(text), Nature::Other, "{text:?}");
        }
    }

    #[test]
    fn what_may_be_ours_must_be_readable() {
        for text in [
            format!("{CLAIM}metadata: {{name: {{{{ .Values.name }}}}\n"),
            format!("{CLAIM}metadata: {{name: a}}\nspec: {{}}\nspec: {{}}\n"),
            format!("{{{{- range }}}}\n{CLAIM}"),
            "{\"apiVersion\": \"req.nephio.org/v1alpha1\", \"kind\" : \"Interface\",".to_owned(),
        ] {
            assert!(matches!(nature(&text), Nature::Unreadable(_)), "{text:?}");
        }
    }

    #[test]
    fn what_is_ours_must_be_a_document_of_its_own() {
        let nameless = format!("{CLAIM}metadata:\n  generateName: a\n");
        let in_list = "- apiVersion: ipam.resource.nephio.org/v1alpha2\n  kind: IPPrefix\n  metadata: {name: a}\n";
        let in_items = "apiVersion: v1\nkind: List\nmetadata:\n  name: a\nitems:\n- apiVersion: k8s.cni.cncf.io/v1\n  \
                        kind: NetworkAttachmentDefinition\n";
        for (text, word) in [
            (nameless.as_str(), "without metadata.name"),
            (in_list, "list that holds a resource of kind IPPrefix"),
            (in_items, "list that holds a resource of kind NetworkAttachmentDefinition"),
        ] {
            match nature(text) {
                Nature::Unfit(problem) => assert!(problem.contains(word), "{problem}"),
                other => panic!("{text:?}: {other:?}"),
            }
        }
    }
}

//! `selectors` and `exclude`: which resources a step sees.

use std::collections::BTreeMap;

use krm::{Item, Origin};

use super::read::Selector;

/// The resources that a step sees: those that any selector matches (all, if there is none), less those that are excluded.
/// Values are compared as they are written, without patterns.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Choice {
    selectors: Vec<Selector>,
    exclude: Vec<Selector>,
}

impl Choice {
    pub(super) fn new(selectors: Option<&Vec<Selector>>, exclude: Option<&Vec<Selector>>) -> Choice {
        let list = |selectors: Option<&Vec<Selector>>| selectors.cloned().unwrap_or_default();
        Choice { selectors: list(selectors), exclude: list(exclude) }
    }

    /// Whether it leaves nothing out.
    pub(crate) fn is_everything(&self) -> bool {
        self.selectors.is_empty() && self.exclude.is_empty()
    }

    /// Whether the step sees a resource. A resource that cannot be read is seen only by a step that sees everything.
    pub(crate) fn includes(&self, item: &Item) -> bool {
        if self.is_everything() {
            return true;
        }
        let chosen = self.selectors.is_empty() || self.selectors.iter().any(|selector| matches(selector, item));
        item.value().is_ok() && chosen && !self.exclude.iter().any(|selector| matches(selector, item))
    }
}

fn matches(selector: &Selector, item: &Item) -> bool {
    let Selector { api_version, kind, name, namespace, labels, annotations } = selector;
    let is = |wanted: &Option<String>, found: &str| match wanted.as_deref() {
        None | Some("") => true,
        Some(wanted) => wanted == found,
    };
    is(api_version, item.api_version())
        && is(kind, item.kind())
        && is(name, item.name())
        && is(namespace, item.namespace())
        && all(labels, |key| label(item, key))
        && all(annotations, |key| annotation(item, key))
}

fn all(wanted: &Option<BTreeMap<String, String>>, found: impl Fn(&str) -> Option<String>) -> bool {
    wanted.iter().flatten().all(|(key, value)| found(key).as_ref() == Some(value))
}

fn label(item: &Item, key: &str) -> Option<String> {
    Some(item.value().ok()?.get("metadata")?.get("labels")?.get(key)?.as_str()?.to_owned())
}

/// An annotation of the resource, or one of those with which kpt says where it is filed in its package.
fn annotation(item: &Item, key: &str) -> Option<String> {
    let Origin { path, index, .. } = item.origin();
    match key {
        "config.kubernetes.io/path" | "internal.config.kubernetes.io/path" => path.clone(),
        "config.kubernetes.io/index" | "internal.config.kubernetes.io/index" => index.map(|index| index.to_string()),
        _ => item.annotation(key).map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn item() -> Item {
        let origin = Origin { path: Some("b.yaml".into()), index: Some(1), ..Origin::default() };
        let text = "apiVersion: v1\nkind: A\nmetadata:\n  name: a\n  namespace: n\n  labels: {l: v, m: w}\n  \
                    annotations: {x: y}\n";
        Item::document(text, origin)
    }

    fn choice(selectors: Value, exclude: Value) -> Choice {
        let list = |value| serde_json::from_value::<Vec<Selector>>(value).unwrap();
        Choice::new(Some(&list(selectors)), Some(&list(exclude)))
    }

    fn selects(selector: Value) -> bool {
        choice(json!([selector]), json!([])).includes(&item())
    }

    #[test]
    fn all_that_a_selector_states_must_be_so() {
        for selector in [
            json!({}),
            json!({"kind": "A"}),
            json!({"apiVersion": "v1", "kind": "A", "name": "a", "namespace": "n"}),
            json!({"kind": "A", "name": ""}),
            json!({"labels": {"l": "v", "m": "w"}, "annotations": {"x": "y"}}),
            json!({"annotations": {"config.kubernetes.io/path": "b.yaml", "internal.config.kubernetes.io/index": "1"}}),
        ] {
            assert!(selects(selector.clone()), "{selector}");
        }
        for selector in [
            json!({"kind": "a"}),
            json!({"kind": "A", "name": "b"}),
            json!({"kind": "A*"}),
            json!({"apiVersion": "v2"}),
            json!({"namespace": "x"}),
            json!({"labels": {"l": "v", "m": "x"}}),
            json!({"labels": {"none": ""}}),
            json!({"annotations": {"config.kubernetes.io/path": "./b.yaml"}}),
        ] {
            assert!(!selects(selector.clone()), "{selector}");
        }
    }

    #[test]
    fn one_selector_is_enough_and_exclusions_win() {
        let (this, other) = (json!({"kind": "A"}), json!({"kind": "B"}));
        assert!(choice(json!([other, this]), json!([])).includes(&item()));
        assert!(choice(json!([this, this]), json!([other])).includes(&item()));
        assert!(!choice(json!([this]), json!([other, this])).includes(&item()));
        assert!(!choice(json!([]), json!([this])).includes(&item()));
        assert!(choice(json!([]), json!([other])).includes(&item()));
        assert!(choice(json!([]), json!([])).includes(&item()));
        assert!(!choice(json!([other]), json!([])).includes(&item()));
    }

    #[test]
    fn what_cannot_be_read_is_chosen_by_nothing_in_particular() {
        let item = Item::document("kind: A\n{{ x }}\n", Origin::default());
        assert!(choice(json!([]), json!([])).includes(&item));
        assert!(!choice(json!([{}]), json!([])).includes(&item));
        assert!(!choice(json!([]), json!([{"kind": "B"}])).includes(&item));
    }
}

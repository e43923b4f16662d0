//! Collections in flow style: `{..}`, `[..]`, JSON.

use serde_json::{Map, Value};

use super::{Editor, Outcome};
use crate::yaml::emit;
use crate::yaml::nodes::{Form, Style};
use crate::yaml::tree::Node;
use crate::yaml::value::{Fields, Keys};

impl Editor<'_> {
    /// Changed scalars in place and new keys before the bracket; anything else is written anew.
    pub(super) fn flow_map(&mut self, node: Node<'_>, target: &Map<String, Value>) -> Outcome {
        let Some(keys) = Keys::of(node) else { return Outcome::Whole };
        let Some(last) = node.entries().last().filter(|last| !last.value.is_absent()) else { return Outcome::Whole };
        let mut fields = Fields::of(target);
        let json = is_json(node);
        for entry in node.entries() {
            let value = entry.key.scalar().and_then(|key| fields.get(key));
            let Some(value) = value else { return Outcome::Whole };
            if self.flow_value(entry.value, value, json) == Outcome::Whole {
                return Outcome::Whole;
            }
        }
        let added: String = target
            .iter()
            .filter(|(key, _)| !keys.contains(key))
            .map(|(key, value)| {
                let key = Value::String(key.clone());
                if json {
                    format!(", {}: {}", emit::json(&key), emit::json(value))
                } else {
                    format!(", {}: {}", emit::flow(&key), emit::flow(value))
                }
            })
            .collect();
        if !added.is_empty() {
            self.splice(last.value.end()..last.value.end(), added);
        }
        Outcome::Done
    }

    pub(super) fn flow_list(&mut self, node: Node<'_>, target: &[Value]) -> Outcome {
        if node.items().count() != target.len() || node.is_empty() {
            self.structural = true;
            return Outcome::Whole;
        }
        for (item, value) in node.items().zip(target) {
            if self.flow_value(item, value, false) == Outcome::Whole {
                return Outcome::Whole;
            }
        }
        Outcome::Done
    }

    /// `json`: the map around it is JSON, so that also what shows no dialect itself, such as `{}`, is replaced by JSON.
    fn flow_value(&mut self, node: Node<'_>, target: &Value, json: bool) -> Outcome {
        if self.children(node, target).is_ok_and(|outcome| outcome == Outcome::Done) {
            return Outcome::Done;
        }
        if node.says(target) {
            return Outcome::Done;
        }
        if node.is_absent() {
            return Outcome::Whole;
        }
        self.splice(node.range(), if json { emit::json(target) } else { written_like(node, target) });
        Outcome::Done
    }
}

/// A value on one line in the dialect of the node that it replaces.
pub(super) fn written_like(node: Node<'_>, target: &Value) -> String {
    let json = match node.form() {
        Form::Scalar(style) => style == Style::DoubleQuoted,
        Form::Sequence { .. } => node.items().any(|item| is_json(item) || is_double_quoted(item)),
        Form::Mapping { .. } | Form::Alias => is_json(node),
    };
    if json { emit::json(target) } else { emit::flow(target) }
}

/// Whether a node is a map that is written as JSON would be: its keys in double quotes.
fn is_json(node: Node<'_>) -> bool {
    node.entries().next().is_some_and(|entry| is_double_quoted(entry.key))
}

fn is_double_quoted(node: Node<'_>) -> bool {
    node.form() == Form::Scalar(Style::DoubleQuoted)
}

//! Collections in flow style: `{..}`, `[..]`, JSON.

use serde_json::{Map, Value};

use super::{Editor, Outcome};
use crate::yaml::emit;
use crate::yaml::tree::{Content, Entry, Node, Style};
use crate::yaml::value::Keys;

impl Editor<'_> {
    /// Changed scalars in place and new keys before the bracket; anything else is written anew.
    pub(super) fn flow_map(&mut self, node: &Node, target: &Map<String, Value>) -> Outcome {
        let entries = node.entries();
        let Some(keys) = Keys::of(self.lines.source, node) else { return Outcome::Whole };
        let Some(last) = entries.last().filter(|last| !last.value.is_absent()) else { return Outcome::Whole };
        let source = self.lines.source;
        for entry in entries {
            let value = entry.key.scalar(source).and_then(|key| target.get(key));
            let Some(value) = value else { return Outcome::Whole };
            if self.flow_value(&entry.value, value) == Outcome::Whole {
                return Outcome::Whole;
            }
        }
        let json = is_json(entries);
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
            self.splice(last.value.range.end..last.value.range.end, added);
        }
        Outcome::Done
    }

    pub(super) fn flow_list(&mut self, items: &[Node], target: &[Value]) -> Outcome {
        if items.len() != target.len() || items.is_empty() {
            self.structural = true;
            return Outcome::Whole;
        }
        for (item, value) in items.iter().zip(target) {
            if self.flow_value(item, value) == Outcome::Whole {
                return Outcome::Whole;
            }
        }
        Outcome::Done
    }

    fn flow_value(&mut self, node: &Node, target: &Value) -> Outcome {
        if self.children(node, target).is_ok_and(|outcome| outcome == Outcome::Done) {
            return Outcome::Done;
        }
        if self.says(node, target) {
            return Outcome::Done;
        }
        if node.is_absent() {
            return Outcome::Whole;
        }
        self.splice(node.range.clone(), written_like(node, target));
        Outcome::Done
    }
}

/// A value on one line in the dialect of the node that it replaces.
pub(super) fn written_like(node: &Node, target: &Value) -> String {
    let json = match &node.content {
        Content::Mapping { entries, .. } => is_json(entries),
        Content::Scalar { style, .. } => *style == Style::DoubleQuoted,
        _ => node.items().iter().any(|item| is_json(item.entries()) || is_double_quoted(item)),
    };
    if json { emit::json(target) } else { emit::flow(target) }
}

/// Whether a map is written as JSON would be: its keys in double quotes.
fn is_json(entries: &[Entry]) -> bool {
    entries.first().is_some_and(|entry| is_double_quoted(&entry.key))
}

fn is_double_quoted(node: &Node) -> bool {
    matches!(node.content, Content::Scalar { style: Style::DoubleQuoted, .. })
}

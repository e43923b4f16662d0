//! What a text says: from nodes to values.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::error::{Position, YamlError};
use super::scalar;
use super::tree::{Content, Node, Style, Tag, Tree};

/// How many nodes aliases may stand for: more than any real object has, and a stop for alias bombs.
const MAX_ALIASED_NODES: usize = 10_000;

impl Tree {
    /// What the text says.
    ///
    /// Plain scalars follow the YAML 1.2 core schema, so `yes`, `0777` and `1_000` are text: readers disagree about
    /// them, and a field of another type then says so instead of guessing.
    ///
    /// # Errors
    /// [`YamlError`] for a key that stands twice, keys that are not text, merge keys, and aliases beyond a limit.
    pub fn value(&self, source: &str) -> Result<Value, YamlError> {
        self.value_of(source, &self.root)
    }

    /// What one node of the tree says.
    ///
    /// # Errors
    /// As [`Tree::value`].
    pub fn value_of(&self, source: &str, node: &Node) -> Result<Value, YamlError> {
        let mut anchors = HashMap::new();
        if self.has_anchors {
            collect_anchors(&self.root, &mut anchors);
        }
        Reader { source, anchors, aliased: 0, in_alias: 0 }.value(node)
    }
}

fn collect_anchors<'t>(node: &'t Node, anchors: &mut HashMap<usize, &'t Node>) {
    if node.anchor != 0 {
        anchors.insert(node.anchor, node);
    }
    for item in node.items() {
        collect_anchors(item, anchors);
    }
    for entry in node.entries() {
        collect_anchors(&entry.key, anchors);
        collect_anchors(&entry.value, anchors);
    }
}

struct Reader<'t> {
    source: &'t str,
    anchors: HashMap<usize, &'t Node>,
    aliased: usize,
    in_alias: usize,
}

impl<'t> Reader<'t> {
    fn value(&mut self, node: &'t Node) -> Result<Value, YamlError> {
        if self.in_alias > 0 {
            self.aliased += 1;
            // The depth is bounded too: an anchor may hold an alias to itself.
            if self.aliased > MAX_ALIASED_NODES || self.in_alias > 64 {
                return Err(YamlError::AliasExpansion { limit: MAX_ALIASED_NODES });
            }
        }
        match &node.content {
            Content::Scalar { style, .. } => Ok(self.scalar(node, *style)),
            Content::Sequence { items, .. } => {
                items.iter().map(|item| self.value(item)).collect::<Result<_, _>>().map(Value::Array)
            }
            Content::Mapping { entries, .. } => {
                let mut map = Map::with_capacity(entries.len());
                for entry in entries {
                    let at = || Position::of(self.source, entry.key.range.start);
                    let Some(key) = entry.key.scalar(self.source) else {
                        return Err(YamlError::ComplexKey { at: at() });
                    };
                    if key == "<<" && matches!(entry.key.content, Content::Scalar { style: Style::Plain, .. }) {
                        return Err(YamlError::MergeKey { at: at() });
                    }
                    if map.contains_key(key) {
                        return Err(YamlError::DuplicateKey { at: at(), key: key.to_owned() });
                    }
                    map.insert(key.to_owned(), self.value(&entry.value)?);
                }
                Ok(Value::Object(map))
            }
            Content::Alias(anchor) => {
                let Some(target) = self.anchors.get(anchor).copied() else { return Ok(Value::Null) };
                self.in_alias += 1;
                let value = self.value(target);
                self.in_alias -= 1;
                value
            }
        }
    }

    fn scalar(&self, node: &Node, style: Style) -> Value {
        let text = node.scalar(self.source).unwrap_or_default();
        match (node.tag, style) {
            (Tag::Plain, _) | (Tag::None | Tag::Collection, Style::Plain) => scalar::resolve(text),
            _ => Value::String(text.to_owned()),
        }
    }
}

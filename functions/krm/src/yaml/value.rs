//! What a text says: from nodes to values.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::error::{Position, YamlError};
use super::scalar;
use super::tree::{Content, Entry, Node, Style, Tag, Tree};

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

/// Whether a node says `target`, without building what it says. Only for trees without anchors.
///
/// A map with a key that stands twice says nothing.
pub(super) fn says(source: &str, node: &Node, target: &Value) -> bool {
    match (&node.content, target) {
        (Content::Scalar { style, .. }, _) => {
            let text = node.scalar(source).unwrap_or_default();
            match typed(node.tag, *style, text) {
                Some(value) => value == *target,
                None => target.as_str() == Some(text),
            }
        }
        (Content::Sequence { items, .. }, Value::Array(values)) => {
            items.len() == values.len() && items.iter().zip(values).all(|(item, value)| says(source, item, value))
        }
        (Content::Mapping { entries, .. }, Value::Object(map)) => {
            let distinct = Keys::of(source, node);
            entries.len() == map.len()
                && distinct.is_some_and(|keys| map.keys().all(|key| keys.contains(key)))
                && entries.iter().all(|entry| {
                    let value =
                        entry.key.scalar(source).filter(|key| !is_merge(entry, key)).and_then(|key| map.get(key));
                    value.is_some_and(|value| says(source, &entry.value, value))
                })
        }
        _ => false,
    }
}

/// The keys of a map whose keys are distinct text.
pub(super) struct Keys<'t> {
    few: Vec<&'t str>,
    many: HashSet<&'t str>,
}

impl<'t> Keys<'t> {
    /// Up to so many keys a look at each is quicker than a hash.
    const FEW: usize = 16;

    /// The keys of a map, or `None` where one is not text or stands twice.
    pub(super) fn of(source: &'t str, map: &'t Node) -> Option<Keys<'t>> {
        let mut keys = Keys { few: Vec::with_capacity(map.entries().len().min(Self::FEW)), many: HashSet::new() };
        for entry in map.entries() {
            let key = entry.key.scalar(source)?;
            if keys.contains(key) {
                return None;
            }
            if keys.few.len() < Self::FEW {
                keys.few.push(key);
            } else {
                keys.many.insert(key);
            }
        }
        Some(keys)
    }

    pub(super) fn contains(&self, key: &str) -> bool {
        self.few.contains(&key) || self.many.contains(key)
    }
}

/// `<<`, written plain.
fn is_merge(entry: &Entry, key: &str) -> bool {
    key == "<<" && matches!(entry.key.content, Content::Scalar { style: Style::Plain, .. })
}

/// The value of a scalar that is not text.
fn typed(tag: Tag, style: Style, text: &str) -> Option<Value> {
    match (tag, style) {
        (Tag::Plain, _) | (Tag::None | Tag::Collection, Style::Plain) => scalar::resolve(text),
        _ => None,
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
                    if is_merge(entry, key) {
                        return Err(YamlError::MergeKey { at: at() });
                    }
                    if map.insert(key.to_owned(), self.value(&entry.value)?).is_some() {
                        return Err(YamlError::DuplicateKey { at: at(), key: key.to_owned() });
                    }
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
        typed(node.tag, style, text).unwrap_or_else(|| Value::String(text.to_owned()))
    }
}

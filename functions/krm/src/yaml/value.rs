//! What a text says: from nodes to values, and whether nodes say a value.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::emit;
use super::error::YamlError;
use super::nodes::{Form, Style, Tag};
use super::scalar;
use super::tree::{Entry, Node};
use crate::limits::{MAX_ALIASED_BYTES, MAX_ALIASED_NODES, MAX_DEPTH, MAX_KEY};

/// What a text says.
///
/// Plain scalars follow the YAML 1.2 core schema, so `yes`, `0777` and `1_000` are text: readers disagree about them,
/// and a field of another type then says so instead of guessing.
///
/// # Errors
/// [`YamlError`] where the text is not one YAML document, and for a key that stands twice, keys that are not text, merge
/// keys, and what is beyond a [limit](crate::limits).
pub fn read(text: &str) -> Result<Value, YamlError> {
    super::Tree::parse(text)?.root().value()
}

impl<'t> Node<'t> {
    /// What the node says.
    ///
    /// # Errors
    /// As [`Node::check`].
    pub(crate) fn value(self) -> Result<Value, YamlError> {
        self.check()?;
        Ok(self.checked_value())
    }

    /// Whether the node says anything.
    ///
    /// # Errors
    /// [`YamlError`] for a key that stands twice, keys that are not text, merge keys, and what is beyond a limit.
    pub(crate) fn check(self) -> Result<(), YamlError> {
        Check::default().node(self)
    }

    /// [`Node::value`] of a node that [`Node::check`] has found sound, or a part of one.
    pub(crate) fn checked_value(self) -> Value {
        let Some(node) = self.resolved() else { return Value::Null };
        match node.form() {
            Form::Sequence { .. } => Value::Array(node.items().map(Node::checked_value).collect()),
            Form::Mapping { .. } => {
                let mut map = Map::with_capacity(node.entries().count());
                for Entry { key, value } in node.entries() {
                    map.insert(key.scalar().unwrap_or_default().to_owned(), value.checked_value());
                }
                Value::Object(map)
            }
            Form::Scalar(_) | Form::Alias => {
                node.typed().unwrap_or_else(|| Value::String(node.scalar().unwrap_or_default().to_owned()))
            }
        }
    }

    /// The node, or what it stands for if it is an alias; `None` for an alias of nothing, which is null.
    pub(super) fn resolved(self) -> Option<Node<'t>> {
        if self.form() == Form::Alias { self.target() } else { Some(self) }
    }

    /// The value of a key, if the node is a map. Only where [`Node::check`] found no fault.
    pub(crate) fn field(self, key: &str) -> Option<Node<'t>> {
        self.resolved()?.get(key)
    }

    /// The text of a scalar that is text, and not a number, a boolean or null. Only where [`Node::check`] found no fault.
    pub(crate) fn text(self) -> Option<&'t str> {
        let node = self.resolved()?;
        node.scalar().filter(|_| node.typed().is_none())
    }

    /// The value of a scalar that is not text.
    pub(super) fn typed(self) -> Option<Value> {
        let Form::Scalar(style) = self.form() else { return None };
        match (self.tag(), style) {
            (Tag::Plain, _) | (Tag::None | Tag::Collection, Style::Plain) => scalar::resolve(self.scalar()?),
            _ => None,
        }
    }

    /// Whether a node that [`Node::check`] has found sound says `target`.
    pub(crate) fn is(self, target: &Value) -> bool {
        if self.in_tree_with_anchors() { self.checked_value() == *target } else { self.says(target) }
    }

    /// Whether the node says `target`, without building what it says. Only for trees without anchors.
    ///
    /// A map with a key that stands twice says nothing.
    pub(super) fn says(self, target: &Value) -> bool {
        match (self.form(), target) {
            (Form::Scalar(_), _) => match self.typed() {
                Some(value) => value == *target,
                None => target.as_str().is_some_and(|text| self.scalar() == Some(text)),
            },
            (Form::Sequence { .. }, Value::Array(values)) => {
                let mut items = self.items();
                values.iter().all(|value| items.next().is_some_and(|item| item.says(value))) && items.next().is_none()
            }
            (Form::Mapping { .. }, Value::Object(map)) => {
                let mut fields = Fields::of(map);
                let says = |entry: Entry<'_>| {
                    let key = entry.key.scalar().filter(|key| !is_merge(entry.key, key));
                    key.and_then(|key| fields.get(key)).is_some_and(|value| entry.value.says(value))
                };
                self.entries().count() == map.len()
                    && self.entries().all(says)
                    && (fields.in_order || Keys::of(self).is_some())
            }
            _ => false,
        }
    }
}

/// Looks for what says nothing, or too much.
#[derive(Default)]
struct Check {
    /// The collections and aliases around the node. An anchor may hold an alias of itself.
    depth: usize,
    /// The aliases around the node.
    aliases: usize,
    aliased_nodes: usize,
    aliased_bytes: usize,
}

impl Check {
    fn node(&mut self, node: Node<'_>) -> Result<(), YamlError> {
        self.count(node)?;
        if self.depth > MAX_DEPTH {
            return Err(YamlError::TooDeep { at: node.position() });
        }
        self.depth += 1;
        match node.form() {
            Form::Scalar(_) => {}
            Form::Sequence { .. } => node.items().try_for_each(|item| self.node(item))?,
            Form::Mapping { .. } => self.map(node)?,
            Form::Alias => {
                if let Some(target) = node.target() {
                    self.aliases += 1;
                    self.node(target)?;
                    self.aliases -= 1;
                }
            }
        }
        self.depth -= 1;
        Ok(())
    }

    /// Counts a node that an alias stands for.
    fn count(&mut self, node: Node<'_>) -> Result<(), YamlError> {
        if self.aliases > 0 {
            self.aliased_nodes += 1;
            self.aliased_bytes += node.scalar().map_or(0, str::len);
            if self.aliased_nodes > MAX_ALIASED_NODES || self.aliased_bytes > MAX_ALIASED_BYTES {
                return Err(YamlError::AliasExpansion);
            }
        }
        Ok(())
    }

    fn map(&mut self, map: Node<'_>) -> Result<(), YamlError> {
        let mut keys = Keys::default();
        for Entry { key, value } in map.entries() {
            let Some(text) = key.scalar() else { return Err(YamlError::ComplexKey { at: key.position() }) };
            if is_merge(key, text) {
                return Err(YamlError::MergeKey { at: key.position() });
            }
            let found = written_length(text);
            if found > MAX_KEY {
                return Err(YamlError::LongKey { at: key.position(), found });
            }
            self.count(key)?;
            self.node(value)?;
            if !keys.insert(text) {
                return Err(YamlError::DuplicateKey { at: key.position(), key: text.to_owned() });
            }
        }
        Ok(())
    }
}

/// The characters of a key as it may have to be written.
fn written_length(key: &str) -> usize {
    const LONGEST_ESCAPE: usize = "\\U0001F600".len();
    if key.len() < MAX_KEY / LONGEST_ESCAPE {
        return key.len();
    }
    let json = emit::json(&Value::String(key.to_owned()));
    emit::key(key).chars().count().max(json.chars().count())
}

/// `<<`, written plain.
fn is_merge(key: Node<'_>, text: &str) -> bool {
    text == "<<" && key.form() == Form::Scalar(Style::Plain)
}

/// The keys of a map.
#[derive(Default)]
pub(super) struct Keys<'t> {
    /// Among so few keys a look at each is quicker than a hash.
    few: [&'t str; 16],
    count: usize,
    many: Option<HashSet<&'t str>>,
}

impl<'t> Keys<'t> {
    /// The keys of a map, or `None` where one is not text or stands twice.
    pub(super) fn of(map: Node<'t>) -> Option<Keys<'t>> {
        let mut keys = Keys::default();
        map.entries().all(|entry| entry.key.scalar().is_some_and(|key| keys.insert(key))).then_some(keys)
    }

    /// Adds a key; answers whether it was not there.
    fn insert(&mut self, key: &'t str) -> bool {
        if self.contains(key) {
            return false;
        }
        match self.few.get_mut(self.count) {
            Some(place) => (*place, self.count) = (key, self.count + 1),
            None => _ = self.many.get_or_insert_default().insert(key),
        }
        true
    }

    pub(super) fn contains(&self, key: &str) -> bool {
        let few = self.few.get(..self.count).unwrap_or_default();
        few.contains(&key) || self.many.as_ref().is_some_and(|many| many.contains(key))
    }
}

/// The fields of a value, which are mostly asked for in their own order; then none has to be looked up.
pub(super) struct Fields<'v> {
    map: &'v Map<String, Value>,
    next: std::iter::Peekable<serde_json::map::Iter<'v>>,
    /// Whether every field that was asked for was the next one.
    in_order: bool,
}

impl<'v> Fields<'v> {
    pub(super) fn of(map: &'v Map<String, Value>) -> Self {
        Fields { map, next: map.iter().peekable(), in_order: true }
    }

    pub(super) fn get(&mut self, key: &str) -> Option<&'v Value> {
        match self.next.next_if(|(name, _)| *name == key) {
            Some((_, value)) => Some(value),
            None => {
                self.in_order = false;
                self.map.get(key)
            }
        }
    }
}

//! JSON as Go programs read it: the document with its duplicate keys, and values that know their place.

use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::fmt;

/// Longest excerpt of a value in a message, in characters.
const EXCERPT: usize = 80;

/// A parsed document.
pub(crate) struct Document {
    pub(crate) value: Value,
    /// The paths of keys that stand more than once in their object; the value of the last one counts.
    pub(crate) duplicates: Vec<String>,
}

/// Parses one JSON value with nothing after it. serde_json bounds the nesting, so that the recursion is bounded too.
pub(crate) fn parse(text: &str) -> Result<Document, serde_json::Error> {
    let mut duplicates = Vec::new();
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = Reader { place: Place::Root, duplicates: &mut duplicates }.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(Document { value, duplicates })
}

/// Where a value stands. Spelt out only for a key that stands twice, which hardly any does.
#[derive(Clone, Copy)]
enum Place<'p> {
    Root,
    Key(&'p Place<'p>, &'p str),
    Item(&'p Place<'p>, usize),
}

impl Place<'_> {
    fn path(&self) -> String {
        match self {
            Place::Root => String::new(),
            Place::Key(object, key) => key_path(&object.path(), key),
            Place::Item(list, index) => item_path(&list.path(), *index),
        }
    }
}

/// Reads a value as serde_json does, and notes duplicate keys on the way.
struct Reader<'p, 'd> {
    place: Place<'p>,
    duplicates: &'d mut Vec<String>,
}

impl<'de> DeserializeSeed<'de> for Reader<'_, '_> {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reader<'_, '_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        loop {
            let place = Place::Item(&self.place, items.len());
            let reader = Reader { place, duplicates: &mut *self.duplicates };
            match list.next_element_seed(reader)? {
                Some(item) => items.push(item),
                None => return Ok(Value::Array(items)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Value, A::Error> {
        let mut entries = Map::new();
        while let Some(key) = object.next_key::<String>()? {
            let place = Place::Key(&self.place, &key);
            let reader = Reader { place, duplicates: &mut *self.duplicates };
            let value = object.next_value_seed(reader)?;
            if entries.contains_key(&key) {
                self.duplicates.push(place.path());
            }
            entries.insert(key, value);
        }
        Ok(Value::Object(entries))
    }
}

/// A JSON value and its place in the document.
#[derive(Clone)]
pub(crate) struct Node<'a> {
    pub(crate) value: &'a Value,
    /// Empty for the document itself.
    path: String,
}

impl<'a> Node<'a> {
    pub(crate) fn root(value: &'a Value) -> Self {
        Self { value, path: String::new() }
    }

    /// The place, in the form of [`crate::Violation::path`].
    pub(crate) fn path(&self) -> String {
        if self.path.is_empty() { ".".to_owned() } else { self.path.clone() }
    }

    /// The path that `key` has, or would have, in this object.
    pub(crate) fn path_of(&self, key: &str) -> String {
        key_path(&self.path, key)
    }

    /// The value of `key`, found as Go finds it: case does not matter, the last one counts, null is absent.
    pub(crate) fn get(&self, key: &str) -> Option<Node<'a>> {
        let (name, value) = self
            .value
            .as_object()?
            .iter()
            .rev()
            .find(|(name, value)| name.eq_ignore_ascii_case(key) && !value.is_null())?;
        Some(Node { value, path: self.path_of(name) })
    }

    /// The text of `key`; an empty one is absent, as it is for the plugins.
    pub(crate) fn text(&self, key: &str) -> Option<&'a str> {
        self.get(key)?.value.as_str().filter(|text| !text.is_empty())
    }

    /// The integer of `key`.
    pub(crate) fn integer(&self, key: &str) -> Option<i64> {
        self.get(key)?.value.as_i64()
    }

    /// Whether `key` is `true`.
    pub(crate) fn flag(&self, key: &str) -> bool {
        self.get(key).and_then(|node| node.value.as_bool()).unwrap_or(false)
    }

    /// The elements of the list `key`; none where it is absent or no list.
    pub(crate) fn list(&self, key: &str) -> Vec<Node<'a>> {
        self.get(key).map(|node| node.items()).unwrap_or_default()
    }

    /// The elements of this list; none where it is no list.
    pub(crate) fn items(&self) -> Vec<Node<'a>> {
        let items = self.value.as_array().map(Vec::as_slice).unwrap_or_default();
        items.iter().enumerate().map(|(index, value)| Node { value, path: item_path(&self.path, index) }).collect()
    }

    /// The entries of this object under their own spelling; none where it is no object.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&'a str, Node<'a>)> {
        self.value.as_object().into_iter().flatten().map(|(key, value)| {
            let path = self.path_of(key);
            (key.as_str(), Node { value, path })
        })
    }

    /// Whether the value is an object without entries.
    pub(crate) fn is_empty_object(&self) -> bool {
        self.value.as_object().is_some_and(Map::is_empty)
    }

    /// The value as JSON for a message, shortened if need be.
    pub(crate) fn found(&self) -> String {
        excerpt(&self.value.to_string())
    }
}

/// Shortens a text for a message.
pub(crate) fn excerpt(text: &str) -> String {
    match text.char_indices().nth(EXCERPT) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or(text)),
        None => text.to_owned(),
    }
}

fn item_path(parent: &str, index: usize) -> String {
    format!("{parent}[{index}]")
}

fn key_path(parent: &str, key: &str) -> String {
    let plain = !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    match (plain, parent.is_empty()) {
        (true, true) => key.to_owned(),
        (true, false) => format!("{parent}.{key}"),
        (false, _) => format!("{parent}[{}]", Value::from(excerpt(key))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_as_go_finds_them() {
        let document = parse(r#"{"Master":"a","MASTER":"b","master":null,"mtu":0}"#).unwrap();
        let node = Node::root(&document.value);
        assert_eq!(node.text("master"), Some("b"));
        assert_eq!(node.get("master").unwrap().path(), "MASTER");
        assert_eq!(node.integer("mtu"), Some(0));
        assert_eq!(node.path(), ".");
    }

    #[test]
    fn duplicate_keys_are_noted_and_the_last_counts() {
        let document =
            parse(r#"{"plugins":[{"type":"a"},{"type":"b","type":"c","cni.dev/x":{"y":1,"y":2}}]}"#).unwrap();
        assert_eq!(document.duplicates, ["plugins[1].type", r#"plugins[1]["cni.dev/x"].y"#]);
        assert_eq!(document.value.pointer("/plugins/1/type"), Some(&Value::from("c")));
    }

    #[test]
    fn deep_nesting_is_refused_without_a_crash() {
        assert!(parse(&"[".repeat(100_000)).is_err());
        assert!(parse(r#"{} trailing"#).is_err());
    }

    #[test]
    fn long_values_are_shortened_at_a_character() {
        let value = Value::from("ä".repeat(200));
        let found = Node::root(&value).found();
        assert_eq!(found.chars().count(), EXCERPT + 1);
    }
}

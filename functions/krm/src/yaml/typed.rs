//! Typed views straight from nodes: what serde_json reads from a value, without building that value.

use std::fmt::{self, Display};

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{
    self, DeserializeOwned, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};
use serde_json::Value;

use super::nodes::Form;
use super::tree::{Children, Entries, Entry, Node};

/// A node that [`Node::check`] found sound as a type, if it fits.
///
/// Where it fits, the result is what serde_json makes of the node's value. Where it does not, that is for serde_json to
/// decide and to explain: it knows ways to read a map that no object of Kubernetes needs.
pub(crate) fn typed<T: DeserializeOwned>(node: Node<'_>) -> Option<T> {
    T::deserialize(Reader(node)).ok()
}

/// A node does not fit a type.
#[derive(Debug)]
struct Unfit;

impl Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the node does not fit the type")
    }
}

impl std::error::Error for Unfit {}

impl de::Error for Unfit {
    fn custom<T: Display>(_: T) -> Unfit {
        Unfit
    }
}

impl From<serde_json::Error> for Unfit {
    fn from(_: serde_json::Error) -> Unfit {
        Unfit
    }
}

#[derive(Clone, Copy)]
struct Reader<'t>(Node<'t>);

/// What there is to read.
enum Said<'t> {
    List(Node<'t>),
    Map(Node<'t>),
    Text(&'t str),
    /// A number, a boolean or null.
    Other(Value),
}

impl<'t> Reader<'t> {
    fn said(self) -> Said<'t> {
        let Some(node) = self.0.resolved() else { return Said::Other(Value::Null) };
        match node.form() {
            Form::Sequence { .. } => Said::List(node),
            Form::Mapping { .. } => Said::Map(node),
            Form::Scalar(_) | Form::Alias => match node.typed() {
                Some(value) => Said::Other(value),
                None => Said::Text(node.scalar().unwrap_or_default()),
            },
        }
    }
}

fn list<'t, V: Visitor<'t>>(node: Node<'t>, visitor: V) -> Result<V::Value, Unfit> {
    let mut items = Items(node.items());
    let list = visitor.visit_seq(&mut items)?;
    if items.0.next().is_none() { Ok(list) } else { Err(Unfit) }
}

fn map<'t, V: Visitor<'t>>(node: Node<'t>, visitor: V) -> Result<V::Value, Unfit> {
    let mut fields = Fields { entries: node.entries(), value: None };
    let map = visitor.visit_map(&mut fields)?;
    if fields.entries.next().is_none() { Ok(map) } else { Err(Unfit) }
}

/// Types that are never read from text, lists or maps.
macro_rules! only_of_other {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Unfit> {
            match self.said() {
                Said::Other(value) => Ok(value.$method(visitor)?),
                Said::List(_) | Said::Map(_) | Said::Text(_) => Err(Unfit),
            }
        })*
    };
}

impl<'t> Deserializer<'t> for Reader<'t> {
    type Error = Unfit;

    only_of_other! {
        deserialize_bool deserialize_unit
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
        deserialize_f32 deserialize_f64
    }

    fn deserialize_any<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Unfit> {
        match self.said() {
            Said::List(node) => list(node, visitor),
            Said::Map(node) => map(node, visitor),
            Said::Text(text) => visitor.visit_borrowed_str(text),
            Said::Other(value) => Ok(value.deserialize_any(visitor)?),
        }
    }

    fn deserialize_option<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Unfit> {
        match self.said() {
            Said::Other(Value::Null) => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_str<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Unfit> {
        match self.said() {
            Said::Text(text) => visitor.visit_borrowed_str(text),
            _ => Err(Unfit),
        }
    }

    fn deserialize_bytes<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Unfit> {
        match self.said() {
            Said::Text(text) => visitor.visit_borrowed_str(text),
            Said::List(node) => list(node, visitor),
            _ => Err(Unfit),
        }
    }

    fn deserialize_seq<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Unfit> {
        match self.said() {
            Said::List(node) => list(node, visitor),
            _ => Err(Unfit),
        }
    }

    fn deserialize_map<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Unfit> {
        match self.said() {
            Said::Map(node) => map(node, visitor),
            _ => Err(Unfit),
        }
    }

    fn deserialize_struct<V: Visitor<'t>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        match self.said() {
            Said::List(node) => list(node, visitor),
            Said::Map(node) => map(node, visitor),
            _ => Err(Unfit),
        }
    }

    fn deserialize_enum<V: Visitor<'t>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        match self.said() {
            Said::Text(text) => visitor.visit_enum(text.into_deserializer()),
            // A variant with content: nothing that Kubernetes objects have.
            Said::Map(node) => Ok(node.checked_value().deserialize_enum(name, variants, visitor)?),
            _ => Err(Unfit),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'t>>(self, _: &'static str, visitor: V) -> Result<V::Value, Unfit> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_char<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Unfit> {
        self.deserialize_str(visitor)
    }

    fn deserialize_string<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Unfit> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Unfit> {
        self.deserialize_str(visitor)
    }

    fn deserialize_byte_buf<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Unfit> {
        self.deserialize_bytes(visitor)
    }

    fn deserialize_unit_struct<V: Visitor<'t>>(self, _: &'static str, visitor: V) -> Result<V::Value, Unfit> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_tuple<V: Visitor<'t>>(self, _: usize, visitor: V) -> Result<V::Value, Unfit> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'t>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, Unfit> {
        visitor.visit_unit()
    }
}

/// The elements of a list that have not been read yet.
struct Items<'t>(Children<'t>);

impl<'t> SeqAccess<'t> for Items<'t> {
    type Error = Unfit;

    fn next_element_seed<T: DeserializeSeed<'t>>(&mut self, seed: T) -> Result<Option<T::Value>, Unfit> {
        self.0.next().map(|item| seed.deserialize(Reader(item))).transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.0.clone().count())
    }
}

/// The entries of a map that have not been read yet.
struct Fields<'t> {
    entries: Entries<'t>,
    /// The value of the key that was read last.
    value: Option<Node<'t>>,
}

impl<'t> MapAccess<'t> for Fields<'t> {
    type Error = Unfit;

    fn next_key_seed<K: DeserializeSeed<'t>>(&mut self, seed: K) -> Result<Option<K::Value>, Unfit> {
        let Some(Entry { key, value }) = self.entries.next() else { return Ok(None) };
        self.value = Some(value);
        seed.deserialize(BorrowedStrDeserializer::new(key.scalar().unwrap_or_default())).map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'t>>(&mut self, seed: T) -> Result<T::Value, Unfit> {
        seed.deserialize(Reader(self.value.take().ok_or(Unfit)?))
    }
}

#[cfg(test)]
mod tests;

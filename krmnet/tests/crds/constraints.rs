//! Every constraint of the schemas refuses an object, and that object is refused for nothing else.
//!
//! The objects are made by code: one place of an object of `complete.yaml` is changed so that it breaks the constraint.

use serde_json::{Value, json};

use crate::server::Server;
use crate::{definitions, objects, schema, text};

/// For each kind one object or more that a server accepts and that together hold every field.
const COMPLETE: &str = include_str!("complete.yaml");

/// A text of the right form that is too long for a prefix: one group too many.
const LONG_PREFIX: &str = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255/128";

/// Formats of whole numbers, and the greatest number of each. A server ignores those of unsigned ones: what refuses is
/// `minimum` and `maximum`. Every whole number of a server is an `int64`.
const FORMATS: [(&str, i64); 4] = [("uint8", 255), ("uint16", 65_535), ("uint32", 4_294_967_295), ("int64", i64::MAX)];

/// Keywords that refuse nothing by themselves, or by the schemas inside them.
const OTHERS: [&str; 8] = [
    "additionalProperties",
    "default",
    "description",
    "items",
    "nullable",
    "properties",
    // Broken in `rules`.
    "x-kubernetes-validations",
    "x-kubernetes-preserve-unknown-fields",
];

/// A constraint: where its keyword lies in the schema, and how a value at `schema` is to be changed to break it.
#[derive(Debug)]
pub(crate) struct Constraint {
    schema: String,
    keyword: String,
    edit: Edit,
}

impl Constraint {
    /// The JSON pointer of the keyword in the schema.
    pub(crate) fn place(&self) -> String {
        format!("{}/{}", self.schema, self.keyword)
    }
}

#[derive(Debug)]
enum Edit {
    Replace(Value),
    Remove(String),
}

/// The constraints of one schema, without those of its parts.
fn constraints(at: &str, part: &Value) -> Vec<Constraint> {
    let mut found = Vec::new();
    for (keyword, value) in part.as_object().unwrap() {
        let mut add = |edit| found.push(Constraint { schema: at.to_owned(), keyword: keyword.clone(), edit });
        match keyword.as_str() {
            "required" => {
                value.as_array().unwrap().iter().for_each(|name| add(Edit::Remove(name.as_str().unwrap().into())))
            }
            // An object whose root is no object has no kind.
            "type" if at.is_empty() => {}
            // The values of an enum are all of the type (see `structure`): nothing breaks the type alone.
            "type" if part.get("enum").is_some() => {}
            "type" if value == "string" => add(Edit::Replace(json!(1))),
            "type" => add(Edit::Replace(json!("x"))),
            "enum" => add(Edit::Replace(json!("foreign"))),
            "pattern" => add(Edit::Replace(json!("x"))),
            "minLength" => add(Edit::Replace(json!("x".repeat(value.as_u64().unwrap() as usize - 1)))),
            // The pattern of a range takes no longer text either: the bound is what a server reckons with.
            "maxLength" if at.ends_with("/range") => {}
            "maxLength" if part.get("pattern").is_some() => add(Edit::Replace(json!(LONG_PREFIX))),
            "maxLength" => add(Edit::Replace(json!("x".repeat(value.as_u64().unwrap() as usize + 1)))),
            "minimum" => add(Edit::Replace(json!(value.as_f64().unwrap() as i64 - 1))),
            "maximum" => add(Edit::Replace(json!(value.as_f64().unwrap() as i64 + 1))),
            "format" => assert!(FORMATS.iter().any(|(format, _)| value == format), "{at}: the format {value} is new"),
            other => assert!(OTHERS.contains(&other), "{at}: no object is made that breaks {other}"),
        }
    }
    found
}

/// The first place in an object that a schema describes, as a JSON pointer.
pub(crate) fn place(object: &Value, at: &str) -> Option<String> {
    let (mut place, mut value, mut steps) = (String::new(), object, at.split('/').skip(1));
    while let Some(step) = steps.next() {
        let key = match step {
            "properties" => steps.next()?.to_owned(),
            "items" => "0".to_owned(),
            _ => value.as_object()?.keys().next()?.clone(),
        };
        value = match value {
            Value::Array(list) => list.first()?,
            _ => value.get(&key)?,
        };
        place = format!("{place}/{}", key.replace('~', "~0").replace('/', "~1"));
    }
    Some(place)
}

/// A complete object, changed so that it breaks a constraint.
fn broken(complete: &[Value], constraint: &Constraint) -> Option<Value> {
    complete.iter().find_map(|object| {
        let place = place(object, &constraint.schema)?;
        let mut object = object.clone();
        let value = object.pointer_mut(&place)?;
        match &constraint.edit {
            Edit::Replace(bad) => *value = bad.clone(),
            Edit::Remove(name) => _ = value.as_object_mut()?.remove(name)?,
        }
        Some(object)
    })
}

#[test]
fn complete_objects_are_accepted_whole() {
    let server = Server::new();
    for object in objects::objects(COMPLETE) {
        let kind = server.kind(&object).unwrap_or_else(|| panic!("no definition: {object}"));
        assert_eq!(kind.refusals(&object), [], "{object}");
        assert_eq!(kind.pruned(&object), Vec::<String>::new(), "{object}");
    }
}

/// The complete objects of a definition.
pub(crate) fn complete(crd: &Value) -> Vec<Value> {
    let mut complete = objects::objects(COMPLETE);
    complete.retain(|object| text(object, "/kind") == text(crd, "/spec/names/kind"));
    complete
}

/// A definition's objects that break one constraint each, with that constraint; `None` where no complete object has the
/// field.
pub(crate) fn all_broken(crd: &Value) -> Vec<(Constraint, Option<Value>)> {
    let complete = complete(crd);
    let all = schema::all(schema::of(crd));
    let constraints = all.iter().flat_map(|(at, part)| constraints(at, part));
    constraints.map(|constraint| (broken(&complete, &constraint), constraint)).map(|(object, c)| (c, object)).collect()
}

#[test]
fn every_constraint_refuses_an_object_that_nothing_else_refuses() {
    let server = Server::new();
    let (mut seen, mut faults) = (0, Vec::new());
    for (file, crd) in definitions() {
        for (constraint, object) in all_broken(&crd) {
            seen += 1;
            let Some(object) = object else {
                faults.push(format!("{file}: complete.yaml has no such field: {constraint:?}"));
                continue;
            };
            let refusals = server.kind(&object).unwrap().refusals(&object);
            let found: Vec<_> = refusals.iter().map(|refusal| refusal.keyword.as_str()).collect();
            if found != [constraint.place()] {
                faults.push(format!("{file}: {constraint:?}: {refusals:?}"));
            }
        }
    }
    assert!(seen > 100, "only {seen} constraints were seen");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_number_is_bounded_as_its_format_says() {
    let mut unbounded = Vec::new();
    for (_, crd) in definitions() {
        for (at, part) in schema::all(schema::of(&crd)) {
            let Some((_, greatest)) = FORMATS.iter().find(|(format, _)| text(part, "/format") == *format) else {
                continue;
            };
            let bound = |keyword: &str| part.get(keyword).and_then(Value::as_f64).map(|bound| bound as i64);
            let least_holds = *greatest == i64::MAX || bound("minimum").is_some_and(|bound| bound >= 0);
            let greatest_holds = *greatest == i64::MAX || bound("maximum").is_some_and(|bound| bound <= *greatest);
            if !least_holds || !greatest_holds {
                unbounded.push((text(&crd, "/spec/names/kind").to_owned(), at));
            }
        }
    }
    assert_eq!(unbounded, []);
}

//! What a server does with an object that it is to store: prune, set defaults, judge by the schema, judge by the rules.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use cel::{Context, Env, Program, Value as CelValue, extensions};
use jsonschema::{ValidationError, Validator};
use serde_json::Value;

use crate::{definitions, schema, text};

/// Every definition, ready to judge.
pub(crate) struct Server {
    kinds: BTreeMap<(String, String), Kind>,
}

/// A definition, ready to judge objects of its kind.
pub(crate) struct Kind {
    schema: Value,
    validator: Validator,
    env: Arc<Env>,
    programs: BTreeMap<String, Program>,
}

/// Why an object is refused.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// Where the keyword lies that refuses it, in the schema. The place of a rule is its message.
    pub(crate) keyword: String,
    /// What is refused, and why.
    pub(crate) shown: String,
}

impl Server {
    pub(crate) fn new() -> Self {
        let kinds = definitions().into_iter().map(|(_, crd)| {
            let api_version = format!("{}/{}", text(&crd, "/spec/group"), text(&crd, "/spec/versions/0/name"));
            ((api_version, text(&crd, "/spec/names/kind").to_owned()), Kind::new(schema::of(&crd).clone()))
        });
        Self { kinds: kinds.collect() }
    }

    /// The definition of an object, where it is of one of our kinds.
    pub(crate) fn kind(&self, object: &Value) -> Option<&Kind> {
        self.kinds.get(&(text(object, "/apiVersion").to_owned(), text(object, "/kind").to_owned()))
    }
}

impl Kind {
    fn new(schema: Value) -> Self {
        let validator = jsonschema::draft202012::new(&schema::plain(schema.clone())).unwrap();
        // A server has the functions on texts of this extension from Kubernetes 1.25 on.
        let mut env = Env::stdlib();
        env.add_extension(extensions::strings).unwrap();
        let all = schema::all(&schema);
        let rules = all.iter().flat_map(|(_, part)| schema::rules(part));
        let programs = rules.map(|(rule, _)| (rule.to_owned(), env.compile(rule).unwrap())).collect();
        Self { programs, env: Arc::new(env), validator, schema }
    }

    /// Why a server refuses an object; empty where it accepts it. Rules are asked only where the schema accepts.
    pub(crate) fn refusals(&self, object: &Value) -> Vec<Refusal> {
        let mut object = object.clone();
        set_defaults(&self.schema, &mut object);
        let refusals: Vec<_> = self.validator.iter_errors(&object).map(|error| by_schema(&error)).collect();
        if !refusals.is_empty() {
            return refusals;
        }
        drop_nulls(&mut object);
        self.by_rules("", &self.schema, &object)
    }

    fn by_rules(&self, at: &str, schema: &Value, value: &Value) -> Vec<Refusal> {
        let mut refusals = Vec::new();
        for (rule, message) in schema::rules(schema) {
            let mut context = Context::with_env(Arc::clone(&self.env));
            context.add_variable_from_value("self", cel_value(value));
            // A rule that cannot be evaluated is one that does not hold.
            if !matches!(self.programs[rule].execute(&context), Ok(CelValue::Bool(true))) {
                refusals.push(Refusal { keyword: message.to_owned(), shown: format!("{at}: {message}") });
            }
        }
        for (key, of_part, part) in schema::parts(schema, value) {
            refusals.extend(self.by_rules(&format!("{at}/{key}"), of_part, part));
        }
        refusals
    }

    /// The JSON pointers of what a server does not store.
    pub(crate) fn pruned(&self, object: &Value) -> Vec<String> {
        let mut gone = Vec::new();
        // A server knows these, whatever the schema says.
        let known = |key: &str| ["apiVersion", "kind", "metadata"].contains(&key);
        let mut object = object.clone();
        object.as_object_mut().unwrap().retain(|key, _| !known(key));
        prune("", &self.schema, &object, &mut gone);
        gone
    }
}

fn prune(at: &str, schema: &Value, value: &Value, gone: &mut Vec<String>) {
    let described = schema::parts(schema, value);
    if let Value::Object(map) = value
        && !schema::is_open(schema)
    {
        let unknown = map.keys().filter(|key| !described.iter().any(|(known, ..)| known == *key));
        gone.extend(unknown.map(|key| format!("{at}/{key}")));
    }
    for (key, of_part, part) in described {
        prune(&format!("{at}/{key}"), of_part, part, gone);
    }
}

/// A default stands for what is absent, and for a null in a field that takes none; such a null without a default is dropped.
fn set_defaults(schema: &Value, value: &mut Value) {
    match value {
        Value::Object(map) => {
            for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
                if let Some(default) = property.get("default")
                    && (!map.contains_key(name) || (map[name].is_null() && property.get("nullable").is_none()))
                {
                    map.insert(name.clone(), default.clone());
                }
                if map.get(name).is_some_and(Value::is_null) && property.get("nullable").is_none() {
                    map.remove(name);
                }
                if let Some(part) = map.get_mut(name) {
                    set_defaults(property, part);
                }
            }
        }
        Value::Array(list) => {
            if let Some(items) = schema.get("items") {
                list.iter_mut().for_each(|part| set_defaults(items, part));
            }
        }
        _ => {}
    }
}

/// A rule sees a null in a field that may be null as an absent field.
fn drop_nulls(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|_, part| !part.is_null());
            map.values_mut().for_each(drop_nulls);
        }
        Value::Array(list) => list.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}

/// A value as a rule sees it: whole numbers are `int`, never `uint`.
fn cel_value(value: &Value) -> CelValue {
    match value {
        Value::Null => CelValue::Null,
        Value::Bool(flag) => CelValue::Bool(*flag),
        Value::Number(number) => {
            number.as_i64().map_or_else(|| CelValue::Float(number.as_f64().unwrap_or_default()), CelValue::Int)
        }
        Value::String(text) => CelValue::from(text.as_str()),
        Value::Array(list) => CelValue::from(list.iter().map(cel_value).collect::<Vec<_>>()),
        Value::Object(map) => {
            CelValue::from(map.iter().map(|(key, part)| (key.as_str(), cel_value(part))).collect::<HashMap<_, _>>())
        }
    }
}

fn by_schema(error: &ValidationError<'_>) -> Refusal {
    let keyword = error.schema_path().to_string();
    let found = error.instance();
    let why = match keyword.rsplit('/').next() {
        Some("pattern") => format!("{found} is not of the form"),
        Some("enum") => format!("{found} is none of the values"),
        Some("type") => format!("{found} is not of the type"),
        _ => error.to_string(),
    };
    Refusal { keyword, shown: format!("{}: {why}", error.instance_path()) }
}

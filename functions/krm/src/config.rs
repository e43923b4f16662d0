//! The functionConfig: which keys a function knows, and what a user set them to.
//!
//! Two forms are accepted, with the same keys: a ConfigMap (keys under `data`), which is what `kpt fn eval -- key=value`
//! and a Kptfile's `configMap:` make, and the function's own kind in [`API_VERSION`] (keys under `spec`), for
//! `configPath:`. A key that is not declared, or a value that its key does not take, is an error: a misspelt option must
//! not be an option silently left out.

use serde_json::{Map, Value};

use crate::codes::{CONFIG_BAD_VALUE, CONFIG_KIND, CONFIG_UNKNOWN_KEY};
use crate::finding::Finding;
use crate::near::nearest;
use crate::place::{Field, FileRef, ObjectRef};

/// Group and version of the functions' own configuration kinds.
pub const API_VERSION: &str = "fn.krmnet.dev/v1alpha1";

/// The option that every function has: what is pending becomes an error.
pub const STRICT: Key = Key {
    name: "strict",
    about: "Whether what is pending (an input that has not arrived yet) is an error instead of a warning. For the \
            outermost pipeline only: inner packages are rendered before their inputs arrive.",
    default: Some("false"),
    kind: KeyKind::Flag,
};

/// One option of a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// Its name under `data` or `spec`, in camelCase.
    pub name: &'static str,
    /// What it does, in a few sentences. Markdown must read them as the same text.
    pub about: &'static str,
    /// What holds where the user says nothing.
    pub default: Option<&'static str>,
    /// Which values it takes.
    pub kind: KeyKind,
}

/// Which values a [`Key`] takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// `true` or `false`; YAML 1.1's `yes`, `no`, `on` and `off` are understood as well.
    Flag,
    /// One of these words, spelt exactly so.
    OneOf(&'static [&'static str]),
    /// Any text.
    Text {
        /// A typical value.
        example: &'static str,
    },
}

impl Key {
    /// The value as the getters of [`Settings`] give it, `None` if this key does not take it.
    fn accept(&self, given: &str) -> Option<String> {
        match self.kind {
            KeyKind::Flag => match given.to_ascii_lowercase().as_str() {
                "true" | "yes" | "on" => Some("true".to_owned()),
                "false" | "no" | "off" => Some("false".to_owned()),
                _ => None,
            },
            KeyKind::OneOf(words) => words.contains(&given).then(|| given.to_owned()),
            KeyKind::Text { .. } => Some(given.to_owned()),
        }
    }

    /// A value that this key takes, another one than the default where there is one.
    pub(crate) fn example(&self) -> &'static str {
        match self.kind {
            KeyKind::Flag | KeyKind::OneOf(_) => {
                let words = self.words();
                let other = words.iter().find(|word| Some(**word) != self.default);
                other.or(words.first()).copied().unwrap_or_default()
            }
            KeyKind::Text { example } => example,
        }
    }

    /// The words that this key takes; empty where it takes any text.
    pub(crate) fn words(&self) -> &'static [&'static str] {
        match self.kind {
            KeyKind::Flag => &["true", "false"],
            KeyKind::OneOf(words) => words,
            KeyKind::Text { .. } => &[],
        }
    }
}

/// What a user set the keys of a function to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    keys: &'static [Key],
    /// Beside `keys`: the value given by the user, else the default.
    values: Vec<Option<String>>,
}

impl Settings {
    /// What holds without any functionConfig.
    #[must_use]
    pub fn defaults(keys: &'static [Key]) -> Self {
        let values = keys.iter().map(|key| key.default.map(str::to_owned)).collect();
        Self { keys, values }
    }

    /// Reads a functionConfig; `kind` is the function's own kind.
    ///
    /// Without keys (as in the ConfigMap `function-input` that kpt passes when there is no configuration) the defaults
    /// hold. An empty value or null leaves its key at the default too: kpt turns null into the empty string.
    ///
    /// # Errors
    /// Everything that is wrong with it, each as a finding that names the valid choices.
    pub fn read(function_config: Option<&Value>, kind: &str, keys: &'static [Key]) -> Result<Self, Vec<Finding>> {
        let mut settings = Self::defaults(keys);
        let config = match function_config {
            None | Some(Value::Null) => return Ok(settings),
            Some(Value::Object(config)) if config.is_empty() => return Ok(settings),
            Some(Value::Object(config)) => config,
            Some(other) => return Err(vec![wrong_kind(&named(other), kind)]),
        };
        let source = Source::of(config);
        let Some(form) = Form::of(config, kind) else {
            return Err(vec![source.on(wrong_kind(&form_of(config), kind))]);
        };

        let mut findings: Vec<Finding> = Vec::new();
        for name in config.keys() {
            if !form.fields().contains(&name.as_str()) {
                findings.push(misplaced(name, form, keys));
            }
        }
        match config.get(form.section()) {
            None | Some(Value::Null) => {}
            Some(Value::Object(section)) => {
                for (name, value) in section {
                    if let Err(finding) = settings.set(form, name, value) {
                        findings.push(finding);
                    }
                }
            }
            Some(other) => findings.push(
                Finding::error(
                    CONFIG_KIND,
                    format!(
                        "functionConfig: {} is {}, expected a mapping of keys to values",
                        form.section(),
                        named(other)
                    ),
                )
                .field(form.section()),
            ),
        }
        if findings.is_empty() { Ok(settings) } else { Err(findings.into_iter().map(|f| source.on(f)).collect()) }
    }

    /// Whether a [`KeyKind::Flag`] is set. `false` for a name that the function did not declare.
    #[must_use]
    pub fn flag(&self, name: &str) -> bool {
        self.text(name) == Some("true")
    }

    /// The value of a key, else its default; `None` where there is neither.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        let at = self.position(name)?;
        self.values.get(at)?.as_deref()
    }

    /// The chosen word of a [`KeyKind::OneOf`], else its default, else its first word. Empty for a name that the function
    /// did not declare.
    #[must_use]
    pub fn choice(&self, name: &str) -> &str {
        self.text(name).or_else(|| self.keys.get(self.position(name)?)?.words().first().copied()).unwrap_or_default()
    }

    fn position(&self, name: &str) -> Option<usize> {
        self.keys.iter().position(|key| key.name == name)
    }

    fn set(&mut self, form: Form, name: &str, value: &Value) -> Result<(), Finding> {
        let path = format!("{}.{name}", form.section());
        let given = scalar(value);
        let found = self.position(name);
        let (Some(key), Some(slot)) =
            (found.and_then(|at| self.keys.get(at)), found.and_then(|at| self.values.get_mut(at)))
        else {
            return Err(unknown(name, &path, given, self.keys));
        };
        let Some(given) = given else {
            return Err(Finding::error(
                CONFIG_BAD_VALUE,
                format!("functionConfig: {path} is {}, expected a single value", named(value)),
            )
            .field(path));
        };
        if given.is_empty() {
            return Ok(());
        }
        let Some(accepted) = key.accept(&given) else {
            return Err(bad_value(key, path, given));
        };
        *slot = Some(accepted);
        Ok(())
    }
}

/// The two shapes of a functionConfig.
#[derive(Clone, Copy)]
enum Form {
    ConfigMap,
    OwnKind,
}

impl Form {
    fn of(config: &Map<String, Value>, kind: &str) -> Option<Self> {
        let text = |name: &str| config.get(name).and_then(Value::as_str);
        match (text("apiVersion")?, text("kind")?) {
            ("v1", "ConfigMap") => Some(Form::ConfigMap),
            (API_VERSION, own) if own == kind => Some(Form::OwnKind),
            _ => None,
        }
    }

    fn section(self) -> &'static str {
        match self {
            Form::ConfigMap => "data",
            Form::OwnKind => "spec",
        }
    }

    fn fields(self) -> &'static [&'static str] {
        match self {
            Form::ConfigMap => &["apiVersion", "kind", "metadata", "data", "binaryData", "immutable"],
            Form::OwnKind => &["apiVersion", "kind", "metadata", "spec", "status"],
        }
    }
}

/// Where the functionConfig comes from, for its findings.
struct Source {
    object: Option<ObjectRef>,
    file: Option<FileRef>,
}

impl Source {
    fn of(config: &Map<String, Value>) -> Self {
        let text = |map: &Map<String, Value>, name: &str| map.get(name).and_then(Value::as_str).map(str::to_owned);
        let metadata = config.get("metadata").and_then(Value::as_object);
        let annotation = |name: &str| {
            let annotations = metadata?.get("annotations")?.as_object()?;
            text(annotations, &format!("internal.config.kubernetes.io/{name}"))
        };
        let object = || {
            Some(ObjectRef {
                api_version: text(config, "apiVersion")?,
                kind: text(config, "kind")?,
                namespace: metadata.and_then(|m| text(m, "namespace")),
                name: text(metadata?, "name")?,
            })
        };
        let file = annotation("path")
            .map(|path| FileRef { path, index: annotation("index").and_then(|index| index.parse().ok()) });
        Self { object: object(), file }
    }

    fn on(&self, finding: Finding) -> Finding {
        finding.object(self.object.clone()).file(self.file.clone())
    }
}

/// The text of a scalar. Plain scalars in `data` may have been read as booleans or numbers.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some(String::new()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(text.clone()),
        Value::Array(_) | Value::Object(_) => None,
    }
}

fn named(value: &Value) -> String {
    match value {
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "a mapping".to_owned(),
        scalar => format!("the value `{scalar}`"),
    }
}

fn form_of(config: &Map<String, Value>) -> String {
    let text = |name: &str| {
        let value = config.get(name).unwrap_or(&Value::Null);
        value.as_str().map_or_else(|| "absent".to_owned(), str::to_owned)
    };
    format!("kind {}, apiVersion {}", text("kind"), text("apiVersion"))
}

fn wrong_kind(found: &str, kind: &str) -> Finding {
    Finding::error(
        CONFIG_KIND,
        format!(
            "functionConfig: found {found}, expected kind ConfigMap (apiVersion v1, the keys under data) \
             or kind {kind} (apiVersion {API_VERSION}, the keys under spec)"
        ),
    )
}

fn misplaced(name: &str, form: Form, keys: &[Key]) -> Finding {
    let section = form.section();
    let message = if keys.iter().any(|key| key.name == name) {
        format!("functionConfig: {name} belongs under {section}")
    } else {
        format!("functionConfig: unknown field {name}; the keys of the function belong under {section}")
    };
    Finding::error(CONFIG_UNKNOWN_KEY, message).field(name)
}

fn unknown(name: &str, path: &str, given: Option<String>, keys: &[Key]) -> Finding {
    let names: Vec<&str> = keys.iter().map(|key| key.name).collect();
    let valid = if names.is_empty() {
        "this function takes none".to_owned()
    } else {
        format!("valid keys: {}", names.join(", "))
    };
    let hint = nearest(name, names).map(|near| format!(", did you mean {near}?"));
    let field = Field { current: given, ..Field::new(path) };
    Finding::error(
        CONFIG_UNKNOWN_KEY,
        format!("functionConfig: unknown key {name}{} ({valid})", hint.unwrap_or_default()),
    )
    .field(field)
}

fn bad_value(key: &Key, path: String, given: String) -> Finding {
    let words = key.words();
    let near = nearest(&given, words.iter().copied());
    let hint = near.map(|near| format!(", did you mean {near}?"));
    let message = format!(
        "functionConfig: `{given}` is not a value of {}{} (valid values: {})",
        key.name,
        hint.unwrap_or_default(),
        words.join(", ")
    );
    let field = Field { path, current: Some(given), proposed: near.map(str::to_owned) };
    Finding::error(CONFIG_BAD_VALUE, message).field(field)
}

#[cfg(test)]
mod tests;

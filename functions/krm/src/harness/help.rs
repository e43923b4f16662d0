//! What `--help` says below the options: the functionConfig, the exit codes, examples.

use super::{Function, usage};
use crate::config::{API_VERSION, Key, KeyKind};

const WIDTH: usize = 100;

/// The reference part of `--help`.
pub(super) fn reference(function: &Function) -> String {
    let examples = format!("Examples:\n{}", indented(&examples(function)));
    [configuration(function), EXIT_CODES.to_owned(), examples].join("\n\n")
}

/// The commands, then the pipeline.
pub(super) fn examples(function: &Function) -> String {
    format!("{}\n\n{}", usage::imperative(function), usage::declarative(function))
}

/// Said instead of waiting for a ResourceList that nobody is going to type.
pub(super) fn at_a_terminal(function: &Function) -> String {
    let name = function.name;
    format!(
        "standard input is a terminal, expected a ResourceList; try `kpt fn source DIR | {name}`, \
         `kpt fn eval DIR --exec {name}` or `{name} FILE...`; `{name} --help` tells more"
    )
}

const EXIT_CODES: &str = "\
Exit codes:
  0  standard output holds the whole ResourceList; warnings may have been reported
  1  an error was reported, or the input cannot be read, or the output cannot be written; standard
     output holds the input with the results, or nothing, and kpt writes nothing
  2  the command line is wrong";

fn configuration(function: &Function) -> String {
    let kind = function.config_kind;
    if function.keys.is_empty() {
        return format!("functionConfig: none is needed; {kind} ({API_VERSION}) and ConfigMap have no keys here");
    }
    let keys: Vec<String> = function.keys.iter().map(key).collect();
    format!(
        "functionConfig (every key is optional):\n{}\n\n\
         As a ConfigMap; `configMap:` in a Kptfile and `kpt fn eval ... -- KEY=VALUE` make one:\n{}\n\n\
         As its own kind, for `configPath:` in a Kptfile and `kpt fn eval --fn-config`:\n{}",
        keys.join("\n"),
        indented(&config_map(function)),
        indented(&own_kind(function)),
    )
}

fn key(key: &Key) -> String {
    let values = match key.kind {
        KeyKind::Flag | KeyKind::OneOf(_) => key.words().join(" | "),
        KeyKind::Text { example } => format!("text, for example {example}"),
    };
    let default = key.default.map_or_else(|| "no default".to_owned(), |default| format!("default: {default}"));
    format!("  {}: {values} ({default})\n{}", key.name, wrapped(key.about))
}

/// A functionConfig that sets every key, as a ConfigMap.
pub(super) fn config_map(function: &Function) -> String {
    let keys = function.keys.iter().map(|key| format!("  {}: {}\n", key.name, quoted(sample(key))));
    document("v1", "ConfigMap", "data", function, keys)
}

/// A functionConfig that sets every key, as the function's own kind.
pub(super) fn own_kind(function: &Function) -> String {
    let keys = function.keys.iter().map(|key| match key.kind {
        KeyKind::Flag => format!("  {}: {}\n", key.name, sample(key)),
        KeyKind::OneOf(_) | KeyKind::Text { .. } => format!("  {}: {}\n", key.name, quoted(sample(key))),
    });
    document(API_VERSION, function.config_kind, "spec", function, keys)
}

fn document(
    api_version: &str,
    kind: &str,
    section: &str,
    function: &Function,
    keys: impl Iterator<Item = String>,
) -> String {
    format!(
        "apiVersion: {api_version}\nkind: {kind}\nmetadata:\n  name: {}-config\n  annotations:\n    \
         config.kubernetes.io/local-config: \"true\"\n{section}:\n{}",
        function.name,
        keys.collect::<String>()
    )
}

/// The default, else a value that the key takes.
fn sample(key: &Key) -> &'static str {
    key.default.unwrap_or_else(|| key.example())
}

/// A JSON string, which YAML reads as the same text.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn indented(text: &str) -> String {
    let lines: Vec<String> =
        text.lines().map(|line| if line.is_empty() { String::new() } else { format!("  {line}") }).collect();
    lines.join("\n")
}

/// A paragraph below its key.
fn wrapped(text: &str) -> String {
    const MARGIN: &str = "      ";
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.len() + 1 + word.len() <= WIDTH => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(format!("{MARGIN}{word}")),
        }
    }
    lines.join("\n")
}

//! What kpt's catalog has beside each function, README.md and metadata.yaml, made from the function's own description.
//!
//! The description stands once, in the function's source, and is read here as its users read it: from `--doc`. Of the README
//! only what follows the heading `Examples` is written by hand; its commands are run by the test `readme`.

use std::fmt::Write;
use std::{fs, io};

use krm::harness::{Function, SUCCESS, execute};
use serde_json::Value;

use crate::markdown::pages;
use crate::{FUNCTIONS, hold, repository, text_of, wrapped};

/// What a function prints on `--doc`.
pub(crate) fn doc(function: &Function) -> Value {
    let mut printed = Vec::new();
    assert_eq!(execute(function, ["--doc".into()], io::empty(), &mut printed, io::sink()), SUCCESS);
    serde_json::from_slice(&printed).unwrap()
}

/// The text at a place of the description.
pub(crate) fn text<'d>(doc: &'d Value, pointer: &str) -> &'d str {
    doc.pointer(pointer).and_then(Value::as_str).unwrap_or_else(|| panic!("--doc has no text at {pointer}"))
}

/// The members of a list of the description.
pub(crate) fn list<'d>(doc: &'d Value, pointer: &str) -> &'d [Value] {
    doc.pointer(pointer).and_then(Value::as_array).unwrap_or_else(|| panic!("--doc has no list at {pointer}"))
}

/// The head of a README: all but its examples.
fn readme_head(doc: &Value) -> String {
    let name = text(doc, "/name");
    let mut keys = String::new();
    for key in list(doc, "/functionConfig/keys") {
        let of = |field: &str| key.get(field).and_then(Value::as_str);
        let values = key.get("values").and_then(Value::as_array);
        let values: Vec<String> =
            values.into_iter().flatten().map(|word| format!("`{}`", word.as_str().unwrap())).collect();
        let takes = if values.is_empty() { "a text".to_owned() } else { values.join(" or ") };
        let default = of("default").map_or_else(|| "none".to_owned(), |default| format!("`{default}`"));
        let (key, example, about) = (of("name").unwrap(), of("example").unwrap(), of("about").unwrap());
        let shape = format!("**`{key}`**: {takes}; default {default}; for example `{key}: \"{example}\"`.");
        writeln!(keys, "{shape}\n{}\n", wrapped(about)).unwrap();
    }
    let [config_map, own_kind] = list(doc, "/functionConfig/examples") else { panic!("two forms of functionConfig") };
    format!(
        "\
# {name}

<!-- All above the heading Examples is made from src/lib.rs: UPDATE_GOLDEN=1 cargo test -p krmnet --test diagnostics -->

## Overview

<!--mdtogo:Short-->

{short}.

<!--mdtogo-->

<!--mdtogo:Long-->

{long}

<!--mdtogo-->

[docs/{name}.md](../docs/{name}.md) says everything else: what is read and written, conditions, every message.

## Usage

Declarative, in a Kptfile:

```yaml
{declarative}
```

Imperative:

```sh
{imperative}
```

`{name} --help` prints this page's contents, `{name} --doc` the same as JSON.

## FunctionConfig

A ConfigMap, or kind `{kind}` of `{api_version}`. Every key is optional. An unknown key, or a value that its key does
not take, is an error that names the valid ones.

{keys}In full, with the defaults:

```yaml
{config_map}---
{own_kind}```

",
        short = text(doc, "/short"),
        long = text(doc, "/long"),
        declarative = text(doc, "/usage/declarative"),
        imperative = text(doc, "/usage/imperative"),
        kind = text(doc, "/functionConfig/kind"),
        api_version = text(doc, "/functionConfig/apiVersion"),
        config_map = config_map.as_str().unwrap(),
        own_kind = own_kind.as_str().unwrap(),
    )
}

/// metadata.yaml.
fn metadata(doc: &Value) -> String {
    let lines = |pointer: &str| -> String {
        list(doc, pointer).iter().map(|member| format!("- {}\n", member.as_str().unwrap())).collect()
    };
    format!(
        "\
# Made from src/lib.rs: UPDATE_GOLDEN=1 cargo test -p krmnet --test diagnostics
image: {}
description: {}
tags:
{}sourceURL: {}
examplePackageURLs:
{}license: {}
hidden: {}
",
        text(doc, "/image"),
        text(doc, "/description"),
        lines("/tags"),
        text(doc, "/sourceURL"),
        lines("/examplePackageURLs"),
        text(doc, "/license"),
        doc["hidden"],
    )
}

#[test]
fn readmes_describe_the_functions_in_their_own_words() {
    for function in &FUNCTIONS {
        let path = format!("{}/README.md", function.name);
        let stands = fs::read_to_string(repository().join(&path)).unwrap_or_default();
        let (_, examples) =
            stands.split_once("\n## Examples\n").unwrap_or_else(|| panic!("{path}: no heading `Examples`"));
        assert!(examples.contains("```console\n$ "), "{path}: no command among the examples");
        hold(&path, &format!("{}## Examples\n{examples}", readme_head(&doc(function))));
    }
}

#[test]
fn metadata_is_that_of_the_description() {
    for function in &FUNCTIONS {
        let path = format!("{}/metadata.yaml", function.name);
        hold(&path, &metadata(&doc(function)));
        let read: Value = serde_yaml::from_str(&text_of(&path)).unwrap();
        for (field, value) in read.as_object().unwrap() {
            assert_eq!(Some(value), doc(function).get(field), "{path}: {field}");
        }
    }
}

#[test]
fn example_packages_are_there_and_run_the_function() {
    for function in &FUNCTIONS {
        assert!(!function.packages.is_empty(), "{}", function.name);
        for package in function.packages {
            let kptfile = text_of(&format!("{package}/Kptfile"));
            assert!(kptfile.contains(&format!("/{}:", function.name)), "{package} does not run {}", function.name);
        }
    }
}

#[test]
fn kpt_finds_the_parts_of_a_readme() {
    for function in &FUNCTIONS {
        let readme = text_of(&format!("{}/README.md", function.name));
        for part in ["Short", "Long", "Examples"] {
            let (_, rest) = readme.split_once(&format!("<!--mdtogo:{part}-->\n")).unwrap_or_else(|| panic!("{part}"));
            let (text, _) = rest.split_once("<!--mdtogo-->\n").unwrap_or_else(|| panic!("{part} does not end"));
            assert!(text.len() > 20, "{} {part}", function.name);
        }
    }
}

#[test]
fn images_are_named_with_this_version() {
    let mut named = 0;
    let kptfiles = ["Kptfile", "example/gnb/Kptfile", "example/fleet/Kptfile"].map(str::to_owned);
    for path in pages().into_keys().chain(kptfiles).filter(|path| !path.starts_with("testdata/")) {
        for rest in text_of(&path).split("ghcr.io/krmnet/").skip(1) {
            let image = rest.split(|c: char| !(c.is_alphanumeric() || "-:.".contains(c))).next().unwrap_or_default();
            if let Some((_, tag)) = image.split_once(':') {
                assert_eq!(tag.trim_end_matches('.'), format!("v{}", env!("CARGO_PKG_VERSION")), "{path}: {image}");
                named += 1;
            }
        }
    }
    assert!(named > 40, "only {named} images");
}

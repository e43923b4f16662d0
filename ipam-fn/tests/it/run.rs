//! Runs ipam-fn as its binary does, and reads what came out.

use std::collections::BTreeMap;
use std::io;

use krm::{Item, ResourceList, harness};
use serde_json::Value;

/// What a run left.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) code: u8,
    pub(crate) stdout: String,
}

impl Outcome {
    pub(crate) fn success(&self) -> bool {
        self.code == harness::SUCCESS
    }

    /// The list without its results.
    pub(crate) fn items(&self) -> &str {
        self.stdout.split("\nresults:\n").next().unwrap_or_default().trim_end()
    }

    /// The codes of the results.
    pub(crate) fn codes(&self) -> Vec<String> {
        let list: serde_yaml::Value = serde_yaml::from_str(&self.stdout).expect("the output is YAML");
        let results = list.get("results").and_then(serde_yaml::Value::as_sequence).cloned().unwrap_or_default();
        results.iter().map(|result| result["tags"]["code"].as_str().expect("a code").to_owned()).collect()
    }
}

pub(crate) fn run(list: &str) -> Outcome {
    let mut stdout = Vec::new();
    let code = harness::execute(&ipam_fn::FUNCTION, [], list.as_bytes(), &mut stdout, io::sink());
    Outcome { code, stdout: String::from_utf8(stdout).expect("UTF-8") }
}

/// A ResourceList of these items, and the configuration.
pub(crate) fn list(items: &[String], config: &str) -> String {
    let items = if items.is_empty() { " []\n".to_owned() } else { format!("\n{}", items.concat()) };
    format!("apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:{items}{config}")
}

/// The items of a list as text, by the file in which each stands.
pub(crate) fn texts(list: &str) -> BTreeMap<String, String> {
    by_file(list, |item| Some(item.text().to_owned()))
}

/// What a claim takes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Taken {
    pub(crate) instance: String,
    /// status.prefix.
    pub(crate) prefix: String,
    pub(crate) is_block: bool,
}

/// What the claims take, by file.
pub(crate) fn taken(list: &str) -> BTreeMap<String, Taken> {
    by_file(list, |item| {
        let value = item.value().expect("a readable item");
        let prefix = value.pointer("/status/prefix").and_then(Value::as_str)?;
        let instance = value.pointer("/spec/networkInstance/name").and_then(Value::as_str)?;
        let takes = item.kind() == "IPClaim" && item.annotation("nephio.org/action").is_none();
        let is_block = value.pointer("/spec/createPrefix").is_some();
        takes.then(|| Taken { instance: instance.to_owned(), prefix: prefix.to_owned(), is_block })
    })
}

fn by_file<T>(list: &str, read: impl Fn(&Item) -> Option<T>) -> BTreeMap<String, T> {
    let list = ResourceList::parse(list.to_owned()).expect("a readable list");
    let file = |item: &Item| item.origin().full_path().expect("a path");
    list.iter().filter_map(|(_, item)| Some((file(item), read(item)?))).collect()
}

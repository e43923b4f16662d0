//! How a function is called: by hand, and in the pipeline of a Kptfile. One source for `--help`, `--doc` and READMEs.

use serde_json::{Map, Value};

use super::Function;
use crate::yaml::{self, Indent};

/// Where images are published, one named like each function.
const REGISTRY: &str = "ghcr.io/krmnet";

/// The pipeline in which the functions of this project usually run: Interfaces ask, the claims are answered, attachments are
/// made, and the Interfaces show what they were given.
pub const USUAL_PIPELINE: &[&str] = &["interface-fn", "vlan-fn", "ipam-fn", "nad-fn", "interface-fn"];

/// What the examples of a function say.
#[derive(Debug, Clone, Copy)]
pub struct Usage {
    /// The functionConfig by hand, as it stands behind the `--` of `kpt fn eval`: `order=best-fit conflict=Reallocate`.
    pub arguments: &'static str,
    /// The functions of a pipeline in which it has its place.
    pub pipeline: &'static [&'static str],
    /// The functionConfig in that pipeline; empty for none.
    pub config_map: &'static [(&'static str, &'static str)],
}

/// The image of a function, without a tag.
pub(super) fn image(name: &str) -> String {
    format!("{REGISTRY}/{name}")
}

/// The image of a function of this version.
fn tagged_image(name: &str) -> String {
    format!("{}:v{}", image(name), env!("CARGO_PKG_VERSION"))
}

/// Commands that run it by hand, one a line.
pub(super) fn imperative(function: &Function) -> String {
    let (name, image, arguments) = (function.name, tagged_image(function.name), function.usage.arguments);
    format!(
        "kpt fn eval DIR --image {image} -- {arguments}\nkpt fn eval DIR --exec {name} -- {arguments}\nkpt fn source DIR | {name}"
    )
}

/// The part of a Kptfile in which it has its place.
pub(super) fn declarative(function: &Function) -> String {
    let Usage { pipeline, config_map, .. } = function.usage;
    let mut text = "pipeline:\n  mutators:".to_owned();
    for name in pipeline {
        text.push_str(&format!("\n  - image: {}", tagged_image(name)));
        if *name == function.name && !config_map.is_empty() {
            let data: Map<String, Value> =
                config_map.iter().map(|(key, value)| ((*key).to_owned(), Value::from(*value))).collect();
            let data = yaml::block(&data.into(), Indent { column: 6, wide_lists: false }, "\n");
            text.push_str(&format!("\n    configMap:\n      {}", data.trim_end()));
        }
    }
    text
}

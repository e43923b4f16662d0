//! The envelope: name, version and the plugins.

use super::addresses::Stated;
use super::report::Report;
use super::{Checker, addresses, keys, plugin};
use crate::config::CniVersion;
use crate::json::Node;
use crate::schema::{self, META_PLUGINS, Schema, one_of};
use crate::violation::Rule;

pub(super) fn check(document: &Node<'_>, checker: Checker, report: &mut Report) {
    if !document.value.is_object() {
        report.add(Rule::ConfigNotJson, document, "a JSON object");
        return;
    }
    let mut stated = Vec::new();
    if document.text("type").is_some() {
        check_single(document, checker, &mut stated, report);
    } else {
        check_list(document, checker, &mut stated, report);
    }
    addresses::check_unique(&stated, report);
}

/// One plugin at the top level.
fn check_single(document: &Node<'_>, checker: Checker, stated: &mut Vec<Stated>, report: &mut Report) {
    if let Some(plugins) = document.get("plugins") {
        report.add(Rule::TypeAndPlugins, &plugins, "no list beside a top-level `type`");
    }
    check_plugin(document, &[schema::LIST], checker, stated, report);
    check_header(document, report);
}

fn check_list(document: &Node<'_>, checker: Checker, stated: &mut Vec<Stated>, report: &mut Report) {
    keys::check(document, &[schema::LIST], report);
    check_header(document, report);
    let plugins = document.list("plugins");
    if plugins.is_empty() {
        report.add_key(Rule::PluginsMissing, document, "plugins", "a list of plugins, or a `type`");
    }
    for entry in &plugins {
        check_plugin(entry, &[], checker, stated, report);
    }
    if let Some(first) = plugins.first() {
        check_first(first, report);
    }
}

/// `name` and `cniVersion`.
fn check_header(document: &Node<'_>, report: &mut Report) {
    if document.text("name").is_some_and(|name| !is_name(name)) {
        report.add_key(Rule::NameInvalid, document, "name", "a letter or digit, then letters, digits, `_`, `.`, `-`");
    }
    let versions = CniVersion::ALL.map(CniVersion::as_str);
    let version = document.text("cniVersion");
    if version.is_none_or(|version| !versions.contains(&version)) {
        report.add_key(Rule::CniVersion, document, "cniVersion", one_of(&versions));
    }
}

fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphanumeric())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-'))
}

/// `envelope` describes the keys that the object has beside the plugin's own.
fn check_plugin(
    entry: &Node<'_>,
    envelope: &[Schema],
    checker: Checker,
    stated: &mut Vec<Stated>,
    report: &mut Report,
) {
    let Some(name) = entry.text("type") else {
        if entry.value.is_object() {
            report.add_key(Rule::PluginTypeMissing, entry, "type", "the name of a plugin");
        } else {
            report.add(Rule::ValueType, entry, "an object");
        }
        return;
    };
    match schema::plugin(name) {
        Some(plugin) => {
            let schemas: Vec<_> = envelope.iter().copied().chain([schema::PLUGIN, plugin.keys]).collect();
            keys::check(entry, &schemas, report);
            stated.extend(plugin::check(entry, plugin, checker, report));
        }
        None => {
            let names: Vec<_> = schema::PLUGINS.iter().map(|plugin| plugin.name).collect();
            report.add_key(Rule::PluginTypeUnsupported, entry, "type", one_of(&names));
        }
    }
}

fn check_first(first: &Node<'_>, report: &mut Report) {
    if first.text("type").is_some_and(|name| META_PLUGINS.contains(&name)) {
        report.add_key(Rule::MetaPluginFirst, first, "type", schema::interface_types());
    }
}

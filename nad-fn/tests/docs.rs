//! The page about nad-fn shows real configurations.

#![allow(clippy::unwrap_used)] // clippy.toml covers test functions, not their helpers.

use std::fs;
use std::path::{Path, PathBuf};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// What all golden cases print.
fn golden_outputs() -> String {
    let cases = fs::read_dir(repository().join("testdata/nad-fn")).unwrap();
    cases.filter_map(|case| fs::read_to_string(case.unwrap().path().join("out.yaml")).ok()).collect()
}

#[test]
fn every_configuration_on_the_page_is_one_of_a_golden_case() {
    let page = fs::read_to_string(repository().join("docs/nad-fn.md")).unwrap();
    let shown: Vec<&str> = page
        .lines()
        .filter_map(|line| line.find(r#"{"cniVersion""#).and_then(|start| line.get(start..)))
        .map(|config| config.trim_end_matches('\''))
        .collect();
    assert!(shown.len() >= 8, "the page shows {} configurations", shown.len());
    let outputs = golden_outputs();
    for config in shown {
        assert!(outputs.contains(config), "no golden case has {config}");
    }
}

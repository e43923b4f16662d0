//! docs/configuration.md and the keys, annotations and labels that the functions know.

use std::collections::BTreeSet;

use krm::config::KeyKind;
use krm::harness::Function;

use crate::{FUNCTIONS, hold, text_of};

/// The section of a page below a heading of the second level.
fn section(heading: &str) -> String {
    let page = text_of("docs/configuration.md");
    let start = format!("\n## {heading}\n");
    let (_, rest) = page.split_once(&start).unwrap_or_else(|| panic!("no heading `{heading}`"));
    rest.split("\n## ").next().unwrap().to_owned()
}

/// The rows of the tables of a text, cell by cell, without their heads.
fn rows(text: &str) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    for line in text.lines().filter(|line| line.starts_with('|')) {
        let cells: Vec<String> = line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect();
        match cells.first().is_some_and(|cell| cell.starts_with("---")) {
            true => drop(rows.pop()),
            false => rows.push(cells),
        }
    }
    rows
}

/// The table of a function's keys, in the words of its own description.
fn table(function: &Function) -> String {
    let mut table = "| key | values | default | effect |\n|---|---|---|---|\n".to_owned();
    for key in function.keys {
        let code = |text: &str| format!("`{text}`");
        let values = match key.kind {
            KeyKind::Flag => "`true`, `false`".to_owned(),
            KeyKind::OneOf(words) => words.iter().map(|word| code(word)).collect::<Vec<_>>().join(", "),
            KeyKind::Text { example } => format!("a text, as {}", code(example)),
        };
        let default = key.default.map_or_else(|| "none".to_owned(), code);
        table.push_str(&format!("| {} | {values} | {default} | {} |\n", code(key.name), key.about));
    }
    table
}

#[test]
fn each_function_has_a_table_of_its_keys() {
    let mut page = text_of("docs/configuration.md");
    for function in &FUNCTIONS {
        let section = section(function.name);
        assert!(section.contains(&format!("`kind: {}`", function.config_kind)), "{}", function.name);
        let stands: String = section.split_inclusive('\n').filter(|line| line.starts_with('|')).collect();
        page = page.replace(&section, &section.replace(&stands, &table(function)));
    }
    hold("docs/configuration.md", &page);
}

/// The keys in the first cells of the tables of a section.
fn first_cells(heading: &str) -> BTreeSet<String> {
    let rows = rows(&section(heading));
    rows.iter().filter_map(|row| row.first()?.split('`').nth(1).map(str::to_owned)).collect()
}

/// The values of the constants of a source.
fn constants(source: &str) -> BTreeSet<String> {
    let text = text_of(source);
    text.lines().filter_map(|line| line.strip_prefix("pub const ")?.split('"').nth(1).map(str::to_owned)).collect()
}

#[test]
fn annotations_and_labels_are_listed() {
    assert_eq!(first_cells("Annotations"), constants("functions/api/src/annotations.rs"));
    assert_eq!(first_cells("Labels"), constants("functions/api/src/labels.rs"));
}

#[test]
fn annotations_of_kpt_are_listed() {
    let origin = text_of("functions/krm/src/origin.rs");
    let mut known = quoted_keys(origin.split("\n/// Where an item is filed.\n").next().unwrap());
    let pipeline = text_of("krmnet/src/pipeline/read.rs");
    known.extend(quoted_keys(&pipeline).into_iter().filter(|key| key.starts_with("kpt.dev/bfs")));
    assert_eq!(first_cells("Annotations of kpt"), known);
}

/// Texts in quotes that look like a key with a prefix.
fn quoted_keys(source: &str) -> BTreeSet<String> {
    let is_key = |text: &&str| text.contains('/') && !text.contains(' ');
    source.split('"').skip(1).step_by(2).filter(is_key).map(str::to_owned).collect()
}

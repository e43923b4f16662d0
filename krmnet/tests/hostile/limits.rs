//! The figures of docs/limits.md are those of the code.

use std::fs;

use anyhow::ensure;
use krm::limits;
use libtest_mimic::Trial;

use crate::support::{repository, trial};

/// What the page's first column begins with, beside the limit.
const ROWS: [(&str, usize); 9] = [
    ("bytes of a ResourceList", limits::MAX_BYTES),
    ("bytes of one file", limits::MAX_BYTES),
    ("items of a ResourceList", limits::MAX_ITEMS),
    ("documents of one file", limits::MAX_ITEMS),
    ("keys, values and collections", limits::MAX_NODES),
    ("levels of collections", limits::MAX_DEPTH),
    ("characters of a map key", limits::MAX_KEY),
    ("keys and values that the aliases", limits::MAX_ALIASED_NODES),
    ("bytes of text that the aliases", limits::MAX_ALIASED_BYTES),
];

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("limits: the page states the figures of the code", figures_agree),
        trial("limits: the page has every limit", every_limit_is_there),
    ]
}

fn figures_agree() -> anyhow::Result<()> {
    let page = fs::read_to_string(repository().join("docs/limits.md"))?;
    let table = page.split_once("|---|--:|---|\n").map_or("", |(_, table)| table);
    let rows: Vec<&str> = table.lines().take_while(|line| line.starts_with('|')).collect();
    ensure!(rows.len() == ROWS.len(), "{} rows, expected {}", rows.len(), ROWS.len());
    for (row, (name, limit)) in rows.iter().zip(ROWS) {
        let (cells, figure) = (row.split('|').map(str::trim).collect::<Vec<_>>(), with_commas(limit));
        let (found_name, found) = (cells.get(1).copied().unwrap_or_default(), cells.get(2).copied());
        ensure!(found_name.starts_with(name), "expected a row {name:?}: {row}");
        ensure!(found == Some(figure.as_str()), "expected the figure {figure}: {row}");
    }
    Ok(())
}

fn every_limit_is_there() -> anyhow::Result<()> {
    let source = fs::read_to_string(repository().join("functions/krm/src/limits.rs"))?;
    let limits = source.matches("\npub const MAX_").count();
    let mut documented: Vec<usize> = ROWS.map(|(_, limit)| limit).to_vec();
    documented.sort_unstable();
    documented.dedup();
    ensure!(documented.len() == limits, "{limits} limits in the code, {} on the page", documented.len());
    Ok(())
}

fn with_commas(number: usize) -> String {
    let digits = number.to_string();
    let groups: Vec<String> =
        digits.as_bytes().rchunks(3).rev().map(|group| String::from_utf8_lossy(group).into()).collect();
    groups.join(",")
}

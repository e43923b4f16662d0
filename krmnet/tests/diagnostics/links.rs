//! Links between the pages, and from them to golden cases and sources.

use std::collections::BTreeSet;
use std::fs;

use crate::repository;

/// The pages, as paths from the root of the repository.
fn pages() -> Vec<String> {
    let docs = fs::read_dir(repository().join("docs")).unwrap();
    let names = docs.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut pages: Vec<String> =
        names.filter(|name| name.ends_with(".md")).map(|name| format!("docs/{name}")).collect();
    pages.sort();
    pages
}

fn text(page: &str) -> String {
    fs::read_to_string(repository().join(page)).unwrap()
}

/// The targets of `[text](target)`, those of other hosts left out.
fn targets(page: &str) -> Vec<String> {
    let outside_of_blocks = text(page).split("```").step_by(2).collect::<String>();
    let targets = outside_of_blocks.split("](").skip(1).filter_map(|rest| rest.split(')').next()).map(str::to_owned);
    targets.filter(|target| !target.contains("://")).collect()
}

/// The headings of a page as its links name them.
fn anchors(page: &str) -> BTreeSet<String> {
    let outside_of_blocks = text(page).split("```").step_by(2).collect::<String>();
    let headings = outside_of_blocks.lines().filter(|line| line.starts_with('#'));
    let anchor = |heading: &str| {
        let words = heading.trim_start_matches('#').trim().to_lowercase();
        let kept = words.chars().filter(|c| c.is_alphanumeric() || [' ', '-', '_'].contains(c));
        kept.map(|c| if c == ' ' { '-' } else { c }).collect()
    };
    headings.map(anchor).collect()
}

#[test]
fn links_lead_somewhere() {
    let mut followed = 0;
    for page in pages() {
        for target in targets(&page) {
            let (path, anchor) = target.split_once('#').unwrap_or((&target, ""));
            let place = if path.is_empty() { page.clone() } else { format!("docs/{path}") };
            assert!(repository().join(&place).exists(), "{page}: nothing is at {target}");
            assert!(anchor.is_empty() || anchors(&place).contains(anchor), "{page}: no heading is {target}");
            followed += 1;
        }
    }
    assert!(followed > 50, "only {followed} links");
}

#[test]
fn the_index_lists_every_page() {
    let listed: BTreeSet<String> = targets("docs/README.md").iter().map(|target| format!("docs/{target}")).collect();
    for page in pages().iter().filter(|page| *page != "docs/README.md") {
        assert!(listed.contains(page), "docs/README.md does not list {page}");
    }
}

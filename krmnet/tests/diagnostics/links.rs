//! Links between the pages of the repository, and from them to golden cases and sources.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use crate::markdown::{Page, pages};
use crate::repository;

/// What is wrong with the links of the pages, and how many of them were followed. Links to other hosts are not.
fn dead_links(pages: &BTreeMap<String, Page>, exists: impl Fn(&Path) -> bool) -> (Vec<String>, usize) {
    let mut dead = Vec::new();
    let mut followed = 0;
    for (name, page) in pages {
        for target in page.targets.iter().filter(|target| !target.contains("://")) {
            let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
            let place = if path.is_empty() { Some(PathBuf::from(name)) } else { beside(name, path) };
            let Some(place) = place.filter(|place| exists(place)) else {
                dead.push(format!("{name}: nothing is at {target}"));
                continue;
            };
            let there = place.to_str().and_then(|place| pages.get(place));
            if !anchor.is_empty() && !there.is_some_and(|page| page.anchors.contains(anchor)) {
                dead.push(format!("{name}: no heading is {target}"));
            }
            followed += 1;
        }
    }
    (dead, followed)
}

/// Where a relative link of a page leads, from the root of the repository; `None` where that is outside of it.
fn beside(page: &str, path: &str) -> Option<PathBuf> {
    let mut place = Path::new(page).parent()?.to_path_buf();
    for component in Path::new(path).components() {
        match component {
            Component::Normal(name) => place.push(name),
            Component::CurDir => {}
            Component::ParentDir if place.pop() => {}
            _ => return None,
        }
    }
    Some(place)
}

#[test]
fn links_lead_somewhere() {
    let (dead, followed) = dead_links(&pages(), |place| repository().join(place).exists());
    assert!(dead.is_empty(), "{}", dead.join("\n"));
    assert!(followed > 200, "only {followed} links");
}

#[test]
fn a_dead_link_is_found() {
    let page = |text: &str| Page::read(text);
    let a =
        "[1](b.md#there) [2](b.md#nowhere) [3](c.md) [4](#here) [5](../../x.md) [6](https://example.com/y.md)\n# Here";
    let pages = [("docs/a.md".to_owned(), page(a)), ("docs/b.md".to_owned(), page("# There"))].into();
    let (dead, followed) = dead_links(&pages, |place| place.ends_with("a.md") || place.ends_with("b.md"));
    let expected = ["no heading is b.md#nowhere", "nothing is at c.md", "nothing is at ../../x.md"];
    assert_eq!(dead, expected.map(|fault| format!("docs/a.md: {fault}")));
    assert_eq!(followed, 3);
}

#[test]
fn the_index_lists_every_page() {
    let pages = pages();
    let index = "docs/README.md";
    let listed: BTreeSet<PathBuf> =
        pages[index].targets.iter().filter_map(|target| beside(index, target.split('#').next()?)).collect();
    for page in pages.keys().filter(|page| page.starts_with("docs/") && *page != index) {
        assert!(listed.contains(Path::new(page)), "{index} does not list {page}");
    }
}

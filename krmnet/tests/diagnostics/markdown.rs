//! The Markdown pages of the repository: their links, headings and blocks of code.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use crate::{repository, text_of};

/// What a build leaves, and what Git keeps.
const NO_PAGES: [&str; 4] = [".git", "target", "bin", "dist"];

/// A block of code between fences.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Block {
    /// The first word behind the opening fence.
    pub(crate) language: String,
    pub(crate) text: String,
}

/// What is looked for on a page.
#[derive(Debug, Default)]
pub(crate) struct Page {
    /// The targets of its links and images.
    pub(crate) targets: Vec<String>,
    /// Its headings as links name them.
    pub(crate) anchors: BTreeSet<String>,
    pub(crate) blocks: Vec<Block>,
}

/// All pages, by path from the root of the repository.
pub(crate) fn pages() -> BTreeMap<String, Page> {
    let mut pages = BTreeMap::new();
    let mut folders = vec![String::new()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(repository().join(&folder)).unwrap() {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            let path = format!("{folder}{name}");
            if entry.file_type().unwrap().is_dir() {
                if !NO_PAGES.contains(&path.as_str()) {
                    folders.push(format!("{path}/"));
                }
            } else if name.ends_with(".md") {
                let page = Page::read(&text_of(&path));
                pages.insert(path, page);
            }
        }
    }
    pages
}

impl Page {
    pub(crate) fn read(text: &str) -> Self {
        let mut page = Self::default();
        let mut heading: Option<String> = None;
        let mut block: Option<Block> = None;
        for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
            match event {
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    page.targets.push(dest_url.into_string());
                }
                Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
                Event::End(TagEnd::Heading(_)) => {
                    let anchor = anchor(&heading.take().unwrap_or_default());
                    let same = |number| if number == 0 { anchor.clone() } else { format!("{anchor}-{number}") };
                    let free = (0..).map(same).find(|anchor| !page.anchors.contains(anchor));
                    page.anchors.extend(free);
                }
                Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                    let language = info.split_whitespace().next().unwrap_or_default().to_owned();
                    block = Some(Block { language, text: String::new() });
                }
                Event::End(TagEnd::CodeBlock) => page.blocks.extend(block.take()),
                Event::Text(text) | Event::Code(text) => {
                    if let Some(block) = &mut block {
                        block.text.push_str(&text);
                    } else if let Some(heading) = &mut heading {
                        heading.push_str(&text);
                    }
                }
                _ => {}
            }
        }
        page
    }
}

/// A heading as the links of code hosts name it.
fn anchor(heading: &str) -> String {
    let lower = heading.trim().to_lowercase();
    let kept = lower.chars().filter(|c| c.is_alphanumeric() || [' ', '-', '_'].contains(c));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

#[test]
fn a_page_is_read_as_markdown() {
    let page = Page::read(
        "# One `two`, three\n## Same\n## Same\n| a |\n|---|\n| [t](a.md#b) |\n\n`[no](no.md)` [r][1]\n\n```yaml x\n# a: 1\n[n](n.md)\n\
         ```\n\n[1]: ref.md\n",
    );
    assert_eq!(page.targets, ["a.md#b", "ref.md"]);
    assert_eq!(page.anchors, ["one-two-three", "same", "same-1"].map(str::to_owned).into());
    assert_eq!(page.blocks, [Block { language: "yaml".to_owned(), text: "# a: 1\n[n](n.md)\n".to_owned() }]);
}

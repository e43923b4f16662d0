//! The whole-document path: any layout that YAML allows, by one parse of everything.

use std::ops::Range;

use super::ListError;
use super::layout::{ItemsStyle, Layout};
use crate::yaml::{Content, Entry, Lines, Tree};

/// Finds the parts of a ResourceList in the nodes of the document.
pub(super) fn read(text: &str) -> Result<Layout, ListError> {
    let tree = Tree::parse(text)?;
    let Content::Mapping { flow, entries } = &tree.root.content else { return Err(ListError::NotAMap) };
    let lines = Lines::of(text);
    let scalar = |key: &str| tree.root.get(text, key).and_then(|node| node.scalar(text)).map(str::to_owned);
    let mut keys = std::collections::HashSet::new();
    for entry in entries {
        let Some(key) = entry.key.scalar(text) else { return Err(ListError::NotAMap) };
        if !*flow && (entry.key.is_absent() || lines.column(entry.key.range.start) != 0) {
            // `? key`, or a root that is indented: nothing that any tool writes.
            return Err(ListError::Layout);
        }
        if !keys.insert(key) {
            return Err(ListError::DuplicateKey(key.to_owned()));
        }
    }
    let function_config = match tree.root.get(text, "functionConfig") {
        Some(node) => Some(tree.value_of(text, node)?).filter(|value| !value.is_null()),
        None => None,
    };
    let end = if *flow {
        entries.last().map_or(tree.root.range.start + 1, |last| last.value.range.end)
    } else {
        document_end(&lines, &tree)
    };
    let mut layout = Layout {
        flow_root: *flow,
        items: Vec::new(),
        style: ItemsStyle::Absent,
        after_items: end,
        results: None,
        end,
        api_version: scalar("apiVersion"),
        kind: scalar("kind"),
        function_config,
    };
    for (i, entry) in entries.iter().enumerate() {
        match entry.key.scalar(text) {
            Some("items") => items(&lines, &tree, entries, i, &mut layout)?,
            Some("results") => layout.results = Some(results(&lines, entry, *flow)?),
            _ => {}
        }
    }
    Ok(layout)
}

fn results(lines: &Lines<'_>, entry: &Entry, flow: bool) -> Result<Range<usize>, ListError> {
    if flow {
        return Ok(entry.value.range.clone());
    }
    let end = lines.entry_end(entry).ok_or(ListError::Layout)?;
    Ok(lines.start(entry.key.range.start)..lines.next(end))
}

fn items(lines: &Lines<'_>, tree: &Tree, entries: &[Entry], i: usize, layout: &mut Layout) -> Result<(), ListError> {
    let entry = entries.get(i).ok_or(ListError::Layout)?;
    layout.after_items = lines.after_colon(&entry.key).ok_or(ListError::Layout)?;
    match &entry.value.content {
        Content::Sequence { items, .. } if items.is_empty() => {
            layout.style = ItemsStyle::Empty(entry.value.range.clone());
        }
        Content::Sequence { flow: true, items } => {
            layout.items = items.iter().map(|item| item.range.clone()).collect();
            layout.style = ItemsStyle::Flow(entry.value.range.clone());
        }
        Content::Sequence { flow: false, items } => {
            let dashes: Option<Vec<usize>> = items.iter().map(|item| lines.dash(item)).collect();
            let dashes = dashes.ok_or(ListError::Layout)?;
            if !dashes.iter().all(|dash| lines.is_first(*dash)) {
                return Err(ListError::Layout);
            }
            let column = dashes.first().map_or(0, |dash| lines.column(*dash));
            let mut starts: Vec<usize> = dashes.iter().map(|dash| lines.start(*dash)).collect();
            starts.push(match entries.get(i + 1) {
                Some(next) => lines.start(next.key.range.start),
                None => document_end(lines, tree),
            });
            layout.items = starts.windows(2).filter_map(|pair| Some(*pair.first()?..*pair.last()?)).collect();
            layout.style = ItemsStyle::Block { column };
        }
        _ if matches!(entry.value.scalar(lines.source), Some("" | "~" | "null" | "Null" | "NULL")) => {
            let at = layout.after_items;
            let range = if entry.value.is_absent() { at..at } else { entry.value.range.clone() };
            layout.style = ItemsStyle::Empty(range);
        }
        _ => return Err(ListError::ItemsNotAList),
    }
    Ok(())
}

/// The end of the document: of the text, or the line of its end marker.
fn document_end(lines: &Lines<'_>, tree: &Tree) -> usize {
    let mut at = lines.content_end(&tree.root).map_or(lines.source.len(), |end| lines.next(end));
    while at < lines.source.len() {
        if lines.text(at, lines.end(at)).starts_with("...") {
            return at;
        }
        at = lines.next(at);
    }
    at
}

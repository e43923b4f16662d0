//! The whole-document path: any layout that YAML allows, by one parse of everything.

use std::ops::Range;

use super::ListError;
use super::layout::{ItemsStyle, Layout};
use crate::yaml::{Entry, Form, Lines, Node, Tree};

/// Finds the parts of a ResourceList in the nodes of the document.
pub(super) fn read(text: &str) -> Result<Layout, ListError> {
    let tree = Tree::parse(text)?;
    let root = tree.root();
    let Form::Mapping { flow } = root.form() else { return Err(ListError::NotAMap) };
    let entries: Vec<Entry<'_>> = root.entries().collect();
    let lines = Lines::of(text);
    let scalar = |key: &str| root.get(key).and_then(Node::scalar).map(str::to_owned);
    let mut keys = std::collections::HashSet::new();
    for entry in &entries {
        let Some(key) = entry.key.scalar() else { return Err(ListError::NotAMap) };
        if !flow && (entry.key.is_absent() || lines.column(entry.key.start()) != 0) {
            // `? key`, or a root that is indented: nothing that any tool writes.
            return Err(ListError::Layout);
        }
        if !keys.insert(key) {
            return Err(ListError::DuplicateKey(key.to_owned()));
        }
    }
    let function_config = match root.get("functionConfig") {
        Some(node) => Some(node.value()?).filter(|value| !value.is_null()),
        None => None,
    };
    let end = if flow {
        entries.last().map_or(root.start() + 1, |last| last.value.end())
    } else {
        document_end(&lines, root)
    };
    let mut layout = Layout {
        flow_root: flow,
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
        match entry.key.scalar() {
            Some("items") => items(&lines, root, &entries, i, &mut layout)?,
            Some("results") => layout.results = Some(results(&lines, *entry, flow)?),
            _ => {}
        }
    }
    Ok(layout)
}

fn results(lines: &Lines<'_>, entry: Entry<'_>, flow: bool) -> Result<Range<usize>, ListError> {
    if flow {
        return Ok(entry.value.range());
    }
    let end = lines.entry_end(entry).ok_or(ListError::Layout)?;
    Ok(lines.start(entry.key.start())..lines.next(end))
}

fn items(
    lines: &Lines<'_>,
    root: Node<'_>,
    entries: &[Entry<'_>],
    i: usize,
    layout: &mut Layout,
) -> Result<(), ListError> {
    let entry = entries.get(i).ok_or(ListError::Layout)?;
    let value = entry.value;
    layout.after_items = lines.after_colon(entry.key).ok_or(ListError::Layout)?;
    match value.form() {
        Form::Sequence { .. } if value.is_empty() => layout.style = ItemsStyle::Empty(value.range()),
        Form::Sequence { flow: true } => {
            layout.items = value.items().map(Node::range).collect();
            layout.style = ItemsStyle::Flow(value.range());
        }
        Form::Sequence { flow: false } => {
            let dashes: Option<Vec<usize>> = value.items().map(|item| lines.dash(item)).collect();
            let dashes = dashes.ok_or(ListError::Layout)?;
            if !dashes.iter().all(|dash| lines.is_first(*dash)) {
                return Err(ListError::Layout);
            }
            let column = dashes.first().map_or(0, |dash| lines.column(*dash));
            let mut starts: Vec<usize> = dashes.iter().map(|dash| lines.start(*dash)).collect();
            starts.push(match entries.get(i + 1) {
                Some(next) => lines.start(next.key.start()),
                None => document_end(lines, root),
            });
            layout.items = starts.windows(2).filter_map(|pair| Some(*pair.first()?..*pair.last()?)).collect();
            layout.style = ItemsStyle::Block { column };
        }
        _ if matches!(value.scalar(), Some("" | "~" | "null" | "Null" | "NULL")) => {
            let at = layout.after_items;
            let range = if value.is_absent() { at..at } else { value.range() };
            layout.style = ItemsStyle::Empty(range);
        }
        _ => return Err(ListError::ItemsNotAList),
    }
    Ok(())
}

/// The end of the document: of the text, or the line of its end marker.
fn document_end(lines: &Lines<'_>, root: Node<'_>) -> usize {
    let mut at = lines.content_end(root).map_or(lines.source.len(), |end| lines.next(end));
    while at < lines.source.len() {
        if lines.text(at, lines.end(at)).starts_with("...") {
            return at;
        }
        at = lines.next(at);
    }
    at
}

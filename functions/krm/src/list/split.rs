//! The fast path: lines instead of a parse, for the layout that kpt sends.
//!
//! In valid YAML every line inside an item is indented deeper than the item's dash, so a line with a dash in that
//! column starts an item. What stands around the items, the shell, is parsed; anything unusual is left to the
//! whole-document path by answering `None`.

use memchr::{memchr, memchr_iter};

use super::layout::{ItemsStyle, Layout};
use crate::limits::MAX_ITEMS;
use crate::yaml::{Form, Lines, Node, Tree, after_blank_lines};

/// Finds the parts of a ResourceList by its lines, or `None` where only a parse can tell.
pub(super) fn read(text: &str) -> Option<Layout> {
    if has_bare_carriage_return(text) {
        return None;
    }
    let head_end = items_line(text)?;
    let (starts, column, tail) = item_lines(text, head_end)?;
    let mut ends = starts.get(1..)?.to_vec();
    ends.push(tail);
    let items = starts.iter().zip(&ends).map(|(start, end)| *start..*end).collect();

    let below = text.get(tail..)?;
    if below.lines().any(is_left_to_the_parser) {
        return None;
    }
    let shell = [text.get(..head_end)?, below].concat();
    let tree = Tree::parse(&shell).ok()?;
    let root = tree.root();
    if tree.has_anchors() || root.form() != (Form::Mapping { flow: false }) {
        return None;
    }
    let lines = Lines::of(&shell);
    let in_text = |offset: usize| if offset <= head_end { offset } else { offset - head_end + tail };
    let mut keys = std::collections::HashSet::new();
    let (mut after_items, mut results) = (None, None);
    for entry in root.entries() {
        let key = entry.key.scalar().filter(|key| keys.insert(*key))?;
        if entry.key.is_absent() || lines.column(entry.key.start()) != 0 {
            return None;
        }
        match key {
            "items" if entry.value.is_absent() && shell.get(entry.key.range()) == Some("items") => {
                after_items = Some(in_text(lines.after_colon(entry.key)?));
            }
            "items" => return None,
            "results" => {
                let start = lines.start(entry.key.start());
                let end = lines.next(lines.entry_end(entry)?);
                // A key before the items ends where they begin; one after them starts where they end.
                let start = if start >= head_end { start - head_end + tail } else { start };
                let end = if end > head_end { end - head_end + tail } else { end };
                results = Some(start..end);
            }
            _ => {}
        }
    }
    let scalar = |key: &str| root.get(key).and_then(Node::scalar).map(str::to_owned);
    let function_config = match root.get("functionConfig") {
        Some(node) => Some(node.value().ok()?).filter(|value| !value.is_null()),
        None => None,
    };
    Some(Layout {
        flow_root: false,
        items,
        style: ItemsStyle::Block { column },
        after_items: after_items?,
        results,
        end: text.len(),
        api_version: scalar("apiVersion"),
        kind: scalar("kind"),
        function_config,
    })
}

/// YAML takes a lone carriage return for a line break; the splitter does not.
fn has_bare_carriage_return(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr_iter(b'\r', bytes).any(|i| bytes.get(i + 1) != Some(&b'\n'))
}

/// The end of the line `items:`, which is the end of the head.
fn items_line(text: &str) -> Option<usize> {
    let mut at = 0;
    while at < text.len() {
        let next = next_line(text, at);
        let line = text.get(at..next)?;
        if let Some(rest) = line.strip_prefix("items:") {
            return rest.trim_end().is_empty().then_some(next);
        }
        if line.starts_with("---") || line.starts_with("...") || line.starts_with('%') {
            return None;
        }
        at = next;
    }
    None
}

/// The line starts of the items, the column of their dashes, and where the items end.
fn item_lines(text: &str, from: usize) -> Option<(Vec<usize>, usize, usize)> {
    let mut starts = Vec::new();
    let mut column = 0;
    let mut at = from;
    while at < text.len() {
        let next = next_line(text, at);
        let line = text.as_bytes().get(at..next)?;
        let indent = line.iter().take_while(|b| **b == b' ').count();
        match line.get(indent) {
            Some(b'\n') => {
                at = after_blank_lines(text, next);
                continue;
            }
            None | Some(b'\r' | b'#') => {}
            Some(b'-') if starts.is_empty() || indent == column => {
                if !matches!(line.get(indent + 1), None | Some(b' ' | b'\n' | b'\r')) {
                    // A key such as `-a`.
                    return (indent == 0 && !starts.is_empty()).then_some((starts, column, at));
                }
                column = indent;
                // One too many is enough to be refused.
                if starts.len() <= MAX_ITEMS {
                    starts.push(at);
                }
            }
            _ if starts.is_empty() => return None,
            Some(_) if indent > column => {}
            // The next key of the ResourceList.
            Some(_) if indent == 0 => return Some((starts, column, at)),
            Some(_) => return None,
        }
        at = next;
    }
    (!starts.is_empty()).then_some((starts, column, text.len()))
}

/// Whether a line below the items may end the document or, once the results above it are cut out, the items.
fn is_left_to_the_parser(line: &str) -> bool {
    line.starts_with("...") || line.starts_with("---") || line.trim_start_matches(' ').starts_with(['\t', '%'])
}

fn next_line(text: &str, at: usize) -> usize {
    text.as_bytes().get(at..).and_then(|rest| memchr(b'\n', rest)).map_or(text.len(), |i| at + i + 1)
}

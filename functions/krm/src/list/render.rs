//! Writing the list back: the source with the changed places replaced.

use serde_json::Value;

use super::ResourceList;
use super::layout::{ItemsStyle, Layout};
use crate::finding::{Finding, in_order};
use crate::item::{Item, ItemError};
use crate::parallel;
use crate::yaml::{self, Indent};

/// The list's text; with `edited` the items as they are now, else as they were.
pub(super) fn render(list: &ResourceList, edited: bool) -> Result<String, ItemError> {
    let Some(layout) = &list.layout else { return from_scratch(list) };
    let results = in_order(&list.findings);
    let mut pieces = Pieces { source: &list.source, out: String::with_capacity(list.source.len() + 4096), done: 0 };
    let cut = layout.results.clone().filter(|_| !layout.flow_root);
    let results_first = cut.as_ref().is_some_and(|cut| cut.end <= layout.after_items);
    if let (true, Some(cut)) = (results_first, cut.clone()) {
        pieces.replace(cut.start, cut.end, "");
    }
    let flow_results = if layout.flow_root { layout.results.clone() } else { None };
    if let Some(range) = flow_results.clone().filter(|range| range.end <= layout.after_items) {
        pieces.replace(range.start, range.end, &flow_results_of(&results));
    }
    // Also a failed function's output has its key `items`, and none of the new ones.
    let old = list.items.get(..layout.items.len()).unwrap_or_default();
    let shown = if edited { list.items.as_slice() } else { old };
    if edited || old.is_empty() {
        items(shown, layout, &mut pieces)?;
    }
    if let Some(range) = flow_results.clone().filter(|range| range.end > layout.after_items) {
        pieces.replace(range.start, range.end, &flow_results_of(&results));
    }
    if let (false, Some(cut)) = (results_first, cut) {
        pieces.replace(cut.start, cut.end, "");
    }
    if !results.is_empty() && flow_results.is_none() {
        pieces.copy_to(layout.end);
        if layout.flow_root {
            pieces.out.push_str(&format!(", \"results\": {}", flow_results_of(&results)));
        } else {
            pieces.start_line();
            push_results(&results, &mut pieces.out);
        }
    }
    pieces.copy_to(list.source.len());
    Ok(pieces.out)
}

fn items(items: &[Item], layout: &Layout, pieces: &mut Pieces<'_>) -> Result<(), ItemError> {
    let (old, new) = items.split_at(layout.items.len().min(items.len()));
    let new: Vec<&Item> = new.iter().filter(|item| !item.is_removed()).collect();
    let none_left = new.is_empty() && old.iter().all(Item::is_removed);
    match &layout.style {
        ItemsStyle::Block { column } => {
            if none_left {
                pieces.copy_to(layout.after_items);
                pieces.out.push_str(" []");
            }
            for (item, range) in old.iter().zip(&layout.items) {
                if item.is_removed() {
                    pieces.replace(range.start, range.end, comments_below(item.text(), *column));
                } else if item.is_changed() {
                    pieces.replace(range.start, range.end, item.text());
                }
            }
            if let Some(last) = layout.items.last() {
                pieces.copy_to(last.end);
            }
            elements(&new, *column, pieces)?;
        }
        ItemsStyle::Flow(brackets) => {
            if new.is_empty() && !old.iter().any(Item::is_removed) {
                for (item, range) in old.iter().zip(&layout.items).filter(|(item, _)| item.is_changed()) {
                    pieces.replace(range.start, range.end, item.text());
                }
            } else {
                let mut texts: Vec<String> =
                    old.iter().filter(|item| !item.is_removed()).map(|item| item.text().to_owned()).collect();
                texts.extend(in_flow(&new)?);
                pieces.replace(brackets.start, brackets.end, &format!("[{}]", texts.join(", ")));
            }
        }
        ItemsStyle::Empty(range) if layout.flow_root => {
            pieces.replace(range.start, range.end, &format!(" [{}]", in_flow(&new)?.join(", ")));
        }
        ItemsStyle::Empty(range) => {
            let value = if new.is_empty() { " []" } else { "" };
            pieces.replace(layout.after_items, range.end, value);
            if !new.is_empty() {
                pieces.copy_line();
                elements(&new, 0, pieces)?;
            }
        }
        ItemsStyle::Absent if layout.flow_root => {
            pieces.copy_to(layout.end);
            pieces.out.push_str(&format!(", \"items\": [{}]", in_flow(&new)?.join(", ")));
        }
        ItemsStyle::Absent => {
            pieces.copy_to(layout.end);
            pieces.start_line();
            pieces.out.push_str(if new.is_empty() { "items: []\n" } else { "items:\n" });
            elements(&new, 0, pieces)?;
        }
    }
    Ok(())
}

/// The comment lines at the end of an item's lines that stand no deeper than its dash: they are about the next item.
fn comments_below(text: &str, column: usize) -> &str {
    let mut start = text.len();
    for line in text.split_inclusive('\n').rev() {
        let comment = line.trim_start_matches(' ');
        if !comment.starts_with('#') || line.len() - comment.len() > column {
            break;
        }
        start -= line.len();
    }
    text.get(start..).unwrap_or_default()
}

/// New items as JSON, each for itself.
fn in_flow(items: &[&Item]) -> Result<Vec<String>, ItemError> {
    items.iter().map(|item| Ok(yaml::json(&item.filed_value()?))).collect()
}

/// New items as lines of the list.
fn elements(items: &[&Item], column: usize, pieces: &mut Pieces<'_>) -> Result<(), ItemError> {
    let lines = |item: &&Item| -> Result<String, ItemError> {
        let wide_lists = item.origin().wide_lists.unwrap_or(false);
        Ok(yaml::block(&item.filed_value()?, Indent { column: column + 2, wide_lists }, "\n"))
    };
    for lines in parallel::map(items, lines) {
        pieces.start_line();
        pieces.out.push_str(&" ".repeat(column));
        pieces.out.push_str("- ");
        pieces.out.push_str(&lines?);
    }
    Ok(())
}

/// A list that was not read from a ResourceList.
fn from_scratch(list: &ResourceList) -> Result<String, ItemError> {
    let mut pieces = Pieces { source: "", out: String::new(), done: 0 };
    pieces.out.push_str("apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n");
    let items: Vec<&Item> = list.items.iter().filter(|item| !item.is_removed()).collect();
    pieces.out.push_str(if items.is_empty() { "items: []\n" } else { "items:\n" });
    elements(&items, 0, &mut pieces)?;
    let results = in_order(&list.findings);
    if !results.is_empty() {
        push_results(&results, &mut pieces.out);
    }
    Ok(pieces.out)
}

/// Appends the key `results` in block style. There may be very many, so that their values are not kept.
fn push_results(results: &[&Finding], out: &mut String) {
    out.push_str("results:\n");
    for result in results {
        out.push_str(&yaml::block(&Value::Array(vec![result.to_value()]), Indent::COMPACT, "\n"));
    }
}

/// The value of the key `results` in flow style.
fn flow_results_of(results: &[&Finding]) -> String {
    let results: Vec<String> = results.iter().map(|result| yaml::json(&result.to_value())).collect();
    format!("[{}]", results.join(", "))
}

/// Output that follows the source from its start to its end.
struct Pieces<'s> {
    source: &'s str,
    out: String,
    done: usize,
}

impl Pieces<'_> {
    fn copy_to(&mut self, offset: usize) {
        if offset > self.done {
            self.out.push_str(self.source.get(self.done..offset).unwrap_or_default());
            self.done = offset;
        }
    }

    fn replace(&mut self, start: usize, end: usize, text: &str) {
        self.copy_to(start);
        self.out.push_str(text);
        self.done = self.done.max(end);
    }

    /// Copies the rest of the line, its end included.
    fn copy_line(&mut self) {
        let rest = self.source.get(self.done..).unwrap_or_default();
        self.copy_to(self.done + rest.find('\n').map_or(rest.len(), |i| i + 1));
    }

    fn start_line(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push('\n');
        }
    }
}

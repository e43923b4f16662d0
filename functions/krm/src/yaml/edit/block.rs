//! Maps in block style, and values after a colon or a dash.

use std::ops::Range;

use serde_json::{Map, Value};

use super::{EditError, Editor, Outcome};
use crate::yaml::emit::{self, Indent};
use crate::yaml::nodes::{Form, Style, Tag};
use crate::yaml::scalar::is_plain_text;
use crate::yaml::tree::{Entry, Node};
use crate::yaml::value::{Fields, Keys};

/// What a value stands behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Behind {
    /// `key:`; a block value starts on the next line.
    Colon,
    /// `-`; a block value starts on the same line.
    Dash,
}

/// The place of a value: the offset after the colon or dash, and the column of the key or dash.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) behind: Behind,
    pub(super) after: usize,
    pub(super) column: usize,
}

impl Editor<'_> {
    pub(super) fn block_map(&mut self, node: Node<'_>, target: &Map<String, Value>) -> Result<Outcome, EditError> {
        let keys = Keys::of(node).ok_or(EditError::Layout)?;
        let entries: Vec<Entry<'_>> = node.entries().collect();
        if entries.is_empty() {
            return Ok(Outcome::Whole);
        }
        let column = self.lines.column_of_keys(node).ok_or(EditError::Layout)?;
        let mut fields = Fields::of(target);
        let mut last_kept = None;
        for (i, entry) in entries.iter().enumerate() {
            let key = entry.key.scalar().ok_or(EditError::Layout)?;
            let Some(value) = fields.get(key) else {
                match self.entry_cut(&entries, i, target) {
                    Some(cut) => self.splice(cut, String::new()),
                    None => return Ok(Outcome::Whole),
                }
                continue;
            };
            last_kept = Some(*entry);
            let after = self.lines.after_colon(entry.key).ok_or(EditError::Layout)?;
            self.value(Place { behind: Behind::Colon, after, column }, entry.value, value)?;
        }
        let Some(last_kept) = last_kept else { return Ok(Outcome::Whole) };
        let new = target.iter().filter(|(key, _)| !keys.contains(key)).map(|(key, value)| (key.as_str(), value));
        self.append(last_kept, column, new)?;
        Ok(Outcome::Done)
    }

    /// Adds entries below one of a map whose keys stand in `column`.
    pub(super) fn append<'v>(
        &mut self,
        last: Entry<'_>,
        column: usize,
        new: impl IntoIterator<Item = (&'v str, &'v Value)>,
    ) -> Result<(), EditError> {
        let end = self.lines.entry_end(last).ok_or(EditError::Layout)?;
        let at = self.lines.end(end);
        let mut added = String::new();
        for (key, value) in new {
            added.push_str(self.lines.eol);
            added.push_str(&" ".repeat(column));
            added.push_str(&emit::key(key));
            added.push(':');
            match emit::inline_value(value) {
                Some(text) => {
                    added.push(' ');
                    added.push_str(&text);
                }
                None => added.push_str(&self.lines_below(value, column)),
            }
        }
        if !added.is_empty() {
            self.splice(at..at, added);
        }
        Ok(())
    }

    /// The bytes to cut for an entry that goes, or `None` where cutting lines would take something else with it.
    fn entry_cut(&self, entries: &[Entry<'_>], i: usize, target: &Map<String, Value>) -> Option<Range<usize>> {
        let entry = entries.get(i)?;
        let start = entry.key.start();
        let end = self.lines.entry_end(*entry)?;
        if self.lines.is_first(start) {
            let line = self.lines.start(start);
            return Some(self.line_cut(self.lines.with_head_comments(line, self.lines.column(start)), end));
        }
        // The first key of `- key: ..`: the next key takes its place, unless a comment stands between.
        let next = entries.get(i + 1)?;
        let stays = next.key.scalar().is_some_and(|key| target.contains_key(key));
        let between = self.lines.text(end, next.key.start());
        (i == 0 && stays && between.trim().is_empty()).then_some(start..next.key.start())
    }

    /// Whole lines from a line's start to the line of `end`; at the end of the text, the line ending before them.
    pub(super) fn line_cut(&self, line: usize, end: usize) -> Range<usize> {
        let next = self.lines.next(end);
        let ends_text = next == self.lines.source.len() && !self.lines.source.ends_with('\n');
        if ends_text && line > 0 { self.lines.end(line - 1)..next } else { line..next }
    }

    /// Makes one value say `target`.
    pub(super) fn value(&mut self, place: Place, node: Node<'_>, target: &Value) -> Result<(), EditError> {
        if self.children(node, target)? == Outcome::Done || node.says(target) {
            return Ok(());
        }
        self.replace(place, node, target)
    }

    /// Writes one value anew.
    fn replace(&mut self, place: Place, node: Node<'_>, target: &Value) -> Result<(), EditError> {
        let was = kind(node);
        let rewritten_list = was == Kind::List && !node.is_empty();
        let other_kind = was != kind_of(target) && was != Kind::Null && !target.is_null();
        self.structural |= rewritten_list || other_kind;
        let absent = node.is_absent();
        if absent && node.tag() != Tag::None {
            return Err(EditError::Layout);
        }
        let end = if absent { place.after } else { self.lines.content_end(node).unwrap_or(node.end()) };
        let start = if absent { None } else { self.lines.value_on_line(place.after) };
        let stays_flow = node.is_flow() && !node.is_empty();
        let text = if stays_flow && was == kind_of(target) {
            Some(super::flow::written_like(node, target))
        } else {
            inline_like(node, target)
        };
        match (text, start) {
            (Some(text), Some(start)) => self.splice(start..end, text),
            (Some(text), None) => {
                let line_end = self.lines.end(place.after);
                self.splice(place.after..place.after, format!(" {text}"));
                if !absent {
                    self.splice(line_end..self.lines.end(end), String::new());
                }
            }
            (None, start) if place.behind == Behind::Dash => {
                let text = self.lines_behind_dash(target, place.column);
                self.splice(start.unwrap_or(place.after)..end, if start.is_some() { text } else { format!(" {text}") });
            }
            (None, Some(_)) => {
                let below = self.lines_below(target, place.column);
                let line_end = self.lines.end(end);
                self.splice(place.after..end, String::new());
                self.splice(line_end..line_end, below);
            }
            (None, None) => {
                let below = self.lines_below(target, place.column);
                let line_end = self.lines.end(place.after);
                self.splice(line_end..self.lines.end(end).max(line_end), below);
            }
        }
        Ok(())
    }

    /// A collection as lines below its key, each with the line ending before it.
    fn lines_below(&self, value: &Value, key_column: usize) -> String {
        let column = if value.is_array() && !self.wide { key_column } else { key_column + 2 };
        let text = emit::block(value, Indent { column, wide_lists: self.wide }, self.lines.eol);
        let text = text.strip_suffix(self.lines.eol).unwrap_or(&text);
        format!("{}{}{text}", self.lines.eol, " ".repeat(column))
    }

    /// A value as it stands after `- `.
    pub(super) fn lines_behind_dash(&self, value: &Value, dash_column: usize) -> String {
        let indent = Indent { column: dash_column + 2, wide_lists: self.wide };
        let text = emit::block(value, indent, self.lines.eol);
        text.strip_suffix(self.lines.eol).unwrap_or(&text).to_owned()
    }
}

/// A scalar or an empty collection on one line, quoted where the old one was quoted by choice. Where the old text
/// needed its quotes they say nothing, so that a text that comes back after it looks as it did before.
fn inline_like(node: Node<'_>, target: &Value) -> Option<String> {
    if let (Form::Scalar(style), Value::String(text)) = (node.form(), target) {
        let quoted = matches!(style, Style::DoubleQuoted | Style::SingleQuoted);
        let by_choice = quoted && node.scalar().is_some_and(is_plain_text);
        if by_choice && !text.contains(['"', '\\']) {
            let json = emit::json(target);
            // Beyond the basic plane JSON and YAML escape differently; the emitter decides.
            return if text.chars().all(|c| c <= '\u{ffff}') { Some(json) } else { emit::inline_value(target) };
        }
    }
    emit::inline_value(target)
}

/// The kinds of node between which kpt's comment copier refuses a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Null,
    Scalar,
    List,
    Map,
}

fn kind(node: Node<'_>) -> Kind {
    match node.form() {
        Form::Sequence { .. } => Kind::List,
        Form::Mapping { .. } => Kind::Map,
        _ if node.is_absent() || matches!(node.scalar(), Some("~" | "null" | "Null" | "NULL")) => Kind::Null,
        _ => Kind::Scalar,
    }
}

fn kind_of(value: &Value) -> Kind {
    match value {
        Value::Null => Kind::Null,
        Value::Array(_) => Kind::List,
        Value::Object(_) => Kind::Map,
        _ => Kind::Scalar,
    }
}

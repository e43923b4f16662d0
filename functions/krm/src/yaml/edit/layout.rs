//! Lines and columns of a text: where a value ends, where a comment belongs, what may be cut.
//!
//! Columns are bytes from the start of the line: indentation is blanks and dashes, one byte each.

use crate::yaml::nodes::{Form, Style, Tag};
use crate::yaml::tree::{Entry, Node};

const BOM: char = '\u{feff}';

/// A text, seen as lines.
pub(crate) struct Lines<'t> {
    pub(crate) source: &'t str,
    /// The line ending of the text's first line.
    pub(crate) eol: &'static str,
    /// Where the first line starts: behind a byte order mark.
    first: usize,
}

impl<'t> Lines<'t> {
    pub(crate) fn of(source: &'t str) -> Self {
        let first = source.find('\n').and_then(|end| source.get(..end)).unwrap_or_default();
        let eol = if first.ends_with('\r') { "\r\n" } else { "\n" };
        Lines { source, eol, first: if source.starts_with(BOM) { BOM.len_utf8() } else { 0 } }
    }

    pub(crate) fn text(&self, from: usize, to: usize) -> &'t str {
        self.source.get(from..to).unwrap_or_default()
    }

    pub(crate) fn start(&self, offset: usize) -> usize {
        self.text(0, offset).rfind('\n').map_or(self.first.min(offset), |i| i + 1)
    }

    /// The end of the line, its line ending not included.
    pub(crate) fn end(&self, offset: usize) -> usize {
        let end = self.text(offset, self.source.len()).find('\n').map_or(self.source.len(), |i| offset + i);
        if end > offset && self.text(0, end).ends_with('\r') { end - 1 } else { end }
    }

    /// The start of the next line, or the end of the text.
    pub(crate) fn next(&self, offset: usize) -> usize {
        self.text(offset, self.source.len()).find('\n').map_or(self.source.len(), |i| offset + i + 1)
    }

    pub(crate) fn column(&self, offset: usize) -> usize {
        offset - self.start(offset)
    }

    /// Whether only blanks stand before an offset on its line.
    pub(crate) fn is_first(&self, offset: usize) -> bool {
        self.text(self.start(offset), offset).bytes().all(|b| b == b' ')
    }

    /// The offset after the colon of a plain `key:`; `None` for the `? key` form.
    pub(crate) fn after_colon(&self, key: Node<'_>) -> Option<usize> {
        let rest = self.text(key.end(), self.source.len());
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        rest.get(blanks..)?.starts_with(':').then_some(key.end() + blanks + 1)
    }

    /// The offset of the dash of a list element: on its line, or above blank lines and comments (`- # about it`).
    pub(crate) fn dash(&self, element: Node<'_>) -> Option<usize> {
        // A list in a list starts at its own first dash.
        let mut end = match element.form() {
            Form::Sequence { flow: false } => self.dash(element.items().next()?)?,
            _ => element.start(),
        };
        loop {
            let start = self.start(end);
            let line = self.text(start, end);
            let content = before_properties(before_comment(line));
            if !content.is_empty() {
                return content.ends_with('-').then(|| start + content.len() - 1);
            }
            end = start.checked_sub(1)?;
        }
    }

    /// Where a value starts on the line of `after`, if it does: not a comment, not the end of the line.
    pub(crate) fn value_on_line(&self, after: usize) -> Option<usize> {
        let rest = self.text(after, self.end(after));
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let first = rest.get(blanks..)?.chars().next()?;
        (first != '#' || blanks == 0).then_some(after + blanks)
    }

    /// The end of what a node says, comments and line ends after it not included.
    pub(crate) fn content_end(&self, node: Node<'_>) -> Option<usize> {
        match node.form() {
            Form::Scalar(Style::Block) => Some(self.block_scalar_end(node)),
            Form::Mapping { flow: false } => self.entry_end(node.entries().last()?),
            Form::Sequence { flow: false } => {
                let last = node.items().last()?;
                if last.is_absent() { Some(self.dash(last)? + 1) } else { self.content_end(last) }
            }
            _ => Some(node.end()),
        }
    }

    /// The end of what an entry says; nothing for a tag without a value, which may stand on a line of its own.
    pub(crate) fn entry_end(&self, entry: Entry<'_>) -> Option<usize> {
        match entry.value.is_absent() {
            true if entry.value.tag() != Tag::None => None,
            true => self.after_colon(entry.key),
            false => self.content_end(entry.value),
        }
    }

    /// The parser's range of a block scalar takes in blank lines after it, and the indentation of a comment there.
    /// With `+` in the header the blank lines belong to the text; otherwise they do not.
    fn block_scalar_end(&self, node: Node<'_>) -> usize {
        let content = self.text(node.start(), node.end());
        let header_end = self.text(0, node.start()).trim_end().len();
        // Nothing but these is no text; a tab is.
        let shown = content.trim_end_matches([' ', '\n', '\r']);
        if !content.contains('\n') && shown.is_empty() {
            return header_end;
        }
        if self.keeps_trailing_lines(header_end) {
            let kept = content.trim_end_matches(' ');
            let kept = kept.strip_suffix('\n').unwrap_or(kept);
            let kept = kept.strip_suffix('\r').unwrap_or(kept);
            return (node.start() + kept.len()).max(header_end);
        }
        if shown.is_empty() {
            return header_end;
        }
        // Lines of blanks may be deeper than the text and so a part of it; the blanks before what comes next are none.
        let lines = if node.end() < self.source.len() { content.trim_end_matches(' ') } else { content };
        node.start() + lines.trim_end_matches(['\n', '\r']).len()
    }

    /// The column of a block map's keys; `None` where a tag stands before one of them.
    pub(crate) fn column_of_keys(&self, map: Node<'_>) -> Option<usize> {
        let is_plain = map.entries().all(|entry| entry.key.tag() == Tag::None);
        map.entries().next().filter(|_| is_plain).map(|first| self.column(first.key.start()))
    }

    /// Whether the block scalar header that ends a line has the indicator `+`.
    fn keeps_trailing_lines(&self, header_end: usize) -> bool {
        let line = self.text(self.start(header_end), header_end);
        let header = before_comment(line);
        let marks = header.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-'));
        header.get(marks.len()..).is_some_and(|marks| marks.contains('+'))
    }

    /// The start of the comment lines that stand directly above a line in the same column, or the line itself.
    pub(crate) fn with_head_comments(&self, line_start: usize, column: usize) -> usize {
        let mut start = line_start;
        while start > 0 {
            let above = self.start(start - 1);
            let text = self.text(above, start);
            let indent = text.len() - text.trim_start_matches(' ').len();
            if indent != column || !text.trim_start().starts_with('#') {
                break;
            }
            start = above;
        }
        start
    }

    /// How the object writes lists: dashes right of their key (wide) or below it; `None` if it has no list.
    pub(crate) fn list_style(&self, node: Node<'_>) -> Option<bool> {
        match node.form() {
            Form::Mapping { flow: false } => node.entries().find_map(|entry| {
                if entry.value.form() == (Form::Sequence { flow: false }) {
                    let dash = self.dash(entry.value.items().next()?)?;
                    if self.is_first(dash) {
                        return Some(self.column(dash) > self.column(entry.key.start()));
                    }
                }
                self.list_style(entry.value)
            }),
            Form::Sequence { flow: false } => node.items().find_map(|item| self.list_style(item)),
            _ => None,
        }
    }
}

/// The first line from `at` on that is not empty.
pub(crate) fn after_blank_lines(text: &str, at: usize) -> usize {
    at + text.as_bytes().get(at..).unwrap_or_default().iter().take_while(|byte| **byte == b'\n').count()
}

/// A line without its comment and the blanks around it; good for lines that hold no quoted text.
fn before_comment(line: &str) -> &str {
    let comment = line
        .char_indices()
        .zip(line.chars().skip(1))
        .find(|((_, blank), hash)| *hash == '#' && matches!(blank, ' ' | '\t'));
    let content = match comment {
        _ if line.starts_with('#') => "",
        Some(((at, _), _)) => line.get(..at).unwrap_or_default(),
        None => line,
    };
    content.trim_end()
}

/// A line without the anchor, the tag and the mark of a complex key at its end.
fn before_properties(line: &str) -> &str {
    let mut content = line;
    while let Some(last) =
        content.split_ascii_whitespace().next_back().filter(|word| word.starts_with(['&', '!']) || *word == "?")
    {
        content = content.get(..content.len() - last.len()).unwrap_or_default().trim_end();
    }
    content
}

//! The documents of a YAML file, found by their marker lines alone.
//!
//! A line that starts with `---` or `...` and a blank is a document marker wherever it stands: YAML forbids such lines
//! inside quoted scalars, and block scalars of a mapping are indented. So no parse is needed to find the documents.

use std::ops::Range;

use thiserror::Error;

use crate::limits::MAX_ITEMS;
use crate::yaml::line_break;

const BOM: char = '\u{feff}';

/// One document of a file that holds more than comments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document<'t> {
    /// Its text, without marker lines. A comment or content that stands on the line of the `---` belongs to it.
    pub text: &'t str,
    /// Where the text stands in the file, in bytes.
    pub range: Range<usize>,
    /// The line of its first byte, from 1.
    pub line: usize,
}

/// Why the documents of a file cannot be told apart.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DocumentsError {
    /// A line such as `%YAML 1.2`.
    #[error("line {line}: YAML directives (`%...`) are not read; remove the line")]
    Directive {
        /// The line, from 1.
        line: usize,
    },
    /// A carriage return that is not part of a CRLF: a line break to YAML, but to few other programs.
    #[error("line {line}: a carriage return without a line feed; save the file with LF or CRLF line ends")]
    CarriageReturn {
        /// The line, from 1, as counted by line feeds.
        line: usize,
    },
    /// More documents than [`MAX_ITEMS`], each of which may be an item.
    #[error("line {line}: more than {MAX_ITEMS} documents in one file, the limit; split it")]
    TooMany {
        /// The line at which the first one too many begins, from 1.
        line: usize,
    },
    /// Content behind the end marker `...`.
    #[error("line {line}: only a comment can follow `...`")]
    AfterEnd {
        /// The line, from 1.
        line: usize,
    },
}

/// The documents of a file, in order; those that hold only blank lines and comments are left out, as kpt leaves them out.
///
/// # Errors
/// [`DocumentsError`] with the line.
pub fn documents(text: &str) -> Result<Vec<Document<'_>>, DocumentsError> {
    let bom = if text.starts_with(BOM) { BOM.len_utf8() } else { 0 };
    let mut found = Vec::new();
    let mut open = Open::at(bom, 1, false);
    let mut offset = bom;
    for (line_number, line) in (1..).zip(text.get(bom..).unwrap_or_default().split_inclusive('\n')) {
        let content = line.trim_end_matches('\n');
        let content = content.strip_suffix('\r').unwrap_or(content);
        if content.contains('\r') {
            return Err(DocumentsError::CarriageReturn { line: line_number });
        }
        let next = offset + line.len();
        if content.starts_with('%') && !open.explicit && !open.holds_something(text, offset) {
            return Err(DocumentsError::Directive { line: line_number });
        }
        if let Some(rest) = after_marker(content, "---") {
            open.close(text, offset, &mut found);
            open = if rest.is_empty() {
                Open::at(next, line_number + 1, true)
            } else {
                Open::at(offset + content.len() - rest.len(), line_number, true)
            };
        } else if let Some(rest) = after_marker(content, "...") {
            if !is_blank(rest) {
                return Err(DocumentsError::AfterEnd { line: line_number });
            }
            open.close(text, offset, &mut found);
            open = Open::at(next, line_number + 1, false);
        }
        offset = next;
        if found.len() > MAX_ITEMS {
            return Err(too_many(&found));
        }
    }
    open.close(text, offset, &mut found);
    if found.len() > MAX_ITEMS { Err(too_many(&found)) } else { Ok(found) }
}

fn too_many(found: &[Document<'_>]) -> DocumentsError {
    DocumentsError::TooMany { line: found.last().map_or(1, |last| last.line) }
}

/// A document whose end has not been seen yet.
struct Open {
    start: usize,
    line: usize,
    /// Whether `---` began it: then a `%` line is content, not a directive.
    explicit: bool,
    /// Whether it is known to hold more than comments.
    holds_something: bool,
}

impl Open {
    fn at(start: usize, line: usize, explicit: bool) -> Open {
        Open { start, line, explicit, holds_something: false }
    }

    /// Whether it holds more than comments up to there. Looked for once, however many lines ask.
    fn holds_something(&mut self, text: &str, end: usize) -> bool {
        self.holds_something = self.holds_something || !is_blank(self.text(text, end));
        self.holds_something
    }

    fn text<'t>(&self, text: &'t str, end: usize) -> &'t str {
        text.get(self.start..end).unwrap_or_default()
    }

    fn close<'t>(&self, text: &'t str, end: usize, found: &mut Vec<Document<'t>>) {
        let document = self.text(text, end);
        if !is_blank(document) {
            found.push(Document { text: document, range: self.start..end, line: self.line });
        }
    }
}

/// What follows a marker on its line, without the blanks between; `None` where the line is no such marker.
fn after_marker<'l>(line: &'l str, marker: &str) -> Option<&'l str> {
    let rest = line.strip_prefix(marker)?;
    let content = rest.trim_matches([' ', '\t']);
    (content.is_empty() || rest.starts_with([' ', '\t'])).then_some(rest.trim_start_matches([' ', '\t']))
}

/// Nothing but comments, to any reader.
fn is_blank(text: &str) -> bool {
    let mut lines = text.lines().map(|line| line.trim_matches([' ', '\t', '\r']));
    lines.all(|line| line.is_empty() || line.starts_with('#')) && line_break(text).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Text and line of each document; checks that the ranges say the same.
    fn split(text: &str) -> Vec<(&str, usize)> {
        let found = documents(text).unwrap();
        for document in &found {
            assert_eq!(&text[document.range.clone()], document.text);
        }
        found.into_iter().map(|document| (document.text, document.line)).collect()
    }

    #[test]
    fn one_document_is_the_whole_file() {
        for text in ["a: 1\n", "a: 1", "# licence\n\na: 1\nb: |\n ---\n", "a: 1\r\nb: 2\r\n", "{\"a\": 1}"] {
            assert_eq!(split(text), [(text, 1)]);
        }
    }

    #[test]
    fn markers_separate() {
        assert_eq!(split("a: 1\n---\nb: 2\n"), [("a: 1\n", 1), ("b: 2\n", 3)]);
        assert_eq!(split("---\na: 1\n---  \t\nb: 2\n---\n"), [("a: 1\n", 2), ("b: 2\n", 4)]);
        assert_eq!(split("a: 1\r\n---\r\nb: 2"), [("a: 1\r\n", 1), ("b: 2", 3)]);
        assert_eq!(split("a: 1\n...\nb: 2\n... # end\n"), [("a: 1\n", 1), ("b: 2\n", 3)]);
        assert_eq!(split("a: 1\n---"), [("a: 1\n", 1)]);
    }

    #[test]
    fn only_whole_words_at_the_start_of_a_line_are_markers() {
        for text in ["a: ---\n", "a:\n ---\n", "----: 1\n", "---a: 1\n", "a: |\n  ...\n  ---\n", "....: 1\n"] {
            assert_eq!(split(text), [(text, 1)], "{text:?}");
        }
    }

    #[test]
    fn what_stands_on_the_marker_line_belongs_to_the_document() {
        assert_eq!(split("--- # note\na: 1\n"), [("# note\na: 1\n", 1)]);
        assert_eq!(split("a: 1\n---  {b: 2}\n"), [("a: 1\n", 1), ("{b: 2}\n", 2)]);
    }

    #[test]
    fn documents_without_content_are_left_out() {
        for text in ["", "\n \n", "# only\n  # comments", "---\n---\n", "---\n# a\n...\n", "\u{feff}", "--- # x\n"] {
            assert_eq!(split(text), [], "{text:?}");
        }
        assert_eq!(split("# licence\n---\na: 1\n"), [("a: 1\n", 3)]);
    }

    /// To kpt they end the comment.
    #[test]
    fn line_breaks_of_some_readers_only_make_a_comment_content() {
        for text in ["# a\u{85}kind: IPPrefix\n", "# a\n# b\u{2028}c: d\n"] {
            assert_eq!(split(text), [(text, 1)], "{text:?}");
        }
    }

    /// Each line with a percent sign read all comments above it again, which took hours for a few megabytes.
    #[test]
    fn percent_signs_below_long_comments_are_content() {
        let text = "# c\n".repeat(200_000) + "a: 1\n" + &"%\n".repeat(200_000);
        assert_eq!(split(&text), [(text.as_str(), 1)]);
    }

    #[test]
    fn a_byte_order_mark_is_no_content() {
        assert_eq!(split("\u{feff}a: 1\n"), [("a: 1\n", 1)]);
        assert_eq!(split("\u{feff}---\na: 1\n"), [("a: 1\n", 2)]);
    }

    #[test]
    fn what_cannot_be_told_apart_is_refused() {
        assert_eq!(documents("%YAML 1.2\n---\na: 1\n"), Err(DocumentsError::Directive { line: 1 }));
        assert_eq!(documents("a: 1\n...\n# c\n%TAG ! x\n---\n"), Err(DocumentsError::Directive { line: 4 }));
        assert_eq!(documents("a: 1\nb: 2\rc: 3\n"), Err(DocumentsError::CarriageReturn { line: 2 }));
        assert_eq!(documents("a: 1\n... b\n"), Err(DocumentsError::AfterEnd { line: 2 }));
        let most = "a\n---\n".repeat(MAX_ITEMS);
        assert_eq!(documents(&most).map(|found| found.len()), Ok(MAX_ITEMS));
        for more in ["a", "a\n---\nb\n"] {
            let line = 2 * MAX_ITEMS + 1;
            assert_eq!(documents(&format!("{most}{more}")), Err(DocumentsError::TooMany { line }));
        }
        assert!(documents("---\n%a: 1\n").is_ok(), "left to the parser");
        assert!(documents("a: 1\n%b: 2\n").is_ok(), "left to the parser");
        assert!(documents("a: 1\r").is_ok(), "the file ends inside a CRLF");
    }
}

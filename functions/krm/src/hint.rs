//! What an item's text shows without a parse, so that most items of a large list are never parsed.
//!
//! A hint may only err on the careful side: [`Hint::Unknown`] sends an item to the parser.

use std::ops::Range;

use memchr::{memchr, memmem};

use crate::item::Shape;
use crate::yaml::after_blank_lines;

/// The kind that an item's text shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Hint {
    /// The bytes of the kind's name.
    Kind(Range<usize>),
    /// Readers see different lines, and so different kinds.
    Disputed,
    /// Only the parser can tell.
    Unknown,
}

/// Looks for a line `kind: Name` among the item's outermost keys.
pub(crate) fn kind_of(text: &str, shape: Shape) -> Hint {
    let Some(column) = key_column(text, shape) else { return Hint::Unknown };
    let mut at = 0;
    while at < text.len() {
        let end = memchr(b'\n', text.as_bytes().get(at..).unwrap_or_default()).map_or(text.len(), |i| at + i);
        let key = at + column;
        let in_place = at == 0 || text.as_bytes().get(at..key).is_some_and(|indent| indent.iter().all(|b| *b == b' '));
        if in_place && text.get(key..end).is_some_and(|line| line.starts_with("kind:")) {
            return if continues(text, end, column) { Hint::Unknown } else { name(text, key + "kind:".len(), end) };
        }
        at = if at == end { after_blank_lines(text, end) } else { end + 1 };
    }
    Hint::Unknown
}

/// Whether the text goes on, deeper than the keys, after the line that ends at `end`.
fn continues(text: &str, end: usize, column: usize) -> bool {
    let below = text.get(end..).unwrap_or_default().trim_start_matches(['\n', '\r']);
    below.len() - below.trim_start_matches(' ').len() > column
}

/// The column of the outermost keys, where the first line shows it.
fn key_column(text: &str, shape: Shape) -> Option<usize> {
    match shape {
        Shape::Flow => None,
        Shape::Document => text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '#').then_some(0),
        Shape::Element => {
            let dash = text.len() - text.trim_start_matches(' ').len();
            let rest = text.get(dash..)?.strip_prefix('-')?;
            let key = rest.trim_start_matches(' ');
            key.starts_with(|c: char| c.is_ascii_alphabetic()).then_some(dash + 1 + rest.len() - key.len())
        }
    }
}

/// A plain word, or one in plain quotes; a comment may follow.
fn name(text: &str, from: usize, to: usize) -> Hint {
    let Some(line) = text.get(from..to) else { return Hint::Unknown };
    let value = line.trim_start_matches(' ');
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
    let start = from + line.len() - value.len() + usize::from(quote.is_some());
    let rest = text.get(start..to).unwrap_or_default();
    let length = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let after = rest.get(length..).unwrap_or_default();
    let after = match quote {
        Some(quote) => match after.strip_prefix(quote) {
            Some(after) => after,
            None => return Hint::Unknown,
        },
        None => after,
    };
    let ends = after.trim_end().is_empty() || after.starts_with(" #");
    if length > 0 && ends { Hint::Kind(start..start + length) } else { Hint::Unknown }
}

/// Every path that the text states in a path annotation, wherever it stands: more than there are, never fewer, as
/// long as the annotation is written on one line.
pub(crate) fn paths(text: &str) -> Vec<&str> {
    stated(text, "config.kubernetes.io/path")
}

/// The same for package paths.
pub(crate) fn packages(text: &str) -> Vec<&str> {
    stated(text, "config.kubernetes.io/package-path")
}

fn stated<'t>(text: &'t str, key: &str) -> Vec<&'t str> {
    memmem::find_iter(text.as_bytes(), key)
        .filter_map(|at| {
            let rest = text.get(at + key.len()..)?;
            let line = rest.lines().next()?.trim_start_matches(['"', '\'', ':', ' ']);
            let end = line.find(['"', '\'', ',', '}']).unwrap_or(line.len());
            Some(line.get(..end)?.trim_end())
        })
        .collect()
}

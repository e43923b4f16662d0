//! What can be wrong with a YAML text, and where.

use std::fmt;
use std::ops::Range;

use thiserror::Error;

use crate::limits::{MAX_ALIASED_BYTES, MAX_ALIASED_NODES, MAX_BYTES, MAX_DEPTH, MAX_KEY, MAX_NODES};

/// A place in a text, as an editor counts: both from 1, the column in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

impl Position {
    /// The position of a byte offset; an offset past the end is the end.
    #[must_use]
    pub fn of(text: &str, offset: usize) -> Position {
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let before = text.get(..offset).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |i| i + 1);
        Position {
            line: before.bytes().filter(|&b| b == b'\n').count() + 1,
            column: before.get(line_start..).unwrap_or_default().chars().count() + 1,
        }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// A text that is not YAML, or YAML that this crate does not read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum YamlError {
    /// Not YAML.
    #[error("{at}: {message}")]
    Syntax {
        /// Where.
        at: Position,
        /// What the parser says.
        message: String,
    },
    /// More or less than one document.
    #[error("expected one YAML document, found {0}")]
    Documents(usize),
    /// The same key twice in one map: YAML readers disagree which one counts.
    #[error("{at}: key {key:?} stands twice in one map; remove one of them")]
    DuplicateKey {
        /// Where the second one stands.
        at: Position,
        /// The key.
        key: String,
    },
    /// A map key that is not a scalar.
    #[error("{at}: a map key is a map or a list; only plain text keys are read")]
    ComplexKey {
        /// Where.
        at: Position,
    },
    /// A merge key, `<<`.
    #[error("{at}: the merge key << is not read here; write the merged keys out")]
    MergeKey {
        /// Where.
        at: Position,
    },
    /// A character that ends a line to YAML 1.1, and so to kpt, and is one like others to YAML 1.2, or a carriage return
    /// without a line feed: what follows it may be a field to one reader and a comment to the other.
    #[error(
        "{at}: U+{code:04X} ends a line to some readers only; remove it, or write it in double quotes as \\u{code:04x}",
        code = u32::from(*.character)
    )]
    LineBreak {
        /// Where.
        at: Position,
        /// U+000D, U+0085, U+2028 or U+2029.
        character: char,
    },
    /// Aliases that stand for more than [`MAX_ALIASED_NODES`] or [`MAX_ALIASED_BYTES`].
    #[error(
        "aliases stand for more than {MAX_ALIASED_NODES} nodes or {MAX_ALIASED_BYTES} bytes of text, the limit; write the \
         values out"
    )]
    AliasExpansion,
    /// Collections in collections beyond [`MAX_DEPTH`].
    #[error("{at}: this lies more than {MAX_DEPTH} levels deep, the limit, aliases followed; nest it less")]
    TooDeep {
        /// Where.
        at: Position,
    },
    /// A map key beyond [`MAX_KEY`].
    #[error(
        "{at}: a map key has {found} characters with its quotes and escapes, more than {MAX_KEY}, the limit of what YAML \
         reads before a colon; shorten it"
    )]
    LongKey {
        /// Where.
        at: Position,
        /// How many.
        found: usize,
    },
    /// More nodes than [`MAX_NODES`].
    #[error("more than {MAX_NODES} keys, values and collections, the limit of what is read as one; split it")]
    TooManyNodes,
    /// Larger than [`MAX_BYTES`].
    #[error("the text has more than {MAX_BYTES} bytes, the limit; split the package")]
    TooLarge,
}

impl YamlError {
    /// Refuses a text in which readers of YAML 1.1 and 1.2 see different lines.
    pub(crate) fn check_line_breaks(text: &str) -> Result<(), YamlError> {
        Self::check_line_breaks_in(text, 0..text.len())
    }

    /// [`YamlError::check_line_breaks`] of a part of a text.
    pub(crate) fn check_line_breaks_in(text: &str, range: Range<usize>) -> Result<(), YamlError> {
        match line_break(text.get(range.clone()).unwrap_or_default()) {
            Some((at, character)) => {
                Err(YamlError::LineBreak { at: Position::of(text, range.start.saturating_add(at)), character })
            }
            None => Ok(()),
        }
    }

    /// Whether the text is too large in some way, and not malformed.
    pub(crate) fn is_limit(&self) -> bool {
        match self {
            YamlError::AliasExpansion
            | YamlError::TooDeep { .. }
            | YamlError::LongKey { .. }
            | YamlError::TooManyNodes
            | YamlError::TooLarge => true,
            YamlError::Syntax { .. }
            | YamlError::Documents(_)
            | YamlError::DuplicateKey { .. }
            | YamlError::ComplexKey { .. }
            | YamlError::MergeKey { .. }
            | YamlError::LineBreak { .. } => false,
        }
    }

    /// The error as seen from a longer text that has `lines` lines above this one.
    #[must_use]
    pub fn below(mut self, lines: usize) -> YamlError {
        match &mut self {
            YamlError::Syntax { at, .. }
            | YamlError::DuplicateKey { at, .. }
            | YamlError::ComplexKey { at }
            | YamlError::LineBreak { at, .. }
            | YamlError::TooDeep { at }
            | YamlError::LongKey { at, .. }
            | YamlError::MergeKey { at } => at.line = at.line.saturating_add(lines),
            YamlError::Documents(_) | YamlError::AliasExpansion | YamlError::TooManyNodes | YamlError::TooLarge => {}
        }
        self
    }
}

/// The first character that ends a line to some readers only, and where it stands. A carriage return alone is one: to
/// YAML it ends a line, to what goes by lines, such as Git, it does not.
pub(crate) fn line_break(text: &str) -> Option<(usize, char)> {
    let starts = memchr::memchr3_iter(b'\r', 0xc2, 0xe2, text.as_bytes());
    let mut found = starts.filter_map(|at| Some((at, text.get(at..)?.chars().next()?)));
    found.find(|(at, character)| match character {
        '\r' => text.as_bytes().get(at.saturating_add(1)).is_some_and(|next| *next != b'\n'),
        _ => matches!(character, '\u{85}' | '\u{2028}' | '\u{2029}'),
    })
}

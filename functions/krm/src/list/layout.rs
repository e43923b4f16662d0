//! Where the parts of a ResourceList stand.

use std::ops::Range;

use serde_json::Value;

use crate::yaml::YamlError;

/// How the items are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ItemsStyle {
    /// `- ..` lines, the dashes in this column.
    Block {
        /// Of the dashes, in bytes.
        column: usize,
    },
    /// `[..]` with elements; the brackets included.
    Flow(Range<usize>),
    /// `items:` with nothing behind it, or `null`, or `[]`: the bytes of that value, and the colon's end before it.
    Empty(Range<usize>),
    /// No key `items` at all.
    Absent,
}

/// Where the parts of a ResourceList stand.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Layout {
    /// The whole document is one flow map: JSON, mostly.
    pub(super) flow_root: bool,
    /// The bytes of each item: its lines in block style, itself in flow style.
    pub(super) items: Vec<Range<usize>>,
    pub(super) style: ItemsStyle,
    /// After the colon of the key `items`.
    pub(super) after_items: usize,
    /// The lines of the input's `results` in block style; the bytes of their value in flow style.
    pub(super) results: Option<Range<usize>>,
    /// Where a key can be added after the last one.
    pub(super) end: usize,
    pub(super) api_version: Option<String>,
    pub(super) kind: Option<String>,
    pub(super) function_config: Option<Value>,
}

impl Layout {
    /// Refuses a list in which readers see different lines around the items. Those in an item are a fault of the item.
    ///
    /// # Errors
    /// [`YamlError::LineBreak`].
    pub(super) fn check_line_breaks(&self, text: &str) -> Result<(), YamlError> {
        let starts = self.items.iter().map(|item| item.end);
        let ends = self.items.iter().map(|item| item.start);
        let mut gaps = std::iter::once(0).chain(starts).zip(ends.chain([text.len()]));
        gaps.try_for_each(|(start, end)| YamlError::check_line_breaks_in(text, start..end))
    }
}

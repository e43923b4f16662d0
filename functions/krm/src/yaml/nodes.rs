//! Where the nodes of a text stand: one row of marks.
//!
//! The marks lie in the order of the text, each collection before what is in it. So a text is read with one allocation,
//! and nothing has to be taken apart afterwards.

use std::collections::HashMap;
use std::ops::Range;

use super::error::{Position, YamlError};
use super::events::{Event, Events};
use crate::limits::{MAX_DEPTH, MAX_NODES};

/// How a scalar is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// `text`
    Plain,
    /// `'text'`
    SingleQuoted,
    /// `"text"`
    DoubleQuoted,
    /// `|` or `>` and lines below it.
    Block,
}

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// Text.
    Scalar(Style),
    /// A list, `[..]` if it is flow, else `- ..` lines.
    Sequence { flow: bool },
    /// A map, `{..}` if it is flow, else `key: ..` lines.
    Mapping { flow: bool },
    /// `*name`.
    Alias,
}

/// What an explicit tag says about how to read a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tag {
    None,
    /// `!!str`: text whatever it looks like.
    Str,
    /// `!!int`, `!!float`, `!!bool`, `!!null`: as if it were plain, also where it is quoted.
    Plain,
    /// `!!map`, `!!seq`: what the node is anyway.
    Collection,
    Other,
}

/// A node as it is kept, and where it stands: see [`Node`](super::tree::Node).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) start: u32,
    pub(super) end: u32,
    /// The number of the first node that is not in this one.
    pub(super) next: u32,
    pub(super) form: Form,
    pub(super) tag: Tag,
    /// Whether a scalar says something else than the bytes between its quotes.
    pub(super) escaped: bool,
}

/// The nodes of a text that holds one YAML document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Nodes {
    pub(super) marks: Vec<Mark>,
    /// What the escaped scalars say, by the number of the node.
    pub(super) texts: Vec<(u32, Box<str>)>,
    /// What the aliases stand for: the number of the alias, that of its target.
    pub(super) targets: Vec<(u32, u32)>,
    /// Whether any node has an anchor or is an alias.
    pub(super) has_anchors: bool,
}

impl Nodes {
    /// None yet, of a text of so many bytes.
    pub(super) fn of_length(bytes: usize) -> Nodes {
        // Few packages have more nodes than this.
        Nodes { marks: Vec::with_capacity((bytes / 8 + 4).min(MAX_NODES)), ..Nodes::default() }
    }

    /// The nodes that the YAML parser finds, whatever the text looks like.
    ///
    /// # Errors
    /// [`YamlError`] where the text is not YAML, is too deep or has too many nodes, or holds no or several documents.
    pub(super) fn parse(source: &str) -> Result<Nodes, YamlError> {
        let mut nodes = Nodes::default();
        let mut documents = 0;
        // The nodes that have an anchor, by its number; 0 is none.
        let mut anchored = HashMap::new();
        let mut open = Vec::new();
        for event in Events::of(source) {
            let (event, range) = event?;
            if nodes.marks.len() > MAX_NODES {
                return Err(YamlError::TooManyNodes);
            }
            let (number, start) = (nodes.len(), range.start);
            let anchor = match event {
                Event::Document => {
                    documents += 1;
                    continue;
                }
                Event::End => {
                    if let Some(collection) = open.pop() {
                        nodes.end(collection, range.end);
                    }
                    continue;
                }
                Event::Alias(anchor) => {
                    nodes.push(range, Form::Alias, Tag::None);
                    nodes.targets.extend(anchored.get(&anchor).map(|target| (number, *target)));
                    nodes.has_anchors = true;
                    continue;
                }
                Event::Sequence { flow, anchor, tag } => {
                    nodes.push(range, Form::Sequence { flow }, tag);
                    open.push(number);
                    anchor
                }
                Event::Mapping { flow, anchor, tag } => {
                    nodes.push(range, Form::Mapping { flow }, tag);
                    open.push(number);
                    anchor
                }
                Event::Scalar { text, style, anchor, tag } => {
                    nodes.push_scalar(source, &text, range, style, tag);
                    anchor
                }
            };
            if open.len() > MAX_DEPTH {
                return Err(YamlError::TooDeep { at: Position::of(source, start) });
            }
            if anchor != 0 {
                anchored.insert(anchor, number);
                nodes.has_anchors = true;
            }
        }
        if nodes.marks.is_empty() || documents != 1 {
            return Err(YamlError::Documents(documents));
        }
        // They are kept for as long as the item.
        nodes.marks.shrink_to_fit();
        Ok(nodes)
    }

    /// How many nodes there are, which is the number of the next one.
    pub(super) fn len(&self) -> u32 {
        short(self.marks.len())
    }

    /// Where the last node ends.
    pub(super) fn last_end(&self) -> usize {
        self.marks.last().map_or(0, |mark| mark.end as usize)
    }

    /// Adds a node; if it is a collection, those in it follow, and then [`Nodes::close`].
    pub(super) fn push(&mut self, range: Range<usize>, form: Form, tag: Tag) {
        let next = self.len().saturating_add(1);
        self.marks.push(Mark { start: short(range.start), end: short(range.end), next, form, tag, escaped: false });
    }

    fn push_scalar(&mut self, source: &str, text: &str, range: Range<usize>, style: Style, tag: Tag) {
        let absent = style == Style::Plain && range.is_empty();
        let shown = bare(range.clone(), style).and_then(|range| source.get(range));
        let number = self.len();
        self.push(range, Form::Scalar(style), tag);
        if !absent && shown != Some(text) {
            self.texts.push((number, text.into()));
            if let Some(mark) = self.marks.last_mut() {
                mark.escaped = true;
            }
        }
    }

    /// Ends a collection that the parser ends at `end`; a block collection goes from its first child to its last.
    fn end(&mut self, number: u32, end: usize) {
        self.close(number, end);
        let first = self.marks.get(number as usize + 1).copied();
        let children = std::iter::successors(first, |child| self.marks.get(child.next as usize).copied());
        let last_end = children.map(|child| child.end).max();
        let Some(mark) = self.marks.get_mut(number as usize) else { return };
        let is_flow = matches!(mark.form, Form::Sequence { flow: true } | Form::Mapping { flow: true });
        if let (false, Some(first), Some(last_end)) = (is_flow, first, last_end) {
            (mark.start, mark.end) = (first.start, last_end);
        }
    }

    /// Ends a collection: the nodes since `number` are in it.
    pub(super) fn close(&mut self, number: u32, end: usize) {
        let next = self.len();
        if let Some(mark) = self.marks.get_mut(number as usize) {
            (mark.end, mark.next) = (short(end), next);
        }
    }
}

/// The bytes of a scalar without its quotes.
pub(super) fn bare(range: Range<usize>, style: Style) -> Option<Range<usize>> {
    match style {
        Style::Plain | Style::Block => Some(range),
        Style::SingleQuoted | Style::DoubleQuoted => {
            let inner = range.start + 1..range.end.checked_sub(1)?;
            (inner.start <= inner.end).then_some(inner)
        }
    }
}

/// Texts are no longer than [`MAX_BYTES`](crate::limits::MAX_BYTES).
fn short(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

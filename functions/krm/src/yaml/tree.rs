//! Where the nodes of a text stand.

use std::ops::Range;

use super::error::{Position, YamlError};
use super::events::{Event, Events};
use super::simple;

/// How a scalar is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// `text`
    Plain,
    /// `'text'`
    SingleQuoted,
    /// `"text"`
    DoubleQuoted,
    /// `|` or `>` and lines below it.
    Block,
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

/// One node and the bytes that it covers.
///
/// The range of a scalar or a flow collection is exact, quotes and brackets included; for a block scalar it starts at
/// the content, after the header line; for a block collection it goes from its first child to the end of its last.
/// Anchors and tags stand before the range.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The bytes of the node.
    pub range: Range<usize>,
    /// What it is.
    pub content: Content,
    pub(super) anchor: usize,
    pub(super) tag: Tag,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// Text. `text` is absent where it is the same as the bytes between the quotes.
    Scalar {
        /// How it is written.
        style: Style,
        /// The text after escapes and folding.
        text: Option<Box<str>>,
    },
    /// A list.
    Sequence {
        /// `[..]` rather than `- ..`.
        flow: bool,
        /// Its elements.
        items: Vec<Node>,
    },
    /// A map.
    Mapping {
        /// `{..}` rather than `key: ..` lines.
        flow: bool,
        /// Its entries, in order.
        entries: Vec<Entry>,
    },
    /// `*name`, by the number of its anchor.
    Alias(usize),
}

/// A key and its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: Node,
    /// The value; an absent one is a plain scalar with an empty range.
    pub value: Node,
}

/// The nodes of a text that holds one YAML document.
#[derive(Debug, Clone, PartialEq)]
pub struct Tree {
    /// The outermost node.
    pub root: Node,
    /// Whether any node has an anchor or is an alias.
    pub has_anchors: bool,
}

impl Node {
    /// The text of a scalar, or `None` for anything else.
    #[must_use]
    pub fn scalar<'a>(&'a self, source: &'a str) -> Option<&'a str> {
        let Content::Scalar { style, text } = &self.content else { return None };
        if let Some(text) = text {
            return Some(text);
        }
        bare(source, &self.range, *style)
    }

    /// Whether this is a value that is written as nothing at all (`key:`).
    #[must_use]
    pub fn is_absent(&self) -> bool {
        matches!(self.content, Content::Scalar { style: Style::Plain, .. }) && self.range.is_empty()
    }

    /// The entries of a map, or nothing.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        match &self.content {
            Content::Mapping { entries, .. } => entries,
            _ => &[],
        }
    }

    /// The elements of a list, or nothing.
    #[must_use]
    pub fn items(&self) -> &[Node] {
        match &self.content {
            Content::Sequence { items, .. } => items,
            _ => &[],
        }
    }

    /// The value of a key of a map.
    #[must_use]
    pub fn get<'a>(&'a self, source: &'a str, key: &str) -> Option<&'a Node> {
        self.entries().iter().find(|entry| entry.key.scalar(source) == Some(key)).map(|entry| &entry.value)
    }

    /// Whether the node is written in flow style, with brackets.
    #[must_use]
    pub fn is_flow(&self) -> bool {
        matches!(self.content, Content::Sequence { flow: true, .. } | Content::Mapping { flow: true, .. })
    }
}

/// The bytes of a scalar without its quotes.
fn bare<'a>(source: &'a str, range: &Range<usize>, style: Style) -> Option<&'a str> {
    let raw = source.get(range.clone())?;
    match style {
        Style::Plain | Style::Block => Some(raw),
        Style::SingleQuoted | Style::DoubleQuoted => raw.get(1..raw.len().checked_sub(1)?),
    }
}

/// A collection that is being read.
struct Open {
    node: Node,
    key: Option<Node>,
}

impl Open {
    fn take(&mut self, child: Node) {
        if !self.node.is_flow() {
            let first = self.key.is_none() && self.node.items().is_empty() && self.node.entries().is_empty();
            if first {
                self.node.range.start = child.range.start;
            }
            self.node.range.end = self.node.range.end.max(child.range.end);
        }
        match &mut self.node.content {
            Content::Sequence { items, .. } => items.push(child),
            Content::Mapping { entries, .. } => match self.key.take() {
                None => self.key = Some(child),
                Some(key) => entries.push(Entry { key, value: child }),
            },
            Content::Scalar { .. } | Content::Alias(_) => {}
        }
    }
}

impl Tree {
    /// Reads a text that holds exactly one document.
    ///
    /// # Errors
    /// [`YamlError`] where the text is not YAML, is too large, or holds no or several documents.
    pub fn parse(source: &str) -> Result<Tree, YamlError> {
        if source.len() > super::MAX_BYTES {
            return Err(YamlError::TooLarge(source.len()));
        }
        match simple::parse(source) {
            Some(tree) => Ok(tree),
            None => Tree::parse_any(source),
        }
    }

    /// [`Tree::parse`] by the YAML parser, whatever the text looks like.
    pub(super) fn parse_any(source: &str) -> Result<Tree, YamlError> {
        let mut documents = 0;
        let mut has_anchors = false;
        let mut open: Vec<Open> = Vec::new();
        let mut root = None;
        for event in Events::of(source) {
            let (event, range) = event?;
            let finished = match event {
                Event::Document => {
                    documents += 1;
                    continue;
                }
                Event::Sequence { flow, anchor, tag } => {
                    let content = Content::Sequence { flow, items: Vec::new() };
                    has_anchors |= anchor != 0;
                    open.push(Open { node: Node { range, content, anchor, tag }, key: None });
                    continue;
                }
                Event::Mapping { flow, anchor, tag } => {
                    let content = Content::Mapping { flow, entries: Vec::new() };
                    has_anchors |= anchor != 0;
                    open.push(Open { node: Node { range, content, anchor, tag }, key: None });
                    continue;
                }
                Event::End => {
                    let Some(mut closed) = open.pop() else { continue };
                    if closed.node.is_flow() {
                        closed.node.range.end = range.end;
                    }
                    closed.node
                }
                Event::Scalar { text, style, anchor, tag } => {
                    has_anchors |= anchor != 0;
                    let absent = style == Style::Plain && range.is_empty();
                    let same = absent || bare(source, &range, style) == Some(&*text);
                    let text = if same { None } else { Some(text.into()) };
                    Node { range, content: Content::Scalar { style, text }, anchor, tag }
                }
                Event::Alias(anchor) => {
                    has_anchors = true;
                    Node { range, content: Content::Alias(anchor), anchor: 0, tag: Tag::None }
                }
            };
            match open.last_mut() {
                Some(parent) => parent.take(finished),
                None => root = root.or(Some(finished)),
            }
        }
        match root {
            Some(root) if documents == 1 => Ok(Tree { root, has_anchors }),
            _ => Err(YamlError::Documents(documents)),
        }
    }

    /// The place of a node in the text that the tree was read from.
    #[must_use]
    pub fn position(source: &str, node: &Node) -> Position {
        Position::of(source, node.range.start)
    }
}

//! Where the nodes of a text stand.
//!
//! The nodes lie in one row in the order of the text, each collection before what is in it. So a text is read with one
//! allocation, and nothing has to be taken apart afterwards.

use std::collections::HashMap;
use std::ops::Range;

use super::error::{Position, YamlError};
use super::events::{Event, Events};
use super::simple;

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

/// A node as it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Mark {
    start: u32,
    end: u32,
    /// The number of the first node that is not in this one.
    next: u32,
    form: Form,
    tag: Tag,
    /// Whether a scalar says something else than the bytes between its quotes.
    escaped: bool,
}

const NO_MARK: Mark =
    Mark { start: 0, end: 0, next: 0, form: Form::Scalar(Style::Plain), tag: Tag::None, escaped: false };

/// The nodes of a text that holds one YAML document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tree<'s> {
    source: &'s str,
    marks: Vec<Mark>,
    /// What the escaped scalars say, by the number of the node.
    texts: Vec<(u32, Box<str>)>,
    /// What the aliases stand for: the number of the alias, that of its target.
    targets: Vec<(u32, u32)>,
    has_anchors: bool,
}

/// One node and the bytes that it covers.
///
/// The range of a scalar or a flow collection is exact, quotes and brackets included; for a block scalar it starts at
/// the content, after the header line; for a block collection it goes from its first child to the end of its last.
/// Anchors and tags stand before the range.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Node<'t> {
    tree: &'t Tree<'t>,
    number: usize,
}

/// A key and its value.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry<'t> {
    pub(crate) key: Node<'t>,
    /// An absent value is a plain scalar with an empty range.
    pub(crate) value: Node<'t>,
}

impl<'t> Node<'t> {
    fn mark(self) -> &'t Mark {
        self.tree.marks.get(self.number).unwrap_or(&NO_MARK)
    }

    pub(crate) fn source(self) -> &'t str {
        self.tree.source
    }

    pub(crate) fn start(self) -> usize {
        self.mark().start as usize
    }

    pub(crate) fn end(self) -> usize {
        self.mark().end as usize
    }

    pub(crate) fn range(self) -> Range<usize> {
        self.start()..self.end()
    }

    pub(crate) fn position(self) -> Position {
        Position::of(self.tree.source, self.start())
    }

    pub(crate) fn form(self) -> Form {
        self.mark().form
    }

    pub(super) fn tag(self) -> Tag {
        self.mark().tag
    }

    /// The text of a scalar, or `None` for anything else.
    pub(crate) fn scalar(self) -> Option<&'t str> {
        let mark = self.mark();
        let Form::Scalar(style) = mark.form else { return None };
        if mark.escaped {
            let found = self.tree.texts.binary_search_by_key(&self.number, |(number, _)| *number as usize);
            return self.tree.texts.get(found.ok()?).map(|(_, text)| &**text);
        }
        self.tree.source.get(bare(self.range(), style)?)
    }

    /// The bytes of a scalar's text, if they are what the scalar says.
    pub(crate) fn bare(self) -> Option<Range<usize>> {
        let mark = self.mark();
        match mark.form {
            Form::Scalar(style) if !mark.escaped => bare(self.range(), style),
            _ => None,
        }
    }

    /// Whether this is a value that is written as nothing at all (`key:`).
    pub(crate) fn is_absent(self) -> bool {
        let mark = self.mark();
        mark.form == Form::Scalar(Style::Plain) && mark.start == mark.end
    }

    /// Whether the node is written in flow style, with brackets.
    pub(crate) fn is_flow(self) -> bool {
        matches!(self.form(), Form::Sequence { flow: true } | Form::Mapping { flow: true })
    }

    pub(crate) fn is_map(self) -> bool {
        matches!(self.form(), Form::Mapping { .. })
    }

    /// Whether nothing is in the node.
    pub(crate) fn is_empty(self) -> bool {
        self.children().next().is_none()
    }

    /// The nodes directly in this one: the elements of a list, or the keys and values of a map.
    fn children(self) -> Children<'t> {
        Children { tree: self.tree, next: self.number.saturating_add(1), end: self.mark().next as usize }
    }

    /// The elements of a list, or nothing.
    pub(crate) fn items(self) -> Children<'t> {
        let is_list = matches!(self.form(), Form::Sequence { .. });
        if is_list { self.children() } else { Children { tree: self.tree, next: 0, end: 0 } }
    }

    /// The entries of a map in order, or nothing.
    pub(crate) fn entries(self) -> Entries<'t> {
        Entries(if self.is_map() { self.children() } else { Children { tree: self.tree, next: 0, end: 0 } })
    }

    /// The value of a key of a map.
    pub(crate) fn get(self, key: &str) -> Option<Node<'t>> {
        self.entries().find(|entry| entry.key.scalar() == Some(key)).map(|entry| entry.value)
    }

    pub(super) fn in_tree_with_anchors(self) -> bool {
        self.tree.has_anchors
    }

    /// What an alias stands for, if that is there.
    pub(super) fn target(self) -> Option<Node<'t>> {
        let found = self.tree.targets.binary_search_by_key(&self.number, |(alias, _)| *alias as usize);
        self.tree.targets.get(found.ok()?).map(|(_, target)| Node { number: *target as usize, ..self })
    }

    /// Whether the other node is written and says the same, comments and layout aside. Only for trees without anchors.
    pub(super) fn is_written_as(self, other: Node<'_>) -> bool {
        let (own, others) = (self.with_all_inside(), other.with_all_inside());
        own.len() == others.len() && (own.zip(others)).all(|(own, other)| own.is_alike(other))
    }

    fn with_all_inside(self) -> impl ExactSizeIterator<Item = Node<'t>> {
        (self.number..self.mark().next as usize).map(move |number| Node { number, ..self })
    }

    /// Whether two nodes are of the same form, as large, and scalars with the same text.
    fn is_alike(self, other: Node<'_>) -> bool {
        let (own, others) = (self.mark(), other.mark());
        own.form == others.form
            && own.tag == others.tag
            && self.with_all_inside().len() == other.with_all_inside().len()
            && self.scalar() == other.scalar()
    }
}

/// Nodes beside each other.
#[derive(Clone)]
pub(crate) struct Children<'t> {
    tree: &'t Tree<'t>,
    next: usize,
    end: usize,
}

impl<'t> Iterator for Children<'t> {
    type Item = Node<'t>;

    fn next(&mut self) -> Option<Node<'t>> {
        if self.next >= self.end {
            return None;
        }
        let node = Node { tree: self.tree, number: self.next };
        self.next = (node.mark().next as usize).max(self.next + 1);
        Some(node)
    }
}

/// The entries of a map.
#[derive(Clone)]
pub(crate) struct Entries<'t>(Children<'t>);

impl<'t> Iterator for Entries<'t> {
    type Item = Entry<'t>;

    fn next(&mut self) -> Option<Entry<'t>> {
        Some(Entry { key: self.0.next()?, value: self.0.next()? })
    }
}

/// The bytes of a scalar without its quotes.
fn bare(range: Range<usize>, style: Style) -> Option<Range<usize>> {
    match style {
        Style::Plain | Style::Block => Some(range),
        Style::SingleQuoted | Style::DoubleQuoted => {
            let inner = range.start + 1..range.end.checked_sub(1)?;
            (inner.start <= inner.end).then_some(inner)
        }
    }
}

impl<'s> Tree<'s> {
    /// Reads a text that holds exactly one document.
    ///
    /// # Errors
    /// [`YamlError`] where the text is not YAML, is too large, or holds no or several documents.
    pub(crate) fn parse(source: &'s str) -> Result<Tree<'s>, YamlError> {
        if source.len() > super::MAX_BYTES {
            return Err(YamlError::TooLarge(source.len()));
        }
        match simple::parse(source) {
            Some(tree) => Ok(tree),
            None => Tree::parse_any(source),
        }
    }

    /// [`Tree::parse`] by the YAML parser, whatever the text looks like.
    pub(super) fn parse_any(source: &'s str) -> Result<Tree<'s>, YamlError> {
        let mut tree = Tree::of(source);
        let mut documents = 0;
        // The nodes that have an anchor, by its number; 0 is none.
        let mut anchored = HashMap::new();
        let mut open = Vec::new();
        for event in Events::of(source) {
            let (event, range) = event?;
            let number = tree.len();
            let anchor = match event {
                Event::Document => {
                    documents += 1;
                    continue;
                }
                Event::End => {
                    if let Some(collection) = open.pop() {
                        tree.end(collection, range.end);
                    }
                    continue;
                }
                Event::Alias(anchor) => {
                    tree.push(range, Form::Alias, Tag::None);
                    tree.targets.extend(anchored.get(&anchor).map(|target| (number, *target)));
                    tree.has_anchors = true;
                    continue;
                }
                Event::Sequence { flow, anchor, tag } => {
                    tree.push(range, Form::Sequence { flow }, tag);
                    open.push(number);
                    anchor
                }
                Event::Mapping { flow, anchor, tag } => {
                    tree.push(range, Form::Mapping { flow }, tag);
                    open.push(number);
                    anchor
                }
                Event::Scalar { text, style, anchor, tag } => {
                    tree.push_scalar(&text, range, style, tag);
                    anchor
                }
            };
            if anchor != 0 {
                anchored.insert(anchor, number);
                tree.has_anchors = true;
            }
        }
        if tree.marks.is_empty() || documents != 1 {
            return Err(YamlError::Documents(documents));
        }
        Ok(tree)
    }

    pub(super) fn of(source: &'s str) -> Tree<'s> {
        // Few packages have more nodes than this.
        let marks = Vec::with_capacity(source.len() / 8 + 4);
        Tree { source, marks, texts: Vec::new(), targets: Vec::new(), has_anchors: false }
    }

    /// How many nodes there are, which is the number of the next one.
    pub(super) fn len(&self) -> u32 {
        short(self.marks.len())
    }

    /// Where the last node ends.
    pub(super) fn last_end(&self) -> usize {
        self.marks.last().map_or(0, |mark| mark.end as usize)
    }

    /// Adds a node; if it is a collection, those in it follow, and then [`Tree::close`].
    pub(super) fn push(&mut self, range: Range<usize>, form: Form, tag: Tag) {
        let next = self.len().saturating_add(1);
        self.marks.push(Mark { start: short(range.start), end: short(range.end), next, form, tag, escaped: false });
    }

    fn push_scalar(&mut self, text: &str, range: Range<usize>, style: Style, tag: Tag) {
        let absent = style == Style::Plain && range.is_empty();
        let shown = bare(range.clone(), style).and_then(|range| self.source.get(range));
        let number = self.len();
        self.push(range, Form::Scalar(style), tag);
        if !absent && shown != Some(text) {
            self.texts.push((number, text.into()));
            if let Some(mark) = self.marks.last_mut() {
                mark.escaped = true;
            }
        }
    }

    /// Ends a collection that the parser ends at `end`: a block collection ends with its last child.
    fn end(&mut self, number: u32, end: usize) {
        self.close(number, end);
        let node = Node { tree: self, number: number as usize };
        if node.is_flow() {
            return;
        }
        let own_end = node.children().map(Node::end).max();
        let own_start = node.children().next().map(Node::start);
        if let (Some(mark), Some(start), Some(end)) = (self.marks.get_mut(number as usize), own_start, own_end) {
            (mark.start, mark.end) = (short(start), short(end));
        }
    }

    /// Ends a collection: the nodes since `number` are in it.
    pub(super) fn close(&mut self, number: u32, end: usize) {
        let next = self.len();
        if let Some(mark) = self.marks.get_mut(number as usize) {
            (mark.end, mark.next) = (short(end), next);
        }
    }

    /// The outermost node.
    pub(crate) fn root(&self) -> Node<'_> {
        Node { tree: self, number: 0 }
    }

    /// The node of an object: the root or, with `element`, the only element of the root.
    pub(crate) fn object(&self, element: bool) -> Option<Node<'_>> {
        let root = self.root();
        if !element {
            return Some(root);
        }
        let mut items = root.items();
        items.next().filter(|_| items.next().is_none())
    }

    /// Whether any node has an anchor or is an alias.
    pub(crate) fn has_anchors(&self) -> bool {
        self.has_anchors
    }
}

/// Texts are no longer than [`MAX_BYTES`](super::MAX_BYTES).
fn short(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

//! One YAML text and its nodes.

use std::ops::Range;
use std::sync::Arc;

use super::error::{Position, YamlError};
use super::nodes::{self, Form, Mark, Nodes, Style, Tag};
use super::simple;
use crate::limits::MAX_BYTES;

/// A text that holds one YAML document, and where its nodes stand.
#[derive(Debug, Clone)]
pub(crate) struct Tree<'s> {
    source: &'s str,
    nodes: Arc<Nodes>,
    /// Whether it took the YAML parser to find the nodes.
    parsed: bool,
}

impl<'s> Tree<'s> {
    /// Reads a text that holds exactly one document.
    ///
    /// # Errors
    /// [`YamlError`] where the text is not YAML, is too large, or holds no or several documents.
    pub(crate) fn parse(source: &'s str) -> Result<Tree<'s>, YamlError> {
        if source.len() > MAX_BYTES {
            return Err(YamlError::TooLarge);
        }
        match simple::parse(source) {
            Some(nodes) => Ok(Tree { source, nodes: Arc::new(nodes), parsed: false }),
            None => Ok(Tree { source, nodes: Arc::new(Nodes::parse(source)?), parsed: true }),
        }
    }

    /// A text with the nodes that an earlier reading of it found.
    pub(crate) fn again(source: &'s str, nodes: &Arc<Nodes>) -> Tree<'s> {
        Tree { source, nodes: Arc::clone(nodes), parsed: false }
    }

    /// The nodes, if they are worth keeping: it took the YAML parser to find them.
    pub(crate) fn worth_keeping(&self) -> Option<Arc<Nodes>> {
        self.parsed.then(|| Arc::clone(&self.nodes))
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
        self.nodes.has_anchors
    }
}

const NO_MARK: Mark =
    Mark { start: 0, end: 0, next: 0, form: Form::Scalar(Style::Plain), tag: Tag::None, escaped: false };

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
        self.tree.nodes.marks.get(self.number).unwrap_or(&NO_MARK)
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
            let found = self.tree.nodes.texts.binary_search_by_key(&self.number, |(number, _)| *number as usize);
            return self.tree.nodes.texts.get(found.ok()?).map(|(_, text)| &**text);
        }
        self.tree.source.get(nodes::bare(self.range(), style)?)
    }

    /// The bytes of a scalar's text, if they are what the scalar says.
    pub(crate) fn bare(self) -> Option<Range<usize>> {
        let mark = self.mark();
        match mark.form {
            Form::Scalar(style) if !mark.escaped => nodes::bare(self.range(), style),
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
        self.tree.nodes.has_anchors
    }

    /// What an alias stands for, if that is there.
    pub(super) fn target(self) -> Option<Node<'t>> {
        let found = self.tree.nodes.targets.binary_search_by_key(&self.number, |(alias, _)| *alias as usize);
        self.tree.nodes.targets.get(found.ok()?).map(|(_, target)| Node { number: *target as usize, ..self })
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

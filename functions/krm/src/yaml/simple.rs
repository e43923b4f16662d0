//! The nodes of plain block-style text, more than ten times faster than the parser finds them.
//!
//! Nearly all of a package is lines `key: value` and `- key: value` with scalars on one line. This reads such text and
//! nothing else: whatever it does not know for certain (flow collections, block scalars, continuation lines, escapes,
//! anchors, tags, tabs, anything beyond ASCII) it leaves to the parser by answering `None`. Where it answers, the
//! nodes are the parser's: a property test compares them.

mod class;

use std::ops::Range;

use class::is;

use super::nodes::{Form, Nodes, Style, Tag};
use crate::limits::MAX_NODES;

/// The parser refuses text that is some hundred levels deep; no object is as deep as this.
const MAX_DEPTH: usize = 64;

/// YAML bounds a key on one line to 1024 characters; what comes near is the parser's business.
const MAX_KEY: usize = 256;

/// The nodes of a text, or `None` where the parser has to tell.
pub(super) fn parse(text: &str) -> Option<Nodes> {
    let mut reader =
        Reader { bytes: text.as_bytes(), at: 0, nodes: Nodes::of_length(text.len()), open: Vec::with_capacity(8) };
    while reader.at < text.len() {
        reader.line()?;
        if reader.nodes.len() as usize > MAX_NODES {
            return None;
        }
    }
    while !reader.open.is_empty() {
        reader.close()?;
    }
    (reader.nodes.len() > 0).then_some(reader.nodes)
}

/// See [`crate::fuzzing::readers_agree`].
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) fn readers_agree(text: &str) -> Result<bool, String> {
    let Some(nodes) = parse(text) else { return Ok(false) };
    match Nodes::parse(text) {
        Ok(parsed) if parsed == nodes => Ok(true),
        Ok(parsed) => Err(format!("the nodes differ in {text:?}\n{nodes:#?}\n{parsed:#?}")),
        Err(error) => Err(format!("the parser says {error} of {text:?}")),
    }
}

/// A collection that is being read.
struct Open {
    number: u32,
    /// The column of its keys or dashes.
    column: usize,
    is_list: bool,
    /// Whether a key's value, or a dash's element, has not come yet.
    waits: bool,
}

struct Reader<'t> {
    bytes: &'t [u8],
    at: usize,
    nodes: Nodes,
    open: Vec<Open>,
}

impl Reader<'_> {
    /// A byte of the text, which ends with a line end whether that is there or not.
    fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(b'\n')
    }

    fn next(&self) -> u8 {
        self.byte(self.at)
    }

    /// Goes to the first byte that is not of a class.
    fn skip(&mut self, class: u8) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        self.at += rest.iter().take_while(|byte| is(**byte, class)).count();
    }

    fn line(&mut self) -> Option<()> {
        let start = self.at;
        self.skip(class::BLANK);
        match self.next() {
            b'\n' => {}
            b'#' => self.skip(class::COMMENT),
            b'-' if self.byte(self.at + 1) == b' ' => self.element(start)?,
            _ => {
                let key_end = self.key_end()?;
                self.key(self.at - start)?;
                self.entry(key_end)?;
            }
        }
        let ends = self.next() == b'\n';
        self.at += 1;
        ends.then_some(())
    }

    /// A dash and what stands behind it: `-` alone, `- # comment` and `- - x` are for the parser.
    fn element(&mut self, line: usize) -> Option<()> {
        let column = self.at - line;
        self.at += 1;
        self.skip(class::BLANK);
        if matches!(self.next(), b'\n' | b'#' | b'-') {
            return None;
        }
        self.dash(column)?;
        match self.key_end() {
            Some(key_end) => {
                self.begin(false, self.at - line)?;
                self.entry(key_end)
            }
            None => self.value(),
        }
    }

    /// Makes the list of a dash in this column the innermost collection.
    fn dash(&mut self, column: usize) -> Option<()> {
        while self.open.len() > 1 && self.open.last().is_some_and(|open| open.column > column) {
            self.close()?;
        }
        match self.open.last_mut() {
            Some(open) if open.is_list && !open.waits && open.column == column => open.waits = true,
            Some(open) if open.is_list || !open.waits || open.column > column => return None,
            _ => self.begin(true, column)?,
        }
        Some(())
    }

    /// Makes the map of a key in this column the innermost collection.
    fn key(&mut self, column: usize) -> Option<()> {
        let ends = |open: &Open| open.column > column || (open.column == column && open.is_list);
        while self.open.len() > 1 && self.open.last().is_some_and(ends) {
            self.close()?;
        }
        match self.open.last() {
            Some(open) if !open.is_list && open.column == column => self.complete_key(),
            Some(open) if open.is_list || !open.waits || open.column >= column => return None,
            _ => self.begin(false, column)?,
        }
        Some(())
    }

    /// Begins a collection here, as the value or element that the innermost one waits for.
    fn begin(&mut self, is_list: bool, column: usize) -> Option<()> {
        if self.open.len() >= MAX_DEPTH {
            return None;
        }
        let number = self.nodes.len();
        let form = if is_list { Form::Sequence { flow: false } } else { Form::Mapping { flow: false } };
        self.leaf(self.at..self.at, form);
        self.open.push(Open { number, column, is_list, waits: is_list });
        Some(())
    }

    /// Ends the innermost collection.
    fn close(&mut self) -> Option<()> {
        self.complete_key();
        let closed = self.open.pop().filter(|closed| !closed.waits)?;
        self.nodes.close(closed.number, self.nodes.last_end());
        Some(())
    }

    /// A key without a value has an absent one; a dash without an element is the parser's business.
    fn complete_key(&mut self) {
        if self.open.last().is_some_and(|open| open.waits && !open.is_list) {
            let at = self.nodes.last_end();
            self.leaf(at..at, Form::Scalar(Style::Plain));
        }
    }

    /// Adds a node, as the value or element that the innermost collection waits for.
    fn leaf(&mut self, range: Range<usize>, form: Form) {
        self.nodes.push(range, form, Tag::None);
        if let Some(open) = self.open.last_mut() {
            open.waits = false;
        }
    }

    /// The end of a plain key that starts here and is followed by a colon.
    fn key_end(&self) -> Option<usize> {
        let rest = self.bytes.get(self.at..)?;
        let length = rest.iter().take_while(|byte| is(**byte, class::KEY)).count();
        let end = self.at + length;
        let colon = self.byte(end) == b':' && matches!(self.byte(end + 1), b' ' | b'\n');
        (colon && is(self.next(), class::KEY_START) && length <= MAX_KEY).then_some(end)
    }

    /// The key and, if it stands on the line, its value.
    fn entry(&mut self, key_end: usize) -> Option<()> {
        self.nodes.push(self.at..key_end, Form::Scalar(Style::Plain), Tag::None);
        self.open.last_mut()?.waits = true;
        self.at = key_end + 1;
        self.skip(class::BLANK);
        match self.next() {
            b'\n' => {}
            b'#' if self.at > key_end + 1 => self.skip(class::COMMENT),
            _ => self.value()?,
        }
        Some(())
    }

    /// The scalar or empty collection that starts here, and a comment behind it.
    fn value(&mut self) -> Option<()> {
        let start = self.at;
        let form = match self.next() {
            quote @ (b'"' | b'\'') => self.quoted(quote)?,
            b'{' => self.empty(b'}', Form::Mapping { flow: true })?,
            b'[' => self.empty(b']', Form::Sequence { flow: true })?,
            _ => return self.plain(),
        };
        let end = self.at;
        self.leaf(start..end, form);
        self.skip(class::BLANK);
        if self.next() == b'#' && self.at > end {
            self.skip(class::COMMENT);
        }
        Some(())
    }

    fn quoted(&mut self, quote: u8) -> Option<Form> {
        let inner = self.bytes.get(self.at + 1..)?;
        let length = inner.iter().take_while(|byte| **byte != quote && is(**byte, class::QUOTED)).count();
        self.at += length + 1;
        if self.next() != quote {
            return None;
        }
        self.at += 1;
        let style = if quote == b'"' { Style::DoubleQuoted } else { Style::SingleQuoted };
        (self.next() != quote).then_some(Form::Scalar(style))
    }

    /// A collection without anything in it.
    fn empty(&mut self, close: u8, form: Form) -> Option<Form> {
        let closes = self.byte(self.at + 1) == close;
        self.at += 2;
        closes.then_some(form)
    }

    /// A plain scalar, and a comment behind it.
    fn plain(&mut self) -> Option<()> {
        let start = self.at;
        let starts = is(self.next(), class::PLAIN_START)
            || (self.next() == b'-' && self.byte(self.at + 1).is_ascii_alphanumeric());
        if !starts {
            return None;
        }
        loop {
            self.skip(class::PLAIN);
            match self.next() {
                b' ' if self.byte(self.at - 1) == b':' => return None,
                b'#' if self.byte(self.at - 1) == b' ' => break,
                b' ' | b'#' => self.at += 1,
                _ => break,
            }
        }
        let shown = self.bytes.get(start..self.at)?;
        let last = shown.iter().rposition(|byte| *byte != b' ')?;
        self.leaf(start..start + last + 1, Form::Scalar(Style::Plain));
        if self.next() == b'#' {
            self.skip(class::COMMENT);
        }
        (shown.get(last) != Some(&b':')).then_some(())
    }
}

#[cfg(test)]
mod tests;

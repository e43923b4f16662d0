//! The nodes of plain block-style text, some twenty times faster than the parser finds them.
//!
//! Nearly all of a package is lines `key: value` and `- key: value` with scalars on one line. This reads such text and
//! nothing else: whatever it does not know for certain (flow collections, block scalars, continuation lines, escapes,
//! anchors, tags, tabs, anything beyond ASCII) it leaves to the parser by answering `None`. Where it answers, the
//! nodes are the parser's: a property test compares them.

mod class;

use class::is;
use memchr::memchr;

use super::tree::{Form, Style, Tag, Tree};

/// The parser refuses text that is some hundred levels deep; no object is as deep as this.
const MAX_DEPTH: usize = 64;

/// Readers disagree about longer keys.
const MAX_KEY: usize = 256;

/// The nodes of a text, or `None` where the parser has to tell.
pub(super) fn parse(text: &str) -> Option<Tree<'_>> {
    let mut reader = Reader { bytes: text.as_bytes(), tree: Tree::of(text), open: Vec::with_capacity(8) };
    let mut at = 0;
    while at < text.len() {
        let end = memchr(b'\n', reader.bytes.get(at..)?).map_or(text.len(), |i| at + i);
        reader.line(at, end)?;
        at = end + 1;
    }
    while !reader.open.is_empty() {
        reader.close()?;
    }
    (reader.tree.len() > 0).then_some(reader.tree)
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
    tree: Tree<'t>,
    open: Vec<Open>,
}

impl Reader<'_> {
    fn byte(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    fn line(&mut self, start: usize, end: usize) -> Option<()> {
        let at = self.skip_blanks(start, end);
        if at == end || self.byte(at)? == b'#' {
            return self.comment(at, end);
        }
        if self.byte(at)? == b'-' && self.byte(at + 1) == Some(b' ') {
            return self.element(start, at, end);
        }
        let key_end = self.key_end(at, end)?;
        self.key(at - start, at)?;
        self.entry(at, key_end, end)
    }

    /// A dash and what stands behind it: `-` alone, `- # comment` and `- - x` are for the parser.
    fn element(&mut self, start: usize, dash: usize, end: usize) -> Option<()> {
        let at = self.skip_blanks(dash + 1, end);
        if at == end || matches!(self.byte(at)?, b'#' | b'-') {
            return None;
        }
        self.dash(dash - start, at)?;
        match self.key_end(at, end) {
            Some(key_end) => {
                self.begin(false, at - start, at)?;
                self.entry(at, key_end, end)
            }
            None => self.value(at, end)?.then_some(()),
        }
    }

    /// Makes the list of a dash in this column the innermost collection; its element starts at `at`.
    fn dash(&mut self, column: usize, at: usize) -> Option<()> {
        while self.open.len() > 1 && self.open.last().is_some_and(|open| open.column > column) {
            self.close()?;
        }
        match self.open.last_mut() {
            Some(open) if open.is_list && !open.waits && open.column == column => open.waits = true,
            Some(open) if open.is_list || !open.waits || open.column > column => return None,
            _ => self.begin(true, column, at)?,
        }
        Some(())
    }

    /// Makes the map of a key in this column the innermost collection.
    fn key(&mut self, column: usize, at: usize) -> Option<()> {
        let ends = |open: &Open| open.column > column || (open.column == column && open.is_list);
        while self.open.len() > 1 && self.open.last().is_some_and(ends) {
            self.close()?;
        }
        match self.open.last() {
            Some(open) if !open.is_list && open.column == column => self.complete_key(),
            Some(open) if open.is_list || !open.waits || open.column >= column => return None,
            _ => self.begin(false, column, at)?,
        }
        Some(())
    }

    /// Begins a collection, as the value or element that the innermost one waits for.
    fn begin(&mut self, is_list: bool, column: usize, at: usize) -> Option<()> {
        if self.open.len() >= MAX_DEPTH {
            return None;
        }
        let number = self.tree.len();
        let form = if is_list { Form::Sequence { flow: false } } else { Form::Mapping { flow: false } };
        self.leaf(at, at, form);
        self.open.push(Open { number, column, is_list, waits: is_list });
        Some(())
    }

    /// Ends the innermost collection.
    fn close(&mut self) -> Option<()> {
        self.complete_key();
        let closed = self.open.pop().filter(|closed| !closed.waits)?;
        self.tree.close(closed.number, self.tree.last_end());
        Some(())
    }

    /// A key without a value has an absent one; a dash without an element is the parser's business.
    fn complete_key(&mut self) {
        if self.open.last().is_some_and(|open| open.waits && !open.is_list) {
            let at = self.tree.last_end();
            self.leaf(at, at, Form::Scalar(Style::Plain));
        }
    }

    /// Adds a node, as the value or element that the innermost collection waits for.
    fn leaf(&mut self, start: usize, end: usize, form: Form) {
        self.tree.push(start..end, form, Tag::None);
        if let Some(open) = self.open.last_mut() {
            open.waits = false;
        }
    }

    /// The end of a plain key at `at` that is followed by a colon.
    fn key_end(&self, at: usize, end: usize) -> Option<usize> {
        let line = self.bytes.get(at..end)?;
        let length = line.iter().take_while(|byte| is(**byte, class::KEY)).count();
        let colon = line.get(length)? == &b':' && matches!(line.get(length + 1), None | Some(b' '));
        (colon && is(*line.first()?, class::KEY_START) && length <= MAX_KEY).then_some(at + length)
    }

    /// The key and, if it stands on the line, its value.
    fn entry(&mut self, key_start: usize, key_end: usize, line_end: usize) -> Option<()> {
        self.tree.push(key_start..key_end, Form::Scalar(Style::Plain), Tag::None);
        self.open.last_mut()?.waits = true;
        self.value(key_end + 1, line_end).map(|_| ())
    }

    /// Adds the scalar or empty collection between `from` and the end of the line; answers whether there is one.
    fn value(&mut self, from: usize, end: usize) -> Option<bool> {
        let start = self.skip_blanks(from, end);
        if start == end {
            return Some(false);
        }
        let (value_end, form) = match self.byte(start)? {
            b'#' if start > from => return self.comment(start, end).map(|()| false),
            quote @ (b'"' | b'\'') => self.quoted(start, end, quote)?,
            b'{' => (self.empty(start, end, b'}')?, Form::Mapping { flow: true }),
            b'[' => (self.empty(start, end, b']')?, Form::Sequence { flow: true }),
            _ => (self.plain(start, end)?, Form::Scalar(Style::Plain)),
        };
        self.leaf(start, value_end, form);
        Some(true)
    }

    /// The end of a scalar in quotes, and its form.
    fn quoted(&self, start: usize, end: usize, quote: u8) -> Option<(usize, Form)> {
        let inner = self.bytes.get(start + 1..end)?;
        let length = inner.iter().position(|byte| *byte == quote || !is(*byte, class::QUOTED))?;
        if inner.get(length) != Some(&quote) || inner.get(length + 1) == Some(&quote) {
            return None;
        }
        let after = start + length + 2;
        self.nothing_after(after, end)?;
        let style = if quote == b'"' { Style::DoubleQuoted } else { Style::SingleQuoted };
        Some((after, Form::Scalar(style)))
    }

    /// The end of a collection without anything in it.
    fn empty(&self, start: usize, end: usize, close: u8) -> Option<usize> {
        let after = start + 2;
        let closes = after <= end && self.byte(start + 1) == Some(close);
        closes.then(|| self.nothing_after(after, end))?.map(|()| after)
    }

    /// The end of a plain scalar.
    fn plain(&self, start: usize, end: usize) -> Option<usize> {
        let line = self.bytes.get(start..end)?;
        let starts = is(*line.first()?, class::PLAIN_START)
            || (line.first() == Some(&b'-') && line.get(1).is_some_and(u8::is_ascii_alphanumeric));
        if !starts {
            return None;
        }
        let mut length = 0;
        let text = loop {
            length += line.get(length..)?.iter().take_while(|byte| is(**byte, class::PLAIN)).count();
            let before = line.get(length.checked_sub(1)?)?;
            match line.get(length) {
                None => break line,
                Some(b'#') if *before == b' ' => {
                    self.comment(start + length, end)?;
                    break line.get(..length)?;
                }
                Some(b' ') if *before == b':' => return None,
                Some(b' ' | b'#') => length += 1,
                Some(_) => return None,
            }
        };
        let last = text.iter().rposition(|byte| *byte != b' ')?;
        (text.get(last) != Some(&b':')).then_some(start + last + 1)
    }

    /// Only blanks, or blanks and a comment.
    fn nothing_after(&self, at: usize, end: usize) -> Option<()> {
        let next = self.skip_blanks(at, end);
        match self.byte(next) {
            _ if next == end => Some(()),
            Some(b'#') if next > at => self.comment(next, end),
            _ => None,
        }
    }

    fn comment(&self, at: usize, end: usize) -> Option<()> {
        self.bytes.get(at..end)?.iter().all(|byte| is(*byte, class::COMMENT)).then_some(())
    }

    fn skip_blanks(&self, at: usize, end: usize) -> usize {
        let line = self.bytes.get(at..end).unwrap_or_default();
        at + line.iter().take_while(|byte| **byte == b' ').count()
    }
}

#[cfg(test)]
mod tests;

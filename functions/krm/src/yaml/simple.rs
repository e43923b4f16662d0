//! The nodes of plain block-style text, some ten times faster than the parser finds them.
//!
//! Nearly all of a package is lines `key: value` and `- key: value` with scalars on one line. This reads such text and
//! nothing else: whatever it does not know for certain (flow collections, block scalars, continuation lines, escapes,
//! anchors, tags, tabs, anything beyond ASCII) it leaves to the parser by answering `None`. Where it answers, the
//! nodes are the parser's: a property test compares them.

use super::tree::{Content, Entry, Node, Style, Tag, Tree};

/// The nodes of a text, or `None` where the parser has to tell.
pub(super) fn parse(text: &str) -> Option<Tree> {
    let mut reader = Reader { bytes: text.as_bytes(), open: Vec::with_capacity(8) };
    let mut at = 0;
    while at < text.len() {
        let end = memchr::memchr(b'\n', reader.bytes.get(at..)?).map_or(text.len(), |i| at + i);
        reader.line(at, end)?;
        at = end + 1;
    }
    while reader.open.len() > 1 {
        reader.close()?;
    }
    let root = reader.open.pop()?.finish()?;
    Some(Tree { root, has_anchors: false })
}

/// A collection that is being read, and the column of its keys or dashes.
enum Open {
    Map {
        column: usize,
        entries: Vec<Entry>,
        /// A key whose value has not come yet.
        key: Option<Node>,
    },
    List {
        column: usize,
        items: Vec<Node>,
        /// A dash whose element has not come yet.
        dash: bool,
    },
}

impl Open {
    fn column(&self) -> usize {
        match self {
            Open::Map { column, .. } | Open::List { column, .. } => *column,
        }
    }

    fn take(&mut self, node: Node) -> Option<()> {
        match self {
            Open::Map { entries, key, .. } => entries.push(Entry { key: key.take()?, value: node }),
            Open::List { items, dash, .. } => {
                *dash = std::mem::replace(dash, false).then_some(false)?;
                items.push(node);
            }
        }
        Some(())
    }

    /// A key without a value has an absent one; a dash without an element is the parser's business.
    fn finish(mut self) -> Option<Node> {
        self.complete_key();
        match self {
            Open::Map { entries, .. } => {
                let range = entries.first()?.key.range.start..entries.last()?.value.range.end;
                Some(node(range, Content::Mapping { flow: false, entries }))
            }
            Open::List { dash: true, .. } => None,
            Open::List { items, .. } => {
                let range = items.first()?.range.start..items.last()?.range.end;
                Some(node(range, Content::Sequence { flow: false, items }))
            }
        }
    }

    fn complete_key(&mut self) {
        if let Open::Map { entries, key, .. } = self
            && let Some(key) = key.take()
        {
            let absent = node(key.range.end..key.range.end, Content::Scalar { style: Style::Plain, text: None });
            entries.push(Entry { key, value: absent });
        }
    }
}

fn node(range: std::ops::Range<usize>, content: Content) -> Node {
    Node { range, content, anchor: 0, tag: Tag::None }
}

struct Reader<'t> {
    bytes: &'t [u8],
    open: Vec<Open>,
}

impl Reader<'_> {
    fn byte(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    /// Ends the innermost collection.
    fn close(&mut self) -> Option<()> {
        let finished = self.open.pop()?.finish()?;
        self.open.last_mut()?.take(finished)
    }

    fn line(&mut self, start: usize, end: usize) -> Option<()> {
        let mut at = self.skip_blanks(start, end);
        if at == end || self.byte(at)? == b'#' {
            return self.comment(at, end);
        }
        if self.byte(at)? == b'-' && self.byte(at + 1).is_some_and(|next| next == b' ') {
            self.dash(at - start)?;
            at = self.skip_blanks(at + 1, end);
            // `-` alone, `- # comment` and `- - x` are for the parser.
            if at == end || matches!(self.byte(at)?, b'#' | b'-') {
                return None;
            }
            return match self.key_end(at, end) {
                Some(key_end) => {
                    self.open.push(Open::Map { column: at - start, entries: Vec::with_capacity(6), key: None });
                    self.entry(at, key_end, end)
                }
                None => {
                    let scalar = self.scalar(at, end)??;
                    self.open.last_mut()?.take(scalar)
                }
            };
        }
        let key_end = self.key_end(at, end)?;
        self.key(at - start)?;
        self.entry(at, key_end, end)
    }

    /// Makes the list of a dash in this column the innermost collection.
    fn dash(&mut self, column: usize) -> Option<()> {
        while self.open.last().is_some_and(|open| open.column() > column) && self.open.len() > 1 {
            self.close()?;
        }
        let opens = match self.open.last_mut() {
            None => true,
            Some(Open::List { column: own, dash, .. }) if *own == column && !*dash => {
                *dash = true;
                false
            }
            Some(Open::Map { column: own, key: Some(_), .. }) if *own <= column => true,
            Some(_) => return None,
        };
        if opens {
            self.open.push(Open::List { column, items: Vec::with_capacity(4), dash: true });
        }
        Some(())
    }

    /// Makes the map of a key in this column the innermost collection.
    fn key(&mut self, column: usize) -> Option<()> {
        while self.open.len() > 1
            && self.open.last().is_some_and(|open| {
                open.column() > column || (open.column() == column && matches!(open, Open::List { .. }))
            })
        {
            self.close()?;
        }
        let opens = match self.open.last_mut() {
            None => true,
            Some(open @ Open::Map { .. }) if open.column() == column => {
                open.complete_key();
                false
            }
            Some(Open::Map { column: own, key: Some(_), .. }) if *own < column => true,
            Some(_) => return None,
        };
        if opens {
            self.open.push(Open::Map { column, entries: Vec::with_capacity(6), key: None });
        }
        Some(())
    }

    /// The end of a plain key at `at` that is followed by a colon.
    fn key_end(&self, at: usize, end: usize) -> Option<usize> {
        let line = self.bytes.get(at..end)?;
        let first = line.first()?;
        if !(first.is_ascii_alphanumeric() || matches!(first, b'_' | b'/' | b'.')) {
            return None;
        }
        let length =
            line.iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'/' | b'-')).count();
        let colon = line.get(length)? == &b':' && matches!(line.get(length + 1), None | Some(b' '));
        (colon && length <= 256).then_some(at + length)
    }

    /// The key and, if it stands on the line, its value.
    fn entry(&mut self, key_start: usize, key_end: usize, line_end: usize) -> Option<()> {
        let name = node(key_start..key_end, Content::Scalar { style: Style::Plain, text: None });
        let Some(Open::Map { key, .. }) = self.open.last_mut() else { return None };
        *key = Some(name);
        if let Some(value) = self.scalar(key_end + 1, line_end)? {
            self.open.last_mut()?.take(value)?;
        }
        Some(())
    }

    /// The scalar or empty collection between `from` and the end of the line; `Some(None)` if there is nothing.
    #[allow(clippy::option_option)]
    fn scalar(&self, from: usize, end: usize) -> Option<Option<Node>> {
        let start = self.skip_blanks(from, end);
        if start == end {
            return Some(None);
        }
        match self.byte(start)? {
            b'#' => (start > from).then(|| self.comment(start, end))?.map(|()| None),
            quote @ (b'"' | b'\'') => self.quoted(start, end, quote).map(Some),
            open @ (b'{' | b'[') => {
                let close = if open == b'{' { b'}' } else { b']' };
                if self.byte(start + 1)? != close || start + 2 > end {
                    return None;
                }
                self.nothing_after(start + 2, end)?;
                let content = if open == b'{' {
                    Content::Mapping { flow: true, entries: Vec::new() }
                } else {
                    Content::Sequence { flow: true, items: Vec::new() }
                };
                Some(Some(node(start..start + 2, content)))
            }
            _ => self.plain(start, end).map(Some),
        }
    }

    fn quoted(&self, start: usize, end: usize, quote: u8) -> Option<Node> {
        let inner = self.bytes.get(start + 1..end)?;
        let length = memchr::memchr(quote, inner)?;
        let text = inner.get(..length)?;
        let simple = text.iter().all(|b| matches!(b, b' '..=b'~') && *b != b'\\');
        if !simple || inner.get(length + 1) == Some(&quote) {
            return None;
        }
        let after = start + length + 2;
        self.nothing_after(after, end)?;
        let style = if quote == b'"' { Style::DoubleQuoted } else { Style::SingleQuoted };
        Some(node(start..after, Content::Scalar { style, text: None }))
    }

    fn plain(&self, start: usize, end: usize) -> Option<Node> {
        let line = self.bytes.get(start..end)?;
        let first = *line.first()?;
        let second = line.get(1).copied();
        let starts = first.is_ascii_alphanumeric()
            || matches!(first, b'.' | b'/' | b'_' | b'+' | b'(')
            || (first == b'-' && second.is_some_and(|b| b.is_ascii_alphanumeric()));
        if !starts {
            return None;
        }
        let mut length = line.len();
        let mut previous = 0;
        for (i, &byte) in line.iter().enumerate() {
            match byte {
                b'#' if previous == b' ' => {
                    self.comment(start + i, end)?;
                    length = i;
                    break;
                }
                b' ' if previous == b':' => return None,
                b' '..=b'~' => previous = byte,
                _ => return None,
            }
        }
        let text = line.get(..length)?;
        let trimmed = text.iter().rposition(|b| *b != b' ').map_or(0, |last| last + 1);
        if text.get(trimmed.checked_sub(1)?) == Some(&b':') {
            return None;
        }
        Some(node(start..start + trimmed, Content::Scalar { style: Style::Plain, text: None }))
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

    /// A comment, in any language, but without what YAML does not print or what might break a line.
    fn comment(&self, at: usize, end: usize) -> Option<()> {
        // 0xC2 and 0xEF begin the C1 controls and the byte order mark.
        let plain = |b: &u8| matches!(b, b' '..=b'~' | 0x80..=0xc1 | 0xc3..=0xee | 0xf0..);
        self.bytes.get(at..end)?.iter().all(plain).then_some(())
    }

    fn skip_blanks(&self, at: usize, end: usize) -> usize {
        let line = self.bytes.get(at..end).unwrap_or_default();
        at + line.iter().take_while(|b| **b == b' ').count()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Where this answers, the parser answers the same.
    fn agrees(text: &str) -> Result<bool, TestCaseError> {
        let Some(tree) = parse(text) else { return Ok(false) };
        match Tree::parse_any(text) {
            Ok(parsed) => prop_assert_eq!(tree, parsed, "{:?}", text),
            Err(error) => return Err(TestCaseError::fail(format!("the parser says {error} of {text:?}"))),
        }
        Ok(true)
    }

    #[test]
    fn the_layout_of_packages_is_read() {
        for text in [
            "a: 1\n",
            "a: 1 # one\nb:\n  c: 'x' # two\n  d:\n  e: \"y z\"\n# end\n",
            "l:\n- a: 1\n  b:\n  - x\n  - y\n- a: 2\nm:\n  - z\n",
            "- a.b/c-d: http://x:1/y#z\n  e: {}\n  f: []  # none\n",
            "  - a: -1\n    b: 10.0.0.1/24\n    c: a b  # w\n",
            "a:\n\n# c\n\n  b: 1",
            "# w\u{00e9}ll \u{2014} yes\na: 1\n",
        ] {
            assert!(agrees(text).unwrap(), "{text:?}");
        }
    }

    #[test]
    fn what_is_not_certain_is_left_to_the_parser() {
        for text in [
            "",
            "a",
            "- a",
            "a: |\n  x\n",
            "a: [1]\n",
            "a: {b: c}\n",
            "a: b\n  c\n",
            "a: 'it''s'\n",
            "a: \"\\n\"\n",
            "a: &x 1\n",
            "a: *x\n",
            "a: !!str 1\n",
            "a:\tb\n",
            "a: b\r\n",
            "\u{feff}a: b\n",
            "---\na: b\n",
            "a: b: c\n",
            "a: b:\n",
            "? a\n",
            "-\n  a: 1\n",
            "- - a\n",
            "- # c\n  a: 1\n",
            "a: 1\n b: 2\n",
            "a:\n   b: 1\n  c: 2\n",
            "a: é\n",
            "a: 'x\n  y'\n",
            "\"a\": 1\n",
            "a: 1\n...\n",
            "a: %x\n",
            "a: @x\n",
            "a: #x\n  b\n",
            "- a: 1\nb: 2\n",
            "# c\rb: 1\na: 1\n",
            "a: 1\n# \u{7}\n",
        ] {
            // `- a` alone is a list of a scalar, which it knows.
            if text != "- a" {
                assert_eq!(parse(text), None, "{text:?}");
            }
        }
    }

    /// Lines of which packages are made, and some of which they are not.
    fn any_line() -> impl Strategy<Value = String> {
        let indent = (0..4_usize).prop_map(|n| " ".repeat(n * 2));
        let dash = prop::sample::select(vec!["", "", "", "- ", "-  ", "-", "- - "]);
        let key =
            prop::sample::select(vec!["a:", "b:", "c/d.e:", "-x:", "kind:", "", "a :", ".:", "...:", "1:", "a:b"]);
        let value = prop::sample::select(vec![
            "",
            " ",
            " 1",
            " x",
            " x y",
            "  'q'",
            " \"q\"",
            " {}",
            " []",
            " {a: b}",
            " |",
            " 'a",
            " a'b",
            " x: y",
            " x:",
            " -1",
            " -",
            " - x",
            " :x",
            " .5",
            " +1",
            " 'x' y",
            " ''",
            " \"\"",
            " '' x",
            " (x)",
            " a#b",
            " x,y",
            " x]",
            " *a",
            " &a",
            "\tx",
            " ~",
            " é",
            " %",
            " 'a''b'",
            " \"\\x41\"",
            " x\t",
            " ---",
            " ...",
            " {} x",
            " []x",
        ]);
        let comment =
            prop::sample::select(vec!["", "", "", "", " # c", " #c", "#c", " # é", " # \u{7f}", " # \u{2028}x", "\r"]);
        let raw =
            prop::sample::select(vec!["", "# c", "   # d", "---", "...", "- ", "-", "%x", "\u{feff}", "x", "'x", "\t"]);
        prop_oneof![
            6 => (indent, dash, key, value, comment).prop_map(|(i, d, k, v, c)| format!("{i}{d}{k}{v}{c}")),
            1 => raw.prop_map(str::to_owned),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn any_lines_are_read_as_the_parser_reads_them(
            lines in prop::collection::vec(any_line(), 1..8),
            ends in any::<bool>(),
        ) {
            agrees(&format!("{}{}", lines.join("\n"), if ends { "\n" } else { "" }))?;
        }
    }
}

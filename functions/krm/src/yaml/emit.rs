//! Writing values: block style as kpt writes it, flow style, and JSON.
//!
//! kpt restores comments and key order of what a function returns, but no styles, and flow output breaks where it puts
//! a comment; so new text is block style, and every text that some reader could take for something else is quoted.

use std::fmt::Write;

use serde_json::{Map, Value};

use super::scalar::is_plain_text;

/// How new lines are indented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Indent {
    /// Blanks before the lines of the outermost collection.
    pub column: usize,
    /// Whether the dashes of a list stand two columns right of the key that holds it (kpt's `wide`) or below it.
    pub wide_lists: bool,
}

impl Indent {
    /// From the left edge, lists compact: how kpt writes what has no style of its own.
    pub const COMPACT: Indent = Indent { column: 0, wide_lists: false };

    /// The same style from another column.
    #[must_use]
    pub fn at(self, column: usize) -> Indent {
        Indent { column, ..self }
    }
}

/// A value as block-style lines, each ended by `eol`; the first line is not indented, so that it can follow `- `.
///
/// Scalars and empty collections are one line.
#[must_use]
pub fn block(value: &Value, indent: Indent, eol: &str) -> String {
    let mut out = String::new();
    Block { out: &mut out, wide: indent.wide_lists, eol }.node(value, indent.column);
    out
}

/// A value on one line, for inside `{..}` and `[..]`.
#[must_use]
pub fn flow(value: &Value) -> String {
    let mut out = String::new();
    inline(&mut out, value, Target::Flow);
    out
}

/// A value as JSON on one line, blanks after `:` and `,` as in JSON that kpt writes.
#[must_use]
pub fn json(value: &Value) -> String {
    let mut out = String::new();
    inline(&mut out, value, Target::Json);
    out
}

/// A scalar or an empty collection as it stands after `key: `; `None` for what needs lines of its own.
pub(super) fn inline_value(value: &Value) -> Option<String> {
    match value {
        Value::Array(items) if !items.is_empty() => None,
        Value::Object(map) if !map.is_empty() => None,
        _ => {
            let mut out = String::new();
            inline(&mut out, value, Target::Block);
            Some(out)
        }
    }
}

/// A map key in block style.
pub(super) fn key(text: &str) -> String {
    let mut out = String::new();
    text_scalar(&mut out, text, Target::Block);
    out
}

#[derive(Clone, Copy, PartialEq)]
enum Target {
    Block,
    Flow,
    Json,
}

struct Block<'o> {
    out: &'o mut String,
    wide: bool,
    eol: &'o str,
}

impl Block<'_> {
    fn node(&mut self, value: &Value, column: usize) {
        match value {
            Value::Object(map) if !map.is_empty() => self.map(map, column),
            Value::Array(items) if !items.is_empty() => self.list(items, column),
            _ => {
                inline(self.out, value, Target::Block);
                self.out.push_str(self.eol);
            }
        }
    }

    fn map(&mut self, map: &Map<String, Value>, column: usize) {
        for (i, (name, value)) in map.iter().enumerate() {
            if i > 0 {
                self.blanks(column);
            }
            text_scalar(self.out, name, Target::Block);
            self.out.push(':');
            match value {
                Value::Object(inner) if !inner.is_empty() => {
                    self.out.push_str(self.eol);
                    self.blanks(column + 2);
                    self.map(inner, column + 2);
                }
                Value::Array(items) if !items.is_empty() => {
                    let dashes = if self.wide { column + 2 } else { column };
                    self.out.push_str(self.eol);
                    self.blanks(dashes);
                    self.list(items, dashes);
                }
                _ => {
                    self.out.push(' ');
                    self.node(value, column + 2);
                }
            }
        }
    }

    fn list(&mut self, items: &[Value], column: usize) {
        for (i, item) in items.iter().enumerate() {
            if i > 0 {
                self.blanks(column);
            }
            self.out.push_str("- ");
            self.node(item, column + 2);
        }
    }

    fn blanks(&mut self, count: usize) {
        self.out.extend(std::iter::repeat_n(' ', count));
    }
}

fn inline(out: &mut String, value: &Value, target: Target) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => {
            let _ = write!(out, "{number}");
        }
        Value::String(text) => text_scalar(out, text, target),
        Value::Array(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push_str(", ");
                }
                inline(out, item, target);
            }
            out.push(']');
        }
        Value::Object(map) => {
            out.push('{');
            for (i, (name, value)) in map.iter().enumerate() {
                if i > 0 {
                    out.push_str(", ");
                }
                text_scalar(out, name, target);
                out.push_str(": ");
                inline(out, value, target);
            }
            out.push('}');
        }
    }
}

fn text_scalar(out: &mut String, text: &str, target: Target) {
    if target == Target::Block && is_plain_text(text) {
        out.push_str(text);
    } else if target == Target::Flow && is_plain_text(text) && !text.contains(':') {
        // kpt quotes a plain IPv6 prefix in flow style, and some parsers refuse it.
        out.push_str(text);
    } else if target != Target::Json && text.contains(['"', '\\']) && text.chars().all(is_plainly_printable) {
        single_quoted(out, text);
    } else {
        double_quoted(out, text, target == Target::Json);
    }
}

/// What may stand in single quotes: no escapes there, so nothing that needs one.
fn is_plainly_printable(c: char) -> bool {
    matches!(c, ' '..='~') || (('\u{a0}'..='\u{ffff}').contains(&c) && !needs_escape(c))
}

fn single_quoted(out: &mut String, text: &str) {
    out.push('\'');
    for c in text.chars() {
        if c == '\'' {
            out.push('\'');
        }
        out.push(c);
    }
    out.push('\'');
}

/// Line breaks of YAML 1.1, C1 controls, the byte order mark and non-characters: YAML forbids them unescaped.
fn needs_escape(c: char) -> bool {
    matches!(c, '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

fn double_quoted(out: &mut String, text: &str, json: bool) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c < ' ' || needs_escape(c) => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            // go-yaml refuses JSON's surrogate pairs and writes such characters with one escape of its own.
            c if c > '\u{ffff}' && !json => {
                let _ = write!(out, "\\U{:08X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

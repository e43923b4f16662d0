//! The one place that knows the YAML parser: events with byte ranges, nothing else of granit.
//!
//! kpt sends what go-yaml v3 wrote or accepted, so the parser runs in its lenient default; directives (`%YAML`) are
//! refused, as kpt refuses them.

use std::borrow::Cow;
use std::ops::Range;

use granit_parser::{ErrorKind, Event as Granit, Options, Parser, ScalarStyle, Span, StructureStyle, Tag as GranitTag};

use super::error::{Position, YamlError};
use super::nodes::{Style, Tag};
use crate::limits::{MAX_DEPTH, MAX_KEY};

/// A parse event. `anchor` is 0 where the node has none.
pub(super) enum Event<'t> {
    Document,
    Scalar { text: Cow<'t, str>, style: Style, anchor: usize, tag: Tag },
    Sequence { flow: bool, anchor: usize, tag: Tag },
    Mapping { flow: bool, anchor: usize, tag: Tag },
    End,
    Alias(usize),
}

/// The events of a text, with the bytes that each covers.
pub(super) struct Events<'t> {
    text: &'t str,
    parser: Parser<'t, granit_parser::StrInput<'t>>,
}

impl<'t> Events<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        let mut options = Options::default();
        options.disallow_directives = true;
        options.set_emit_comments(false);
        options.flow_nesting_limit = MAX_DEPTH;
        options.block_nesting_limit = MAX_DEPTH;
        options.simple_key_max_lookahead = MAX_KEY;
        Events { text, parser: Parser::new_from_str_with_options(text, options) }
    }

    fn range(&self, span: Span) -> Range<usize> {
        let end = self.text.len();
        let range = span.byte_range().unwrap_or(end..end);
        range.start.min(end)..range.end.clamp(range.start.min(end), end)
    }
}

impl<'t> Iterator for Events<'t> {
    type Item = Result<(Event<'t>, Range<usize>), YamlError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (event, span) = match self.parser.next_event()? {
                Ok(next) => next,
                Err(error) => {
                    let offset = error.marker().byte_offset().unwrap_or(self.text.len());
                    let at = Position::of(self.text, offset);
                    if *error.kind() == ErrorKind::RecursionLimitExceeded {
                        return Some(Err(YamlError::TooDeep { at }));
                    }
                    // Such a key is none to the parser, and what it complains about is the colon behind it.
                    let hint = if at.column > MAX_KEY {
                        format!(" (a key has no more than {MAX_KEY} characters)")
                    } else {
                        String::new()
                    };
                    return Some(Err(YamlError::Syntax { at, message: error.info() + &hint }));
                }
            };
            let event = match event {
                Granit::DocumentStart(..) => Event::Document,
                Granit::Alias(anchor) => Event::Alias(anchor),
                Granit::Scalar(text, style, anchor, tag) => {
                    Event::Scalar { text, style: style_of(style), anchor, tag: tag_of(tag.as_deref()) }
                }
                Granit::SequenceStart(style, anchor, tag) => {
                    Event::Sequence { flow: is_flow(style), anchor, tag: tag_of(tag.as_deref()) }
                }
                Granit::MappingStart(style, anchor, tag) => {
                    Event::Mapping { flow: is_flow(style), anchor, tag: tag_of(tag.as_deref()) }
                }
                Granit::SequenceEnd | Granit::MappingEnd => Event::End,
                _ => continue,
            };
            return Some(Ok((event, self.range(span))));
        }
    }
}

fn is_flow(style: StructureStyle) -> bool {
    matches!(style, StructureStyle::Flow)
}

fn style_of(style: ScalarStyle) -> Style {
    match style {
        ScalarStyle::Plain => Style::Plain,
        ScalarStyle::SingleQuoted => Style::SingleQuoted,
        ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
        ScalarStyle::Literal | ScalarStyle::Folded => Style::Block,
    }
}

fn tag_of(tag: Option<&GranitTag>) -> Tag {
    let Some(tag) = tag else { return Tag::None };
    match tag.core_suffix() {
        Some("str") => Tag::Str,
        Some("int" | "float" | "bool" | "null") => Tag::Plain,
        Some("map" | "seq") => Tag::Collection,
        _ => Tag::Other,
    }
}

//! Colour on a terminal.

use std::io::IsTerminal;

use clap::ValueEnum;

/// What `--color` asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorChoice {
    /// On a terminal, unless NO_COLOR is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Whether text is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Paint {
    Always,
    Never,
}

/// What a piece of text is, as far as its look matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    Plain,
    Heading,
    Error,
    Warning,
    Note,
    Added,
    Removed,
}

impl ColorChoice {
    /// The choice for one of the standard streams.
    pub(crate) fn for_stream(self, stream: &impl IsTerminal) -> Paint {
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        match self {
            ColorChoice::Always => Paint::Always,
            ColorChoice::Auto if stream.is_terminal() && !set("NO_COLOR") && !dumb => Paint::Always,
            ColorChoice::Auto | ColorChoice::Never => Paint::Never,
        }
    }
}

impl Paint {
    /// The text in its style.
    pub(crate) fn text(self, style: Style, text: &str) -> String {
        let code = match style {
            Style::Plain => return text.to_owned(),
            Style::Heading => "1",
            Style::Error => "1;31",
            Style::Warning => "33",
            Style::Note => "36",
            Style::Added => "32",
            Style::Removed => "31",
        };
        match self {
            Paint::Always => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
            Paint::Never => text.to_owned(),
        }
    }

    /// A line in its style, its end left out of it.
    pub(crate) fn line(self, style: Style, line: &str) -> String {
        let text = line.trim_end_matches(['\n', '\r']);
        let end = line.get(text.len()..).unwrap_or_default();
        format!("{}{end}", self.text(style, text))
    }
}

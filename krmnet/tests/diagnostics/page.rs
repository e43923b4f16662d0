//! docs/diagnostics.md, read.

use krm::Severity;

use crate::text_of;

/// What a code is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    Wrong,
    Pending,
    TroubleAhead,
    ForTheRecord,
    /// A rule that the functions' own output cannot break.
    Never,
}

impl Class {
    /// In the order of the page's first table.
    pub(crate) const ALL: [Self; 5] = [Self::Wrong, Self::Pending, Self::TroubleAhead, Self::ForTheRecord, Self::Never];

    /// How the page calls it.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Wrong => "wrong",
            Self::Pending => "pending",
            Self::TroubleAhead => "trouble ahead",
            Self::ForTheRecord => "for the record",
            Self::Never => "never",
        }
    }

    fn of(words: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.words() == words)
    }

    /// Whether a result of that class can have the severity; what is pending is an error under `strict`.
    pub(crate) fn admits(self, severity: Severity) -> bool {
        match self {
            Self::Wrong => severity == Severity::Error,
            Self::Pending => severity != Severity::Info,
            Self::TroubleAhead => severity == Severity::Warning,
            Self::ForTheRecord => severity == Severity::Info,
            Self::Never => false,
        }
    }
}

/// What the page says about one code.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) code: String,
    pub(crate) class: Class,
    pub(crate) reporters: Vec<String>,
    pub(crate) meaning: String,
    pub(crate) examples: Vec<String>,
    /// What to do.
    pub(crate) advice: Option<String>,
}

/// The entries, in the order of the page.
pub(crate) fn entries() -> Vec<Entry> {
    let page = text_of("docs/diagnostics.md");
    let entries: Vec<Entry> = page.split("\n## ").skip(1).map(entry).collect();
    assert!(entries.len() > 100, "only {} entries on the page", entries.len());
    entries
}

fn entry(section: &str) -> Entry {
    let (code, rest) = section.split_once("\n\n").unwrap();
    let (kind, rest) = rest.split_once("\n\n").unwrap();
    let (class, reporters) = kind.split_once(" · ").unwrap_or_else(|| panic!("{code}: no `class · functions`"));
    let class = Class::of(class).unwrap_or_else(|| panic!("{code}: `{class}`"));
    let mut entry = Entry {
        code: code.to_owned(),
        class,
        reporters: reporters.split(", ").map(str::to_owned).collect(),
        meaning: String::new(),
        examples: Vec::new(),
        advice: None,
    };
    for (number, part) in rest.split("```").enumerate() {
        match part.strip_prefix("text\n") {
            Some(example) => {
                assert_eq!(number % 2, 1, "{code}: an example is a block of its own");
                entry.examples.push(example.to_owned());
            }
            None => {
                let (meaning, advice) = part.split_once("**Do:**").map_or((part, None), |(a, b)| (a, Some(b)));
                entry.meaning.push_str(meaning);
                entry.advice = advice.map(str::to_owned).or(entry.advice);
            }
        }
    }
    entry
}

//! Standard error: what people and logs see of a run.

use std::borrow::Cow;
use std::io::Write;

use crate::finding::{Finding, Severity, in_order};

/// Findings beyond this many are only counted: Porch sends standard error through a message of limited size.
const MOST_FINDINGS: usize = 100;

/// In bytes. A line longer than 64 KiB makes kpt drop everything behind it when it runs a function as an image.
const LONGEST_LINE: usize = 8 * 1024;

/// A line that holds one of the phrases is taken for a message of the container runtime, and dropped by kpt, when it runs
/// a function as an image; beside each the spelling that is shown instead.
const SWALLOWED: [(&str, &str); 8] = [
    (": Waiting", ":  Waiting"),
    (": Already exists", ":  Already exists"),
    (": Pull", ":  Pull"),
    (": Download complete", ":  Download complete"),
    (": Verifying Checksum", ":  Verifying Checksum"),
    ("Digest: sha256", "Digest:  sha256"),
    ("Status: ", "Status : "),
    ("Unable to find image", "Unable to find  image"),
];

/// Writes to standard error. Failures are ignored: there is nowhere left to report them.
pub(super) struct Notes<'w> {
    name: &'static str,
    out: &'w mut dyn Write,
}

impl<'w> Notes<'w> {
    pub(super) fn new(name: &'static str, out: &'w mut dyn Write) -> Self {
        Self { name, out }
    }

    /// Says something in the function's name.
    pub(super) fn say(&mut self, message: &str) {
        self.quote(&format!("{}: {message}", self.name));
    }

    /// Writes a text as it is.
    pub(super) fn quote(&mut self, text: &str) {
        let mut lines = String::new();
        for line in text.lines() {
            lines.push_str(&shown(line));
            lines.push('\n');
        }
        let _ = self.out.write_all(lines.as_bytes()).and_then(|()| self.out.flush());
    }

    /// Lists the errors and warnings.
    pub(super) fn findings(&mut self, findings: &[Finding]) {
        let worth_it: Vec<&Finding> =
            in_order(findings).into_iter().filter(|finding| finding.severity != Severity::Info).collect();
        let mut lines: Vec<String> = worth_it.iter().take(MOST_FINDINGS).map(|finding| finding.to_text()).collect();
        let more = worth_it.len().saturating_sub(MOST_FINDINGS);
        if more > 0 {
            lines.push(format!("... and {more} more; `results` of the ResourceList holds all of them"));
        }
        if !lines.is_empty() {
            self.quote(&lines.join("\n"));
        }
    }
}

/// The line in a form that kpt shows.
fn shown(line: &str) -> Cow<'_, str> {
    let mut shown = Cow::Borrowed(line);
    if line.len() > LONGEST_LINE {
        let cut = line.floor_char_boundary(LONGEST_LINE);
        shown = Cow::Owned(format!("{} ... (cut, {} bytes)", line.get(..cut).unwrap_or_default(), line.len()));
    }
    for (phrase, instead) in SWALLOWED {
        if shown.contains(phrase) {
            shown = Cow::Owned(shown.replace(phrase, instead));
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut Notes<'_>)) -> String {
        let mut out = Vec::new();
        write(&mut Notes::new("ipam-fn", &mut out));
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn says_in_the_functions_name() {
        assert_eq!(written(|notes| notes.say("cannot read a.yaml")), "ipam-fn: cannot read a.yaml\n");
    }

    #[test]
    fn no_line_is_swallowed() {
        for (phrase, instead) in SWALLOWED {
            let text = written(|notes| notes.quote(&format!("[error] claim c1{phrase} twice{phrase}")));
            assert!(SWALLOWED.iter().all(|(phrase, _)| !text.contains(phrase)), "{text}");
            assert_eq!(text, format!("[error] claim c1{instead} twice{instead}\n"));
        }
    }

    #[test]
    fn long_lines_are_cut_between_characters() {
        let text = written(|notes| notes.quote(&format!("a{}\nnext", "é".repeat(LONGEST_LINE))));
        let (first, rest) = text.split_once('\n').unwrap();
        assert!(first.len() < LONGEST_LINE + 64 && first.ends_with("é ... (cut, 16385 bytes)"), "{first}");
        assert_eq!(rest, "next\n");
    }

    #[test]
    fn lists_errors_and_warnings_but_no_infos() {
        let findings = [Finding::info("a", "one"), Finding::warning("b", "two"), Finding::error("c", "three")];
        assert_eq!(written(|notes| notes.findings(&findings)), "[error] three [c]\n[warning] two [b]\n");
        assert_eq!(written(|notes| notes.findings(&findings[..1])), "");
    }

    #[test]
    fn counts_what_is_too_much() {
        let findings = vec![Finding::warning("b", "two"); MOST_FINDINGS + 3];
        let text = written(|notes| notes.findings(&findings));
        assert_eq!(text.lines().count(), MOST_FINDINGS + 1);
        assert!(text.ends_with("... and 3 more; `results` of the ResourceList holds all of them\n"));
    }
}

//! What a render would change, as a unified diff that `patch -p1` and `git apply` take.

use similar::TextDiff;

use crate::package::Change;
use crate::style::{Paint, Style};

/// The changes in their order.
pub(crate) fn unified(changes: &[Change], paint: Paint) -> String {
    changes.iter().map(|change| of_file(change, paint)).collect()
}

fn of_file(change: &Change, paint: Paint) -> String {
    let old = change.before.as_deref().unwrap_or_default();
    let new = change.after.as_deref().unwrap_or_default();
    let from = change.before.as_ref().map_or_else(|| "/dev/null".to_owned(), |_| format!("a/{}", change.path));
    let to = change.after.as_ref().map_or_else(|| "/dev/null".to_owned(), |_| format!("b/{}", change.path));
    let diff = TextDiff::from_lines(old, new).unified_diff().header(&from, &to).to_string();
    diff.split_inclusive('\n').map(|line| paint.line(style_of(line), line)).collect()
}

fn style_of(line: &str) -> Style {
    match line.as_bytes() {
        [b'-', b'-', b'-', b' ', ..] | [b'+', b'+', b'+', b' ', ..] => Style::Heading,
        [b'@', ..] => Style::Note,
        [b'-', ..] => Style::Removed,
        [b'+', ..] => Style::Added,
        _ => Style::Plain,
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn change(before: Option<&str>, after: Option<&str>) -> Change {
        let after = after.map(str::to_owned);
        Change { path: "sub/a.yaml".into(), disk: PathBuf::new(), before: before.map(Into::into), after }
    }

    #[test]
    fn edits_new_files_and_removed_ones() {
        let changes = [
            change(Some("a: 1\nb: 2\n"), Some("a: 1\nb: 3\n")),
            change(None, Some("c: 1\n")),
            change(Some("d: 1"), None),
        ];
        let expected = "\
--- a/sub/a.yaml
+++ b/sub/a.yaml
@@ -1,2 +1,2 @@
 a: 1
-b: 2
+b: 3
--- /dev/null
+++ b/sub/a.yaml
@@ -0,0 +1 @@
+c: 1
--- a/sub/a.yaml
+++ /dev/null
@@ -1 +0,0 @@
-d: 1
\\ No newline at end of file
";
        assert_eq!(unified(&changes, Paint::Never), expected);
    }

    #[test]
    fn colour_changes_no_text() {
        let changes = [change(Some("a: 1\n"), Some("a: 2\n"))];
        let (plain, coloured) = (unified(&changes, Paint::Never), unified(&changes, Paint::Always));
        assert!(coloured.contains("\u{1b}[32m+a: 2\u{1b}[0m\n"), "{coloured:?}");
        let mut stripped = coloured;
        for code in ["[0m", "[1m", "[2m", "[31m", "[32m", "[36m"] {
            stripped = stripped.replace(&format!("\u{1b}{code}"), "");
        }
        assert_eq!(stripped, plain);
    }
}

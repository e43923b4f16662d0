//! `.krmignore`: which files of a package are no resources. The syntax is gitignore's.
//!
//! As in kpt, the file counts in a package's own directory and in no directory below it, and it does not hide packages.

use std::path::Path;

use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// The name of the file.
pub(super) const FILE_NAME: &str = ".krmignore";

/// The rules of one package.
#[derive(Debug, Clone)]
pub(super) struct IgnoreRules(Gitignore);

impl IgnoreRules {
    /// A package without a `.krmignore`.
    pub(super) fn none() -> Self {
        Self(Gitignore::empty())
    }

    /// Reads the text of a `.krmignore`. The error names the line.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut rules = GitignoreBuilder::new("");
        for (number, line) in (1..).zip(text.lines()) {
            rules.add_line(None, line).map_err(|error| format!("line {number}: {error}"))?;
        }
        rules.build().map(Self).map_err(|error| error.to_string())
    }

    /// Whether a path of the package is left out. What lies in a directory that is left out is not asked for: no rule
    /// brings it back.
    pub(super) fn leaves_out(&self, path: &str, is_directory: bool) -> bool {
        self.0.matched(Path::new(path), is_directory).is_ignore()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaves_out(rules: &str, path: &str, is_directory: bool) -> bool {
        IgnoreRules::parse(rules).unwrap().leaves_out(path, is_directory)
    }

    #[test]
    fn the_syntax_is_gitignores() {
        for (rules, path, is_directory, expected) in [
            ("values.yaml", "values.yaml", false, true),
            ("values.yaml", "chart/values.yaml", false, true),
            ("/values.yaml", "chart/values.yaml", false, false),
            ("chart/values.yaml", "chart/values.yaml", false, true),
            ("chart/values.yaml", "old/chart/values.yaml", false, false),
            ("*.json\n!keep.json", "a.json", false, true),
            ("*.json\n!keep.json", "keep.json", false, false),
            ("# comment\n\n", "comment", false, false),
            ("target/", "target", true, true),
            ("target/", "target", false, false),
            ("/*\n!/Kptfile\n!/example", "pools.yaml", false, true),
            ("/*\n!/Kptfile\n!/example", "Kptfile", false, false),
            ("/*\n!/Kptfile\n!/example", "example", true, false),
            ("**/generated", "a/b/generated", true, true),
            ("a/**/x.yaml", "a/b/c/x.yaml", false, true),
            ("Values.yaml", "values.yaml", false, false),
        ] {
            assert_eq!(leaves_out(rules, path, is_directory), expected, "{rules:?} on {path}");
        }
    }

    #[test]
    fn without_rules_nothing_is_left_out() {
        assert!(!IgnoreRules::none().leaves_out("a.yaml", false));
    }

    #[test]
    fn a_rule_that_cannot_be_read_names_its_line() {
        let error = IgnoreRules::parse("a\n[z-a]\n").unwrap_err();
        assert!(error.starts_with("line 2: "), "{error}");
    }
}

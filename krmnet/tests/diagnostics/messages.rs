//! The last section of the pages of the functions and of krmnet: what each of them reports, with links to docs/diagnostics.md.

use std::fmt::Write;

use crate::page::{Class, Entry, entries};
use crate::{FUNCTIONS, hold, text_of, wrapped};

/// What somebody reports, by class.
fn messages(entries: &[Entry], reports: impl Fn(&str) -> bool) -> String {
    let mut section = "[Diagnostics](diagnostics.md) says for each code what it means and what to do.\n\n".to_owned();
    for class in Class::ALL.into_iter().filter(|class| *class != Class::Never) {
        let reported = |entry: &&Entry| entry.class == class && entry.reporters.iter().any(|name| reports(name));
        let links: Vec<String> = entries.iter().filter(reported).map(|Entry { code, .. }| link(code)).collect();
        if !links.is_empty() {
            let line = wrapped(&format!("- **{}**: {}", class.words(), links.join(", ")));
            writeln!(section, "{}", line.replace('\n', "\n  ")).unwrap();
        }
    }
    section
}

fn link(code: &str) -> String {
    format!("[`{code}`](diagnostics.md#{code})")
}

#[test]
fn pages_list_the_codes_that_are_reported() {
    let entries = entries();
    let functions = FUNCTIONS.map(|function| (function.name, true));
    for (name, is_function) in functions.into_iter().chain([("krmnet", false)]) {
        let path = format!("docs/{name}.md");
        let page = text_of(&path);
        let heading = "\n## Messages\n\n";
        let (pages_own, _) = page.split_once(heading).unwrap_or_else(|| panic!("{path}: no heading `Messages`"));
        let reports = |reporter: &str| reporter == name || is_function && reporter == "every function";
        hold(&path, &format!("{pages_own}{heading}{}", messages(&entries, reports)));
    }
}

//! The pages say what the programs do: each code that can be reported is explained, each example is a real message, each
//! option is listed, each function is described in its own words, each block of YAML or JSON can be read, each link leads
//! somewhere.

// Helpers outside of #[test] functions fail their test as those do.
#![allow(clippy::unwrap_used, clippy::panic)]

mod blocks;
mod catalog;
mod configuration;
mod deviations;
mod links;
mod live;
mod markdown;
mod messages;
mod page;
mod porch;
mod results;
mod sources;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::{env, fs};

use krm::harness::Function;
use page::{Class, Entry};
use results::Reported;

/// Who reports which codes, as docs/diagnostics.md names them.
const REPORTERS: [(&str, &[&str]); 8] = [
    ("every function", krm::codes::CODES),
    ("interface-fn", interface_fn::CODES),
    ("vlan-fn", vlan_fn::CODES),
    ("ipam-fn", ipam::CODES),
    ("ipam-fn", ipam_fn::CODES),
    ("nad-fn", nad_fn::CODES),
    ("nad-fn", cni::CODES),
    ("krmnet", krmnet::CODES),
];

/// Codes without an example: no test can make them appear everywhere, or with the same words.
const WITHOUT_EXAMPLE: [&str; 7] = [
    "changed-underneath",
    "internal-error",
    "links-to-one-file",
    "name-not-utf8",
    "read-only",
    "unreadable-path",
    "write-failed",
];

/// The functions, in the order in which they usually run.
const FUNCTIONS: [Function; 4] = [interface_fn::FUNCTION, vlan_fn::FUNCTION, ipam_fn::FUNCTION, nad_fn::FUNCTION];

/// The root of the repository.
fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn text_of(path: &str) -> String {
    fs::read_to_string(repository().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Compares a text that is made from the programs with what stands in the file; with `UPDATE_GOLDEN=1` writes it there.
fn hold(path: &str, made: &str) {
    if env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(repository().join(path), made).unwrap();
    }
    let stands = fs::read_to_string(repository().join(path)).unwrap_or_default();
    assert_eq!(
        stands, made,
        "{path} is out of date: UPDATE_GOLDEN=1 cargo test -p krmnet --test diagnostics writes it"
    );
}

/// A paragraph in lines as long as those of the other pages.
fn wrapped(text: &str) -> String {
    const WIDTH: usize = 120;
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.len() + 1 + word.len() <= WIDTH => *line = format!("{line} {word}"),
            _ => lines.push(word.to_owned()),
        }
    }
    lines.join("\n")
}

/// Every code, and who reports it.
fn codes() -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    let mut codes: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (reporter, reported) in REPORTERS {
        for code in reported {
            codes.entry(code).or_default().insert(reporter);
        }
    }
    codes
}

/// A text without the line breaks and indents that make it readable on a page.
fn in_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn headings_and_codes_are_the_same() {
    let entries = page::entries();
    let headings: Vec<&str> = entries.iter().map(|entry| entry.code.as_str()).collect();
    let codes: Vec<&str> = codes().into_keys().collect();
    assert_eq!(headings, codes, "docs/diagnostics.md has one heading a code, sorted");
}

#[test]
fn an_entry_names_those_who_report_it() {
    let codes = codes();
    for entry in page::entries() {
        let named: BTreeSet<&str> = entry.reporters.iter().map(String::as_str).collect();
        assert_eq!(Some(&named), codes.get(entry.code.as_str()), "{}", entry.code);
        assert_eq!(named.len(), entry.reporters.len(), "{} names one of them twice", entry.code);
    }
}

#[test]
fn an_entry_says_what_it_means_and_what_to_do() {
    for Entry { code, class, meaning, advice, .. } in page::entries() {
        assert!(meaning.len() > 20, "{code}");
        assert_eq!(
            advice.is_none(),
            class == Class::Never,
            "{code}: what is never seen needs no advice, the others do"
        );
    }
}

#[test]
fn golden_results_are_explained() {
    let entries = page::entries();
    let all = results::golden();
    assert!(all.len() > 500, "only {} results in testdata", all.len());
    for Reported { code, severity, function, place, .. } in &all {
        let entry = entries.iter().find(|entry| entry.code == *code);
        let entry = entry.unwrap_or_else(|| panic!("{place}: {code} is not on the page"));
        assert!(entry.class.admits(*severity), "{place}: {code} is {severity}, the page says {:?}", entry.class);
        let knows = |reporter: &String| reporter == "every function" || reporter == function;
        assert!(function.is_empty() || entry.reporters.iter().any(knows), "{place}: {function} reports {code}");
    }
}

#[test]
fn codes_in_golden_outputs_are_explained() {
    let codes = codes();
    let shown = results::codes_in_outputs();
    assert!(shown.len() > 200, "only {} codes in output.txt files", shown.len());
    for (place, code) in shown {
        assert!(codes.contains_key(code.as_str()), "{place}: {code}");
    }
}

#[test]
fn examples_are_real() {
    let mut real: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for Reported { code, text, .. } in results::golden().into_iter().chain(live::results()) {
        real.entry(code).or_default().insert(in_one_line(&text));
    }
    for Entry { code, class, examples, .. } in page::entries() {
        for example in &examples {
            let known = real.get(&code).is_some_and(|texts| texts.contains(&in_one_line(example)));
            assert!(known, "{code}: nothing reports\n{example}");
        }
        let none = class == Class::Never || WITHOUT_EXAMPLE.contains(&code.as_str());
        assert_eq!(examples.is_empty(), none, "{code} has {} examples", examples.len());
        assert!(
            class != Class::Never || !real.contains_key(&code),
            "{code} is reported, the page says that it never is"
        );
    }
}

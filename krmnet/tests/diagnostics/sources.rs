//! The sources, searched for codes: whatever looks like one has to be in a list of codes, so that none is forgotten.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::{REPORTERS, codes, repository};

/// Where findings are made.
const CRATES: [&str; 8] =
    ["functions/krm", "functions/ipam", "functions/cni", "interface-fn", "ipam-fn", "nad-fn", "vlan-fn", "krmnet"];

/// Words with hyphens that are no codes.
const OTHER_WORDS: [&str; 8] =
    ["best-fit", "function-input", "host-device", "host-local", "interface-fn", "ipam-fn", "nad-fn", "vlan-fn"];

/// The sources of a crate without tests and comments, by path.
fn sources(krate: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    visit(&repository().join(krate).join("src"), &mut found);
    assert!(!found.is_empty(), "{krate} has no sources");
    found
}

fn visit(dir: &Path, found: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        let is_test = ["tests", "testing", "laws"].contains(&name) || name.ends_with("_tests");
        if path.is_dir() && !is_test {
            visit(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") && !is_test {
            found.insert(path.display().to_string(), code_of(&fs::read_to_string(&path).unwrap()));
        }
    }
}

/// A source without its tests, which stand at its end, and without lines that are comments.
fn code_of(source: &str) -> String {
    let end = source.find("#[cfg(test)]\nmod tests {").unwrap_or(source.len());
    let lines = source.get(..end).unwrap().lines();
    lines.filter(|line| !line.trim_start().starts_with("//")).fold(String::new(), |code, line| code + line + "\n")
}

/// What is given as the code to a constructor of findings: the first argument of `Finding::error(` and its like.
fn given_codes(source: &str) -> Vec<&str> {
    let mut given = Vec::new();
    for constructor in ["Finding::error(", "Finding::warning(", "Finding::info("] {
        for (start, _) in source.match_indices(constructor) {
            given.push(first_argument(source.get(start + constructor.len()..).unwrap()));
        }
    }
    given
}

/// The text up to the first comma that is in no brackets and no string.
fn first_argument(arguments: &str) -> &str {
    let (mut depth, mut in_string) = (0, false);
    for (at, c) in arguments.char_indices() {
        match c {
            '"' => in_string = !in_string,
            _ if in_string => {}
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => return arguments.get(..at).unwrap().trim(),
            _ => {}
        }
    }
    panic!("no end: {arguments}")
}

/// The `const NAME: &str = "value"` of a source.
fn constants(source: &str) -> Vec<(&str, &str)> {
    let declarations = source.split("const ").skip(1);
    let constant = |text| {
        let (name, rest) = str::split_once(text, ": &str =")?;
        let value = rest.trim_start().strip_prefix('"')?.split('"').next()?;
        name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_').then_some((name, value))
    };
    declarations.filter_map(constant).collect()
}

/// Words with hyphens in quotes.
fn quoted_words(source: &str) -> BTreeSet<&str> {
    let is_word = |text: &&str| {
        let plain = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        plain && text.contains('-') && !text.starts_with('-') && !text.ends_with('-')
    };
    source.split('"').filter(is_word).collect()
}

#[test]
fn codes_given_to_findings_are_listed() {
    let codes = codes();
    let mut seen = 0;
    for krate in CRATES {
        let sources = sources(krate);
        let shared = self::sources("functions/krm");
        let constants: BTreeMap<&str, &str> =
            shared.values().chain(sources.values()).flat_map(|source| constants(source)).collect();
        for (path, source) in &sources {
            for given in given_codes(source) {
                let literal = given.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
                let name = given.rsplit("::").next().unwrap();
                let is_constant = name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
                let code = match literal {
                    Some(literal) => literal,
                    None if is_constant => constants.get(name).unwrap_or_else(|| panic!("{path}: what is {given}?")),
                    // A code that was chosen elsewhere: the search for words finds it there.
                    None if given == "code" || given.contains(".code(") => continue,
                    None => panic!("{path}: `{given}` is neither a code nor a way to one"),
                };
                assert!(codes.contains_key(code), "{path}: {given} is `{code}`, which is in no list of codes");
                seen += 1;
            }
        }
    }
    assert!(seen > 80, "only {seen} findings in the sources");
}

#[test]
fn whatever_looks_like_a_code_is_listed() {
    let codes = codes();
    let mut words = BTreeSet::new();
    for krate in CRATES {
        for (path, source) in sources(krate) {
            for word in quoted_words(&source) {
                let known = codes.contains_key(word) || OTHER_WORDS.contains(&word);
                assert!(known, "{path}: is \"{word}\" a code? Then list it; else add it to OTHER_WORDS");
                words.insert(word.to_owned());
            }
        }
    }
    for word in OTHER_WORDS {
        assert!(words.contains(word), "{word} is in no source any more");
    }
}

#[test]
fn a_list_of_codes_holds_the_constants_beside_it() {
    for (krate, listed) in [
        ("functions/krm", krm::codes::CODES),
        ("interface-fn", interface_fn::CODES),
        ("ipam-fn", ipam_fn::CODES),
        ("nad-fn", nad_fn::CODES),
        ("vlan-fn", vlan_fn::CODES),
        ("krmnet", krmnet::CODES),
    ] {
        let sources = sources(krate);
        let (path, source) = sources.iter().find(|(path, _)| path.ends_with("/src/codes.rs")).unwrap();
        let mut constants: Vec<&str> = constants(source).into_iter().map(|(_, code)| code).collect();
        constants.sort_unstable();
        assert_eq!(constants, listed, "{path}");
    }
}

#[test]
fn lists_of_codes_are_sorted_and_name_none_twice() {
    for (reporter, listed) in REPORTERS.into_iter().filter(|(_, listed)| *listed != cni::CODES) {
        assert!(listed.is_sorted_by(|a, b| a < b), "{reporter}: {listed:?}");
    }
}

#[test]
fn the_search_finds_what_it_is_for() {
    let source = code_of(
        "// Finding::error(\"in-a-comment\", x)\nconst NO_POOL: &str =\n    \"no-pool\";\nfn f() { Finding::error(\n    \
         NO_POOL, format!(\"a, b\")); Finding::info(code.of(a, b), x); Finding::warning(\"pool-full\", x) }\n#[cfg(test)]\nmod \
         tests {\n    \"in-a-test\" }",
    );
    assert_eq!(given_codes(&source), ["NO_POOL", "\"pool-full\"", "code.of(a, b)"]);
    assert_eq!(constants(&source), [("NO_POOL", "no-pool")]);
    assert_eq!(quoted_words(&source), BTreeSet::from(["no-pool", "pool-full"]));
}

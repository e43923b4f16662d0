//! Whatever comes in: no panic, all or nothing, and a second run changes nothing. The inputs are those of the golden
//! cases, damaged.

#![allow(clippy::unwrap_used)] // clippy.toml covers test functions, not their helpers.

use std::fs;
use std::path::Path;

use interface_fn::FUNCTION;
use krm::harness::execute;
use proptest::prelude::*;
use proptest::sample::{Index, select};

fn inputs() -> Vec<String> {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata/interface-fn");
    let mut inputs: Vec<String> = fs::read_dir(cases)
        .unwrap()
        .map(|case| fs::read_to_string(case.unwrap().path().join("in.yaml")).unwrap())
        .collect();
    inputs.sort();
    inputs
}

fn run(input: &str) -> (u8, String) {
    let mut output = Vec::new();
    let code = execute(&FUNCTION, [], input.as_bytes(), &mut output, std::io::sink());
    (code, String::from_utf8(output).unwrap())
}

/// The lines of the items: all but `results` and what follows.
fn items(list: &str) -> Vec<&str> {
    list.lines().take_while(|line| *line != "results:").collect()
}

/// Another text for a line: gone, twice, indented otherwise, or with another value.
fn damaged(line: &str, how: usize) -> Vec<String> {
    let key = line.split_once(':').map_or(line, |(key, _)| key);
    match how {
        0 => vec![],
        1 => vec![line.to_owned(), line.to_owned()],
        2 => vec![format!("  {line}")],
        3 => vec![format!("{key}: null")],
        4 => vec![format!("{key}: 7")],
        5 => vec![format!("{key}: \"\"")],
        6 => vec![format!("{key}: {{a: [b]}}")],
        7 => vec![format!("{key}: example")],
        8 => vec![format!("{key}: default")],
        _ => vec![format!("{line} # said")],
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damaged_lists(input in select(inputs()), damages in prop::collection::vec((any::<Index>(), 0..10_usize), 1..4)) {
        let mut lines: Vec<String> = input.lines().map(str::to_owned).collect();
        for (at, how) in damages {
            if lines.is_empty() {
                break;
            }
            let at = at.index(lines.len());
            let damage = damaged(&lines.get(at).cloned().unwrap_or_default(), how);
            lines.splice(at..=at, damage);
        }
        let input: String = lines.iter().map(|line| format!("{line}\n")).collect();
        let (code, output) = run(&input);
        match code {
            0 => {
                let (again, second) = run(&output);
                prop_assert_eq!(again, 0, "{}", output);
                prop_assert_eq!(items(&second), items(&output));
            }
            _ if output.is_empty() => {}
            _ => {
                let came: Vec<&str> = items(&input).into_iter().map(str::trim_end).collect();
                let went: Vec<&str> = items(&output).into_iter().map(str::trim_end).collect();
                prop_assert_eq!(came, went, "a failed run changes nothing");
            }
        }
    }
}

#[test]
fn what_no_edit_touches_keeps_its_bytes() {
    for input in inputs() {
        let (code, output) = run(&input);
        if code != 0 {
            assert_eq!(items(&input), items(&output));
        }
        for comment in input.lines().filter(|line| line.contains(" # ")) {
            assert!(output.lines().any(|line| line == comment), "{comment}");
        }
    }
}

//! Whatever comes in: no panic, all or nothing, and a second run changes nothing. The inputs are those of the golden
//! cases, damaged.

#![allow(clippy::unwrap_used)] // clippy.toml covers test functions, not their helpers.

use std::fs;
use std::path::Path;

use krm::harness::execute;
use nad_fn::FUNCTION;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

fn inputs() -> Vec<String> {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata/nad-fn");
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

/// The lines of the list without its results.
fn items(list: &str) -> Vec<&str> {
    list.lines().map(str::trim_end).take_while(|line| *line != "results:").collect()
}

/// Another text for a line.
fn damaged(line: &str, how: u8) -> Vec<String> {
    let key = line.split_once(':').map_or(line, |(key, _)| key);
    let with = |value: &str| vec![format!("{key}: {value}")];
    match how {
        0 => vec![],
        1 => vec![line.to_owned(), line.to_owned()],
        2 => vec![format!("  {line}")],
        3 => with("null"),
        4 => with("7"),
        5 => with("\"\""),
        6 => with("{a: [b]}"),
        7 => with("10.20.3.0/24"),
        8 => with("'{\"type\":\"macvlan\",\"ipam\":[]}'"),
        9 => with("default"),
        _ => with("ä/ü.ö"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damaged_lists(input in select(inputs()), damages in vec((any::<Index>(), 0..11_u8), 1..4)) {
        let mut lines: Vec<String> = input.lines().map(str::to_owned).collect();
        for (at, how) in damages {
            if !lines.is_empty() {
                let at = at.index(lines.len());
                let damage = damaged(&lines[at], how);
                lines.splice(at..=at, damage);
            }
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
            _ => prop_assert_eq!(items(&input), items(&output), "a failed run changes nothing"),
        }
    }
}

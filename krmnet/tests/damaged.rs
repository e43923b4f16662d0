//! Whatever comes into a function: no panic, all or nothing, and a second run changes nothing. The inputs are the golden
//! ResourceLists, with lines damaged.

// Helpers outside of #[test] functions fail their test as those do.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::io;
use std::path::Path;

use krm::harness::{Function, SUCCESS, execute};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// The golden ResourceLists of a function.
fn inputs(function: &Function) -> Vec<String> {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata").join(function.name);
    let lists = fs::read_dir(cases).unwrap().map(|case| case.unwrap().path().join("in.yaml"));
    let mut inputs: Vec<String> =
        lists.filter(|list| list.exists()).map(|list| fs::read_to_string(list).unwrap()).collect();
    assert!(inputs.len() > 50, "{}: only {} lists", function.name, inputs.len());
    inputs.sort();
    inputs
}

fn run(function: &Function, input: &str) -> (u8, String) {
    let mut output = Vec::new();
    let code = execute(function, [], input.as_bytes(), &mut output, io::sink());
    (code, String::from_utf8(output).unwrap())
}

/// The lines of a list without its results.
fn items(list: &str) -> Vec<&str> {
    list.lines().map(str::trim_end).take_while(|line| *line != "results:").collect()
}

/// How a line is damaged.
#[derive(Debug, Clone)]
enum Damage {
    Gone,
    Doubled,
    Indented,
    Remarked,
    Value(&'static str),
}

/// Values of every type, and some that one of the functions knows.
const VALUES: [&str; 12] = [
    "null",
    "7",
    "\"\"",
    "{a: [b]}",
    "example",
    "default",
    "ä/ü.ö",
    "10.20.3.0/24",
    "2001:db8::1/64",
    "\"2:9\"",
    "aggregate",
    "'{\"type\":\"macvlan\",\"ipam\":[]}'",
];

fn damage() -> impl Strategy<Value = Damage> {
    prop_oneof![
        1 => Just(Damage::Gone),
        1 => Just(Damage::Doubled),
        1 => Just(Damage::Indented),
        1 => Just(Damage::Remarked),
        8 => select(&VALUES[..]).prop_map(Damage::Value),
    ]
}

/// What stands in place of a line.
fn damaged(line: &str, damage: &Damage) -> Vec<String> {
    let key = line.split_once(':').map_or(line, |(key, _)| key);
    match damage {
        Damage::Gone => vec![],
        Damage::Doubled => vec![line.to_owned(), line.to_owned()],
        Damage::Indented => vec![format!("  {line}")],
        Damage::Remarked => vec![format!("{line} # said")],
        Damage::Value(value) => vec![format!("{key}: {value}")],
    }
}

/// A golden list of a function, damaged in some lines.
fn damaged_list(function: &Function) -> impl Strategy<Value = String> + use<> {
    (select(inputs(function)), vec((any::<Index>(), damage()), 1..4)).prop_map(|(input, damages)| {
        let mut lines: Vec<String> = input.lines().map(str::to_owned).collect();
        for (at, damage) in damages {
            if !lines.is_empty() {
                let at = at.index(lines.len());
                let instead = damaged(&lines[at], &damage);
                lines.splice(at..=at, instead);
            }
        }
        lines.iter().map(|line| format!("{line}\n")).collect()
    })
}

fn holds(function: &Function, input: &str) -> Result<(), TestCaseError> {
    let (code, output) = run(function, input);
    match code {
        SUCCESS => {
            let (again, second) = run(function, &output);
            prop_assert_eq!(again, SUCCESS, "{}", output);
            prop_assert_eq!(items(&second), items(&output), "a second run changes nothing");
        }
        _ if output.is_empty() => {}
        _ => prop_assert_eq!(items(input), items(&output), "a failed run changes nothing"),
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn interface_fn(input in damaged_list(&interface_fn::FUNCTION)) {
        holds(&interface_fn::FUNCTION, &input)?;
    }

    #[test]
    fn vlan_fn(input in damaged_list(&vlan_fn::FUNCTION)) {
        holds(&vlan_fn::FUNCTION, &input)?;
    }

    #[test]
    fn ipam_fn(input in damaged_list(&ipam_fn::FUNCTION)) {
        holds(&ipam_fn::FUNCTION, &input)?;
    }

    #[test]
    fn nad_fn(input in damaged_list(&nad_fn::FUNCTION)) {
        holds(&nad_fn::FUNCTION, &input)?;
    }
}

#[test]
fn comments_stay() {
    for function in [interface_fn::FUNCTION, vlan_fn::FUNCTION, ipam_fn::FUNCTION, nad_fn::FUNCTION] {
        for input in inputs(&function) {
            let (code, output) = run(&function, &input);
            if code != SUCCESS {
                continue;
            }
            for line in input.lines().filter(|line| line.contains(" # ")) {
                let (said, comment) = line.split_at(line.find(" # ").unwrap());
                let is_edited = said.contains("status: {");
                let stays = |other: &str| other == line || is_edited && other.ends_with(comment);
                assert!(output.lines().any(stays), "{}: {line}", function.name);
            }
        }
    }
}

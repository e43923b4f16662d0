use std::io;

use serde_json::json;

use super::*;
use crate::config::{KeyKind, STRICT};

const KEYS: &[Key] = &[
    STRICT,
    Key {
        name: "conflict",
        about: "What becomes of the later one of two claims that hold the same address. This sentence makes it long.",
        default: Some("Error"),
        kind: KeyKind::OneOf(&["Error", "Reallocate"]),
    },
    Key { name: "value", about: "What is written.", default: None, kind: KeyKind::Text { example: "yes: \"1\"" } },
];

const FUNCTION: Function = Function {
    name: "stamp-fn",
    about: "Stamps every Stamp",
    long: "Sets spec.value of every Stamp to the configured value.\nA Stamp without spec is an error.\n",
    config_kind: "Stamper",
    keys: KEYS,
    changes: &[],
    usage: Usage {
        arguments: "value=x",
        pipeline: &["other-fn", "stamp-fn"],
        config_map: &[("value", "yes"), ("conflict", "Error")],
    },
    packages: &["example/stamps"],
    run: stamp,
};

fn stamp(list: &mut ResourceList, settings: &Settings) {
    for id in list.select("example.com/v1", "Stamp") {
        let Some(value) = settings.text("value") else {
            list.report(list.about(Finding::warning("no-value", "nothing to stamp"), id));
            continue;
        };
        let Some(item) = list.get_mut(id) else { continue };
        if item.value().is_ok_and(|item| item.get("spec").is_none()) {
            list.report(list.about(Finding::error("no-spec", "spec is missing").field("spec"), id));
            continue;
        }
        item.edit(|item| item["spec"]["value"] = json!(value)).expect("an edit");
    }
}

const ITEMS: &str = "\
items:
- apiVersion: example.com/v1 # the first
  kind: Stamp
  metadata:
    name: a
    annotations:
      internal.config.kubernetes.io/path: 'a.yaml'
  spec: {}
- apiVersion: v1
  kind: Secret
  metadata: {name: b}
  data: {a: yes, b: 0777}
";

fn resource_list(items: &str, config: &str) -> String {
    format!("apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n{items}{config}")
}

fn configured(data: &str) -> String {
    resource_list(ITEMS, &format!("functionConfig: {{apiVersion: v1, kind: ConfigMap, data: {data}}}\n"))
}

/// Exit code, standard output, standard error.
fn run_with(args: &[&str], stdin: &str) -> (u8, String, String) {
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let args = args.iter().map(OsString::from);
    let code = execute(&FUNCTION, args, stdin.as_bytes(), &mut stdout, &mut stderr);
    (code, String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

fn run_on(stdin: &str) -> (u8, String, String) {
    run_with(&[], stdin)
}

#[test]
fn success_prints_the_list_and_nothing_else() {
    let input = configured("{value: x}");
    let (code, stdout, stderr) = run_on(&input);
    assert_eq!((code, stderr.as_str()), (SUCCESS, ""));
    assert_eq!(stdout, input.replace("  spec: {}\n", "  spec:\n    value: x\n"));
    assert_eq!(run_on(&stdout), (SUCCESS, stdout.clone(), String::new()), "a fixed point");
}

#[test]
fn nothing_to_do_prints_the_input() {
    let input = resource_list(&ITEMS.replace("Stamp", "Stump"), "");
    assert_eq!(run_on(&input), (SUCCESS, input.clone(), String::new()));
}

#[test]
fn warnings_are_results_and_text() {
    let input = resource_list(ITEMS, "");
    let (code, stdout, stderr) = run_on(&input);
    assert_eq!(code, SUCCESS);
    assert!(stdout.starts_with(&input) && stdout.contains("results:\n- message: "), "{stdout}");
    assert_eq!(stderr, "[warning] example.com/v1/Stamp/a: nothing to stamp [no-value] (a.yaml)\n");
}

#[test]
fn an_error_prints_the_input_with_results() {
    let two = format!("{ITEMS}- {{apiVersion: example.com/v1, kind: Stamp, metadata: {{name: c}}}}\n");
    let input = resource_list(&two, "functionConfig: {apiVersion: v1, kind: ConfigMap, data: {value: x}}\n");
    let (code, stdout, stderr) = run_on(&input);
    assert_eq!(code, FAILURE);
    let results = stdout.strip_prefix(&input).expect("the input, unchanged");
    assert!(results.starts_with("results:\n- message: ") && results.contains("severity: error"), "{results}");
    assert_eq!(stderr, "[error] example.com/v1/Stamp/c spec: spec is missing [no-spec]\n");
}

#[test]
fn after_an_error_no_finding_tells_of_a_change() {
    fn told(strict: bool) -> Vec<&'static str> {
        fn run(list: &mut ResourceList, settings: &Settings) {
            list.report(Finding::warning("moved", "from a to b"));
            list.report(Finding::info("kept", "c stays"));
            if settings.flag(STRICT.name) {
                list.report(Finding::error("wrong", "d"));
            }
        }
        let function = Function { changes: &["moved"], run, ..FUNCTION };
        let mut list = ResourceList::parse(configured(&format!("{{strict: {strict}}}"))).unwrap();
        function.apply(&mut list);
        list.findings().iter().map(|finding| finding.code).collect()
    }
    assert_eq!(told(false), ["moved", "kept"]);
    assert_eq!(told(true), ["kept", "wrong"]);
}

#[test]
fn a_wrong_function_config_stops_the_function() {
    let (code, stdout, stderr) = run_on(&configured("{vlaue: x}"));
    assert_eq!(code, FAILURE);
    assert!(stdout.starts_with(&configured("{vlaue: x}")), "{stdout}");
    assert_eq!(
        stderr,
        "[error] data.vlaue: functionConfig: unknown key vlaue, did you mean value? \
         (valid keys: strict, conflict, value) [config-unknown-key]\n"
    );
}

#[test]
fn no_items_are_no_error() {
    for items in ["items: []\n", "items:\n", ""] {
        let (code, stdout, stderr) = run_on(&resource_list(items, ""));
        assert_eq!((code, stderr.as_str()), (SUCCESS, ""), "infos are no text on stderr");
        assert!(stdout.contains("\nitems: []\n"), "{stdout}");
        assert!(stdout.contains("no resources present in the resourcelist [no-resources]"), "{stdout}");
        assert_eq!(stdout.matches("severity: info").count(), 1);
    }
}

#[test]
fn an_unreadable_input_prints_nothing() {
    for (input, expected) in [
        ("", "stamp-fn: the input is empty"),
        ("kind: ResourceList\nitems: [\n", "stamp-fn: the input is not a readable ResourceList: line "),
        ("kind: Service\n", "stamp-fn: input was of unexpected kind \"Service\""),
    ] {
        let (code, stdout, stderr) = run_on(input);
        assert_eq!((code, stdout.as_str()), (FAILURE, ""), "{input:?}");
        assert!(stderr.starts_with(expected), "{stderr}");
    }
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    assert_eq!(execute(&FUNCTION, [], &b"a: \xff\n"[..], &mut stdout, &mut stderr), FAILURE);
    assert!(stdout.is_empty() && String::from_utf8(stderr).unwrap().contains("not UTF-8"));
}

/// Fails after some bytes, like a full disk.
struct Full {
    room: usize,
    writes: usize,
}

impl Write for Full {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writes += 1;
        let taken = bytes.len().min(self.room);
        self.room -= taken;
        if taken == 0 { Err(io::ErrorKind::StorageFull.into()) } else { Ok(taken) }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_failed_write_is_a_failure() {
    let input = configured("{value: x}");
    let length = run_on(&input).1.len();
    for room in [0, 1, length - 1] {
        let mut stderr = Vec::new();
        let code = execute(&FUNCTION, [], input.as_bytes(), Full { room, writes: 0 }, &mut stderr);
        assert_eq!(code, FAILURE);
        let stderr = String::from_utf8(stderr).unwrap();
        assert!(stderr.starts_with("stamp-fn: cannot write to standard output: "), "{stderr}");
    }
    let mut enough = Full { room: length, writes: 0 };
    assert_eq!(execute(&FUNCTION, [], input.as_bytes(), &mut enough, io::sink()), SUCCESS);
    assert_eq!(enough.writes, 1, "written at once");
    assert_eq!(execute(&FUNCTION, ["--help".into()], io::empty(), Full { room: 3, writes: 0 }, io::sink()), FAILURE);
}

#[test]
fn a_lost_standard_error_changes_nothing() {
    let mut stdout = Vec::new();
    let code = execute(&FUNCTION, [], resource_list(ITEMS, "").as_bytes(), &mut stdout, Full { room: 0, writes: 0 });
    assert_eq!(code, SUCCESS);
    assert!(!stdout.is_empty());
}

struct Broken;

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::ErrorKind::ConnectionReset.into())
    }
}

#[test]
fn a_failed_read_is_a_failure() {
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    assert_eq!(execute(&FUNCTION, [], Broken, &mut stdout, &mut stderr), FAILURE);
    assert!(stdout.is_empty());
    assert!(String::from_utf8(stderr).unwrap().starts_with("stamp-fn: cannot read standard input: "));
}

#[test]
fn help_tells_everything() {
    let (code, help, stderr) = run_with(&["--help"], "");
    assert_eq!((code, stderr.as_str()), (SUCCESS, ""));
    let expected = r#"
functionConfig (every key is optional):
  strict: true | false (default: false)
      Whether what is pending (an input that has not arrived yet) is an error instead of a warning.
      For the outermost pipeline only: inner packages are rendered before their inputs arrive.
  conflict: Error | Reallocate (default: Error)
      What becomes of the later one of two claims that hold the same address. This sentence makes it
      long.
  value: text, for example yes: "1" (no default)
      What is written.

As a ConfigMap; `configMap:` in a Kptfile and `kpt fn eval ... -- KEY=VALUE` make one:
  apiVersion: v1
  kind: ConfigMap
  metadata:
    name: stamp-fn-config
    annotations:
      config.kubernetes.io/local-config: "true"
  data:
    strict: "false"
    conflict: "Error"
    value: "yes: \"1\""

As its own kind, for `configPath:` in a Kptfile and `kpt fn eval --fn-config`:
  apiVersion: fn.krmnet.dev/v1alpha1
  kind: Stamper
  metadata:
    name: stamp-fn-config
    annotations:
      config.kubernetes.io/local-config: "true"
  spec:
    strict: false
    conflict: "Error"
    value: "yes: \"1\""

Exit codes:
  0  standard output holds the whole ResourceList; warnings may have been reported
  1  an error was reported, or the input cannot be read, or the output cannot be written; standard
     output holds the input with the results, or nothing, and kpt writes nothing
  2  the command line is wrong

Examples:
  kpt fn eval DIR --image ghcr.io/krmnet/stamp-fn:vX -- value=x
  kpt fn eval DIR --exec stamp-fn -- value=x
  kpt fn source DIR | stamp-fn

  pipeline:
    mutators:
    - image: ghcr.io/krmnet/other-fn:vX
    - image: ghcr.io/krmnet/stamp-fn:vX
      configMap:
        value: "yes"
        conflict: Error
"#
    .replace(":vX", concat!(":v", env!("CARGO_PKG_VERSION")));
    let (clap, reference) = help.split_once("\nfunctionConfig").unwrap();
    assert_eq!(format!("\nfunctionConfig{reference}"), expected);
    assert!(
        clap.starts_with("Stamps every Stamp.\n\nSets spec.value of every Stamp to the configured value.\n"),
        "{clap}"
    );
    for part in ["Usage: stamp-fn [OPTIONS] [FILE]...", "--doc", "--help", "--version", "YAML files to read"] {
        assert!(clap.contains(part), "{part} in {clap}");
    }
}

#[test]
fn the_examples_in_the_help_are_accepted() {
    for config in [help::config_map(&FUNCTION), help::own_kind(&FUNCTION)] {
        let config = config.replace('\n', "\n  ");
        let list = ResourceList::parse(resource_list(ITEMS, &format!("functionConfig:\n  {config}\n"))).unwrap();
        let settings = Settings::read(list.function_config(), FUNCTION.config_kind, KEYS).unwrap();
        assert_eq!(settings.text("value"), Some("yes: \"1\""));
        assert_eq!(settings.choice("conflict"), "Error");
    }
}

#[test]
fn short_help_points_to_the_long_one() {
    let (code, help, _) = run_with(&["-h"], "");
    assert_eq!(code, SUCCESS);
    assert!(help.starts_with("Stamps every Stamp\n") && help.contains("--help also shows"), "{help}");
    assert!(!help.contains("Exit codes"));
}

#[test]
fn version_and_doc() {
    let version = format!("stamp-fn {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(run_with(&["--version"], ""), (SUCCESS, version, String::new()));
    let (code, doc, stderr) = run_with(&["--doc"], "");
    assert_eq!((code, stderr.as_str()), (SUCCESS, ""));
    let doc: serde_json::Value = serde_json::from_str(&doc).unwrap();
    assert_eq!(doc["short"], "Stamps every Stamp");
    let [imperative, declarative] = ["imperative", "declarative"].map(|how| doc["usage"][how].as_str().unwrap());
    assert!(imperative.ends_with("\nkpt fn source DIR | stamp-fn") && declarative.ends_with("\n      conflict: Error"));
    assert_eq!(doc["examples"], format!("{imperative}\n\n{declarative}"));
    assert_eq!(doc["image"], "ghcr.io/krmnet/stamp-fn");
    assert_eq!(doc["sourceURL"], "https://github.com/krmnet/krmnet/tree/main/stamp-fn");
    assert_eq!(doc["examplePackageURLs"], json!(["https://github.com/krmnet/krmnet/tree/main/example/stamps"]));
    assert_eq!(doc["license"], "Apache-2.0");
    assert_eq!(doc["functionConfig"]["kind"], "Stamper");
    let keys = &doc["functionConfig"]["keys"];
    assert_eq!(keys[1]["values"], json!(["Error", "Reallocate"]));
    assert_eq!((&keys[1]["default"], &keys[1]["example"]), (&json!("Error"), &json!("Reallocate")));
    assert_eq!((&keys[2]["example"], keys[2].get("default")), (&json!("yes: \"1\""), None));
}

#[test]
fn a_wrong_command_line_is_a_usage_error() {
    let (code, stdout, stderr) = run_with(&["--strict"], &configured("{value: x}"));
    assert_eq!((code, stdout.as_str()), (USAGE, ""));
    assert!(stderr.contains("unexpected argument '--strict'") && stderr.contains("Usage: stamp-fn"), "{stderr}");
}

#[test]
fn files_replace_standard_input() {
    let directory = std::env::temp_dir().join(format!("krm-harness-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let file = directory.join("stamps.yaml");
    std::fs::write(&file, "apiVersion: example.com/v1\nkind: Stamp # c\nmetadata: {name: a}\n").unwrap();
    let path = file.to_str().unwrap();
    let (code, stdout, stderr) = run_with(&[path], "not read");
    assert_eq!(code, SUCCESS);
    assert!(stdout.contains("- apiVersion: example.com/v1\n  kind: Stamp # c\n"), "{stdout}");
    assert_eq!(stderr, format!("[warning] example.com/v1/Stamp/a: nothing to stamp [no-value] ({path})\n"));

    let missing = directory.join("none.yaml");
    let (code, stdout, stderr) = run_with(&[missing.to_str().unwrap()], "");
    assert_eq!((code, stdout.as_str()), (FAILURE, ""));
    assert!(stderr.starts_with(&format!("stamp-fn: {}: ", missing.display())), "{stderr}");
    std::fs::remove_dir_all(&directory).unwrap();
}

#[test]
fn the_hint_at_a_terminal_names_ways_in() {
    assert_eq!(
        help::at_a_terminal(&FUNCTION),
        "standard input is a terminal, expected a ResourceList; try `kpt fn source DIR | stamp-fn`, \
         `kpt fn eval DIR --exec stamp-fn` or `stamp-fn FILE...`; `stamp-fn --help` tells more"
    );
}

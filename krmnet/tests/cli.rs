//! The command line as a user sees it: streams, formats, exit codes. What a render does to files is in `render.rs`.

// Helpers outside #[test] functions fail their test as those do.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A package whose Interface `upf/n3` gets 10.1.3.2/24.
const PACKAGE: [(&str, &str); 4] = [
    (
        "Kptfile",
        "apiVersion: kpt.dev/v1\nkind: Kptfile\nmetadata:\n  name: upf\npipeline:\n  mutators:\n  - image: \
         ghcr.io/krmnet/interface-fn:v0.1.0\n  - image: ghcr.io/krmnet/ipam-fn:v0.1.0\n  - image: \
         ghcr.io/krmnet/nad-fn:v0.1.0\n    configMap: {masterInterface: ens3}\n  - image: interface-fn\n",
    ),
    (
        "interface.yaml",
        "apiVersion: req.nephio.org/v1alpha1\nkind: Interface\nmetadata: {name: n3, namespace: upf}\nspec:\n  \
         networkInstance: {name: vpc-userplane}\n  cniType: macvlan\n",
    ),
    (
        "pool.yaml",
        "apiVersion: ipam.resource.nephio.org/v1alpha1\nkind: IPPrefix\nmetadata: {name: userplane-pool}\nspec:\n  kind: \
         network\n  prefix: 10.1.3.0/24\n  networkInstance: {name: vpc-userplane}\n",
    ),
    ("values.yaml", "replicas: 1\n"),
];

fn package() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (path, text) in PACKAGE {
        fs::write(dir.path().join(path), text).unwrap();
    }
    dir
}

fn krmnet(dir: &Path, args: &[&str]) -> Output {
    krmnet_on(dir, args, Stdio::null())
}

fn krmnet_on(dir: &Path, args: &[&str], stdin: Stdio) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_krmnet"));
    command.args(args).current_dir(dir).env_clear().stdin(stdin).output().unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn help_and_version_go_to_standard_output() {
    let dir = tempfile::tempdir().unwrap();
    for args in [&["--help"][..], &["render", "--help"], &["-h"], &["render", "-h"]] {
        let output = krmnet(dir.path(), args);
        assert_eq!((code(&output), stderr(&output).as_str()), (0, ""), "{args:?}");
        assert!(stdout(&output).contains("Exit codes:\n  0  done"), "{args:?}");
    }
    assert_eq!(stdout(&krmnet(dir.path(), &["--version"])), format!("krmnet {}\n", env!("CARGO_PKG_VERSION")));
    let help = stdout(&krmnet(dir.path(), &["fn", "--help"]));
    assert!(["interface-fn", "vlan-fn", "ipam-fn", "nad-fn"].iter().all(|name| help.contains(name)), "{help}");
}

#[test]
fn a_wrong_command_line_exits_with_2() {
    let dir = tempfile::tempdir().unwrap();
    for (args, word) in [
        (&[][..], "Usage"),
        (&["rendr"], "rendr"),
        (&["render", "--dryrun"], "--dryrun"),
        (&["render", "--dry-run", "-o", "stdout"], "cannot be used with"),
        (&["render", "-o", "unwrap"], "stdout"),
        (&["render", "nowhere"], "nowhere: no such directory"),
        (&["render"], ". is not a kpt package: it holds no Kptfile; `kpt pkg init` writes one"),
        (&["fn"], "no function is named (built in are interface-fn,"),
        (&["fn", "ipan-fn"], "ipan-fn is no built-in function, did you mean ipam-fn?"),
    ] {
        let output = krmnet(dir.path(), args);
        assert_eq!((code(&output), stdout(&output).as_str()), (2, ""), "{args:?}");
        assert!(stderr(&output).contains(word), "{args:?}: {}", stderr(&output));
    }
}

#[test]
fn a_render_says_what_it_did() {
    let dir = package();
    let output = krmnet(dir.path(), &["render"]);
    let expected = "\
IPClaim upf/n3 (ipclaim_n3.yaml)
  [info] n3: 10.1.3.2/24 from IPPrefix userplane-pool, gateway 10.1.3.1 [allocated]
krmnet: 2 files created, 2 files changed
";
    assert_eq!((code(&output), stdout(&output).as_str(), stderr(&output).as_str()), (0, "", expected));
    let again = krmnet(dir.path(), &["render", "."]);
    assert_eq!((code(&again), stderr(&again).as_str()), (0, "krmnet: nothing to do\n"));
}

#[test]
fn a_dry_run_shows_a_diff_that_can_be_applied_and_writes_nothing() {
    let (dir, rendered) = (package(), package());
    let output = krmnet(dir.path(), &["render", "--dry-run"]);
    assert_eq!(code(&output), 0);
    assert!(stderr(&output).ends_with("krmnet: 2 files created, 2 files changed if it were written\n"));
    assert_eq!(names(dir.path()), PACKAGE.map(|(path, _)| path));
    let diff = stdout(&output);
    assert!(diff.starts_with("--- a/Kptfile\n+++ b/Kptfile\n@@ -"), "{diff}");
    assert!(diff.contains("--- /dev/null\n+++ b/ipclaim_n3.yaml\n"), "{diff}");

    fs::write(dir.path().join("diff"), &diff).unwrap();
    let applied = Command::new("git").args(["apply", "diff"]).current_dir(dir.path()).status();
    if !applied.is_ok_and(|status| status.success()) {
        println!("SKIP: git not found: the diff was not applied");
        return;
    }
    fs::remove_file(dir.path().join("diff")).unwrap();
    assert_eq!(code(&krmnet(rendered.path(), &["render"])), 0);
    assert_eq!(names(dir.path()), names(rendered.path()));
    for name in names(dir.path()) {
        let text = |dir: &TempDir| fs::read_to_string(dir.path().join(&name)).unwrap();
        assert_eq!(text(&dir), text(&rendered), "{name}");
    }
}

#[test]
fn the_resource_list_goes_to_standard_output_and_into_a_function() {
    let dir = package();
    let output = krmnet(dir.path(), &["render", "-o", "stdout"]);
    assert_eq!(code(&output), 0);
    let list = stdout(&output);
    assert!(list.starts_with("apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n"), "{list}");
    assert!(list.contains("internal.config.kubernetes.io/path: networkattachmentdefinition_n3.yaml\n"), "{list}");
    assert!(!list.contains("package-path") && !list.contains("replicas"), "{list}");
    assert_eq!(names(dir.path()), PACKAGE.map(|(path, _)| path));

    fs::write(dir.path().join("list"), &list).unwrap();
    let stdin = fs::File::open(dir.path().join("list")).unwrap().into();
    let again = krmnet_on(dir.path(), &["fn", "ipam-fn"], stdin);
    assert_eq!((code(&again), stdout(&again)), (0, list));
}

#[test]
fn json_goes_where_nothing_else_is() {
    let dir = package();
    for (args, on_stdout) in [(&["--dry-run"][..], false), (&["-o", "stdout"], false), (&[], true)] {
        let output = krmnet(dir.path(), &[&["render", "--format", "json"], args].concat());
        assert_eq!(code(&output), 0);
        let json = if on_stdout { stdout(&output) } else { stderr(&output) };
        let json: Value = serde_json::from_str(&json).unwrap();
        assert_eq!(json["written"], on_stdout);
        assert_eq!(json["files"]["changed"].to_string(), r#"["Kptfile","interface.yaml"]"#);
        assert_eq!(json["results"][0]["tags"]["code"], "allocated");
        assert_eq!(json["results"][0]["step"]["function"], "ipam-fn");
        assert_eq!(on_stdout, stderr(&output).is_empty());
    }
}

#[test]
fn colour_is_for_terminals_unless_asked_for() {
    let dir = package();
    let coloured =
        |args: &[&str]| stderr(&krmnet(dir.path(), &[&["render", "--dry-run"], args].concat())).contains('\u{1b}');
    assert!(!coloured(&[]));
    assert!(!coloured(&["--color", "auto"]));
    assert!(!coloured(&["--color", "never"]));
    assert!(coloured(&["--color", "always"]));
}

#[test]
fn an_error_names_object_file_and_step_and_exits_with_1() {
    let dir = package();
    let sub = dir.path().join("sub");
    fs::create_dir(&sub).unwrap();
    fs::write(sub.join("Kptfile"), PACKAGE[0].1).unwrap();
    fs::write(sub.join("pool.yaml"), PACKAGE[2].1.replace("10.1.3.0/24", "10.1.3.0/33")).unwrap();
    let output = krmnet(dir.path(), &["render"]);
    let text = stderr(&output);
    assert_eq!((code(&output), stdout(&output).as_str()), (1, ""));
    assert!(text.starts_with("IPPrefix userplane-pool (sub/pool.yaml)\n  [error] spec.prefix: "), "{text}");
    assert!(text.contains("\n    reported by ipam-fn, mutator 2 of sub/Kptfile\n"), "{text}");
    assert!(text.ends_with("krmnet: 1 error; nothing was written\n"), "{text}");
    assert_eq!(names(&sub), ["Kptfile", "pool.yaml"]);
    let json = krmnet(dir.path(), &["render", "--format", "json"]);
    let value: Value = serde_json::from_str(&stdout(&json)).unwrap();
    assert_eq!((code(&json), &value["exitCode"]), (1, &Value::from(1)));
    assert_eq!(value["results"][0]["file"]["path"], "sub/pool.yaml");
}

#[test]
fn foreign_steps_fail_or_are_left_out() {
    let dir = package();
    let kptfile = PACKAGE[0].1.replace("  - image: interface-fn\n", "  - image: gcr.io/kpt-fn/set-labels:v0.2.0\n");
    fs::write(dir.path().join("Kptfile"), kptfile).unwrap();
    let output = krmnet(dir.path(), &["render"]);
    assert_eq!(code(&output), 1);
    assert!(stderr(&output).contains("pipeline.mutators[3].image: gcr.io/kpt-fn/set-labels:v0.2.0 is not built in"));
    assert_eq!(names(dir.path()), PACKAGE.map(|(path, _)| path));
    let output = krmnet(dir.path(), &["render", "--builtin-only"]);
    assert_eq!(code(&output), 0);
    assert!(
        stderr(&output).ends_with("krmnet: 2 files created, 1 file changed; 1 object has warnings\n"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn a_function_gets_its_arguments() {
    let dir = package();
    let help = krmnet(dir.path(), &["fn", "nad-fn", "--help"]);
    assert!(code(&help) == 0 && stdout(&help).contains("masterInterface"), "{}", stdout(&help));
    let doc = krmnet(dir.path(), &["fn", "vlan-fn", "--doc"]);
    assert_eq!(serde_json::from_slice::<Value>(&doc.stdout).unwrap()["name"], "vlan-fn");
    let files = krmnet(dir.path(), &["fn", "ipam-fn", "pool.yaml"]);
    assert!(code(&files) == 0 && stdout(&files).contains("userplane-pool"), "{}", stderr(&files));
    let nothing = krmnet(dir.path(), &["fn", "ipam-fn"]);
    assert_eq!((code(&nothing), stdout(&nothing).as_str()), (1, ""));
}

#[test]
fn a_closed_standard_output_is_a_failure() {
    let dir = package();
    let mut command = Command::new(env!("CARGO_BIN_EXE_krmnet"));
    command.args(["render", "-o", "stdout"]).current_dir(dir.path());
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = command.stdout(full).stderr(Stdio::piped()).spawn().unwrap().wait_with_output().unwrap();
    assert_eq!(code(&output), 1);
    assert!(stderr(&output).contains("krmnet: cannot write to standard output: "), "{}", stderr(&output));
}

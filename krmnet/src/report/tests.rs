use std::path::PathBuf;

use krm::{Field, FileRef, Finding, ObjectRef};
use serde_json::Value;

use super::*;
use crate::pipeline::{Role, StepRef};

fn claim(name: &str) -> ObjectRef {
    let (api_version, kind) = ("ipam.resource.nephio.org/v1alpha1".to_owned(), "IPClaim".to_owned());
    ObjectRef { api_version, kind, namespace: Some("upf".into()), name: name.to_owned() }
}

fn step(number: usize) -> Option<StepRef> {
    let (function, kptfile) = ("ipam-fn".to_owned(), Some("edge01/Kptfile".to_owned()));
    Some(StepRef { function, kptfile, role: Role::Mutator, number })
}

fn results() -> Vec<Reported> {
    let n3 = FileRef::new("edge01/claims.yaml").index(1);
    let malformed =
        Finding::error("prefix-malformed", "not a prefix:\n- a").field(Field::new("spec.prefix").current("x"));
    vec![
        Reported { finding: Finding::info("no-resources", "no resources"), step: step(1) },
        Reported { finding: Finding::info("allocated", "given").object(claim("n6")), step: step(2) },
        Reported {
            finding: Finding::warning("no-pool", "no pool").object(claim("n3")).file(n3.clone()),
            step: step(2),
        },
        Reported { finding: malformed.object(claim("n3")).file(n3), step: step(2) },
        Reported { finding: Finding::error("config-kind", "no kind"), step: step(3) },
        Finding::error("not-built-in", "x is not\u{1b}[31m built in").file(FileRef::new("Kptfile")).into(),
    ]
}

fn report<'r>(results: &'r [Reported], changes: &'r [Change], fate: Fate) -> Report<'r> {
    Report { results, changes, fate, exit_code: 0 }
}

fn changes() -> Vec<Change> {
    let change = |path: &str, before: Option<&str>, after: Option<&str>| Change {
        path: path.to_owned(),
        disk: PathBuf::new(),
        before: before.map(Into::into),
        after: after.map(str::to_owned),
    };
    vec![
        change("Kptfile", Some("a"), Some("b")),
        change("a.yaml", None, Some("a")),
        change("b.yaml", None, Some("b")),
        change("c.yaml", Some("c"), None),
    ]
}

#[test]
fn text_is_grouped_by_object_and_errors_come_first() {
    let expected = "\
IPClaim upf/n3 (edge01/claims.yaml, document 2)
  [error] spec.prefix: not a prefix:
      - a [prefix-malformed]
    reported by ipam-fn, mutator 2 of edge01/Kptfile
  [warning] no pool [no-pool]
ipam-fn, mutator 3 of edge01/Kptfile
  [error] no kind [config-kind]
Kptfile
  [error] x is not\\u{1b}[31m built in [not-built-in]
IPClaim upf/n6
  [info] given [allocated]
krmnet: 3 errors; nothing was written
";
    assert_eq!(report(&results(), &[], Fate::Refused).text(Paint::Never), expected);
}

#[test]
fn the_last_line_says_what_became_of_the_files() {
    let last = |results: &[Reported], changes: &[Change], fate: Fate| {
        let text = report(results, changes, fate).text(Paint::Never);
        text.lines().last().unwrap().to_owned()
    };
    let changes = changes();
    assert_eq!(last(&[], &[], Fate::Written), "krmnet: nothing to do");
    assert_eq!(last(&[], &[], Fate::Planned), "krmnet: nothing to do");
    assert_eq!(last(&[], &changes, Fate::Written), "krmnet: 2 files created, 1 file changed, 1 file deleted");
    assert_eq!(last(&[], &changes[..1], Fate::Planned), "krmnet: 1 file changed if it were written",);
    let twice = [results().remove(2), results().remove(2)];
    assert_eq!(last(&twice, &[], Fate::Written), "krmnet: nothing to do; 1 object has warnings");
    assert_eq!(last(&results()[4..5], &[], Fate::Interrupted), "krmnet: 1 error; only some files were written");
}

#[test]
fn too_many_objects_are_counted() {
    let results: Vec<Reported> =
        (0..250).map(|n| Finding::warning("no-pool", "no pool").object(claim(&format!("n{n}"))).into()).collect();
    let text = report(&results, &[], Fate::Written).text(Paint::Never);
    assert_eq!(text.lines().count(), 402);
    assert!(
        text.contains("\n... and 50 more objects; --format json holds all of them\nkrmnet: nothing to do; 250 objects")
    );
}

#[test]
fn colour_changes_no_text() {
    let (results, changes) = (results(), changes());
    let coloured = report(&results, &changes, Fate::Refused).text(Paint::Always);
    assert!(coloured.contains("  \u{1b}[1;31m[error]\u{1b}[0m spec.prefix: "), "{coloured}");
    assert!(coloured.contains("not\\u{1b}[31m built in"), "text of a package never drives the terminal");
}

#[test]
fn json_holds_everything() {
    let (results, changes) = (results(), changes());
    let report = Report { exit_code: 1, ..report(&results, &changes, Fate::Written) };
    let json = report.json();
    assert!(json.ends_with("}\n"));
    let value: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(value["exitCode"], 1);
    assert_eq!(value["written"], true);
    assert_eq!(
        value["files"].to_string(),
        r#"{"created":["a.yaml","b.yaml"],"changed":["Kptfile"],"deleted":["c.yaml"]}"#
    );
    assert_eq!(value["results"].as_array().unwrap().len(), results.len());
    assert_eq!(value["results"][3]["field"]["currentValue"], "x");
    assert_eq!(
        value["results"][3]["step"].to_string(),
        r#"{"function":"ipam-fn","kptfile":"edge01/Kptfile","list":"mutators","number":2}"#
    );
    assert_eq!(value["results"][5].get("step"), None);
}

use super::*;
use crate::pipeline::{Unknown, plan};
use crate::testing::{Dir, FUNCTIONS, config_map, kptfile};

/// Renders in memory with the test functions.
fn render_dir(dir: &Dir, unknown: Unknown) -> (PackageTree, Vec<Reported>) {
    let mut tree = dir.tree();
    let plan = plan(&tree, &FUNCTIONS, &FUNCTIONS[..1], unknown);
    let reported = render(&mut tree, &plan);
    (tree, reported)
}

/// Renders, which must go well, and answers what the files hold then.
fn rendered(files: &[(&str, &str)]) -> Vec<(String, Option<String>)> {
    let (tree, reported) = render_dir(&Dir::of(files), Unknown::Fail);
    assert!(!reported.iter().any(Reported::is_error), "{reported:?}");
    tree.changes().unwrap().into_iter().map(|change| (change.path, change.after)).collect()
}

/// `data.seen` of each file that changed.
fn seen(files: &[(&str, &str)]) -> Vec<(String, String)> {
    let seen = |text: String| text.lines().find_map(|line| line.trim().strip_prefix("seen: ")).unwrap().to_owned();
    rendered(files).into_iter().map(|(path, text)| (path, seen(text.unwrap()))).collect()
}

fn errors(files: &[(&str, &str)]) -> Vec<String> {
    let (_, reported) = render_dir(&Dir::of(files), Unknown::Fail);
    reported.iter().filter(|reported| reported.is_error()).map(|reported| reported.finding.to_text()).collect()
}

fn pairs<const N: usize>(pairs: [(&str, &str); N]) -> Vec<(String, String)> {
    pairs.map(|(a, b)| (a.to_owned(), b.to_owned())).to_vec()
}

const MARK: &str = "  - image: example.com/mark-fn:v1\n    configMap: {value: ";

fn mark(value: &str) -> String {
    kptfile(&format!("{MARK}{value}}}\n"))
}

#[test]
fn inner_packages_come_first_and_see_only_themselves() {
    let c = config_map("c");
    let root = mark("root");
    let files = [
        ("Kptfile", root.as_str()),
        ("c.yaml", &c),
        ("a/Kptfile", &mark("a")),
        ("a/c.yaml", &c),
        ("a/in/Kptfile", &mark("in")),
        ("a/in/c.yaml", &c),
        ("b/Kptfile", &mark("b")),
        ("b/c.yaml", &c),
        ("none/Kptfile", &kptfile("").replace("pipeline:\n  mutators:\n", "")),
        ("none/c.yaml", &c),
    ];
    let expected = pairs([
        ("c.yaml", "root."),
        ("a/c.yaml", "a.root."),
        ("a/in/c.yaml", "in.a.root."),
        ("b/c.yaml", "b.root."),
        ("none/c.yaml", "root."),
    ]);
    assert_eq!(seen(&files), expected);
}

#[test]
fn outer_packages_come_first_on_request() {
    let root = mark("root").replace("name: package", "name: package\n  annotations: {kpt.dev/bfs-rendering: 'true'}");
    let c = config_map("c");
    let files = [
        ("Kptfile", root.as_str()),
        ("a/Kptfile", &mark("a")),
        ("a/in/Kptfile", &mark("in")),
        ("a/in/c.yaml", &c),
        ("b/Kptfile", &mark("b")),
        ("b/c.yaml", &c),
    ];
    assert_eq!(seen(&files), pairs([("a/in/c.yaml", "root.a.in."), ("b/c.yaml", "root.b.")]));
}

#[test]
fn a_tree_without_any_pipeline_gets_the_default_one_at_its_root() {
    let c = config_map("c");
    let bare = kptfile("");
    assert_eq!(
        seen(&[("Kptfile", &bare), ("sub/Kptfile", &bare), ("sub/c.yaml", &c)]),
        pairs([("sub/c.yaml", "default.")])
    );
    let sub = mark("sub");
    assert_eq!(
        seen(&[("Kptfile", &bare), ("c.yaml", &c), ("sub/Kptfile", &sub), ("sub/c.yaml", &c)]),
        pairs([("sub/c.yaml", "sub.")])
    );
}

#[test]
fn programs_are_matched_by_their_base_name() {
    let c = config_map("c");
    for program in ["image: mark-fn", "image: localhost:5000/x/mark-fn@sha256:01", "exec: '/opt/my bin/mark-fn'"] {
        let program = program.replace("'/opt/my bin/mark-fn'", "\"'/opt/my bin/mark-fn'\"");
        let k = kptfile(&format!("  - {program}\n"));
        assert_eq!(seen(&[("Kptfile", &k), ("c.yaml", &c)]), pairs([("c.yaml", "default.")]), "{program}");
    }
}

#[test]
fn steps_that_are_not_built_in_are_all_listed() {
    let k = kptfile("  - image: mark-fn\n  - image: gcr.io/kpt-fn/set-labels:v0.2\n");
    let validators = "  validators:\n  - exec: bash -c mark-fn\n";
    let dir = Dir::of(&[("Kptfile", &format!("{k}{validators}")), ("sub/Kptfile", &kptfile("  - exec: ./starlark\n"))]);
    let (_, reported) = render_dir(&dir, Unknown::Fail);
    let texts: Vec<String> = reported.iter().map(|reported| reported.finding.to_text()).collect();
    for (text, expected) in texts.iter().zip([
        "[error] pipeline.mutators[0].exec: ./starlark is not built in: ",
        "[error] pipeline.mutators[1].image: gcr.io/kpt-fn/set-labels:v0.2 is not built in",
        "[error] pipeline.validators[0].exec: bash -c mark-fn is not built in",
    ]) {
        assert!(text.starts_with(expected) && text.contains("--builtin-only"), "{text}");
    }
    assert!(texts.len() == 3 && texts[0].ends_with("(sub/Kptfile)") && texts[1].ends_with("(Kptfile)"), "{texts:?}");
}

#[test]
fn steps_that_are_not_built_in_can_be_left_out() {
    let k = kptfile("  - image: set-labels:v0.2\n  - image: mark-fn\n");
    let (tree, reported) = render_dir(&Dir::of(&[("Kptfile", &k), ("c.yaml", &config_map("c"))]), Unknown::Skip);
    assert_eq!(reported.len(), 1);
    assert!(reported[0].finding.to_text().starts_with("[warning] pipeline.mutators[0].image: set-labels:v0.2 is not"));
    assert_eq!(tree.changes().unwrap().len(), 1);
    let (tree, _) =
        render_dir(&Dir::of(&[("Kptfile", &kptfile("  - image: x\n")), ("c.yaml", &config_map("c"))]), Unknown::Skip);
    assert_eq!(tree.changes().unwrap(), [], "a pipeline that was stated is not replaced by the default one");
}

#[test]
fn a_pipeline_that_cannot_be_read_names_file_and_field() {
    for (pipeline, expected) in [
        ("  - image: mark-fn\n    selector: []\n", "[error] pipeline.mutators[0]"),
        ("  - name: x\n", "[error] pipeline.mutators[0]: a step states either image or exec"),
        ("  - {image: mark-fn, exec: mark-fn}\n", "[error] pipeline.mutators[0]: a step states either image or exec"),
        ("  - {image: mark-fn, configPath: ../a.yaml}\n", "[error] pipeline.mutators[0]: configPath ../a.yaml leaves"),
        ("  - {image: mark-fn, configPath: a, configMap: {b: c}}\n", "[error] pipeline.mutators[0]: states both"),
        ("  - [\n", "[error] the Kptfile cannot be read: "),
    ] {
        let errors = errors(&[("Kptfile", &kptfile("")), ("sub/Kptfile", &kptfile(pipeline))]);
        assert!(errors.len() == 1 && errors[0].starts_with(expected), "{pipeline}: {errors:?}");
        assert!(errors[0].ends_with("(sub/Kptfile)"), "{errors:?}");
    }
}

#[test]
fn a_config_file_is_read_as_it_is_when_the_step_runs() {
    let k = kptfile(
        "  - image: mark-fn\n    configMap: {value: one}\n    selectors: [{name: cfg}]\n  \
         - image: mark-fn\n    configPath: ./dir/cfg.yaml\n    exclude: [{name: cfg}]\n",
    );
    let cfg = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: cfg\ndata:\n  value: two\n";
    // The first step writes a key into the config file that the second one's function does not know.
    let found = errors(&[("Kptfile", &k), ("dir/cfg.yaml", cfg), ("c.yaml", &config_map("c"))]);
    assert!(
        found.len() == 1 && found[0].contains("unknown key seen") && found[0].ends_with("(dir/cfg.yaml)"),
        "{found:?}"
    );
    let k = kptfile("  - image: mark-fn\n    configPath: ./dir/cfg.yaml\n    exclude: [{name: cfg}]\n");
    let files = [("Kptfile", k.as_str()), ("dir/cfg.yaml", cfg), ("c.yaml", &config_map("c"))];
    assert_eq!(seen(&files), pairs([("c.yaml", "two.")]));
}

#[test]
fn a_config_file_must_hold_one_resource_of_the_same_package() {
    let k = kptfile("  - image: mark-fn\n    configPath: sub/cfg.yaml\n");
    let c = config_map("c");
    let two = format!("{c}---\n{c}");
    for (files, word) in [
        (vec![("Kptfile", k.as_str())], "holds no resource"),
        (vec![("Kptfile", k.as_str()), ("sub/cfg.yaml", "a: 1\n")], "holds no resource"),
        (vec![("Kptfile", k.as_str()), ("sub/cfg.yaml", &c), (".krmignore", "sub\n")], "holds no resource"),
        (vec![("Kptfile", k.as_str()), ("sub/cfg.yaml", &c), ("sub/Kptfile", &kptfile(""))], "holds no resource"),
        (vec![("Kptfile", k.as_str()), ("sub/cfg.yaml", &two)], "holds several resources"),
    ] {
        let found = errors(&files);
        assert!(found.len() == 1 && found[0].contains(&format!("configPath: sub/cfg.yaml {word}")), "{found:?}");
        assert!(found[0].starts_with("[error] pipeline.mutators[0].configPath: "), "{found:?}");
    }
}

#[test]
fn selectors_choose_and_the_rest_stays() {
    let k = kptfile(
        "  - image: mark-fn\n    selectors:\n    - annotations: {config.kubernetes.io/path: a.yaml}\n    - {name: b, kind: \
         ConfigMap}\n    - {name: b}\n  - image: drop-fn\n    exclude: [{name: gone-not}]\n",
    );
    let files = [
        ("Kptfile", k.as_str()),
        ("a.yaml", &config_map("a")),
        ("b.yaml", &config_map("b")),
        ("c.yaml", &config_map("c")),
        ("gone.yaml", &config_map("gone")),
        ("gone-not.yaml", &config_map("gone-not")),
    ];
    let changes = rendered(&files);
    let paths: Vec<&str> = changes.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(paths, ["a.yaml", "b.yaml", "gone.yaml"]);
    assert!(
        changes[1].1.as_ref().unwrap().contains("seen: default.\n"),
        "an item that two selectors match is there once"
    );
    assert_eq!(changes[2].1, None);
}

#[test]
fn later_steps_see_new_items_and_removed_ones_are_gone() {
    let k = kptfile("  - image: copy-fn\n  - image: mark-fn\n  - image: drop-fn\n");
    let files = [("Kptfile", k.as_str()), ("c.yaml", &config_map("c")), ("gone.yaml", &config_map("gone"))];
    let changes = rendered(&files);
    let paths: Vec<&str> = changes.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(paths, ["c-copy.yaml", "c.yaml", "gone.yaml"]);
    assert!(changes[0].1.as_ref().unwrap().contains("seen: default.\n"));
    assert_eq!(changes[2].1, None);
}

#[test]
fn a_new_item_of_a_subpackage_is_filed_there() {
    let k = kptfile("  - image: copy-fn\n");
    let changes = rendered(&[("Kptfile", &k), ("sub/Kptfile", &kptfile("")), ("sub/dir/c.yaml", &config_map("c"))]);
    assert_eq!(changes[0].0, "sub/dir/c-copy.yaml");
}

#[test]
fn validators_change_nothing_and_their_errors_count() {
    let validators = "  validators:\n  - image: mark-fn\n  - image: drop-fn\n  - image: check-fn\n";
    let k = kptfile("  - image: mark-fn\n") + validators;
    let (c, bad) = (config_map("gone"), config_map("bad"));
    assert_eq!(seen(&[("Kptfile", &k), ("c.yaml", &c)]), pairs([("c.yaml", "default.")]));
    let found = errors(&[("Kptfile", &k), ("c.yaml", &bad)]);
    assert_eq!(found, ["[error] v1/ConfigMap/bad metadata.name: the name is bad [bad-name] (c.yaml)"]);
}

#[test]
fn a_failing_step_stops_its_package_and_those_around_it_but_no_other() {
    let k = kptfile("  - image: check-fn\n  - image: warn-fn\n");
    let bad = config_map("bad");
    let files = [
        ("Kptfile", k.as_str()),
        ("a/Kptfile", &k),
        ("a/c.yaml", &bad),
        ("b/Kptfile", &k),
        ("b/c.yaml", &bad),
        ("c/Kptfile", &k),
        ("c/c.yaml", &config_map("c")),
        ("d/Kptfile", &k),
        ("d/c.yaml", &(config_map("c") + "  seen: before\n")),
    ];
    let (_, reported) = render_dir(&Dir::of(&files), Unknown::Fail);
    let texts: Vec<String> = reported.iter().map(|reported| reported.finding.to_text()).collect();
    assert_eq!(
        texts,
        [
            "[error] v1/ConfigMap/bad metadata.name: the name is bad [bad-name] (a/c.yaml)",
            "[error] v1/ConfigMap/bad metadata.name: the name is bad [bad-name] (b/c.yaml)",
            "[warning] v1/ConfigMap/c: not seen yet [unseen] (c/c.yaml)",
        ]
    );
    assert_eq!(reported[1].step.as_ref().unwrap().to_string(), "check-fn, mutator 1 of b/Kptfile");
    let (_, reported) = render_dir(&Dir::of(&[files[0], files[7], files[8]]), Unknown::Fail);
    assert_eq!(reported[0].finding.code, "seen", "what the others change is told, unless nothing is written");
}

#[test]
fn a_warning_that_a_later_run_takes_back_is_not_told() {
    let sub = kptfile("  - image: warn-fn\n");
    let c = config_map("c");
    let texts = |root: &str| {
        let files = [("Kptfile", root), ("sub/Kptfile", &sub), ("sub/c.yaml", &c)];
        let (_, reported) = render_dir(&Dir::of(&files), Unknown::Fail);
        reported.iter().map(|reported| reported.finding.code).collect::<Vec<_>>()
    };
    assert_eq!(texts(&kptfile("")), ["unseen"]);
    assert_eq!(texts(&kptfile("  - image: warn-fn\n")), ["unseen"], "told once");
    assert_eq!(texts(&kptfile("  - image: mark-fn\n")), ["unseen"], "nobody looked again");
    assert_eq!(texts(&kptfile("  - image: mark-fn\n  - image: warn-fn\n")), ["seen"]);
    let chosen = "  - image: mark-fn\n  - image: warn-fn\n    selectors: [{name: x}]\n";
    assert_eq!(texts(&kptfile(chosen)), ["unseen", "no-resources"], "the later run did not see it");
}

#[test]
fn rendering_twice_is_rendering_once() {
    let k = kptfile("  - image: copy-fn\n  - image: drop-fn\n");
    let dir = Dir::of(&[("Kptfile", &k), ("c.yaml", &config_map("c")), ("gone.yaml", &config_map("gone"))]);
    let (tree, _) = render_dir(&dir, Unknown::Fail);
    crate::write::write(tree.root(), &tree.changes().unwrap()).unwrap();
    let (tree, _) = render_dir(&dir, Unknown::Fail);
    assert_eq!(tree.changes().unwrap(), []);
    assert_eq!(dir.files().keys().collect::<Vec<_>>(), ["Kptfile", "c-copy.yaml", "c.yaml"]);
}

use std::fs;
use std::os::unix::fs::symlink;

use krm::limits::MAX_BYTES;

use super::*;
use crate::testing::{Dir, config_map, kptfile};

/// The files that hold resources, from the root.
fn files(tree: &PackageTree) -> Vec<String> {
    let mut files: Vec<String> = tree.items().filter_map(|item| item.origin().full_path()).collect();
    files.sort();
    files.dedup();
    files
}

fn dirs(tree: &PackageTree) -> Vec<&str> {
    tree.packages().iter().map(|package| package.dir.as_str()).collect()
}

#[test]
fn packages_own_the_files_around_inner_packages() {
    let (k, c) = (kptfile(""), config_map("c"));
    let dir = Dir::of(&[
        ("Kptfile", &k),
        ("z.yaml", &c),
        ("b/Kptfile", &k),
        ("b/x.yaml", &c),
        ("b/deep/er/y.yml", &c),
        ("b/deep/c/Kptfile", &k),
        ("b/deep/c/c.json", "{\"apiVersion\": \"v1\", \"kind\": \"A\", \"metadata\": {\"name\": \"a\"}}"),
        ("b-2/Kptfile", &k),
        (".github/w.yaml", &c),
        (".dot.yaml", &c),
        ("a/plain/p.yaml", &c),
        ("README.md", &c),
        (".git/refs/heads/fix.yaml", &c),
    ]);
    let tree = dir.tree();
    assert_eq!(dirs(&tree), ["", "b", "b/deep/c", "b-2"]);
    assert_eq!(tree.packages().iter().map(|package| package.end).collect::<Vec<_>>(), [4, 3, 3, 4]);
    let owned: Vec<(String, String)> = tree
        .items()
        .filter(|item| item.kind() != "Kptfile")
        .map(|item| (item.origin().package.clone().unwrap(), item.origin().path.clone().unwrap()))
        .collect();
    let expected = [
        ("", ".dot.yaml"),
        ("", "z.yaml"),
        ("", ".github/w.yaml"),
        ("", "a/plain/p.yaml"),
        ("b", "x.yaml"),
        ("b", "deep/er/y.yml"),
        ("b/deep/c", "c.json"),
    ];
    assert_eq!(owned, expected.map(|(package, path)| (package.to_owned(), path.to_owned())));
}

#[test]
fn krmignore_counts_in_its_package_only_and_hides_no_package() {
    let (k, c) = (kptfile(""), config_map("c"));
    let dir = Dir::of(&[
        ("Kptfile", &k),
        (".krmignore", "chart/\n/out.yaml\n*.json\n!chart/keep.yaml\n"),
        ("chart/t.yaml", &c),
        ("chart/keep.yaml", &c),
        ("chart/inner/Kptfile", &k),
        ("chart/inner/out.yaml", &c),
        ("out.yaml", &c),
        ("plain/.krmignore", "*\n"),
        ("plain/out.yaml", &c),
        ("sub/Kptfile", &k),
        ("sub/chart/t.yaml", &c),
    ]);
    let tree = dir.tree();
    assert_eq!(dirs(&tree), ["", "chart/inner", "sub"]);
    assert_eq!(
        files(&tree),
        ["Kptfile", "chart/inner/Kptfile", "chart/inner/out.yaml", "plain/out.yaml", "sub/Kptfile", "sub/chart/t.yaml"]
    );
}

#[test]
fn a_kptfile_that_is_left_out_still_makes_a_package() {
    let dir = Dir::of(&[("Kptfile", &kptfile("")), (".krmignore", "/*\n!/a.yaml\n"), ("a.yaml", &config_map("a"))]);
    assert_eq!(files(&dir.tree()), ["a.yaml"]);
    assert!(dir.tree().packages()[0].kptfile.contains("kind: Kptfile"));
}

#[test]
fn what_is_no_resource_is_left_alone() {
    let dir = Dir::of(&[
        ("Kptfile", &kptfile("")),
        ("values.yaml", "replicas: 1\n"),
        ("list.yaml", "- a\n"),
        ("template.yaml", "{{- if .x }}\nkind: ConfigMap\n{{- end }}\n"),
        ("kustomization.yaml", "resources: [a.yaml]\n"),
        ("empty.yaml", ""),
        ("comment.yaml", "# only\n---\n"),
        ("data.json", "[1, 2"),
    ]);
    dir.write("binary.yaml", b"\xff\xfe\x00");
    fs::create_dir(dir.join("directory.yaml")).unwrap();
    assert_eq!(files(&dir.tree()), ["Kptfile"]);
    assert_eq!(dir.tree().changes().unwrap(), []);
}

#[test]
fn all_that_may_hold_an_address_and_cannot_be_read_is_reported_at_once() {
    let claim = "apiVersion: ipam.resource.nephio.org/v1alpha1\nkind: IPClaim\n";
    let dir = Dir::of(&[
        ("Kptfile", &kptfile("")),
        ("a.yaml", &format!("a: 1\n---\n{claim}metadata: {{name: \n")),
        ("sub/Kptfile", &kptfile("")),
        ("sub/b.yaml", &format!("- {}", claim.replace('\n', "\n  "))),
    ]);
    dir.write("c.yaml", [claim.as_bytes(), b"metadata:\n  name: \xff\n"].concat());
    let errors = dir.errors();
    assert_eq!(errors.len(), 3, "{errors:?}");
    assert!(errors[0].starts_with("a.yaml: line 6") || errors[0].starts_with("a.yaml: line 5"), "{errors:?}");
    assert!(errors[1].starts_with("c.yaml: line 4 is not UTF-8"), "{errors:?}");
    assert!(
        errors[2].starts_with("sub/b.yaml: line 1: found a list that holds a resource of kind IPClaim"),
        "{errors:?}"
    );
}

#[test]
fn a_file_that_is_too_large_is_refused_unless_it_is_ignored() {
    let dir = Dir::of(&[("Kptfile", &kptfile(""))]);
    fs::File::create(dir.join("big.yaml")).unwrap().set_len(MAX_BYTES as u64 + 1).unwrap();
    let expected = "big.yaml has 104857601 bytes, more than the limit of 104857600; split it, or list it in the package's \
                    .krmignore";
    assert_eq!(dir.errors(), [expected]);
    dir.write(".krmignore", "big.yaml\n");
    assert_eq!(files(&dir.tree()), ["Kptfile"]);
}

#[test]
fn a_root_that_is_no_package_says_what_to_do() {
    let dir = Dir::of(&[("Kptfile", &kptfile("")), ("plain/a.yaml", "a: 1\n")]);
    let error = |path: &str| PackageTree::read(&dir.join(path)).unwrap_err().remove(0);
    let plain = error("plain");
    assert!(plain.is_usage() && plain.to_string().contains("holds no Kptfile; the package around it is "), "{plain}");
    assert!(
        error("nowhere").to_string().ends_with("nowhere: no such directory; expected the directory of a kpt package")
    );
    assert!(error("Kptfile").to_string().contains("is not a directory"));
    let alone = Dir::of(&[("a.yaml", "a: 1\n")]).errors();
    assert!(alone[0].contains("`kpt pkg init` writes one"), "{alone:?}");
}

#[test]
fn links_to_files_are_followed_and_those_to_directories_are_not() {
    let dir =
        Dir::of(&[("Kptfile", &kptfile("")), ("data/real.txt", &config_map("a")), ("data/b.yaml", &config_map("b"))]);
    symlink("data/real.txt", dir.join("link.yaml")).unwrap();
    symlink("data", dir.join("again")).unwrap();
    symlink("nowhere", dir.join("broken.yaml")).unwrap();
    assert_eq!(files(&dir.tree()), ["Kptfile", "data/b.yaml", "link.yaml"]);
}

#[test]
fn a_link_out_of_the_tree_is_an_error() {
    let outside = Dir::of(&[("a.yaml", &config_map("a"))]);
    let dir = Dir::of(&[("Kptfile", &kptfile(""))]);
    symlink(outside.join("a.yaml"), dir.join("a.yaml")).unwrap();
    let errors = dir.errors();
    assert!(errors[0].starts_with("a.yaml is a symbolic link to ") && errors[0].contains("outside"), "{errors:?}");
    dir.write(".krmignore", "a.yaml\n");
    assert_eq!(files(&dir.tree()), ["Kptfile"]);
}

#[test]
fn a_krmignore_that_cannot_be_read_is_an_error() {
    let dir = Dir::of(&[("Kptfile", &kptfile("")), (".krmignore", "a\n[z-a]\n")]);
    assert!(dir.errors()[0].starts_with(".krmignore: line 2: "), "{:?}", dir.errors());
}

#[test]
fn many_files_are_read_in_their_order() {
    let dir = Dir::of(&[("Kptfile", &kptfile(""))]);
    for number in 0..1000 {
        dir.write(&format!("{number:04}.yaml"), config_map(&format!("c{number}")));
    }
    let tree = dir.tree();
    let names: Vec<&str> = tree.items().filter(|item| item.kind() == "ConfigMap").map(Item::name).collect();
    assert_eq!(names, (0..1000).map(|number| format!("c{number}")).collect::<Vec<_>>());
}

mod lending {
    use krm::ResourceList;
    use serde_json::json;

    use super::*;

    fn dir() -> Dir {
        let (k, c) = (kptfile(""), config_map("c"));
        Dir::of(&[
            ("Kptfile", &k),
            ("a.yaml", &c),
            ("values.yaml", "replicas: 1\n"),
            ("sub/Kptfile", &k),
            ("sub/b.yaml", &c),
            ("sub/values.yaml", "replicas: 1\n"),
        ])
    }

    fn paths(items: &[Item]) -> Vec<String> {
        items.iter().filter_map(|item| item.origin().full_path()).collect()
    }

    #[test]
    fn a_package_sees_itself_and_what_is_inside_it() {
        let mut tree = dir().tree();
        let (lease, items) = tree.lend(1, |_| true);
        assert_eq!(paths(&items), ["sub/Kptfile", "sub/b.yaml"]);
        tree.take_back(lease, items).unwrap();
        let (_, items) = tree.lend(0, |item| item.kind() == "ConfigMap");
        assert_eq!(paths(&items), ["a.yaml", "sub/b.yaml"]);
        assert_eq!(paths(&tree.items().cloned().collect::<Vec<_>>()), ["Kptfile", "sub/Kptfile"]);
    }

    #[test]
    fn new_items_never_take_the_place_of_what_was_not_lent() {
        let mut tree = dir().tree();
        let (lease, items) = tree.lend(0, |item| item.kind() == "ConfigMap");
        let mut list = ResourceList::of_documents(items, None);
        tree.reserve(&lease, &mut list);
        let asker = list.select("v1", "ConfigMap")[1];
        for stem in ["b", "values", "Kptfile", "new"] {
            list.add(json!({"kind": "A", "metadata": {"name": stem}}), asker, stem, &format!("long-{stem}"));
        }
        tree.take_back(lease, list.into_items()).unwrap();
        let made: Vec<String> = tree.changes().unwrap().into_iter().map(|change| change.path).collect();
        assert_eq!(made, ["sub/Kptfile.yaml", "sub/long-b.yaml", "sub/long-values.yaml", "sub/new.yaml"]);
    }

    #[test]
    fn a_new_item_outside_the_package_is_refused() {
        let mut tree = dir().tree();
        let (lease, mut items) = tree.lend(1, |_| true);
        let (_, mut outer) = tree.lend(0, |item| item.kind() == "ConfigMap");
        let mut list = ResourceList::of_documents(outer.split_off(0), None);
        let asker = list.select("v1", "ConfigMap")[0];
        list.add(json!({"kind": "A", "metadata": {"name": "stray"}}), asker, "stray", "stray");
        items.extend(list.into_items().pop());
        let error = tree.take_back(lease, items).unwrap_err().to_string();
        assert_eq!(error, "the new A stray is to be filed at stray.yaml, which is not inside the package sub");
    }
}

#[test]
fn two_links_to_one_file_must_agree() {
    let dir = Dir::of(&[("Kptfile", &kptfile("")), ("real.txt", &config_map("a"))]);
    symlink("real.txt", dir.join("one.yaml")).unwrap();
    symlink("real.txt", dir.join("two.yaml")).unwrap();
    let changed = |values: [&str; 2]| {
        let mut tree = dir.tree();
        let (lease, mut items) = tree.lend(0, |item| item.kind() == "ConfigMap");
        for (item, value) in items.iter_mut().zip(values) {
            item.edit(|map| map["data"]["a"] = value.into()).unwrap();
        }
        tree.take_back(lease, items).unwrap();
        tree.changes()
    };
    let same = changed(["2", "2"]).unwrap();
    assert_eq!(same.len(), 1);
    assert!(same[0].disk.ends_with("real.txt"));
    let error = changed(["2", "3"]).unwrap_err().to_string();
    assert!(error.starts_with("one.yaml and two.yaml are links to one file"), "{error}");
}

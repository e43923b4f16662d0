//! The life of `example/fleet/`: clusters come, go and come back, and two branches are merged.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::ledger::Ledger;
use crate::support::repository;
use crate::support::tree::Tree;
use crate::{krmnet_render, render};

fn example() -> Tree {
    Tree::read(&repository().join("example/fleet")).unwrap()
}

fn laid_out(tree: &Tree) -> TempDir {
    let root = tempfile::tempdir().unwrap();
    tree.write(root.path()).unwrap();
    root
}

/// Copies edge01 as the README of the example says, less the render.
fn add_cluster(name: &str, root: &Path) {
    Tree::read(&root.join("edge01")).unwrap().write(&root.join(name)).unwrap();
    for file in ["Kptfile", "workload-cluster.yaml", "vlan-index.yaml", "delegation.yaml"] {
        edit(&root.join(name).join(file), |line| Some(line.replacen("edge01", name, 1)));
    }
    edit(&root.join(name).join("delegation.yaml"), without_status);
}

/// Passes the lines of a file through `change`; `None` drops the line.
fn edit(path: &Path, change: impl Fn(&str) -> Option<String>) {
    let text = fs::read_to_string(path).unwrap();
    let lines: Vec<String> = text.lines().filter_map(change).collect();
    fs::write(path, lines.join("\n") + "\n").unwrap();
}

fn without_status(line: &str) -> Option<String> {
    (line != "status:" && !line.starts_with("  prefix: ")).then(|| line.to_owned())
}

/// The example after two branches, each of which added a cluster and rendered, were merged.
fn merged() -> TempDir {
    let root = laid_out(&example());
    for name in ["edge04", "edge05"] {
        let branch = laid_out(&example());
        add_cluster(name, branch.path());
        render(branch.path());
        fs::rename(branch.path().join(name), root.path().join(name)).unwrap();
    }
    root
}

fn no_two_owners(root: &Path) {
    let ledger = Ledger::read(&Tree::read(root).unwrap());
    ledger.no_two_owners();
    ledger.addresses_come_from_the_own_cluster();
    ledger.vlans_belong_to_one_network_of_a_cluster();
    ledger.attachments_state_what_the_claims_hold();
}

#[test]
fn a_copied_cluster_gets_its_own_and_the_others_keep_every_byte() {
    let root = laid_out(&example());
    add_cluster("edge04", root.path());
    render(root.path());
    Tree::read_except(root.path(), &["edge04"]).unwrap().ensure_same(&example()).unwrap();
    no_two_owners(root.path());
}

#[test]
fn a_cluster_that_goes_and_comes_back_is_what_it_was() {
    let root = laid_out(&example());
    let edge02 = Tree::read(&root.path().join("edge02")).unwrap();
    fs::remove_dir_all(root.path().join("edge02")).unwrap();
    assert_eq!(render(root.path()), "krmnet: nothing to do");
    edge02.write(&root.path().join("edge02")).unwrap();
    assert_eq!(render(root.path()), "krmnet: nothing to do");
    Tree::read(root.path()).unwrap().ensure_same(&example()).unwrap();
}

#[test]
fn a_cluster_that_comes_back_too_late_is_told_who_has_its_subnets() {
    let root = laid_out(&example());
    let edge02 = Tree::read(&root.path().join("edge02")).unwrap();
    fs::remove_dir_all(root.path().join("edge02")).unwrap();
    add_cluster("edge04", root.path());
    render(root.path());
    edge02.write(&root.path().join("edge02")).unwrap();
    let said = refused(root.path());
    assert!(said.contains("edge04/delegation.yaml") && said.contains("edge02/delegation.yaml"), "{said}");
    krmnet_render(root.path(), &["--reallocate"]).unwrap();
    no_two_owners(root.path());
    edge02.ensure_same(&Tree::read(&root.path().join("edge02")).unwrap()).unwrap();
}

#[test]
fn merged_branches_are_mended_by_one_command() {
    let root = merged();
    let before = Tree::read(root.path()).unwrap();
    let others = || Tree::read_except(root.path(), &["edge05"]).unwrap();
    let others_before = others();
    let said = refused(root.path());
    assert!(said.contains("krmnet render --reallocate"), "{said}");
    Tree::read(root.path()).unwrap().ensure_same(&before).unwrap();

    krmnet_render(root.path(), &["--reallocate"]).unwrap();
    no_two_owners(root.path());
    others().ensure_same(&others_before).unwrap();
    assert_eq!(render(root.path()), "krmnet: nothing to do");
}

#[test]
fn merged_branches_are_mended_by_clearing_the_newcomer() {
    let root = merged();
    let edge05 = Tree::read(&root.path().join("edge05")).unwrap();
    let edge04 = root.path().join("edge04");
    for (path, _) in Tree::read(&edge04).unwrap().entries().filter(|(path, _)| path.contains("/ipclaim_")) {
        fs::remove_file(edge04.join(path)).unwrap();
    }
    edit(&edge04.join("delegation.yaml"), without_status);
    render(root.path());
    no_two_owners(root.path());
    Tree::read(&root.path().join("edge05")).unwrap().ensure_same(&edge05).unwrap();
}

/// What a render says that must fail.
fn refused(root: &Path) -> String {
    krmnet_render(root, &[]).expect_err("the render must find the duplicates")
}

//! A whole fleet rendered from its root: no address has two owners, every attachment is valid, a cluster more changes
//! only its own files, and the order of the files does not matter.
//!
//! `KRMNET_FLEET_CLUSTERS` sets the size; `KRMNET_FLEET_CLUSTERS=1000 cargo test --release -p krmnet --test fleet` is the
//! full one.

// Helpers outside #[test] functions fail their test as those do.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod ledger;
mod life;
#[path = "../support/mod.rs"]
mod support;

use std::env;
use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use ledger::Ledger;
use support::fleet::{Dice, Fleet, write_files};
use support::krmnet;
use support::tree::Tree;

const PIPELINE: [&str; 5] = ["interface-fn", "vlan-fn", "ipam-fn", "nad-fn", "interface-fn"];

fn fleet() -> Fleet {
    let clusters = env::var("KRMNET_FLEET_CLUSTERS").map_or(60, |text| text.parse().unwrap());
    Fleet::new(1, clusters)
}

/// Renders and answers the last line that krmnet says.
fn render(root: &Path) -> String {
    let said = krmnet_render(root, &[]).unwrap_or_else(|said| panic!("{said}"));
    said.lines().last().unwrap_or_default().to_owned()
}

/// What a render says; the error is what one that failed says.
fn krmnet_render(root: &Path, arguments: &[&str]) -> Result<String, String> {
    let output = Command::new(krmnet()).arg("render").arg(root).args(arguments).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    if output.status.success() { Ok(said) } else { Err(said) }
}

/// The fleet after its first render.
static RENDERED: LazyLock<Tree> = LazyLock::new(|| {
    let root = tempfile::tempdir().unwrap();
    fleet().write(root.path()).unwrap();
    render(root.path());
    Tree::read(root.path()).unwrap()
});

#[test]
fn every_claim_is_answered_and_no_address_has_two_owners() {
    let (fleet, ledger) = (fleet(), Ledger::read(&RENDERED));
    let interfaces = fleet.clusters * fleet.functions * fleet.interfaces;
    assert_eq!(ledger.interfaces.len(), interfaces);
    assert!(ledger.claims.len() >= interfaces, "{} claims", ledger.claims.len());
    ledger.no_two_owners();
    ledger.addresses_come_from_the_own_cluster();
    ledger.vlans_belong_to_one_network_of_a_cluster();
    ledger.attachments_state_what_the_claims_hold();
}

#[test]
#[should_panic(expected = "is given twice")]
fn the_ledger_sees_a_second_owner() {
    let (path, claim) = RENDERED.yaml_files().find(|(path, _)| path.contains("/ipclaim_")).unwrap();
    let mut tree = RENDERED.clone();
    tree.insert(&format!("{path}.copy.yaml"), str::from_utf8(claim).unwrap());
    Ledger::read(&tree).no_two_owners();
}

#[test]
fn one_cluster_more_changes_only_its_own_files() {
    let (fleet, root) = (fleet(), tempfile::tempdir().unwrap());
    RENDERED.write(root.path()).unwrap();
    assert_eq!(render(root.path()), "krmnet: nothing to do");

    write_files(&fleet.cluster(fleet.clusters + 1), root.path()).unwrap();
    render(root.path());
    let newcomer = format!("edge{:04}", fleet.clusters + 1);
    Tree::read_except(root.path(), &[&newcomer]).unwrap().ensure_same(&RENDERED).unwrap();
    Ledger::read(&Tree::read(root.path()).unwrap()).no_two_owners();

    fs::remove_dir_all(root.path().join(newcomer)).unwrap();
    assert_eq!(render(root.path()), "krmnet: nothing to do");
}

#[test]
fn shuffled_files_give_the_same_bytes() {
    let (fleet, root) = (fleet(), tempfile::tempdir().unwrap());
    fleet.write(root.path()).unwrap();
    let mut paths: Vec<String> = fleet.files().into_iter().map(|(path, _)| path).collect();
    let in_order = sorted_items(&piped(&paths, root.path()));
    Dice::new(fleet.seed, "shuffle").shuffle(&mut paths);
    assert!(sorted_items(&piped(&paths, root.path())) == in_order, "the order of the files matters");
    let rendered = Command::new(krmnet()).args(["render", "-o", "stdout"]).arg(root.path()).output().unwrap();
    assert!(sorted_items(&String::from_utf8(rendered.stdout).unwrap()) == in_order, "render and fn differ");
}

/// The ResourceList that the functions make, one after the other, of these files in this order.
fn piped(paths: &[String], root: &Path) -> String {
    let scratch = tempfile::tempdir().unwrap();
    for (number, function) in PIPELINE.into_iter().enumerate() {
        let mut command = Command::new(krmnet());
        command.args(["fn", function]).current_dir(root).stdin(Stdio::null());
        match number.checked_sub(1) {
            None => command.args(paths),
            Some(before) => command.stdin(File::open(scratch.path().join(before.to_string())).unwrap()),
        };
        let output = command.stdout(File::create(scratch.path().join(number.to_string())).unwrap()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    fs::read_to_string(scratch.path().join((PIPELINE.len() - 1).to_string())).unwrap()
}

/// The texts of a list's items, which stand in no order. New ones need not say that they are the first in their file.
fn sorted_items(list: &str) -> Vec<String> {
    let items = list.split_once("\nitems:\n").unwrap().1;
    let items = items.split_once("\nresults:\n").map_or(items, |(items, _)| items);
    let items = items.replace("      internal.config.kubernetes.io/index: \"0\"\n", "");
    let mut items: Vec<String> = items.trim_start_matches("- ").trim_end().split("\n- ").map(str::to_owned).collect();
    items.sort_unstable();
    items
}

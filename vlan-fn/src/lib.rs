//! The vlan function: VLANClaims in, VLAN IDs out, against the VLANIndex objects of the same package tree.
//!
//! `docs/vlan-fn.md` says what users see. Inside: `read` turns the items of a list into numbers, `plan` decides without YAML
//! or files, `explain` says why, `write` edits the list.

mod codes;
mod explain;
mod near;
mod plan;
mod read;
mod write;

use krm::ResourceList;
use krm::config::{Key, KeyKind, STRICT, Settings};
use krm::harness::{Function, USUAL_PIPELINE, Usage};

pub use codes::CODES;

/// vlan-fn.
pub const FUNCTION: Function = Function {
    name: "vlan-fn",
    about: env!("CARGO_PKG_DESCRIPTION"),
    long: "\
Each VLANClaim gets the lowest free ID (2 to 4094) of the VLANIndex that it names. An ID that stands in a claim's
status is kept, whatever is added, removed or reordered around it. Claims of one index with the same annotation
specializer.nephio.org/vlanClaimName share one ID. The Git tree is the only memory: two claims that state one ID
without sharing it are an error that names both.

A claim whose VLANIndex is not in the tree is pending: a warning says so, its condition is False, and what its status
states stays. Run it in one pipeline only: that of the package that holds the VLANIndex objects.",
    changes: codes::CHANGES,
    config_kind: "VlanFn",
    keys: &[STRICT, CONFLICT],
    usage: Usage { arguments: "conflict=Reallocate", pipeline: USUAL_PIPELINE, config_map: &[] },
    packages: &["example/fleet"],
    run,
};

const REALLOCATE: &str = "Reallocate";

const CONFLICT: Key = Key {
    name: "conflict",
    about: "What becomes of a claim whose status states an ID that it cannot have. Fail: an error that names both owners. \
            Reallocate: a claim without spec.vlanID gets another ID, of two such claims the later one, and a warning says \
            from what to what.",
    default: Some("Fail"),
    kind: KeyKind::OneOf(&["Fail", REALLOCATE]),
};

/// Does vlan-fn's job on a list.
pub fn run(list: &mut ResourceList, settings: &Settings) {
    let reallocate = settings.choice(CONFLICT.name) == REALLOCATE;
    let Some(tree) = read::read(list, reallocate) else { return };
    let plan = plan::plan(&tree.input);
    explain::findings(list, &tree, &plan).into_iter().for_each(|finding| list.report(finding));
    if settings.flag(STRICT.name) {
        list.escalate(|finding| codes::is_pending(finding.code));
    }
    if !list.has_errors() {
        write::write(list, &tree, &plan);
    }
}

//! The list of hostile inputs.

mod aliases;
mod bytes;
mod count;
mod depth;
mod objects;
mod shell;
mod size;

use super::entry::Entry;
pub(crate) use size::foreign_items;

/// All of them.
pub(crate) fn all() -> Vec<Entry> {
    let groups = [
        bytes::entries(),
        shell::entries(),
        depth::entries(),
        aliases::entries(),
        objects::entries(),
        size::entries(),
        count::entries(),
    ];
    groups.into_iter().flatten().collect()
}

/// A list in kpt's layout, up to its first item: the package's Kptfile, without which some functions do nothing.
pub(crate) const HEAD: &str = "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n- apiVersion: kpt.dev/v1\n  kind: \
                    Kptfile\n  metadata:\n    name: hostile\n";

/// A list of items, each of which starts with a dash.
fn list(items: &str) -> String {
    format!("{HEAD}{items}")
}

/// An item that no function reads.
fn foreign(name: &str) -> String {
    format!("- apiVersion: v1\n  kind: ConfigMap # of the input\n  metadata:\n    name: {name}\n")
}

/// An item that [`READ_IP_CLAIMS`](super::entry::READ_IP_CLAIMS) read. There is no pool for it.
fn claim(name: &str) -> String {
    claim_with(&format!("metadata:\n    name: {name}"))
}

/// The same with other metadata.
fn claim_with(metadata: &str) -> String {
    format!(
        "- apiVersion: ipam.resource.nephio.org/v1alpha1\n  kind: IPClaim # of the input\n  {metadata}\n  spec:\n    \
         kind: network\n    networkInstance:\n      name: vpc\n"
    )
}

/// An item that [`READ_INTERFACES`](super::entry::READ_INTERFACES) read.
fn interface_with(metadata: &str) -> String {
    format!(
        "- apiVersion: req.nephio.org/v1alpha1\n  kind: Interface # of the input\n  {metadata}\n  spec:\n    \
         networkInstance:\n      name: vpc\n"
    )
}

/// A pool that has room for every claim.
fn pool() -> String {
    "- apiVersion: ipam.resource.nephio.org/v1alpha1\n  kind: IPPrefix # of the input\n  metadata:\n    name: pool\n  \
     spec:\n    kind: network\n    networkInstance:\n      name: vpc\n    prefix: 10.0.0.0/8\n"
        .to_owned()
}

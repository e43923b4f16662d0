//! The functions that are built in, and the pipeline of a package tree that states none.

use krm::harness::Function;

/// Every built-in function, in the order in which they usually run.
pub(crate) const BUILT_IN: [Function; 4] =
    [interface_fn::FUNCTION, vlan_fn::FUNCTION, ipam_fn::FUNCTION, nad_fn::FUNCTION];

/// What runs on a tree whose Kptfiles state no pipeline: Interfaces ask, the claims are answered, attachments are made,
/// and the Interfaces show what they were given.
pub(crate) const DEFAULT_PIPELINE: [Function; 5] =
    [interface_fn::FUNCTION, vlan_fn::FUNCTION, ipam_fn::FUNCTION, nad_fn::FUNCTION, interface_fn::FUNCTION];

/// The function of that name among `functions`.
pub(crate) fn named<'f>(functions: &'f [Function], name: &str) -> Option<&'f Function> {
    functions.iter().find(|function| function.name == name)
}

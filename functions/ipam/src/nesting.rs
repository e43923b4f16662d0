//! Which prefix may lie inside which.

use crate::block::Block;
use crate::input::Kind;

/// Whether a strictly longer prefix `child` of kind `kind` may lie directly in a pool of kind `parent`.
pub(crate) fn allowed(kind: Kind, child: Block, parent: Kind) -> bool {
    match (kind, parent) {
        (_, Kind::Aggregate) | (Kind::Pool, Kind::Pool) => true,
        (Kind::Loopback, Kind::Loopback) => child.order == 0,
        _ => false,
    }
}

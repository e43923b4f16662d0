//! What a request asks for, as far as it decides which pools may serve.

use crate::input::{Family, Kind};
use crate::request::{Request, Want};
use crate::selector::Selector;
use crate::supply::Identity;
use crate::world::InstanceId;

/// What a request asks for, as far as it decides which pools may serve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Ask<'a> {
    pub(crate) instance: InstanceId,
    pub(crate) kind: Kind,
    pub(crate) role: Role,
    pub(crate) family: Option<Family>,
    /// Length of the block that is asked for.
    pub(crate) length: Option<u8>,
    pub(crate) selector: &'a Selector,
}

/// What the pool has to provide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Role {
    /// An address of the pool.
    Address,
    /// The pool's gateway address.
    Gateway,
    /// A block inside the pool.
    Block,
}

impl<'a> Ask<'a> {
    pub(crate) fn of(request: &Request<'a>) -> Self {
        let claim = request.claim;
        let role = match request.is_gateway {
            _ if claim.is_block() => Role::Block,
            true => Role::Gateway,
            false => Role::Address,
        };
        let length = match request.want {
            Want::Block(length) | Want::IndexedBlock { length, .. } => Some(length),
            _ => None,
        };
        Self {
            instance: request.instance,
            kind: claim.kind,
            role,
            family: request.family,
            length,
            selector: &claim.selector,
        }
    }

    /// The kind of pool that serves, and the one that does where none of the first matches.
    pub(crate) fn kinds(&self, from_aggregate: bool) -> (Kind, Option<Kind>) {
        match (self.role, self.kind) {
            (Role::Address, kind) => (kind, from_aggregate.then_some(Kind::Aggregate)),
            // An aggregate is no subnet, so that it has no gateway.
            (Role::Gateway, kind) => (kind, None),
            (Role::Block, Kind::Pool) => (Kind::Pool, Some(Kind::Aggregate)),
            (Role::Block, _) => (Kind::Aggregate, None),
        }
    }

    /// Whether pools of this kind may serve.
    pub(crate) fn takes(&self, kind: Kind, from_aggregate: bool) -> bool {
        let (own, fallback) = self.kinds(from_aggregate);
        own == kind || fallback == Some(kind)
    }

    /// Whether the block that is asked for is too large for the pool: it must be strictly longer.
    pub(crate) fn exceeds(&self, pool: &Identity<'_>) -> bool {
        self.length.is_some_and(|length| length <= pool.block.len(pool.family))
    }

    /// Whether pools of this family may serve.
    pub(crate) fn admits(&self, family: Family) -> bool {
        self.family.is_none_or(|wanted| wanted == family)
    }
}

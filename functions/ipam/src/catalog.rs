//! Which pools may serve a request, in which order.
//!
//! Pools are grouped by network instance, family and kind and indexed by label, so that a request looks only at pools
//! that its most selective condition leaves; requests that ask the same share one answer.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::HashMap;

use crate::input::{Family, Kind};
use crate::labels::TOPOLOGY_KEYS;
use crate::matching::{self, Condition};
use crate::request::{Request, Want};
use crate::selector::{Operator, Selector};
use crate::world::{InstanceId, PoolId, World};

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
        let role = match request.want {
            _ if claim.is_block() => Role::Block,
            Want::Address if request.is_gateway => Role::Gateway,
            _ => Role::Address,
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
            (Role::Gateway, kind) => (kind, None),
            (Role::Block, Kind::Pool) => (Kind::Pool, Some(Kind::Aggregate)),
            (Role::Block, _) => (Kind::Aggregate, None),
        }
    }

    fn families(&self) -> impl Iterator<Item = Family> + use<> {
        let wanted = self.family;
        [Family::V4, Family::V6].into_iter().filter(move |family| wanted.is_none_or(|wanted| wanted == *family))
    }
}

/// The pools that match an [`Ask`].
#[derive(Debug, Default)]
pub(crate) struct List {
    /// Those that may serve, in candidate order.
    pub(crate) pools: Vec<PoolId>,
    /// Those that match but are not shorter than the block that is asked for.
    pub(crate) too_long: Vec<PoolId>,
    /// All before this one are full. Pools only ever get fuller.
    pub(crate) cursor: usize,
    /// How many pools there were to choose from when the list was made.
    choice: usize,
    /// How many pools there were at all when that was last looked at.
    as_of: usize,
}

/// All pools of one network instance, family and kind.
#[derive(Debug, Default)]
struct Group<'a> {
    pools: Vec<PoolId>,
    by_label: HashMap<Cow<'a, str>, HashMap<Cow<'a, str>, Vec<PoolId>>>,
    /// Pools that serve everyone in a topology dimension.
    open: HashMap<&'static str, Vec<PoolId>>,
}

#[derive(Debug, Default)]
struct Groups<'a>(HashMap<(InstanceId, Family, Kind), Group<'a>>);

/// All pools that give, and the answers so far.
#[derive(Debug, Default)]
pub(crate) struct Catalog<'a> {
    groups: Groups<'a>,
    /// How many pools give.
    total: usize,
    /// All pools of a network instance.
    instances: HashMap<InstanceId, Vec<PoolId>>,
    lists: HashMap<Ask<'a>, List>,
}

impl<'a> Catalog<'a> {
    pub(crate) fn add(&mut self, id: PoolId, world: &World<'a>) {
        let pool = &world[id].id;
        self.instances.entry(pool.instance).or_default().push(id);
        if pool.deleting {
            return;
        }
        self.total = self.total.saturating_add(1);
        let group = self.groups.0.entry((pool.instance, pool.family, pool.kind)).or_default();
        group.pools.push(id);
        for (key, value) in pool.labels.pairs() {
            let by_value = group.by_label.entry(key.clone()).or_default();
            by_value.entry(value.clone()).or_default().push(id);
        }
        for key in TOPOLOGY_KEYS {
            if pool.labels.is_open(key) {
                group.open.entry(key).or_default().push(id);
            }
        }
    }

    /// All pools of a network instance, also those that no longer give.
    pub(crate) fn of_instance(&self, instance: InstanceId) -> &[PoolId] {
        self.instances.get(&instance).map_or(&[], Vec::as_slice)
    }

    /// The pools that match, in candidate order.
    pub(crate) fn list(&mut self, ask: Ask<'a>, world: &World<'a>) -> &mut List {
        let Self { groups, lists, total, .. } = self;
        let list = lists.entry(ask).or_default();
        if list.as_of != *total {
            let choice = groups.count(&ask, world.settings.from_aggregate);
            if list.choice != choice {
                *list = groups.list(&ask, world);
                list.choice = choice;
            }
            list.as_of = *total;
        }
        list
    }
}

impl<'a> Groups<'a> {
    fn of(&self, ask: &Ask<'_>, kind: Kind) -> impl Iterator<Item = &Group<'a>> {
        let instance = ask.instance;
        ask.families().filter_map(move |family| self.0.get(&(instance, family, kind)))
    }

    /// How many pools there are to choose from.
    fn count(&self, ask: &Ask<'_>, from_aggregate: bool) -> usize {
        let (own, fallback) = ask.kinds(from_aggregate);
        let groups = std::iter::once(own).chain(fallback).flat_map(|kind| self.of(ask, kind));
        groups.fold(0, |sum, group| sum.saturating_add(group.pools.len()))
    }

    fn list(&self, ask: &Ask<'_>, world: &World<'a>) -> List {
        let (own, fallback) = ask.kinds(world.settings.from_aggregate);
        let mut list = List::default();
        for kind in std::iter::once(own).chain(fallback) {
            let is_short = |id: &PoolId| {
                let pool = &world[*id].id;
                ask.length.is_none_or(|length| pool.block.len(pool.family) < length)
            };
            let (pools, too_long): (Vec<_>, Vec<_>) = self.matching(ask, kind, world).into_iter().partition(is_short);
            list.pools = pools;
            list.too_long.extend(too_long);
            if !list.pools.is_empty() {
                break;
            }
        }
        list
    }

    /// Matching pools of a kind: IPv4 first, more topology keys named, longer prefix, lower address.
    fn matching(&self, ask: &Ask<'_>, kind: Kind, world: &World<'a>) -> Vec<PoolId> {
        let strict = world.settings.strict_selectors;
        let mut found: Vec<_> = self
            .of(ask, kind)
            .flat_map(|group| group.narrowed(ask.selector, strict))
            .filter_map(|id| {
                let pool = &world[id].id;
                let named = matching::matches(ask.selector, &pool.labels, strict)?;
                let rank = (pool.family, Reverse(named), pool.block.order, pool.block.start);
                Some((rank, id))
            })
            .collect();
        found.sort_unstable();
        found.dedup();
        found.into_iter().map(|(_, id)| id).collect()
    }
}

impl Group<'_> {
    /// The pools that the most selective condition leaves; they are still to be matched.
    fn narrowed(&self, selector: &Selector, strict: bool) -> Vec<PoolId> {
        selector
            .conditions()
            .filter(|condition| condition.operator == Operator::In)
            .map(|condition| self.postings(condition, strict))
            .min_by_key(|postings| postings.iter().map(|list| list.len()).sum::<usize>())
            .map_or_else(|| self.pools.clone(), |postings| postings.concat())
    }

    fn postings(&self, condition: Condition<'_>, strict: bool) -> Vec<&[PoolId]> {
        let by_value = self.by_label.get(condition.key);
        let named = condition.values.iter().filter_map(|value| by_value?.get(value.as_str()));
        let open = self.open.get(condition.key).filter(|_| !strict);
        named.chain(open).map(Vec::as_slice).collect()
    }
}

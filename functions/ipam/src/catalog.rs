//! Which pools may serve a request, in which order.
//!
//! Pools are grouped by network instance, family and kind and indexed by label, so that a request looks only at pools
//! that its most selective condition leaves. Requests that ask the same share one list; pools that come later are added
//! to it.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::HashMap;

use crate::ask::Ask;
use crate::input::{Family, Kind};
use crate::labels::TOPOLOGY_KEYS;
use crate::matching::{self, Condition};
use crate::selector::{Operator, Selector};
use crate::world::{InstanceId, PoolId, World};

/// How many entries the lists may have in all before they are made anew: asks that differ, each with many pools, would take
/// the product of both.
const MOST_LISTED: usize = 6_000_000;

/// The candidate order: IPv4 first, more topology keys named, longer prefix, lower address.
type Rank = (Family, Reverse<usize>, u8, u128);

/// The pools of one kind that match an [`Ask`].
#[derive(Debug, Default)]
struct Tier {
    /// Those that may serve, in candidate order.
    pools: Vec<(Rank, PoolId)>,
    /// Those that match but are not shorter than the block that is asked for.
    too_long: Vec<(Rank, PoolId)>,
    /// How many pools of each family have been looked at.
    seen: [usize; 2],
}

/// The pools that match an [`Ask`].
#[derive(Debug, Default)]
pub(crate) struct List {
    own: Tier,
    /// Of the kind that serves where none of the own does.
    fallback: Tier,
    /// All pools before this one are full, and pools only ever get fuller.
    cursor: usize,
    /// How many pools there were at all when the list was made or last added to.
    as_of: usize,
}

impl List {
    /// How many entries it has.
    fn len(&self) -> usize {
        [&self.own, &self.fallback].into_iter().map(|tier| tier.pools.len().saturating_add(tier.too_long.len())).sum()
    }

    fn serving(&self) -> &Tier {
        if self.own.pools.is_empty() { &self.fallback } else { &self.own }
    }

    /// The pools that may serve, in candidate order.
    pub(crate) fn pools(&self) -> impl Iterator<Item = PoolId> {
        self.serving().pools.iter().map(|(_, id)| *id)
    }

    /// The pools that match but are not shorter than the block that is asked for, in candidate order.
    pub(crate) fn too_long(&self) -> impl Iterator<Item = PoolId> {
        self.own.too_long.iter().chain(&self.fallback.too_long).map(|(_, id)| *id)
    }

    /// The first pool that is not known to be full.
    pub(crate) fn current(&self) -> Option<PoolId> {
        self.serving().pools.get(self.cursor).map(|(_, id)| *id)
    }

    /// The current pool is full.
    pub(crate) fn skip(&mut self) {
        self.cursor = self.cursor.saturating_add(1);
    }
}

/// All pools of one network instance, family and kind.
#[derive(Debug, Default)]
struct Group<'a> {
    pools: Vec<PoolId>,
    by_label: HashMap<Cow<'a, str>, HashMap<Cow<'a, str>, Vec<PoolId>>>,
    /// Pools that serve everyone in a topology dimension.
    open: HashMap<&'static str, Vec<PoolId>>,
}

/// All pools that give, and the lists made so far.
#[derive(Debug, Default)]
pub(crate) struct Catalog<'a> {
    groups: HashMap<(InstanceId, Family, Kind), Group<'a>>,
    /// How many pools give.
    total: usize,
    /// All pools of a network instance.
    instances: HashMap<InstanceId, Vec<PoolId>>,
    lists: HashMap<Ask<'a>, List>,
    /// How many entries they have.
    listed: usize,
}

impl<'a> Catalog<'a> {
    pub(crate) fn add(&mut self, id: PoolId, world: &World<'a>) {
        let pool = &world[id].id;
        self.instances.entry(pool.instance).or_default().push(id);
        if pool.deleting {
            return;
        }
        self.total = self.total.saturating_add(1);
        let group = self.groups.entry((pool.instance, pool.family, pool.kind)).or_default();
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

    /// The pools that match.
    pub(crate) fn list(&mut self, ask: Ask<'a>, world: &World<'a>) -> &mut List {
        let Self { groups, lists, total, listed, .. } = self;
        // A list is made of the pools alone. Where its cursor starts over, it comes by full pools once more.
        if *listed > MOST_LISTED && !lists.contains_key(&ask) {
            lists.clear();
            *listed = 0;
        }
        let list = lists.entry(ask).or_default();
        if list.as_of != *total {
            let before = list.len();
            list.as_of = *total;
            let (own, fallback) = ask.kinds(world.settings.from_aggregate);
            let was_fallback = list.own.pools.is_empty();
            let mut first_new = list.own.extend(&ask, own, groups, world);
            if let Some(kind) = fallback {
                let new = list.fallback.extend(&ask, kind, groups, world);
                if list.own.pools.is_empty() {
                    first_new = new;
                }
            }
            // New pools are not full yet; a tier that serves for the first time starts at its beginning.
            let changed = was_fallback && !list.own.pools.is_empty();
            list.cursor = if changed { 0 } else { list.cursor.min(first_new) };
            *listed = listed.saturating_add(list.len().saturating_sub(before));
        }
        list
    }
}

impl Tier {
    /// Adds what matches of the pools that were not there yet. Returns the position of the first one added.
    fn extend<'a>(
        &mut self,
        ask: &Ask<'a>,
        kind: Kind,
        groups: &HashMap<(InstanceId, Family, Kind), Group<'a>>,
        world: &World<'a>,
    ) -> usize {
        let strict = world.settings.strict_selectors;
        let mut new = Vec::new();
        for (family, seen) in [Family::V4, Family::V6].into_iter().zip(&mut self.seen) {
            let Some(group) = groups.get(&(ask.instance, family, kind)).filter(|_| ask.admits(family)) else {
                continue;
            };
            new.extend(group.since(*seen, ask.selector, strict));
            *seen = group.pools.len();
        }
        let ranked = new.into_iter().filter_map(|id| {
            let pool = &world[id].id;
            let named = matching::matches(ask.selector, &pool.labels, strict)?;
            Some(((pool.family, Reverse(named), pool.block.order, pool.block.start), id))
        });
        let (pools, too_long): (Vec<_>, Vec<_>) = ranked.partition(|(_, id)| !ask.exceeds(&world[*id].id));
        let first_new = pools.iter().min().copied();
        merge(&mut self.pools, pools);
        merge(&mut self.too_long, too_long);
        first_new.map_or(usize::MAX, |first| self.pools.partition_point(|pool| *pool < first))
    }
}

/// Adds to a sorted list. The sort finds two sorted runs and merges them.
fn merge(sorted: &mut Vec<(Rank, PoolId)>, mut new: Vec<(Rank, PoolId)>) {
    if new.is_empty() {
        return;
    }
    new.sort();
    sorted.append(&mut new);
    sorted.sort();
    // A pool with several values of a label is found once for each.
    sorted.dedup();
}

impl Group<'_> {
    /// The pools that may match, of those that came after the first `seen`.
    fn since(&self, seen: usize, selector: &Selector, strict: bool) -> Vec<PoolId> {
        if seen > 0 {
            return self.pools.get(seen..).unwrap_or_default().to_vec();
        }
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

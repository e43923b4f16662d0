//! Random sequences of edits.

use std::collections::BTreeMap;
use std::net::IpAddr;

use ipam::{AddrRange, Claim, Input, Kind, Order, Plan, Pool, PoolSource, Severity, Status, plan};
use ipnet::IpNet;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use super::claims::{Change, Draft, change, draft, host, stray_address};
use super::pools::{pool, source};
use super::universe::{few_labels, key};
use crate::model;

/// One step of a sequence. References go to whatever is there at that moment.
#[derive(Debug, Clone)]
pub(crate) enum Edit {
    AddPool {
        pool: Pool,
        careful: bool,
    },
    RemovePool(Index),
    /// Another prefix, everything else stays.
    ResizePool(Index, Pool),
    /// A second object states the same prefix.
    RepeatPool(Index, ipam::Key, PoolSource, Repeat),
    NarrowPool(Index, Vec<AddrRange>, Option<AddrRange>),
    LabelPool(Index, BTreeMap<String, String>),
    AddClaim(Draft),
    /// Several dynamic claims that differ only in their names.
    Fill(Draft, u8),
    RemoveClaim(Index),
    /// Another spec; the status stays.
    ReplaceClaim(Index, Draft),
    ChangeClaim(Index, Change),
    Status(Index, StatusEdit),
    /// An ordinary claim takes the default gateway's address of a subnet without a gateway, then a gateway claim comes.
    TakeGateway(Index),
    /// A claim and its copy, both to be deleted.
    DeleteWithCopy(Index),
    Set(Setting),
    Shuffle(u64),
    /// Look at the plan, and write it where it has no errors.
    Render,
    /// Take away what the plan complains of, then write it.
    Settle,
}

/// How a second statement of a pool differs from the first.
#[derive(Debug, Clone)]
pub(crate) enum Repeat {
    Same,
    Labels(BTreeMap<String, String>),
    Kind(Kind),
    /// The other notation: with the gateway's address, or without.
    Notation(u8),
}

/// What somebody does to a status by hand.
#[derive(Debug, Clone)]
pub(crate) enum StatusEdit {
    Clear,
    Address(IpAddr),
    /// An address of some pool.
    InPool(Index, u8),
    Length(u8),
    Gateway(Option<IpAddr>),
    /// A copy of another claim's status.
    CopyOf(Index),
    /// An address in another claim's unlabelled block.
    InBlockOf(Index, u8),
    /// An address that an annotation of some pool keeps from everybody.
    Narrowed(Index, u8),
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Setting {
    Order,
    FromAggregate,
    StrictSelectors,
    Reallocate,
}

/// The input as it stands.
#[derive(Debug, Clone, Default)]
pub(crate) struct World {
    pub(crate) input: Input,
}

impl World {
    pub(crate) fn apply(&mut self, edit: Edit) {
        let seen = self.input.clone();
        let Input { pools, claims, settings } = &mut self.input;
        match edit {
            Edit::AddPool { pool, careful } => self.add_pool(pool, careful),
            Edit::RemovePool(which) if !pools.is_empty() => {
                pools.remove(which.index(pools.len()));
            }
            Edit::ResizePool(which, other) if !pools.is_empty() => {
                let pool = which.get_mut(pools);
                (pool.prefix, pool.exclude, pool.range) = (other.prefix, Vec::new(), None);
            }
            Edit::RepeatPool(which, key, source, repeat) if !pools.is_empty() => {
                let mut pool = which.get(pools).clone();
                (pool.key, pool.source) = (key, source);
                repeat.apply(&mut pool);
                self.put_pool(pool);
            }
            Edit::NarrowPool(which, exclude, range) if !pools.is_empty() => {
                let pool = which.get_mut(pools);
                if pool.source == PoolSource::IpPrefix {
                    (pool.exclude, pool.range) = (exclude, range);
                }
            }
            Edit::LabelPool(which, labels) if !pools.is_empty() => {
                let pool = which.get_mut(pools);
                pool.labels = labels;
            }
            Edit::AddClaim(draft) => {
                let claim = draft.claim(&seen);
                self.put_claim(claim);
            }
            Edit::Fill(draft, count) => {
                let draft = draft.dynamic();
                for n in 0..count {
                    let mut claim = draft.claim(&seen);
                    claim.key.name = format!("{}-{n}", claim.key.name);
                    self.put_claim(claim);
                }
            }
            Edit::RemoveClaim(which) if !claims.is_empty() => {
                claims.remove(which.index(claims.len()));
            }
            Edit::ReplaceClaim(which, draft) if !claims.is_empty() => {
                let claim = which.get_mut(claims);
                let (key, status) = (claim.key.clone(), claim.status);
                *claim = draft.claim(&seen);
                (claim.key, claim.status) = (key, status);
            }
            Edit::ChangeClaim(which, change) if !claims.is_empty() => {
                let index = which.index(claims.len());
                change.apply(&mut claims[index]);
            }
            Edit::Status(which, edit) if !claims.is_empty() => {
                let index = which.index(claims.len());
                claims[index].status = edit.apply(&claims[index], claims, pools);
            }
            Edit::DeleteWithCopy(which) if !claims.is_empty() => {
                let claim = which.get_mut(claims);
                claim.delete = true;
                let mut copy = claim.clone();
                copy.key.name = "copy".to_owned();
                self.put_claim(copy);
            }
            Edit::TakeGateway(which) => self.take_gateway(which),
            Edit::Set(Setting::Order) => {
                settings.order = if settings.order == Order::Lowest { Order::BestFit } else { Order::Lowest };
            }
            Edit::Set(Setting::FromAggregate) => settings.from_aggregate = !settings.from_aggregate,
            Edit::Set(Setting::StrictSelectors) => settings.strict_selectors = !settings.strict_selectors,
            Edit::Set(Setting::Reallocate) => settings.reallocate = !settings.reallocate,
            Edit::Shuffle(seed) => self.input = shuffled(&self.input, seed),
            Edit::Render => {
                let plan = plan(&self.input);
                if !plan.has_errors() {
                    write_back(&mut self.input, &plan);
                }
            }
            Edit::Settle => {
                self.repair();
                self.apply(Edit::Render);
            }
            _ => {}
        }
    }

    fn take_gateway(&mut self, which: Index) {
        let subnet =
            |pool: &&Pool| pool.kind == Kind::Network && pool.prefix.max_prefix_len() - pool.prefix.prefix_len() > 1;
        let subnets: Vec<&Pool> = self.input.pools.iter().filter(subnet).collect();
        if subnets.is_empty() {
            return;
        }
        let pool = (*which.get(&subnets)).clone();
        let first = pool.prefix.trunc().subnets(pool.prefix.max_prefix_len()).ok().and_then(|mut hosts| hosts.nth(1));
        let name = |name: &str| ipam::Key::new("", "ns", name);
        let mut holder = Claim::new(name("cfirst"), pool.instance.clone(), Kind::Network);
        holder.prefix = first.and_then(|first| IpNet::new(first.addr(), pool.prefix.prefix_len()).ok());
        let mut gateway = Claim::new(name("cgateway"), pool.instance.clone(), Kind::Network);
        gateway.labels.insert("nephio.org/gateway".to_owned(), "true".to_owned());
        gateway.selector.match_labels = pool.labels.clone();
        gateway.selector.match_labels.remove("nephio.org/gateway");
        self.input.pools.retain(|other| (other.source, &other.key) != (pool.source, &pool.key) || *other == pool);
        for stated in self.input.pools.iter_mut().filter(|other| **other == pool) {
            stated.prefix = stated.prefix.trunc();
            stated.labels.insert("nephio.org/gateway".to_owned(), "false".to_owned());
        }
        self.put_claim(holder);
        self.put_claim(gateway);
    }

    /// Objects are known by their keys: a second one of the same key replaces the first.
    fn put_pool(&mut self, pool: Pool) {
        self.input.pools.retain(|other| {
            (other.source, &other.key) != (pool.source, &pool.key) || pool.source != PoolSource::IpPrefix
        });
        self.input.pools.push(pool);
    }

    fn put_claim(&mut self, claim: Claim) {
        self.input.claims.retain(|other| other.key != claim.key);
        self.input.claims.push(claim);
    }

    /// With care, the pool goes to the first place from its own on where it contradicts no other.
    fn add_pool(&mut self, mut pool: Pool, careful: bool) {
        if !careful {
            return self.put_pool(pool);
        }
        for _ in 0..16 {
            let before = self.input.pools.clone();
            self.put_pool(pool.clone());
            if model::answer(&Input { claims: Vec::new(), ..self.input.clone() }).pools.is_empty() {
                return;
            }
            self.input.pools = before;
            let Some(next) = pool.prefix.subnets(pool.prefix.prefix_len()).ok().and_then(|_| after(&pool.prefix))
            else {
                return;
            };
            (pool.prefix, pool.exclude, pool.range) = (next, Vec::new(), None);
        }
    }

    fn repair(&mut self) {
        let plan = plan(&self.input);
        let failed: Vec<bool> =
            plan.outcomes.iter().map(|outcome| outcome.verdict.severity() == Some(Severity::Error)).collect();
        let mut failed = failed.into_iter();
        self.input.claims.retain(|_| !failed.next().unwrap_or_default());
        let bad: Vec<usize> = plan.findings.iter().map(|finding| finding.pool()).collect();
        let mut index = 0..;
        self.input.pools.retain(|_| !bad.contains(&index.next().unwrap_or_default()));
    }
}

/// The prefix of the same length behind this one, with the same host bits.
fn after(prefix: &IpNet) -> Option<IpNet> {
    let parent = IpNet::new(prefix.addr(), prefix.max_prefix_len() - 8).ok()?.trunc();
    let blocks: Vec<IpNet> = parent.subnets(prefix.prefix_len()).ok()?.collect();
    let at = blocks.iter().position(|block| *block == prefix.trunc())?;
    let next = blocks.get((at + 1) % blocks.len())?;
    let hosts: Vec<IpAddr> = prefix.trunc().subnets(prefix.max_prefix_len()).ok()?.map(|host| host.addr()).collect();
    let host = hosts.iter().position(|host| *host == prefix.addr())?;
    let address = next.subnets(prefix.max_prefix_len()).ok()?.nth(host)?.addr();
    IpNet::new(address, prefix.prefix_len()).ok()
}

/// Writes the statuses of a plan into the claims.
pub(crate) fn write_back(input: &mut Input, plan: &Plan) {
    for (claim, outcome) in input.claims.iter_mut().zip(&plan.outcomes) {
        if let Some(status) = outcome.verdict.status() {
            claim.status = Some(*status);
        }
    }
}

/// The same input in another order.
pub(crate) fn shuffled(input: &Input, seed: u64) -> Input {
    let mut other = input.clone();
    let mut state = seed | 1;
    let mut below = |n: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap_or_default() % n.max(1)
    };
    for n in (1..other.claims.len()).rev() {
        other.claims.swap(n, below(n + 1));
    }
    for n in (1..other.pools.len()).rev() {
        other.pools.swap(n, below(n + 1));
    }
    other
}

impl Repeat {
    fn apply(self, pool: &mut Pool) {
        match self {
            Self::Same => {}
            Self::Labels(labels) => pool.labels = labels,
            Self::Kind(kind) => pool.kind = kind,
            Self::Notation(n) => {
                let length = pool.prefix.prefix_len();
                let hosts = pool.prefix.trunc().subnets(pool.prefix.max_prefix_len()).ok();
                if let Some(host) = hosts.and_then(|mut hosts| hosts.nth(n.into())) {
                    pool.prefix = IpNet::new(host.addr(), length).expect("its length");
                }
            }
        }
        if pool.source != PoolSource::IpPrefix {
            (pool.exclude, pool.range, pool.prefix) = (Vec::new(), None, pool.prefix.trunc());
        }
    }
}

impl StatusEdit {
    fn apply(self, claim: &Claim, claims: &[Claim], pools: &[Pool]) -> Option<Status> {
        let old = claim.status;
        let at = |address: IpAddr, length: Option<u8>| {
            let max = IpNet::from(address).max_prefix_len();
            let asked = length.or(claim.prefix_length).unwrap_or(max);
            let length = if max == 128 && asked <= 32 { asked + 96 } else { asked.min(max) };
            let prefix = IpNet::new(address, length).expect("a length");
            Some(Status { prefix: if claim.create_prefix { prefix.trunc() } else { prefix }, gateway: None })
        };
        match self {
            Self::Clear => None,
            Self::Address(address) => at(address, old.map(|status| status.prefix.prefix_len())),
            Self::InPool(which, n) if !pools.is_empty() => {
                let pool = which.get(pools).prefix.trunc();
                let bits = (pool.max_prefix_len() - pool.prefix_len()).min(8);
                let host = pool.subnets(pool.max_prefix_len()).ok()?.nth(usize::from(n) % (1 << bits))?;
                at(host.addr(), if claim.create_prefix { None } else { Some(pool.prefix_len()) })
            }
            Self::Length(length) => old.map(|status| {
                let length = if status.prefix.addr().is_ipv6() { length + 96 } else { length };
                Status { prefix: IpNet::new(status.prefix.addr(), length).expect("a length"), ..status }
            }),
            Self::Gateway(gateway) => old.map(|status| Status { gateway, ..status }),
            Self::CopyOf(which) if !claims.is_empty() => which.get(claims).status.or(old),
            Self::InBlockOf(which, n) => {
                let is_held = |other: &Claim| other.create_prefix && other.labels.is_empty() && !other.get;
                let held = |other: &Claim| other.status.filter(|_| is_held(other) && !claim.create_prefix);
                let blocks: Vec<IpNet> = claims.iter().filter_map(held).map(|status| status.prefix.trunc()).collect();
                if blocks.is_empty() {
                    return old;
                }
                let block = which.get(&blocks);
                let host = block.subnets(block.max_prefix_len()).ok()?.nth(n.into());
                host.map_or(old, |host| at(host.addr(), Some(block.prefix_len())))
            }
            Self::Narrowed(which, n) => {
                let narrowed: Vec<&Pool> =
                    pools.iter().filter(|pool| !pool.exclude.is_empty() || pool.range.is_some()).collect();
                if narrowed.is_empty() {
                    return old;
                }
                let pool = which.get(&narrowed);
                let kept = |host: &IpNet| {
                    let within = |range: &AddrRange| range.first() <= host.addr() && host.addr() <= range.last();
                    pool.exclude.iter().any(within) || !pool.range.iter().all(within)
                };
                let hosts: Vec<IpNet> =
                    pool.prefix.trunc().subnets(pool.prefix.max_prefix_len()).ok()?.filter(kept).collect();
                match hosts.get(usize::from(n) % hosts.len().max(1)) {
                    Some(host) => {
                        at(host.addr(), if claim.create_prefix { None } else { Some(pool.prefix.prefix_len()) })
                    }
                    None => old,
                }
            }
            Self::InPool(..) | Self::CopyOf(_) => old,
        }
    }
}

fn setting() -> impl Strategy<Value = Setting> {
    prop_oneof![
        1 => Just(Setting::Order),
        1 => Just(Setting::FromAggregate),
        1 => Just(Setting::StrictSelectors),
        3 => Just(Setting::Reallocate),
    ]
}

fn repeat() -> impl Strategy<Value = Repeat> {
    let kind = prop_oneof![Just(Kind::Network), Just(Kind::Aggregate)];
    prop_oneof![
        3 => Just(Repeat::Same),
        3 => few_labels().prop_map(Repeat::Labels),
        1 => kind.prop_map(Repeat::Kind),
        2 => (0..8_u8).prop_map(Repeat::Notation),
    ]
}

fn status_edit() -> impl Strategy<Value = StatusEdit> {
    prop_oneof![
        2 => Just(StatusEdit::Clear),
        2 => stray_address().prop_map(StatusEdit::Address),
        6 => (any::<Index>(), host()).prop_map(|(which, n)| StatusEdit::InPool(which, n)),
        2 => (24..=32_u8).prop_map(StatusEdit::Length),
        2 => proptest::option::of(stray_address()).prop_map(StatusEdit::Gateway),
        5 => any::<Index>().prop_map(StatusEdit::CopyOf),
        16 => (any::<Index>(), 0..4_u8).prop_map(|(which, n)| StatusEdit::InBlockOf(which, n)),
        8 => (any::<Index>(), any::<u8>()).prop_map(|(which, n)| StatusEdit::Narrowed(which, n)),
    ]
}

fn narrowed() -> impl Strategy<Value = (Vec<AddrRange>, Option<AddrRange>)> {
    pool().prop_map(|pool| (pool.exclude, pool.range))
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        10 => (pool(), proptest::bool::weighted(0.75)).prop_map(|(pool, careful)| Edit::AddPool { pool, careful }),
        1 => any::<Index>().prop_map(Edit::RemovePool),
        1 => (any::<Index>(), pool()).prop_map(|(which, pool)| Edit::ResizePool(which, pool)),
        2 => (any::<Index>(), key("p", 8), source(), repeat())
            .prop_map(|(which, key, source, repeat)| Edit::RepeatPool(which, key, source, repeat)),
        2 => (any::<Index>(), narrowed()).prop_map(|(which, (exclude, range))| Edit::NarrowPool(which, exclude, range)),
        1 => (any::<Index>(), few_labels()).prop_map(|(which, labels)| Edit::LabelPool(which, labels)),
        14 => draft().prop_map(Edit::AddClaim),
        3 => (draft(), 2..7_u8).prop_map(|(draft, count)| Edit::Fill(draft, count)),
        2 => any::<Index>().prop_map(Edit::RemoveClaim),
        2 => (any::<Index>(), draft()).prop_map(|(which, draft)| Edit::ReplaceClaim(which, draft)),
        3 => (any::<Index>(), change()).prop_map(|(which, change)| Edit::ChangeClaim(which, change)),
        12 => (any::<Index>(), status_edit()).prop_map(|(which, edit)| Edit::Status(which, edit)),
        1 => any::<Index>().prop_map(Edit::TakeGateway),
        1 => any::<Index>().prop_map(Edit::DeleteWithCopy),
        2 => setting().prop_map(Edit::Set),
        1 => any::<u64>().prop_map(Edit::Shuffle),
        6 => Just(Edit::Render),
        8 => Just(Edit::Settle),
    ]
}

/// A sequence of edits. It starts with a few pools, so that there is something to give.
pub(crate) fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let settings = vec(setting().prop_map(Edit::Set), 0..3);
    let pools = vec(pool().prop_map(|pool| Edit::AddPool { pool, careful: true }), 2..7);
    (settings, pools, vec(edit(), 4..40))
        .prop_map(|(settings, pools, rest)| settings.into_iter().chain(pools).chain(rest).collect())
}

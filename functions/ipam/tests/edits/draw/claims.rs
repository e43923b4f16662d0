//! Random claims.

use std::collections::BTreeMap;
use std::net::IpAddr;

use ipam::{Claim, Family, Input, Kind, Operator, Pool, Requirement};
use ipnet::IpNet;
use proptest::option::weighted;
use proptest::prelude::*;
use proptest::sample::Index;

use super::universe::{address, family, few_labels, instance, key, labels, prefix, selector};

/// A claim whose place is looked up in the pools of the moment.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    claim: Claim,
    /// Ask for what this pool can give.
    like: Option<Index>,
    place: Place,
    flaw: Option<Flaw>,
}

/// Which address or block a claim states.
#[derive(Debug, Clone, Copy)]
enum Place {
    Dynamic,
    /// spec.prefix, this many addresses after the start of some pool of the claim's kind, with so much of its length.
    Pool(Index, u8, u8),
    /// spec.prefix in what some claim holds.
    Held(Index, u8),
    /// spec.prefix somewhere in the universe.
    Anywhere(IpNet),
    /// spec.index.
    Nth(u32),
}

/// A contradiction in the form of a claim.
#[derive(Debug, Clone, Copy)]
enum Flaw {
    Mapped,
    NoPrefix,
    NoCreatePrefix,
    NoLength,
    StrayLength,
    OtherLength,
    LongLength,
    PrefixAndIndex,
    HostBits,
    LoopbackLength,
    OtherFamily,
    UnknownFamily,
    Requirement,
}

const FLAWS: [Flaw; 13] = [
    Flaw::Mapped,
    Flaw::NoPrefix,
    Flaw::NoCreatePrefix,
    Flaw::NoLength,
    Flaw::StrayLength,
    Flaw::OtherLength,
    Flaw::LongLength,
    Flaw::PrefixAndIndex,
    Flaw::HostBits,
    Flaw::LoopbackLength,
    Flaw::OtherFamily,
    Flaw::UnknownFamily,
    Flaw::Requirement,
];

impl Draft {
    /// The claim, in sight of these pools and claims.
    pub(crate) fn claim(&self, input: &Input) -> Claim {
        let pools = &input.pools;
        let mut claim = self.claim.clone();
        if let Some(like) = self.like.filter(|_| !pools.is_empty()) {
            ask_from(&mut claim, like.get(pools));
        }
        match self.place {
            Place::Dynamic => {}
            Place::Nth(n) => claim.index = Some(n),
            Place::Anywhere(prefix) => claim.prefix = Some(written(&claim, prefix, prefix.prefix_len())),
            Place::Held(which, n) => {
                let held: Vec<IpNet> =
                    input.claims.iter().filter_map(|claim| claim.status).map(|status| status.prefix).collect();
                if !held.is_empty() {
                    let prefix = which.get(&held);
                    let address = plus(prefix.addr(), n.into()).unwrap_or(prefix.addr());
                    let written_at = IpNet::new(address, prefix.prefix_len()).expect("its length");
                    claim.prefix = Some(written(&claim, written_at, prefix.prefix_len()));
                }
            }
            Place::Pool(which, offset, longer) => {
                let of_kind = |pool: &&Pool| pool.kind == claim.kind && pool.instance == claim.instance;
                let near: Vec<&Pool> = pools.iter().filter(of_kind).collect();
                if !near.is_empty() {
                    let pool = which.get(&near).prefix.trunc();
                    let n =
                        u32::from(offset) % (1_u32 << pool.max_prefix_len().saturating_sub(pool.prefix_len()).min(8));
                    if let Some(address) = plus(pool.network(), n) {
                        let length = (pool.prefix_len() + longer).min(pool.max_prefix_len());
                        let written_at = IpNet::new(address, length).expect("a length");
                        claim.prefix = Some(written(&claim, written_at, length));
                    }
                }
            }
        }
        if let Some(prefix) = claim.prefix {
            (claim.prefix_length, claim.family) = (None, claim.family.and(Some(Family::of(&prefix))));
        }
        if let Some(flaw) = self.flaw {
            break_form(&mut claim, flaw);
        }
        claim
    }

    pub(crate) fn dynamic(mut self) -> Self {
        (self.place, self.flaw) = (Place::Dynamic, None);
        self
    }
}

/// Makes a claim one that the pool serves, mostly.
fn ask_from(claim: &mut Claim, pool: &Pool) {
    let bits = pool.prefix.max_prefix_len() - pool.prefix.prefix_len();
    let length = pool.prefix.max_prefix_len() - claim.prefix_length.map_or(0, |n| n % bits.max(1));
    claim.instance = pool.instance.clone();
    (claim.kind, claim.create_prefix) = match (pool.kind, claim.kind) {
        (Kind::Network | Kind::Loopback, _) => (pool.kind, false),
        (Kind::Pool, _) => (Kind::Pool, true),
        (Kind::Aggregate, kind) => (kind, true),
    };
    claim.prefix_length = claim.create_prefix.then_some(length);
    claim.family = claim.family.and(Some(Family::of(&pool.prefix)));
    if !claim.selector.match_labels.is_empty() {
        claim.selector.match_labels = pool.labels.clone();
        claim.selector.match_labels.remove("nephio.org/gateway");
    }
}

fn plus(address: IpAddr, n: u32) -> Option<IpAddr> {
    match address {
        IpAddr::V4(v4) => v4.to_bits().checked_add(n).map(|bits| IpAddr::V4(bits.into())),
        IpAddr::V6(v6) => v6.to_bits().checked_add(n.into()).map(|bits| IpAddr::V6(bits.into())),
    }
}

/// spec.prefix of a claim as its kind wants it.
fn written(claim: &Claim, at: IpNet, pool_length: u8) -> IpNet {
    let max = at.max_prefix_len();
    if claim.create_prefix {
        let length =
            claim.prefix_length.map_or(pool_length + 1, |length| if max == 128 { length + 96 } else { length });
        return IpNet::new(at.addr(), length.min(max)).expect("a length").trunc();
    }
    let length = if claim.kind == Kind::Loopback { max } else { pool_length };
    IpNet::new(at.addr(), length).expect("a length")
}

fn break_form(claim: &mut Claim, flaw: Flaw) {
    let somewhere = prefix(Family::V4, 9, 3);
    match flaw {
        Flaw::Mapped => claim.prefix = "::ffff:10.0.0.8/125".parse().ok(),
        Flaw::NoPrefix => (claim.kind, claim.prefix) = (Kind::Aggregate, None),
        Flaw::NoCreatePrefix => (claim.kind, claim.create_prefix, claim.prefix_length) = (Kind::Pool, false, None),
        Flaw::NoLength => (claim.create_prefix, claim.prefix, claim.prefix_length) = (true, None, None),
        Flaw::StrayLength => (claim.create_prefix, claim.prefix, claim.prefix_length) = (false, None, Some(28)),
        Flaw::OtherLength => (claim.prefix, claim.prefix_length) = (Some(somewhere), Some(27)),
        Flaw::LongLength => (claim.create_prefix, claim.prefix, claim.prefix_length) = (true, None, Some(129)),
        Flaw::PrefixAndIndex => (claim.prefix, claim.index) = (Some(somewhere), Some(1)),
        Flaw::HostBits => (claim.create_prefix, claim.prefix, claim.family) = (true, Some(somewhere), None),
        Flaw::LoopbackLength => {
            (claim.kind, claim.create_prefix, claim.prefix_length) = (Kind::Loopback, false, None);
            claim.prefix = Some(somewhere);
        }
        Flaw::OtherFamily => {
            claim.family = Some(Family::V4);
            claim.selector.match_labels.insert("nephio.org/address-family".to_owned(), "ipv6".to_owned());
        }
        Flaw::UnknownFamily => {
            claim.selector.match_labels.insert("nephio.org/address-family".to_owned(), "ipv5".to_owned());
        }
        Flaw::Requirement => claim.selector.match_expressions.push(Requirement {
            key: "purpose".to_owned(),
            operator: Operator::In,
            values: Vec::new(),
        }),
    }
}

fn kind() -> impl Strategy<Value = Kind> {
    prop_oneof![
        8 => Just(Kind::Network),
        2 => Just(Kind::Loopback),
        2 => Just(Kind::Pool),
        1 => Just(Kind::Aggregate),
    ]
}

fn is_block(kind: Kind) -> BoxedStrategy<bool> {
    match kind {
        Kind::Network => proptest::bool::weighted(0.2).boxed(),
        Kind::Loopback => proptest::bool::weighted(0.2).boxed(),
        Kind::Pool | Kind::Aggregate => Just(true).boxed(),
    }
}

/// spec.prefixLength: mostly of IPv4, where the pools are /24 and longer.
fn length() -> impl Strategy<Value = u8> {
    prop_oneof![20 => 28..=32_u8, 2 => 25..=27_u8, 6 => 124..=128_u8, 1 => 20..=25_u8]
}

fn place(kind: Kind) -> BoxedStrategy<Place> {
    let anywhere = (family(), any::<u8>(), 0..6_u8).prop_map(|(f, n, bits)| Place::Anywhere(prefix(f, n, bits)));
    let longer = prop_oneof![6 => Just(0_u8), 1 => 1..4_u8];
    let in_pool = (any::<Index>(), host(), longer).prop_map(|(which, n, longer)| Place::Pool(which, n, longer));
    let held =
        (any::<Index>(), prop_oneof![2 => Just(0_u8), 1 => 1..4_u8]).prop_map(|(which, n)| Place::Held(which, n));
    let fixed = prop_oneof![8 => in_pool, 3 => held, 2 => anywhere];
    let nth = prop_oneof![8 => 0..6_u32, 2 => 6..20_u32, 1 => Just(1_000_000)].prop_map(Place::Nth);
    match kind {
        Kind::Aggregate => fixed.boxed(),
        _ => prop_oneof![7 => Just(Place::Dynamic), 2 => fixed, 1 => nth].boxed(),
    }
}

fn own_labels(kind: Kind, block: bool) -> BoxedStrategy<BTreeMap<String, String>> {
    let gateway = || BTreeMap::from([("nephio.org/gateway".to_owned(), "true".to_owned())]);
    if block {
        return prop_oneof![1 => Just(BTreeMap::new()), 1 => labels()].boxed();
    }
    match kind {
        Kind::Network => prop_oneof![6 => Just(BTreeMap::new()), 3 => Just(gateway()), 1 => labels()].boxed(),
        _ => prop_oneof![8 => Just(BTreeMap::new()), 1 => labels()].boxed(),
    }
}

pub(crate) fn draft() -> impl Strategy<Value = Draft> {
    kind()
        .prop_flat_map(|kind| (Just(kind), is_block(kind)))
        .prop_flat_map(|(kind, block)| {
            let what = (Just(kind), Just(block), length(), place(kind));
            let who = (key("c", 24), instance());
            let which = (weighted(0.15, family()), selector(), own_labels(kind, block));
            let marks = (0..50_u8, weighted(0.14, 0..FLAWS.len()), weighted(0.6, any::<Index>()));
            (what, who, which, marks)
        })
        .prop_map(|((kind, block, length, place), (key, instance), (family, selector, labels), (mark, flaw, like))| {
            let mut claim = Claim::new(key, instance, kind);
            if block {
                claim = claim.block(length);
            }
            (claim.family, claim.selector, claim.labels) = (family, selector, labels);
            if block && family.is_some() {
                claim.family = Some(if length > 32 { Family::V6 } else { Family::V4 });
            }
            claim.delete = mark == 0;
            claim.get = mark == 1 || mark == 2;
            Draft { claim, like, place, flaw: flaw.map(|n| FLAWS[n]) }
        })
}

/// Changes of a claim that is there.
#[derive(Debug, Clone)]
pub(crate) enum Change {
    Delete,
    Get,
    Labels(BTreeMap<String, String>),
    Selector(ipam::Selector),
    Family(Option<Family>),
    Gateway,
}

impl Change {
    pub(crate) fn apply(self, claim: &mut Claim) {
        match self {
            Self::Delete => claim.delete = !claim.delete,
            Self::Get => claim.get = !claim.get,
            Self::Labels(labels) => claim.labels = labels,
            Self::Selector(selector) => claim.selector = selector,
            Self::Family(family) => claim.family = family,
            Self::Gateway => {
                claim.labels.insert("nephio.org/gateway".to_owned(), "true".to_owned());
            }
        }
    }
}

pub(crate) fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        Just(Change::Delete),
        Just(Change::Get),
        few_labels().prop_map(Change::Labels),
        selector().prop_map(Change::Selector),
        weighted(0.5, family()).prop_map(Change::Family),
        Just(Change::Gateway),
    ]
}

/// Which address of a pool: often the first usable one.
pub(crate) fn host() -> impl Strategy<Value = u8> {
    prop_oneof![1 => Just(1_u8), 4 => any::<u8>()]
}

/// An address anywhere in the universe, or beside it.
pub(crate) fn stray_address() -> impl Strategy<Value = IpAddr> {
    let inside = (family(), any::<u8>()).prop_map(|(family, n)| address(family, n));
    prop_oneof![8 => inside, 1 => Just("192.168.0.1".parse().expect("an address"))]
}

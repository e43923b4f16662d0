//! Random pools.

use ipam::{AddrRange, Family, Kind, Pool, PoolSource};
use ipnet::IpNet;
use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::*;

use super::universe::{address, family, few_labels, instance, key, prefix};

fn kind() -> impl Strategy<Value = Kind> {
    prop_oneof![
        5 => Just(Kind::Network),
        2 => Just(Kind::Loopback),
        2 => Just(Kind::Pool),
        3 => Just(Kind::Aggregate),
    ]
}

pub(crate) fn source() -> impl Strategy<Value = PoolSource> {
    prop_oneof![
        3 => Just(PoolSource::IpPrefix),
        1 => Just(PoolSource::NetworkInstance),
        1 => Just(PoolSource::Network),
    ]
}

/// Host bits of a pool's size.
fn size(kind: Kind) -> BoxedStrategy<u8> {
    match kind {
        Kind::Network => prop_oneof![3 => Just(4), 4 => Just(3), 4 => Just(2), 2 => Just(1), 1 => Just(0)].boxed(),
        Kind::Loopback => prop_oneof![1 => Just(4_u8), 3 => Just(2), 1 => Just(1), 2 => Just(0)].boxed(),
        Kind::Pool => (2..=6_u8).boxed(),
        Kind::Aggregate => prop_oneof![2 => Just(8_u8), 1 => 5..=7_u8, 1 => 2..=4_u8].boxed(),
    }
}

/// Where such pools usually lie, so that most of a random tree obeys the nesting table.
fn place(kind: Kind) -> BoxedStrategy<u8> {
    let usual = match kind {
        Kind::Network => 0..64_u8,
        Kind::Loopback => 64..96,
        Kind::Pool => 96..160,
        Kind::Aggregate => 0..255,
    };
    prop_oneof![5 => usual, 1 => any::<u8>()].boxed()
}

/// A range near the place of a pool.
fn range_in(family: Family, start: u8, bits: u8) -> impl Strategy<Value = AddrRange> {
    let size = 1_u16 << bits;
    (0..size, 0..size, 0..5_u8).prop_map(move |(a, b, stray)| {
        let base = u16::from(start) & !(size - 1);
        let clamp = |n: u16| u8::try_from(n.min(255)).unwrap_or(255);
        let shift = if stray == 0 { size } else { 0 };
        let (first, last) = (clamp(base + a.min(b) + shift), clamp(base + a.max(b) + shift));
        AddrRange::new(address(family, first), address(family, last)).expect("in order")
    })
}

/// The label that says whether there is a gateway.
fn gateway_label() -> impl Strategy<Value = Option<&'static str>> {
    prop_oneof![10 => Just(None), 2 => Just(Some("false")), 2 => Just(Some("true")), 1 => Just(Some("maybe"))]
}

/// Whether the prefix is written as the address of a host.
fn address_notation(kind: Kind) -> BoxedStrategy<bool> {
    match kind {
        Kind::Network => any::<bool>().boxed(),
        _ => proptest::bool::weighted(0.03).boxed(),
    }
}

pub(crate) fn pool() -> impl Strategy<Value = Pool> {
    (kind(), family())
        .prop_flat_map(|(kind, family)| {
            (Just(kind), Just(family), place(kind), size(kind)).prop_flat_map(|(kind, family, start, bits)| {
                let shape = (Just((kind, family, start, bits)), address_notation(kind));
                let narrowing = (
                    weighted(0.2, vec(range_in(family, start, bits), 1..3)),
                    weighted(0.2, range_in(family, start, bits)),
                );
                (shape, narrowing)
            })
        })
        .prop_flat_map(|shape| {
            (Just(shape), key("p", 8), source(), instance(), few_labels(), gateway_label(), 0..40_u8)
        })
        .prop_map(|((shape, narrowing), key, source, instance, labels, gateway, odd)| {
            let ((kind, family, start, bits), notation) = shape;
            let written = prefix(family, start, bits);
            let mut pool = Pool::new(key, instance, kind, if notation { written } else { written.trunc() });
            pool.source = source;
            pool.labels = labels;
            if source == PoolSource::IpPrefix {
                (pool.exclude, pool.range) = (narrowing.0.unwrap_or_default(), narrowing.1);
                if let Some(value) = gateway.filter(|_| kind == Kind::Network) {
                    pool.labels.insert("nephio.org/gateway".to_owned(), value.to_owned());
                }
            } else if odd > 1 {
                pool.prefix = pool.prefix.trunc();
            }
            if source == PoolSource::IpPrefix && (2..7).contains(&odd) && kind == Kind::Network && family == Family::V4
            {
                pool.prefix = IpNet::new(pool.prefix.broadcast(), pool.prefix.prefix_len()).expect("its length");
            }
            if odd == 0 {
                pool.prefix = "::ffff:10.0.0.0/120".parse().expect("a prefix");
            }
            pool
        })
}

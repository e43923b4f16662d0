use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::input::Family;

fn block(text: &str) -> Block {
    Block::of(&text.parse().unwrap())
}

fn v4(found: Option<Block>) -> Option<String> {
    found.map(|block| block.net(Family::V4).to_string())
}

fn v6(found: Option<Block>) -> Option<String> {
    found.map(|block| block.net(Family::V6).to_string())
}

#[test]
fn an_untouched_space_is_one_block() {
    let space = Space::new(block("10.0.0.0/24"));
    assert_eq!(v4(space.lowest(0)), Some("10.0.0.0/32".into()));
    assert_eq!(v4(space.best_fit(8)), Some("10.0.0.0/24".into()));
    assert_eq!(space.lowest(9), None);
    assert_eq!(space.largest(), Some(8));
}

#[test]
fn the_whole_of_ipv6_is_a_space() {
    let mut space = Space::new(block("::/0"));
    assert_eq!(space.largest(), Some(128));
    assert_eq!(v6(space.lowest(128)), Some("::/0".into()));
    assert_eq!(v6(space.best_fit(128)), Some("::/0".into()));
    assert_eq!(space.take(block("::/128")), 1);
    assert_eq!(space.lowest(128), None);
    assert_eq!(v6(space.lowest(0)), Some("::1/128".into()));
    assert_eq!(v6(space.lowest(127)), Some("8000::/1".into()));
    assert_eq!(space.take(block("::/0")), u128::MAX - 1);
    assert_eq!(space.largest(), None);
    assert_eq!(space.lowest(0), None);
}

#[test]
fn a_filled_space_is_one_node() {
    let mut space = Space::new(block("10.0.0.0/16"));
    while let Some(next) = space.lowest(0) {
        assert_eq!(space.take(next), 1);
    }
    assert!(matches!(space.root, Some(Node::Used { order: 16, .. })));
}

#[test]
fn taking_twice_counts_once() {
    let mut space = Space::new(block("10.0.0.0/24"));
    assert_eq!(space.take(block("10.0.0.7/32")), 1);
    assert_eq!(space.take(block("10.0.0.7/32")), 0);
    assert_eq!(space.take(block("10.0.0.0/29")), 7);
    assert_eq!(space.take(block("10.0.0.4/30")), 0);
    assert_eq!(space.take(block("10.0.1.0/30")), 0, "outside");
    assert_eq!(space.take(block("10.0.0.0/24")), 248);
}

/// The universe of the property: a /122 of IPv6 or the last 64 addresses of it, so that the top end is exercised too.
const ORDER: u8 = 6;

/// The largest free aligned blocks of a set, the slow way.
fn largest_free(used: &BTreeSet<u128>, whole: Block) -> Vec<Block> {
    let is_free = |block: Block| (block.start..=block.last()).all(|a| !used.contains(&a));
    let mut found: Vec<Block> = Vec::new();
    for order in (0..=whole.order).rev() {
        for n in 0..whole.count(order) {
            let candidate = whole.nth(n, order).unwrap();
            if is_free(candidate) && !found.iter().any(|larger| larger.contains(candidate)) {
                found.push(candidate);
            }
        }
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn both_searches_agree_with_the_slow_way(
        top in any::<bool>(),
        takes in prop::collection::vec((0..=4_u8, 0..64_u128), 0..24),
    ) {
        let start = if top { u128::MAX - 63 } else { 0 };
        let whole = Block { start, order: ORDER };
        let mut space = Space::new(whole);
        let mut used = BTreeSet::new();
        for (order, n) in takes {
            let block = Block { start: start | (n & !ones(order)), order };
            let before = used.len();
            used.extend(block.start..=block.last());
            prop_assert_eq!(space.take(block), (used.len() - before) as u128);

            let free = largest_free(&used, whole);
            prop_assert_eq!(space.largest(), free.iter().map(|b| b.order).max());
            for order in 0..=ORDER + 1 {
                let lowest = free.iter().filter(|b| b.order >= order).min_by_key(|b| b.start);
                prop_assert_eq!(space.lowest(order), lowest.map(|b| b.first(order)));
                let best = free.iter().filter(|b| b.order >= order).min_by_key(|b| (b.order, b.start));
                prop_assert_eq!(space.best_fit(order), best.map(|b| b.first(order)));
            }
        }
    }
}

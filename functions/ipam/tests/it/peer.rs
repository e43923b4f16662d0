//! The peer: the sequences that `order: best-fit` reproduces, its nesting matrix, and its defects, which ours has not.
//! The tests are named after them.

use ipam::{Family, Kind, Operator, PoolSource, Verdict};

use crate::build::*;

/// The hosts that a best-fit network pool gives, until it is full or `n` are given.
fn sequence(pool: ipam::Pool, kind: Kind, n: usize) -> Vec<String> {
    let tree =
        (0..n).fold(Tree::default().with(pool).best_fit(), |tree, i| tree.and(claim(&format!("c{i}")).kind(kind)));
    tree.says()
        .iter()
        .filter_map(|line| line.strip_prefix("new "))
        .map(|status| status.split('/').next().unwrap().trim_start_matches("10.0.0").to_owned())
        .collect()
}

/// The peer takes an IPv6 subnet's last address as well; an exclusion says so.
fn peer_v6(text: &str) -> ipam::Pool {
    let pool = network(text);
    let last = net(text).broadcast().to_string();
    pool.exclude(&last)
}

#[test]
fn best_fit_sequences_of_addresses() {
    let of = |text: &str, n| sequence(network(text), Kind::Network, n).join(" ");
    assert_eq!(of("10.0.0.1/24", 8), ".254 .2 .3 .252 .253 .4 .5 .6");
    assert_eq!(of("10.0.0.10/24", 8), ".1 .11 .254 .2 .3 .8 .9 .252");
    assert_eq!(of("10.0.0.254/24", 3), ".1 .2 .3");
    assert_eq!(of("10.0.0.1/28", 20), ".14 .2 .3 .12 .13 .4 .5 .6 .7 .8 .9 .10 .11");
    assert_eq!(of("10.0.0.1/29", 20), ".6 .2 .3 .4 .5");
    assert_eq!(of("10.0.0.1/30", 20), ".2");
    assert_eq!(of("10.0.0.0/31", 20), ".0 .1");
    assert_eq!(of("10.0.0.1/31", 20), ".0 .1");
    assert_eq!(sequence(loopback("10.0.0.0/30"), Kind::Loopback, 20).join(" "), ".0 .1 .2 .3");
}

#[test]
fn best_fit_sequences_where_the_peer_has_no_gateway() {
    // Prefix notation has no gateway in the peer.
    let of = |text: &str, n| sequence(network(text).label("nephio.org/gateway", "false"), Kind::Network, n).join(" ");
    assert_eq!(of("10.0.0.0/24", 8), ".1 .254 .2 .3 .252 .253 .4 .5");
    assert_eq!(of("10.0.0.0/30", 20), ".1 .2");
}

#[test]
fn best_fit_sequences_of_ipv6_addresses() {
    let of = |text: &str, n| sequence(peer_v6(text), Kind::Network, n).join(" ");
    assert_eq!(
        of("1000::1/64", 8),
        "1000::ffff:ffff:ffff:fffe 1000::2 1000::3 1000::ffff:ffff:ffff:fffc 1000::ffff:ffff:ffff:fffd 1000::4 1000::5 1000::6"
    );
    assert_eq!(of("1000::1/126", 20), "1000::2");
    assert_eq!(sequence(network("1000::/127"), Kind::Network, 20).join(" "), "1000:: 1000::1");
}

#[test]
fn best_fit_sequence_of_an_aggregate() {
    let tree = (0..4)
        .fold(Tree::default().with(aggregate("10.0.0.0/8")).best_fit().giving_from_aggregates(), |tree, i| {
            tree.and(claim(&format!("c{i}")).kind(Kind::Loopback))
        });
    assert_eq!(tree.says(), ["new 10.0.0.0/32", "new 10.0.0.1/32", "new 10.0.0.2/32", "new 10.0.0.3/32"]);
}

/// Blocks asked for one after the other, each in a run of its own, as a server would.
fn blocks_one_by_one(parent: &str, lengths: &[u8]) -> Vec<String> {
    let mut tree = Tree::default().with(aggregate(parent)).best_fit();
    let mut given = Vec::new();
    for (n, length) in lengths.iter().enumerate() {
        tree = tree.and(claim(&format!("c{n}")).block(*length));
        given.push(tree.last().trim_start_matches("new ").to_owned());
        tree = tree.rendered();
    }
    given
}

#[test]
fn best_fit_sequences_of_blocks() {
    assert_eq!(
        blocks_one_by_one("172.0.0.0/8", &[16, 16, 24, 16]),
        ["172.0.0.0/16", "172.1.0.0/16", "172.2.0.0/24", "172.3.0.0/16"]
    );
    assert_eq!(
        blocks_one_by_one("10.0.0.0/22", &[25, 25, 25, 24, 26, 25, 23, 22]),
        [
            "10.0.0.0/25",
            "10.0.0.128/25",
            "10.0.1.0/25",
            "10.0.2.0/24",
            "10.0.1.128/26",
            "10.0.3.0/25",
            "error pool-exhausted",
            "error prefix-length-too-short"
        ]
    );
    assert_eq!(
        blocks_one_by_one("10.0.0.0/8", &[31, 31, 30, 31]),
        ["10.0.0.0/31", "10.0.0.2/31", "10.0.0.4/30", "10.0.0.8/31"]
    );
    assert_eq!(
        blocks_one_by_one("2001:db8::/32", &[48, 64, 64, 127, 126, 48]),
        [
            "2001:db8::/48",
            "2001:db8:1::/64",
            "2001:db8:1:1::/64",
            "2001:db8:1:2::/127",
            "2001:db8:1:2::4/126",
            "2001:db8:2::/48"
        ]
    );
}

#[test]
fn best_fit_gives_a_freed_address_next() {
    let tree = (0..5)
        .fold(Tree::default().with(network("10.0.0.1/24")).best_fit(), |tree, n| tree.and(claim(&format!("c{n}"))));
    let mut rendered = tree.rendered();
    let freed = rendered.0.claims.remove(3).status.unwrap();
    assert_eq!(rendered.and(claim("new")).last(), format!("new {} via 10.0.0.1", freed.prefix));
}

#[test]
fn exhaustion_of_two_aggregates_spills_over() {
    // The peer stops at the fourth.
    let tree = Tree::default().with(aggregate("10.0.0.0/22")).with(aggregate("10.1.0.0/22"));
    let tree = (0..5).fold(tree, |tree, n| tree.and(claim(&format!("c{n}")).kind(Kind::Pool).block(24)));
    assert_eq!(tree.says()[4], "new 10.1.0.0/24");
}

#[test]
fn the_flow_of_nephio_links_gateways_and_functions() {
    let cluster = "nephio.org/cluster-name";
    let link = |name: &str, edge: &str| {
        claim(name).block(24).select("nephio.org/nsn-name", "172.2.0.0-16-vpc-aggregate").label(cluster, edge)
    };
    let tree = Tree::default()
        .with(aggregate("172.2.0.0/16").named("vpc").by(PoolSource::NetworkInstance))
        .and(link("link-1", "edge01"))
        .and(link("link-2", "edge02"))
        .and(claim("router-1").gateway().select("nephio.org/nsn-name", "link-1").select(cluster, "edge01"))
        .and(claim("router-2").gateway().select("nephio.org/nsn-name", "link-2").select(cluster, "edge02"))
        .and(claim("nf-1").select(cluster, "edge01").select("nephio.org/address-family", "ipv4"))
        .and(claim("nf-2").select(cluster, "edge01").select("nephio.org/address-family", "ipv4"))
        .and(claim("nf-3").select(cluster, "edge02").select("nephio.org/address-family", "ipv4"))
        .best_fit();
    assert_eq!(
        tree.says(),
        [
            "new 172.2.0.0/24",
            "new 172.2.1.0/24",
            "new 172.2.0.1/24",
            "new 172.2.1.1/24",
            "new 172.2.0.254/24 via 172.2.0.1",
            "new 172.2.0.2/24 via 172.2.0.1",
            "new 172.2.1.254/24 via 172.2.1.1"
        ]
    );
    assert_eq!(tree.rendered().says(), ["kept"; 7]);
}

#[test]
fn static_addresses_beside_a_gateway() {
    let tree = |address: &str| {
        Tree::default().with(aggregate("10.0.0.0/8")).with(network("10.0.0.1/24")).and(claim("a").at(address)).last()
    };
    assert_eq!(tree("10.0.0.10/24"), "new 10.0.0.10/24 via 10.0.0.1");
    assert_eq!(tree("10.0.0.10/32"), "error wrong-length");
    assert_eq!(tree("10.0.0.1/24"), "error address-is-gateway");
    assert_eq!(tree("10.0.0.0/24"), "error address-reserved");
    assert_eq!(tree("10.0.0.255/24"), "error address-reserved");
    assert_eq!(tree("10.0.1.5/24"), "pending static-without-pool");
    assert_eq!(tree("11.0.0.5/24"), "pending static-without-pool");
    assert_eq!(tree("10.0.0.20/16"), "error wrong-length");
    assert_eq!(tree("10.0.0.20/8"), "error wrong-length");
}

#[test]
fn peer_b01_many_claims_never_share_an_address() {
    let tree = (0..60).fold(Tree::default().with(network("10.0.0.0/24")), |tree, n| tree.and(claim(&format!("c{n}"))));
    let says: std::collections::BTreeSet<String> = tree.says().into_iter().collect();
    assert_eq!(says.len(), 60);
}

#[test]
fn peer_b03_an_address_is_never_a_pool() {
    let tree = Tree::default()
        .with(network("10.0.0.0/24"))
        .and(claim("a").label("app", "x").has_via("10.0.0.9/24", "10.0.0.1"))
        .and(claim("b").select("app", "x"));
    assert_eq!(tree.last(), "pending no-matching-pool");
}

#[test]
fn peer_b04_claims_without_selector_get_addresses_of_their_own() {
    let loops = Tree::default()
        .with(loopback("10.0.0.0/24"))
        .and(claim("a").kind(Kind::Loopback))
        .and(claim("b").kind(Kind::Loopback))
        .and(claim("c").kind(Kind::Loopback));
    assert_eq!(loops.says(), ["new 10.0.0.0/32", "new 10.0.0.1/32", "new 10.0.0.2/32"]);
}

#[test]
fn peer_b05_a_claims_labels_do_not_make_its_address_a_parent() {
    let tree = Tree::default()
        .with(loopback("10.0.0.0/24").label("app", "x"))
        .and(claim("c1").kind(Kind::Loopback).select("app", "x").label("app", "x"))
        .and(claim("c2").kind(Kind::Loopback).select("app", "x"));
    assert_eq!(tree.says(), ["new 10.0.0.0/32", "new 10.0.0.1/32"]);
}

#[test]
fn peer_b06_a_status_is_checked_against_pools_and_holders() {
    let tree = |claim| {
        Tree::default()
            .with(network("10.0.0.0/24"))
            .with(loopback("10.1.0.0/24"))
            .and(self::claim("a").kind(Kind::Loopback).has("10.1.0.7/32"))
            .and(claim)
            .last()
    };
    let loop_at = |text: &str| claim("b").kind(Kind::Loopback).has(text);
    assert_eq!(tree(loop_at("10.1.0.8/32")), "kept");
    assert_eq!(tree(loop_at("10.1.0.7/32")), "error address-conflict");
    assert_eq!(tree(loop_at("10.0.0.8/32")), "error other-kind");
    assert_eq!(tree(loop_at("192.168.0.1/32")), "not in a pool");
    assert_eq!(tree(claim("b").has_via("10.0.0.77/24", "10.0.0.1")), "kept", "the form that was returned is honoured");
    assert_eq!(tree(claim("b").has("10.0.0.78/32")), "mended 10.0.0.78/24 via 10.0.0.1");
}

#[test]
fn peer_b07_dynamic_blocks_obey_the_nesting_table() {
    for (kind, parent) in [
        (Kind::Pool, Kind::Network),
        (Kind::Network, Kind::Network),
        (Kind::Pool, Kind::Loopback),
        (Kind::Network, Kind::Pool),
        (Kind::Loopback, Kind::Pool),
    ] {
        let tree = Tree::default().with(prefix(parent, "10.0.0.0/16")).and(claim("a").kind(kind).block(24));
        assert_eq!(tree.last(), "pending no-matching-pool", "{kind} in {parent}");
    }
    let dnn = Tree::default()
        .with(aggregate("0.0.0.0/0"))
        .with(network("10.0.0.0/16").label("x", "y"))
        .with(pool("172.0.0.0/16").label("x", "y"))
        .and(claim("a").kind(Kind::Pool).block(24).select("x", "y"));
    assert_eq!(dnn.last(), "new 172.0.0.0/24", "out of the pool, not of the network");
}

#[test]
fn peer_b08_a_network_over_a_pool_is_an_error_whatever_sorts_first() {
    let tree = Tree::default().with(network("10.0.0.0/16")).with(pool("10.0.1.0/24")).and(claim("a").at("10.0.0.9/16"));
    assert_eq!(tree.finds(), ["pool-nesting"]);
}

#[test]
fn peer_b09_no_network_address_from_an_aggregate() {
    let tree = Tree::default().with(aggregate("10.0.0.0/8")).and(claim("a"));
    assert_eq!(tree.last(), "pending no-matching-pool");
    assert_eq!(tree.giving_from_aggregates().last(), "new 10.0.0.1/8", "nor the first of it where that is asked for");
}

#[test]
fn peer_b10_the_address_family_is_honoured() {
    let tree =
        Tree::default().with(network("10.0.0.0/24")).with(network("fd00::/64")).and(claim("a").family(Family::V6));
    assert_eq!(tree.last(), "new fd00::2/64 via fd00::1");
}

#[test]
fn peer_b10b_lengths_are_of_their_family() {
    let tree =
        Tree::default().with(aggregate("2001::/16")).and(claim("a").kind(Kind::Pool).block(32).family(Family::V6));
    assert_eq!(tree.last(), "new 2001::/32");
}

/// Such an address would be refused where it is read again.
#[test]
fn peer_b12_ipv4_mapped_space_is_never_given() {
    let tree = Tree::default()
        .with(aggregate("::fffe:0:0/95"))
        .and(claim("a").kind(Kind::Pool).block(96))
        .and(claim("b").kind(Kind::Pool).block(96));
    assert_eq!(tree.says(), ["new ::fffe:0:0/96", "error pool-exhausted"]);
}

#[test]
fn peer_b12_ipv4_mapped_prefixes_are_refused() {
    let tree = Tree::default().with(aggregate("10.0.0.0/8")).with(aggregate("::ffff:10.0.0.0/104"));
    assert_eq!(tree.finds(), ["ipv4-mapped"]);
    assert_eq!(tree.and(claim("a").at("::ffff:10.0.0.1/104")).last(), "error ipv4-mapped");
}

#[test]
fn peer_b13_a_static_address_has_its_pools_length() {
    let tree = Tree::default().with(network("10.0.0.1/24")).and(claim("a").at("10.0.0.11/25"));
    assert_eq!(tree.last(), "error wrong-length");
}

#[test]
fn peer_b14_a_block_is_the_same_on_every_run() {
    let tree = Tree::default().with(aggregate("10.0.0.0/8")).and(claim("a").block(24));
    assert_eq!(tree.last(), "new 10.0.0.0/24");
    assert_eq!(tree.rendered().last(), "kept");
}

#[test]
fn peer_b15_b16_b17_labels_of_a_parent_evict_nobody() {
    let tree = Tree::default()
        .with(aggregate("10.0.0.0/8").label("a", "b"))
        .and(claim("pool").kind(Kind::Pool).block(16).label("dnn", "x"))
        .and(claim("sub").kind(Kind::Pool).block(24).select("dnn", "x"))
        .rendered();
    let mut changed = tree.clone();
    changed.0.pools[0].labels.clear();
    changed.0.claims[0].labels.insert("more".into(), "y".into());
    assert_eq!(changed.says(), ["kept", "kept"]);
}

#[test]
fn peer_b17_removing_the_gateway_label_removes_the_gateway() {
    let tree = Tree::default()
        .with(network("10.0.0.0/24").by(PoolSource::Network))
        .and(claim("a").has_via("10.0.0.9/24", "10.0.0.7"))
        .and(claim("r").gateway().has("10.0.0.7/24"));
    assert_eq!(tree.says(), ["kept", "kept"]);
    let mut changed = tree;
    changed.0.claims[1].labels.clear();
    assert_eq!(changed.says(), ["mended 10.0.0.9/24", "kept"]);
}

#[test]
fn peer_b27_a_changed_gateway_is_seen_at_once() {
    let tree = Tree::default().with(network("10.0.0.1/24")).and(claim("a")).rendered();
    let mut changed = tree;
    changed.0.pools[0].prefix = net("10.0.0.254/24");
    assert_eq!(changed.last(), "mended 10.0.0.2/24 via 10.0.0.254");
}

#[test]
fn peer_b28_a_gateway_label_never_makes_the_network_address_the_gateway() {
    let tree = Tree::default().with(network("10.0.0.0/24").label("nephio.org/gateway", "true")).and(claim("a"));
    assert_eq!(tree.last(), "new 10.0.0.2/24 via 10.0.0.1");
    let pair = Tree::default().with(network("10.0.0.1/31").label("nephio.org/gateway", "true")).and(claim("a"));
    assert_eq!(pair.last(), "new 10.0.0.0/31 via 10.0.0.1", "a pair does not lose it");
}

#[test]
fn peer_b29_a_status_without_gateway_has_none() {
    let tree = Tree::default().with(network("10.0.0.0/24").by(PoolSource::Network)).and(claim("a"));
    let Verdict::Allocated { status, .. } = tree.plan().outcomes[0].verdict else { panic!() };
    assert_eq!(status.gateway, None);
}

#[test]
fn peer_b30_ipv6_reserves_only_the_first_and_starts_low() {
    let tree = Tree::default().with(network("1000::1/126")).and(claim("a")).and(claim("b"));
    assert_eq!(tree.says(), ["new 1000::2/126 via 1000::1", "new 1000::3/126 via 1000::1"]);
}

#[test]
fn peer_b31_names_may_be_longer_than_a_label_value() {
    let long = "n".repeat(200);
    let tree = Tree::default()
        .with(network("10.0.0.0/24").named(&long))
        .and(claim(&long).select("nephio.org/nsn-name", &long));
    assert_eq!(tree.last(), "new 10.0.0.2/24 via 10.0.0.1");
    assert_eq!(tree.rendered().last(), "kept");
}

#[test]
fn peer_b32_index_and_expressions_and_exclusions_work() {
    let tree = Tree::default()
        .with(network("10.0.0.0/24").label("tier", "gold").exclude("10.0.0.2"))
        .and(claim("a").index(7).require("tier", Operator::In, &["gold"]))
        .and(claim("b").require("tier", Operator::NotIn, &["gold"]))
        .and(claim("c"));
    assert_eq!(
        tree.says(),
        ["new 10.0.0.7/24 via 10.0.0.1", "pending no-matching-pool", "new 10.0.0.3/24 via 10.0.0.1"]
    );
}

#[test]
fn peer_b33_a_full_pool_is_no_end() {
    let tree = Tree::default()
        .with(network("10.0.0.0/30").label("x", "y"))
        .with(network("10.0.1.0/30").label("x", "y"))
        .and(claim("a").select("x", "y"))
        .and(claim("b").select("x", "y"));
    assert_eq!(tree.says(), ["new 10.0.0.2/30 via 10.0.0.1", "new 10.0.1.2/30 via 10.0.1.1"]);
}

#[test]
fn peer_b34_unknown_words_are_named_with_the_valid_ones() {
    let error = "interface".parse::<Kind>().unwrap_err().to_string();
    assert_eq!(error, "`interface` is not one of network, loopback, pool, aggregate");
    assert_eq!("ip4".parse::<Family>().unwrap_err().to_string(), "`ip4` is not one of ipv4, ipv6");
    assert_eq!("in".parse::<Operator>().unwrap_err().to_string(), "`in` is not one of In, NotIn, Exists, DoesNotExist");
    for kind in [Kind::Network, Kind::Loopback, Kind::Pool, Kind::Aggregate] {
        assert_eq!(kind.as_str().parse(), Ok(kind));
    }
}

#[test]
fn peer_b36_get_answers_with_a_pool_of_the_right_kind() {
    let tree = Tree::default()
        .with(aggregate("10.0.0.0/8"))
        .with(network("10.0.0.1/24"))
        .and(claim("other").has_via("10.0.0.9/24", "10.0.0.1"))
        .and(claim("a").get());
    assert_eq!(tree.last(), "got 10.0.0.0/24 via 10.0.0.1");
}

//! Very many of one thing: items, keys, elements, errors.

use std::io::{self, Write};

use krm::limits::{MAX_BYTES, MAX_ITEMS};

use super::size::{MIB, after, repeat};
use super::{HEAD, claim, foreign, interface_with, list, pool};
use crate::entry::{Entry, Fate, READ_IP_CLAIMS, READ_IP_SPECS};

/// The list has its Kptfile besides.
const MOST: usize = MAX_ITEMS - 1;

pub(super) fn entries() -> Vec<Entry> {
    let faulty = |words| Fate::Faulty { to: READ_IP_CLAIMS, words };
    let interface = |n| interface_with(&format!("metadata:\n    name: i{n}"));
    vec![
        many("as many tiny items as the limit", MOST, |_| "- kind: A\n".to_owned(), Fate::Kept),
        many("as many items without a kind as the limit", MOST, |_| "- a: b\n".to_owned(), Fate::Kept),
        many("as many claims as the limit", MOST, |n| claim(&format!("c{n}")), Fate::Done),
        many(
            "as many malformed claims as the limit",
            MOST,
            |n| claim(&format!("c{n}")) + "    prefixLength: x\n",
            faulty("spec.prefixLength"),
        ),
        many(
            "as many unreadable claims as the limit",
            MOST,
            |n| claim(&format!("c{n}")) + "    kind: x\n",
            faulty("stands twice"),
        ),
        many("20000 Interfaces", 20_000, interface, Fate::Done),
        after(
            "99000 claims that ask for something else each",
            few_pools(),
            |out| each(out, 99_000, selecting),
            Fate::Done,
        ),
        after(
            "40000 claims and 40000 pools that do not match",
            list(""),
            |out| {
                each(out, 40_000, |n| pool_of(n, "network"))?;
                each(out, 40_000, selecting)
            },
            Fate::Done,
        ),
        after(
            "4000 claims that each exclude another label of 2000 full pools",
            list(""),
            |out| {
                each(out, 2_000, |n| pool_of(n, "network").replace(".0/24", ".0/32"))?;
                each(out, 4_000, excluding)
            },
            Fate::Faulty { to: READ_IP_SPECS, words: "[pool-exhausted]" },
        ),
        after(
            "40000 blocks and 40000 pools that are too small",
            list(""),
            |out| {
                each(out, 40_000, |n| pool_of(n, "aggregate"))?;
                each(out, 40_000, |n| claim(&format!("c{n}")) + "    createPrefix: true\n    prefixLength: 9\n")
            },
            Fate::Faulty { to: READ_IP_SPECS, words: "and 39980 more" },
        ),
        after(
            "20000 blocks in the way of an indexed one",
            list(&pool().replace("kind: network", "kind: aggregate")),
            |out| {
                let first = claim("first") + "    createPrefix: true\n    prefixLength: 9\n    index: 0\n";
                out.write_all(first.as_bytes())?;
                each(out, 20_000, |n| {
                    let status = format!("  status:\n    prefix: 10.{}.{}.{}/32\n", n / 65_536, n / 256 % 256, n % 256);
                    claim(&format!("c{n}")) + "    createPrefix: true\n    prefixLength: 32\n" + &status
                })
            },
            Fate::Faulty { to: READ_IP_SPECS, words: "[block-conflict]" },
        ),
        after(
            "2000 selectors of 100 labels",
            few_pools(),
            |out| {
                each(out, 2_000, |n| (0..100).fold(selecting(n), |text, label| format!("{text}        l{label}: x\n")))
            },
            Fate::Done,
        ),
        after(
            "20000 owners that are not among 20000 others",
            list(""),
            |out| {
                each(out, 20_000, |n| {
                    owned(n, &format!("workload.nephio.org/v1alpha1.NFDeployment.upf-deployment-{n}"))
                })?;
                each(out, 20_000, |n| {
                    format!(
                        "- apiVersion: workload.nephio.org/v1alpha1\n  kind: NFDeployment\n  metadata:\n    name: \
                     smf-deployment-{n}\n"
                    )
                })
            },
            Fate::Done,
        ),
        many("owners of 40000 kinds", 40_000, |n| owned(n, &format!("example.org/v1.Kind{n}.a")), Fate::Done),
        many("a million items", 1_000_000, |_| "- kind: A\n".to_owned(), Fate::Refused("more than 100000 items")),
        many(
            "25 million items of four bytes",
            25_000_000,
            |_| "- a\n".to_owned(),
            Fate::Refused("more than 100000 items"),
        ),
        json("a million items of JSON", b"{},", 3 * MIB, Fate::Refused("more than 100000 items")),
        json(
            "JSON just under the limit",
            b"{\"k\": \"v\"},\n",
            MAX_BYTES - MIB,
            Fate::Refused("more than 4000000 keys"),
        ),
        after(
            "a list of 100000 elements in a claim",
            with_pool("    x:\n"),
            |out| (0..100_000).try_for_each(|n| writeln!(out, "    - e{n}")),
            Fate::Done,
        ),
        after(
            "a flow list of 100000 elements in a claim",
            with_pool("    x: ["),
            |out| {
                (0..100_000).try_for_each(|n| write!(out, "e{n},"))?;
                writeln!(out, "]")
            },
            Fate::Done,
        ),
        after(
            "a map of a million keys in a claim",
            with_pool("    x:\n"),
            |out| (0..1_000_000).try_for_each(|n| writeln!(out, "      k{n}: v")),
            Fate::Done,
        ),
        after(
            "a map of a million keys in a foreign item",
            list(&foreign("a")) + "  data:\n",
            |out| (0..1_000_000).try_for_each(|n| writeln!(out, "    k{n}: v")),
            Fate::Kept,
        ),
        after(
            "a flow list of 5 million elements in a claim",
            with_pool("    x: ["),
            |out| {
                repeat(out, b"0,", 10 * MIB)?;
                writeln!(out, "]")
            },
            faulty("more than 4000000 keys"),
        ),
        after(
            "3 million empty maps in 90 claims",
            HEAD.to_owned(),
            |out| {
                (0..90).try_for_each(|n| {
                    write!(out, "{}    x: [", claim(&format!("c{n}")))?;
                    repeat(out, b"{},", 100_000)?;
                    writeln!(out, "]")
                })
            },
            Fate::Done,
        ),
        after(
            "100000 labels of an Interface",
            list(""),
            |out| {
                let labels: String = (0..100_000).map(|n| format!("\n      l{n}: v")).collect();
                write!(out, "{}", interface_with(&format!("metadata:\n    name: a\n    labels:{labels}")))
            },
            Fate::Done,
        ),
    ]
}

/// So many items, and the Kptfile.
fn many(name: &str, count: usize, item: fn(usize) -> String, fate: Fate) -> Entry {
    after(name, HEAD.to_owned(), move |out| each(out, count, item), fate)
}

/// Writes so many items.
fn each(out: &mut dyn Write, count: usize, item: impl Fn(usize) -> String) -> io::Result<()> {
    (0..count).try_for_each(|n| out.write_all(item(n).as_bytes()))
}

fn few_pools() -> String {
    (0..20).fold(list(""), |text, n| text + &pool_of(n, "network"))
}

/// A /24 with a label of its own.
fn pool_of(n: usize, kind: &str) -> String {
    let prefix = format!("10.{}.{}.0/24", n / 256, n % 256);
    let pool = pool().replace("name: pool", &format!("name: p{n}\n    labels:\n      tier: t{n}"));
    pool.replace("10.0.0.0/8", &prefix).replace("kind: network", &format!("kind: {kind}"))
}

/// A claim that selects pools by a label that none has.
fn selecting(n: usize) -> String {
    claim(&format!("c{n}")) + &format!("    selector:\n      matchLabels:\n        tier: x{n}\n")
}

/// A claim that selects pools by a label that none must have.
fn excluding(n: usize) -> String {
    let expression = format!("- key: tier\n        operator: NotIn\n        values: [x{n}]\n");
    claim(&format!("c{n}")) + "    selector:\n      matchExpressions:\n      " + &expression
}

fn owned(n: usize, owner: &str) -> String {
    let annotation = format!("specializer.nephio.org/owner: {owner}");
    interface_with(&format!("metadata:\n    name: i{n}\n    annotations:\n      {annotation}"))
}

/// A list in JSON whose items are a piece of text over and over, so many bytes.
fn json(name: &str, piece: &'static [u8], bytes: usize, fate: Fate) -> Entry {
    let head = "{\"kind\": \"ResourceList\", \"items\": [".to_owned();
    let items = move |out: &mut dyn Write| -> io::Result<()> {
        repeat(out, piece, bytes)?;
        out.write_all(b"{}]}")
    };
    after(name, head, items, fate)
}

/// A list of a pool and a claim, and text below the claim's spec.
fn with_pool(text: &str) -> String {
    list(&(pool() + &claim("a") + text))
}

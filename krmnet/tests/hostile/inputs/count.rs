//! Very many of one thing: items, keys, elements, errors.

use std::io::{self, Write};

use krm::limits::{MAX_BYTES, MAX_ITEMS};

use super::size::{MIB, after, repeat};
use super::{HEAD, claim, foreign, interface_with, list, pool};
use crate::entry::{Entry, Fate, READ_IP_CLAIMS};

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
    after(name, HEAD.to_owned(), move |out| (0..count).try_for_each(|n| out.write_all(item(n).as_bytes())), fate)
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

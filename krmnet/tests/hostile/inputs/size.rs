//! Very long things: lists, lines, scalars.

use std::io::{self, Write};

use krm::limits::MAX_BYTES;

use super::{HEAD, claim, claim_with, foreign, list, pool};
use crate::entry::{Entry, Fate};

pub(super) const MIB: usize = 1 << 20;

/// How a long scalar is written: what it is called, what opens it, what it consists of, what closes it.
const STYLES: [(&str, &str, &str, &str); 5] = [
    ("plain", "", "x", ""),
    ("quoted", "\"", "x", "\""),
    ("escaped", "\"", "\\n", "\""),
    ("quotes", "'", "''", "'"),
    ("words", "", "word ", ""),
];

/// Fields of a claim's metadata that make names, files and messages.
const FIELDS: [(&str, &str); 4] = [
    ("name", "name: "),
    ("namespace", "name: a\n    namespace: "),
    ("annotation", "name: a\n    annotations:\n      x: "),
    ("owner", "name: a\n    annotations:\n      specializer.nephio.org/owner: "),
];

pub(super) fn entries() -> Vec<Entry> {
    let foreign_with = |text: &str| list(&foreign("a")) + text;
    let claim_with_text = |text: &str| list(&(pool() + &claim("a") + text));
    let mut entries = vec![
        after("300 MB of foreign items", String::new(), |out| foreign_items(out, 300 * MIB), Fate::Refused("bytes")),
        after("just under the limit of bytes", String::new(), |out| foreign_items(out, MAX_BYTES - MIB), Fate::Kept),
        after("90 MB without a line end", String::new(), |out| repeat(out, b"x", 90 * MIB), Fate::Refused("not a map")),
        after("90 MB of brackets", String::new(), |out| repeat(out, b"[", 90 * MIB), Fate::Refused("levels deep")),
        after(
            "90 MB of blank lines in a foreign item",
            foreign_with(""),
            |out| repeat(out, b"\n", 90 * MIB),
            Fate::Kept,
        ),
        after(
            "50 MB on a line of a foreign item",
            foreign_with("  x: \""),
            |out| {
                repeat(out, b"x", 50 * MIB)?;
                writeln!(out, "\"")
            },
            Fate::Kept,
        ),
        after("8 MB of blank lines in a claim", claim_with_text(""), |out| repeat(out, b"\n", 8 * MIB), Fate::Done),
        after("8 MB of comments in a claim", claim_with_text(""), |out| repeat(out, b"  # x\n", 8 * MIB), Fate::Done),
        after(
            "8 MB in a block scalar of a claim",
            claim_with_text("    x: |\n"),
            |out| repeat(out, b"      some text\n", 8 * MIB),
            Fate::Done,
        ),
        after(
            "8 MB in a folded scalar of a claim",
            claim_with_text("    x: >-\n"),
            |out| repeat(out, b"      some text\n\n", 8 * MIB),
            Fate::Done,
        ),
    ];
    for (style, open, piece, close) in STYLES {
        let scalar = move |out: &mut dyn Write| {
            write!(out, "{open}")?;
            repeat(out, piece.as_bytes(), 8 * MIB)?;
            write!(out, "{close}")
        };
        let name = format!("8 MB ({style}) in a foreign item");
        entries.push(after(
            &name,
            foreign_with("  x: "),
            move |out| {
                scalar(out)?;
                writeln!(out)
            },
            Fate::Kept,
        ));
        let fields = if style == "escaped" { FIELDS.len() } else { 1 };
        for (field, before) in FIELDS.into_iter().take(fields) {
            let name = format!("8 MB ({style}) as a claim's {field}");
            let whole = list(&(pool() + &claim_with(&format!("metadata:\n    {before}HERE"))));
            let (head, tail) = whole.split_once("HERE").unwrap_or_default();
            let (head, tail) = (head.to_owned(), tail.to_owned());
            entries.push(after(
                &name,
                head,
                move |out| {
                    scalar(out)?;
                    write!(out, "{tail}")
                },
                Fate::Done,
            ));
        }
    }
    entries.push(after(
        "8 MB in a foreign item of JSON",
        "{\"kind\": \"ResourceList\", \"items\": [{\"apiVersion\": \"kpt.dev/v1\", \"kind\": \"Kptfile\", \"metadata\": \
         {\"name\": \"a\"}}, {\"kind\": \"A\", \"x\": \""
            .to_owned(),
        |out| {
            repeat(out, b"x", 8 * MIB)?;
            write!(out, "\"}}]}}")
        },
        Fate::Kept,
    ));
    entries
}

/// A large input: a text, and behind it what is written piece by piece.
pub(super) fn after(
    name: &str,
    head: String,
    rest: impl Fn(&mut dyn Write) -> io::Result<()> + Send + 'static,
    fate: Fate,
) -> Entry {
    let input = move |out: &mut dyn Write| {
        out.write_all(head.as_bytes())?;
        rest(out)
    };
    Entry { name: name.to_owned(), input: Box::new(input), fate, is_large: true }
}

/// Writes a piece over and over, so many bytes.
pub(super) fn repeat(out: &mut dyn Write, piece: &[u8], bytes: usize) -> io::Result<()> {
    let pieces_of_a_block = MIB / piece.len();
    let block = piece.repeat(pieces_of_a_block);
    let mut left = bytes / piece.len();
    while left > 0 {
        let pieces = left.min(pieces_of_a_block);
        out.write_all(block.get(..pieces * piece.len()).unwrap_or_default())?;
        left -= pieces;
    }
    Ok(())
}

/// A list of foreign items of some 2 kB, in all so many bytes.
pub(crate) fn foreign_items(out: &mut dyn Write, bytes: usize) -> io::Result<()> {
    out.write_all(HEAD.as_bytes())?;
    let comments = "    # what follows is of no interest to any function\n".repeat(40);
    let item = format!("{}  data:\n    key: some value\n{comments}", foreign("a"));
    repeat(out, item.as_bytes(), bytes - HEAD.len())
}

//! Characters and line ends that readers disagree about, and bytes that are no characters.

use super::{claim, claim_with, foreign, list};
use crate::entry::{Entry, Fate, READ_IP_CLAIMS};

const OF_SOME_READERS: &str = "ends a line to some readers only";

pub(super) fn entries() -> Vec<Entry> {
    let in_foreign = |text: &str| list(&format!("{}  data:\n    k: {text}\n", foreign("a")));
    let in_claim =
        |text: &str| list(&format!("{}{}", foreign("a"), claim_with(&format!("metadata:\n    name: {text}"))));
    let utf16: Vec<u8> = claim("a").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut not_utf8 = in_foreign("x").into_bytes();
    not_utf8.extend(b"# \xff\xfe\n");
    let tabs = |item: String| list(&item.replace("  ", "\t"));
    let crlf = |text: String| text.replace('\n', "\r\n");
    let mut entries = vec![
        Entry::text("bytes that are not UTF-8", not_utf8, Fate::Refused("is not UTF-8")),
        Entry::text(
            "a surrogate in UTF-8",
            [HEAD_BYTES, b"- a: \xed\xa0\x80\n"].concat(),
            Fate::Refused("is not UTF-8"),
        ),
        Entry::text("UTF-16", [b"\xff\xfe".to_vec(), utf16].concat(), Fate::Refused("is not UTF-8")),
        Entry::text("NUL in a foreign item", in_foreign("a\0b"), Fate::Kept),
        Entry::text("NUL in an item that is read", in_claim("a\0b"), faulty("line 4")),
        Entry::text("an escaped NUL in a name", in_claim("\"a\\0b\""), Fate::Done),
        Entry::text("nothing but NUL", vec![0; 4096], Fate::Refused("")),
        Entry::text("a byte order mark", format!("\u{feff}{}", in_claim("a")), Fate::Done),
        Entry::text("two byte order marks", format!("\u{feff}\u{feff}{}", in_claim("a")), Fate::Refused("")),
        Entry::text("a byte order mark inside", in_claim("a\u{feff}b"), Fate::Done),
        Entry::text("CRLF", crlf(list(&(foreign("a") + &claim("b")))), Fate::Done),
        Entry::text("CRLF and LF", crlf(list(&foreign("a"))) + &claim("b"), Fate::Done),
        Entry::text("a lone CR in a foreign item", in_foreign("a\rb"), Fate::Refused("")),
        Entry::text("a lone CR as a line end", list(&claim("a")).replace('\n', "\r"), Fate::Refused("laid out")),
        Entry::text("tabs as indentation", tabs(claim("a")), Fate::Refused("a tab")),
        Entry::text("tabs as indentation deep in a foreign item", in_foreign("\n      \tx: 1"), Fate::Kept),
        Entry::text("tabs as indentation deep in a claim", in_claim("a\n    labels:\n    \tx: y"), faulty("line")),
        Entry::text("control characters in a foreign item", in_foreign("a\u{1b}[31m\u{7}b"), Fate::Kept),
        Entry::text("control characters in a claim", in_claim("a\u{1b}[31m\u{7}b"), faulty("line 4")),
        Entry::text("escaped control characters in a name", in_claim("\"a\\e[31m\\ab\\u202e\\U0001F600\""), Fate::Done),
        Entry::text("text from right to left and emoji", in_claim("\"\u{202e}cba\u{1F600}\u{200b}\""), Fate::Done),
    ];
    for (code, character) in [("U+0085", '\u{85}'), ("U+2028", '\u{2028}'), ("U+2029", '\u{2029}')] {
        let hidden = claim("hidden").replace("\n", &format!("\n{character}")).replace('\n', "");
        entries.extend([
            Entry::text(format!("{code} in a foreign item"), in_foreign(&format!("a{character}b")), Fate::Kept),
            Entry::text(
                format!("{code} in a foreign item that hides a claim"),
                in_foreign(&format!("a # {character}{hidden}")),
                faulty(OF_SOME_READERS),
            ),
            Entry::text(format!("{code} in a claim"), in_claim(&format!("a # {character}b")), faulty(OF_SOME_READERS)),
            Entry::text(
                format!("{code} above the items"),
                list(&foreign("a")).replace("items:", &format!("# {character}x: 1\nitems:")),
                Fate::Refused(OF_SOME_READERS),
            ),
        ]);
    }
    entries
}

const HEAD_BYTES: &[u8] = super::HEAD.as_bytes();

fn faulty(words: &'static str) -> Fate {
    Fate::Faulty { to: READ_IP_CLAIMS, words }
}

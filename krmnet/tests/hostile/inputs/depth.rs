//! Text that is many levels deep.

use std::io::Write;

use super::size::after;
use super::{claim, foreign, list};
use crate::entry::{Entry, Fate, READ_ANYTHING, READ_IP_CLAIMS};

pub(super) fn entries() -> Vec<Entry> {
    let mut entries = Vec::new();
    for levels in [100, 10_000, 1_000_000] {
        let flow = "[".repeat(levels) + &"]".repeat(levels);
        let maps = "{a: ".repeat(levels) + "1" + &"}".repeat(levels);
        let dashes = "- ".repeat(levels) + "a";
        let questions = "? ".repeat(levels) + "a";
        let deep = |words| if levels == 100 { Fate::Done } else { Fate::Faulty { to: READ_IP_CLAIMS, words } };
        let of_claim = |text: &str| list(&format!("{}    deep: {text}\n", claim("a")));
        let refused = |text: String| {
            let fate = if levels == 100 { Fate::Refused("not a map") } else { Fate::Refused("levels deep") };
            Entry::text(format!("{levels} levels in place of a list"), text, fate)
        };
        let config = list(&foreign("a")) + &format!("functionConfig: {flow}\n");
        let config_fate = match levels {
            100 => Fate::Faulty { to: READ_ANYTHING, words: "functionConfig" },
            _ => Fate::Refused("levels deep"),
        };
        entries.extend([
            Entry::text(format!("{levels} lists in a foreign item"), list(&(foreign("a") + "  data: " + &flow + "\n")), Fate::Kept),
            Entry::text(format!("{levels} lists in a claim"), of_claim(&flow), deep("levels deep")),
            Entry::text(format!("{levels} maps in a claim"), of_claim(&maps), deep("levels deep")),
            Entry::text(format!("{levels} dashes on a line of a claim"), of_claim(&format!("\n    {dashes}")), deep("levels deep")),
            Entry::text(format!("{levels} question marks on a line of a claim"), of_claim(&format!("\n      {questions}")), Fate::Faulty { to: READ_IP_CLAIMS, words: "" }),
            Entry::text(format!("{levels} brackets that nothing closes"), list(&(claim("a") + "    deep: " + &"[".repeat(levels))), Fate::Faulty { to: READ_IP_CLAIMS, words: "" }),
            Entry::text(format!("{levels} levels in functionConfig"), config, config_fate),
            Entry::text(format!("JSON with {levels} levels"), format!("{{\"kind\": \"ResourceList\", \"items\": [{{\"apiVersion\": \"kpt.dev/v1\", \"kind\": \"Kptfile\", \"metadata\": {{\"name\": \"a\"}}}}, {{\"kind\": \"A\", \"a\": {flow}}}]}}"), if levels == 100 { Fate::Kept } else { Fate::Refused("levels deep") }),
            refused(flow),
        ]);
    }
    let block = |out: &mut dyn Write| (6..10_006).try_for_each(|column| writeln!(out, "{:column$}a:", ""));
    entries.extend([
        after("10000 levels in block style of a foreign item", list(&(foreign("a") + "  data:\n")), block, Fate::Kept),
        after(
            "10000 levels in block style of a claim",
            list(&(claim("a") + "    deep:\n")),
            block,
            Fate::Faulty { to: READ_IP_CLAIMS, words: "levels deep" },
        ),
    ]);
    entries
}

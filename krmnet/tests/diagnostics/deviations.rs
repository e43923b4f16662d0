//! docs/nephio.md: each deviation names a golden case or a test that shows it.

use crate::{repository, text_of};

/// The cells of the rows that state a deviation.
fn rows() -> Vec<Vec<String>> {
    let page = text_of("docs/nephio.md");
    let (_, tables) = page.split_once("\n## Deviations").unwrap();
    let cells = |line: &str| line.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect();
    let is_head = |line: &str| line.starts_with("|---") || line.contains("| shown by |");
    let rows: Vec<Vec<String>> =
        tables.lines().filter(|line| line.starts_with('|') && !is_head(line)).map(cells).collect();
    assert!(rows.len() > 80, "only {} deviations", rows.len());
    rows
}

/// The text and target of each link.
fn links(text: &str) -> Vec<(&str, &str)> {
    let link = |part| {
        let (text, rest) = str::split_once(part, "](")?;
        Some((text, rest.split(')').next()?))
    };
    text.split('[').skip(1).filter_map(link).collect()
}

#[test]
fn each_deviation_is_shown_by_a_case_or_a_test() {
    for row in rows() {
        let evidence = links(row.last().unwrap());
        assert!(!evidence.is_empty(), "nothing shows: {row:?}");
        for (name, target) in evidence {
            match target.strip_prefix("../testdata/") {
                Some(case) => {
                    assert!(case.ends_with(name), "`{name}` leads to {target}");
                    assert!(
                        repository().join("testdata").join(case).join("output.txt").is_file(),
                        "{target} is no case"
                    );
                }
                None => {
                    let source = text_of(target.trim_start_matches("../"));
                    assert!(source.contains(&format!("fn {}(", name.trim_matches('`'))), "{target} has no test {name}");
                }
            }
        }
    }
}

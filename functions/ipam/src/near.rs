//! Names that nearly match.

/// Whether `found` is probably what was meant by `asked`: not the same, but a slip of a few letters, or of case.
pub(crate) fn is_near(asked: &str, found: &str) -> bool {
    if asked == found {
        return false;
    }
    if asked.eq_ignore_ascii_case(found) {
        return true;
    }
    let (a, b) = (asked.chars().count(), found.chars().count());
    let slips = match a.max(b) {
        0..=2 => 0,
        3..=5 => 1,
        6..=12 => 2,
        13..=LONGEST => 3,
        _ => 0,
    };
    a.abs_diff(b) <= slips && slips > 0 && distance(asked, found) <= slips
}

/// Label keys and names of objects are not longer than this.
const LONGEST: usize = 317;

/// Number of letters to insert, drop or replace (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i.saturating_add(1);
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (cell, y) in row.iter_mut().skip(1).zip(b.chars()) {
            let replaced = diagonal.saturating_add(usize::from(x != y));
            diagonal = *cell;
            left = replaced.min(diagonal.saturating_add(1)).min(left.saturating_add(1));
            *cell = left;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_letters() {
        assert_eq!(distance("", ""), 0);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abc", ""), 3);
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("vpc-ran", "vpc-ram"), 1);
    }

    #[test]
    fn near_is_a_slip_and_not_the_same() {
        assert!(is_near("vpc-internal", "vpc-internol"));
        assert!(is_near("Edge01", "edge01"));
        assert!(is_near("edge1", "edge-1"));
        assert!(!is_near("edge01", "edge01"));
        assert!(!is_near("n3", "n4"), "too short to tell");
        assert!(!is_near("vpc-ran", "vpc-internal"));
        assert!(!is_near("", "a"));
    }
}

//! Near misses: which of the known words a misspelt one may have meant.

/// Longer words are not compared: nobody mistypes them, and comparing costs the product of both lengths.
const LONGEST: usize = 64;

/// The candidate that a misspelling of it most likely meant, if any is near enough: the same but for upper and lower case,
/// or at most a third of its letters added, dropped, replaced or swapped with their neighbour. Of equally near candidates
/// the first one.
#[must_use]
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = letters(word)?;
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let Some(known) = letters(candidate) else {
            continue;
        };
        let distance = distance(&word, &known);
        let allowed = (word.len().max(known.len()) / 3).max(1);
        let near = distance <= allowed && distance < known.len();
        if near && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

fn letters(word: &str) -> Option<Vec<char>> {
    let letters: Vec<char> = word.chars().take(LONGEST + 1).flat_map(char::to_lowercase).collect();
    (!letters.is_empty() && letters.len() <= LONGEST).then_some(letters)
}

/// Edits that turn one word into the other, a swap of two neighbours counted as one (optimal string alignment).
/// Both words have at most [`LONGEST`] letters, so no sum here is large.
fn distance(from: &[char], to: &[char]) -> usize {
    let width = to.len() + 1;
    let mut two_back = vec![0; width];
    let mut one_back: Vec<usize> = (0..width).collect();
    for (row, a) in from.iter().enumerate() {
        let mut current = Vec::with_capacity(width);
        current.push(row + 1);
        for (column, b) in to.iter().enumerate() {
            let kept = at(&one_back, column) + usize::from(a != b);
            let dropped = at(&one_back, column + 1) + 1;
            let added = at(&current, column) + 1;
            let mut least = kept.min(dropped).min(added);
            let previous =
                row.checked_sub(1).and_then(|i| from.get(i)).zip(column.checked_sub(1).and_then(|i| to.get(i)));
            if previous == Some((b, a)) {
                least = least.min(at(&two_back, column - 1) + 1);
            }
            current.push(least);
        }
        two_back = std::mem::replace(&mut one_back, current);
    }
    at(&one_back, to.len())
}

fn at(row: &[usize], column: usize) -> usize {
    row.get(column).copied().unwrap_or(usize::MAX / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: [&str; 4] = ["strict", "conflict", "fromAggregate", "strictSelectors"];

    #[test]
    fn finds_typical_misspellings() {
        for (word, meant) in [
            ("strcit", "strict"),
            ("Strict", "strict"),
            ("stricts", "strict"),
            ("conflit", "conflict"),
            ("from-aggregate", "fromAggregate"),
            ("strictselector", "strictSelectors"),
        ] {
            assert_eq!(nearest(word, KEYS), Some(meant), "{word}");
        }
    }

    #[test]
    fn keeps_silent_about_other_words() {
        for word in ["", "masterInterface", "x", "name", &"strict".repeat(1000)] {
            assert_eq!(nearest(word, KEYS), None, "{word}");
        }
        assert_eq!(nearest("b", ["a"]), None, "nothing in common");
    }

    #[test]
    fn counts_edits() {
        let count = |a: &str, b: &str| distance(&a.chars().collect::<Vec<_>>(), &b.chars().collect::<Vec<_>>());
        assert_eq!(count("abc", "abc"), 0);
        assert_eq!(count("abc", "acb"), 1);
        assert_eq!(count("ca", "abc"), 3);
        assert_eq!(count("kitten", "sitting"), 3);
        assert_eq!(count("a", "abcd"), 3);
    }
}

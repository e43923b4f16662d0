//! Identity of an object and the processing order.

use std::cmp::Ordering;
use std::fmt;

/// Identity of a stating object within its kind, and its place in the processing order: by package (path by
/// component), then namespace, then name; each in natural order (`n3-2` before `n3-10`), ties by bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Key {
    /// Directory of the nearest enclosing package, `/`-separated; empty at the root.
    pub package: String,
    /// metadata.namespace; empty when absent.
    pub namespace: String,
    /// metadata.name.
    pub name: String,
}

impl Key {
    /// The object `namespace`/`name` of `package`.
    pub fn new(package: impl Into<String>, namespace: impl Into<String>, name: impl Into<String>) -> Self {
        Self { package: package.into(), namespace: namespace.into(), name: name.into() }
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        paths(&self.package, &other.package)
            .then_with(|| natural(&self.namespace, &other.namespace))
            .then_with(|| natural(&self.name, &other.name))
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.namespace.is_empty() { f.write_str(&self.name) } else { write!(f, "{}/{}", self.namespace, self.name) }
    }
}

/// Path order: component by component, a directory before what lies in it.
fn paths(a: &str, b: &str) -> Ordering {
    if a == b {
        return Ordering::Equal;
    }
    let mut left = a.split('/');
    let mut right = b.split('/');
    loop {
        match (left.next(), right.next()) {
            (None, None) => return a.cmp(b),
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(l), Some(r)) => match natural(l, r) {
                Ordering::Equal => {}
                unequal => return unequal,
            },
        }
    }
}

/// Natural order: a run of digits compares as a number of any length, everything else by bytes; ties by bytes.
fn natural(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a.as_bytes(), b.as_bytes());
    loop {
        let (Some(l), Some(r)) = (left.first(), right.first()) else {
            return left.len().cmp(&right.len()).then_with(|| a.cmp(b));
        };
        if l.is_ascii_digit() && r.is_ascii_digit() {
            let (ln, lrest) = number(left);
            let (rn, rrest) = number(right);
            match ln.len().cmp(&rn.len()).then_with(|| ln.cmp(rn)) {
                Ordering::Equal => (left, right) = (lrest, rrest),
                unequal => return unequal,
            }
        } else if l == r {
            left = left.get(1..).unwrap_or_default();
            right = right.get(1..).unwrap_or_default();
        } else {
            return l.cmp(r);
        }
    }
}

/// Splits a leading run of digits off: (the number without leading zeros, the rest).
fn number(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text.iter().position(|c| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at_checked(end).unwrap_or((text, &[]));
    let zeros = digits.iter().take_while(|&&c| c == b'0').count();
    (digits.get(zeros..).unwrap_or_default(), rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(names: &[&str]) -> Vec<String> {
        let mut keys: Vec<Key> = names.iter().map(|n| Key::new("", "", *n)).collect();
        keys.sort();
        keys.into_iter().map(|k| k.name).collect()
    }

    #[test]
    fn names_sort_naturally() {
        assert_eq!(
            sorted(&["n3-10", "n3-2", "n3", "n10", "n3-02", "n30", "a"]),
            ["a", "n3", "n3-02", "n3-2", "n3-10", "n10", "n30"]
        );
    }

    #[test]
    fn equal_numbers_tie_by_bytes() {
        assert_eq!(
            sorted(&["n1x", "n01x", "n1", "n01", "n001", "0", "00"]),
            ["0", "00", "n001", "n01", "n1", "n01x", "n1x"]
        );
    }

    #[test]
    fn numbers_may_be_longer_than_any_integer() {
        let long = format!("n1{}", "0".repeat(60));
        let longer = format!("n{}", "9".repeat(62));
        assert_eq!(sorted(&[&longer, &long]), [long, longer]);
    }

    #[test]
    fn packages_sort_by_component_before_namespace_and_name() {
        let key = |p: &str| Key::new(p, "z", "z");
        let mut keys =
            [key("site-10"), key("site/b"), key("site-2"), key("site"), key(""), key("site/a-1"), key("site/a")];
        keys.sort();
        let order: Vec<&str> = keys.iter().map(|k| k.package.as_str()).collect();
        assert_eq!(order, ["", "site", "site/a", "site/a-1", "site/b", "site-2", "site-10"]);
        assert!(Key::new("a", "z", "z") < Key::new("b", "a", "a"));
        assert!(Key::new("a", "a", "z") < Key::new("a", "b", "a"));
    }
}

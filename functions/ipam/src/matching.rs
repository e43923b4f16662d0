//! Whether a selector matches a pool's labels, and if not, why.
//!
//! Kubernetes semantics, with one rule of our own for the topology keys: a pool that does not carry such a key satisfies
//! matchLabels and `In` on it; a pool that carries one serves only claims that mention it.

use std::borrow::Cow;

use crate::explain::Mismatch;
use crate::labels::{Labels, NSN_NAME, is_system};
use crate::selector::{Operator, Selector};

/// One condition of a selector, of matchLabels or of matchExpressions.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Condition<'s> {
    pub(crate) key: &'s str,
    pub(crate) operator: Operator,
    pub(crate) values: &'s [String],
}

impl Selector {
    /// All conditions; matchLabels are `In` with one value.
    pub(crate) fn conditions(&self) -> impl Iterator<Item = Condition<'_>> {
        let labels = self.match_labels.iter().map(|(key, value)| Condition {
            key,
            operator: Operator::In,
            values: std::slice::from_ref(value),
        });
        let expressions = self.match_expressions.iter().map(|requirement| Condition {
            key: &requirement.key,
            operator: requirement.operator,
            values: &requirement.values,
        });
        labels.chain(expressions)
    }

    fn mentions(&self, key: &str) -> bool {
        self.conditions().any(|condition| condition.key == key)
    }
}

impl Condition<'_> {
    /// One of the pool's values is asked for by name.
    fn names(self, labels: &Labels) -> bool {
        self.operator == Operator::In && self.has_any(labels)
    }

    fn has_any(self, labels: &Labels) -> bool {
        let found = labels.get(self.key);
        found.iter().any(|value| self.values.iter().any(|asked| asked == value))
    }

    fn holds(self, labels: &Labels, strict: bool) -> bool {
        match self.operator {
            Operator::In => self.has_any(labels) || (!strict && labels.is_open(self.key)),
            Operator::NotIn => !self.has_any(labels),
            Operator::Exists => !labels.get(self.key).is_empty(),
            Operator::DoesNotExist => labels.get(self.key).is_empty(),
        }
    }
}

/// Whether the selector matches; if so, how many topology keys it names with the pool's value.
pub(crate) fn matches(selector: &Selector, labels: &Labels, strict: bool) -> Option<usize> {
    (misses(selector, labels, strict) == 0).then(|| {
        let named =
            |key: &&str| selector.conditions().any(|condition| condition.key == *key && condition.names(labels));
        labels.topology().filter(named).count()
    })
}

/// How many reasons there are why the selector does not match.
pub(crate) fn misses(selector: &Selector, labels: &Labels, strict: bool) -> usize {
    let broken = selector.conditions().filter(|condition| !condition.holds(labels, strict)).count();
    let unasked = unasked(selector, labels, strict).count();
    broken.saturating_add(unasked).saturating_add(usize::from(!is_named(selector, labels)))
}

/// Every reason why the selector does not match; none when it does.
pub(crate) fn mismatches(selector: &Selector, labels: &Labels, strict: bool) -> Vec<Mismatch> {
    let broken =
        selector.conditions().filter(|condition| !condition.holds(labels, strict)).map(|condition| Mismatch::Label {
            key: condition.key.to_owned(),
            operator: condition.operator,
            asked: condition.values.to_vec(),
            found: owned(labels.get(condition.key)),
        });
    let unasked = unasked(selector, labels, strict)
        .map(|key| Mismatch::Unasked { key: key.to_owned(), found: owned(labels.get(key)) });
    let unnamed = (!is_named(selector, labels)).then_some(Mismatch::BlockNotNamed);
    broken.chain(unasked).chain(unnamed).collect()
}

/// Topology keys that the pool carries and the selector does not mention.
fn unasked(selector: &Selector, labels: &Labels, strict: bool) -> impl Iterator<Item = &'static str> {
    labels.closed().filter(move |key| !strict && !selector.mentions(key))
}

/// A block serves only selectors that name one of its own labels with that value, or the block itself.
fn is_named(selector: &Selector, labels: &Labels) -> bool {
    let own = |key: &str| !is_system(key) || key == NSN_NAME;
    !labels.is_block || selector.conditions().any(|condition| own(condition.key) && condition.names(labels))
}

fn owned(values: &[Cow<'_, str>]) -> Vec<String> {
    values.iter().map(|value| value.clone().into_owned()).collect()
}

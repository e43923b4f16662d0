//! The violations found so far.

use crate::json::Node;
use crate::violation::{Rule, Violation};

/// Collects violations in the order of their discovery.
#[derive(Default)]
pub(super) struct Report(Vec<Violation>);

impl Report {
    /// `node` violates `rule`.
    pub(super) fn add(&mut self, rule: Rule, node: &Node<'_>, expected: impl Into<String>) {
        self.add_at(rule, node.path(), node.found(), expected);
    }

    /// `key` of `object` violates `rule`, by its value or by its absence.
    pub(super) fn add_key(&mut self, rule: Rule, object: &Node<'_>, key: &str, expected: impl Into<String>) {
        match object.get(key) {
            Some(node) => self.add(rule, &node, expected),
            None => self.add_at(rule, object.path_of(key), "nothing", expected),
        }
    }

    /// What was `found` at `path` violates `rule`.
    pub(super) fn add_at(
        &mut self,
        rule: Rule,
        path: impl Into<String>,
        found: impl Into<String>,
        expected: impl Into<String>,
    ) {
        self.0.push(Violation::new(rule, path, found, expected));
    }

    pub(super) fn finish(self) -> Vec<Violation> {
        self.0
    }
}

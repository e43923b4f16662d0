//! Lists in block style: which elements stay, go and come.

use std::collections::HashMap;

use serde_json::Value;

use super::block::{Behind, Place};
use super::{EditError, Editor, Outcome};
use crate::yaml::tree::Node;

impl Editor<'_> {
    pub(super) fn block_list(&mut self, node: Node<'_>, target: &[Value]) -> Result<Outcome, EditError> {
        let items: Vec<Node<'_>> = node.items().collect();
        let Some(dashes) = items.iter().map(|item| self.lines.dash(*item)).collect::<Option<Vec<_>>>() else {
            return Ok(Outcome::Whole);
        };
        let Some(column) = dashes.first().map(|dash| self.lines.column(*dash)) else { return Ok(Outcome::Whole) };
        let pairs = pair(&items, target);
        if pairs.is_empty() {
            return Ok(Outcome::Whole);
        }
        let mut kept = vec![None; items.len()];
        for &(from, to) in &pairs {
            if let Some(slot) = kept.get_mut(from) {
                *slot = Some(to);
            }
        }
        for ((item, dash), to) in items.iter().zip(&dashes).zip(&kept) {
            match to.and_then(|to| target.get(to)) {
                Some(value) => {
                    let place = Place { behind: Behind::Dash, after: dash + 1, column };
                    self.value(place, *item, value)?;
                }
                None => {
                    if !self.lines.is_first(*dash) {
                        return Ok(Outcome::Whole);
                    }
                    let end = if item.is_absent() { Some(dash + 1) } else { self.lines.content_end(*item) };
                    let end = end.ok_or(EditError::Layout)?;
                    let line = self.lines.with_head_comments(self.lines.start(*dash), column);
                    self.splice(self.line_cut(line, end), String::new());
                }
            }
        }
        self.structural |= is_structural(&pairs, items.len(), target.len());
        self.insert_elements(&items, &dashes, &pairs, target, column)
    }

    fn insert_elements(
        &mut self,
        items: &[Node<'_>],
        dashes: &[usize],
        pairs: &[(usize, usize)],
        target: &[Value],
        column: usize,
    ) -> Result<Outcome, EditError> {
        let mut pairs = pairs.iter().copied().peekable();
        let mut previous = None;
        let mut added = String::new();
        for (to, value) in target.iter().enumerate() {
            if let Some((from, _)) = pairs.next_if(|(_, paired)| *paired == to) {
                previous = Some(from);
                continue;
            }
            let text = self.lines_behind_dash(value, column);
            let blanks = " ".repeat(column);
            let ends_run = to + 1 == target.len() || pairs.peek().is_some_and(|(_, paired)| *paired == to + 1);
            match previous {
                Some(from) => {
                    added.push_str(&format!("{}{blanks}- {text}", self.lines.eol));
                    if ends_run {
                        let item = items.get(from).ok_or(EditError::Layout)?;
                        let dash = dashes.get(from).ok_or(EditError::Layout)?;
                        let end = if item.is_absent() { Some(dash + 1) } else { self.lines.content_end(*item) };
                        let at = self.lines.end(end.ok_or(EditError::Layout)?);
                        self.splice(at..at, std::mem::take(&mut added));
                    }
                }
                None => {
                    added.push_str(&format!("{blanks}- {text}{}", self.lines.eol));
                    if ends_run {
                        let first = dashes.first().copied().filter(|dash| self.lines.is_first(*dash));
                        let Some(first) = first else { return Ok(Outcome::Whole) };
                        let at = self.lines.start(first);
                        self.splice(at..at, std::mem::take(&mut added));
                    }
                }
            }
        }
        Ok(Outcome::Done)
    }
}

/// Whether elements came or went other than at the end.
fn is_structural(pairs: &[(usize, usize)], old: usize, new: usize) -> bool {
    let in_place = pairs.iter().enumerate().all(|(i, &(from, to))| from == i && to == i);
    !in_place || (pairs.len() < old && pairs.len() < new)
}

/// Which old element becomes which new one, both ascending.
///
/// Elements of Kubernetes lists have names: where all elements on both sides have a `type` or `name` of their own,
/// those pair up. Else equal heads and tails pair up, and what is between them by position.
fn pair(old: &[Node<'_>], new: &[Value]) -> Vec<(usize, usize)> {
    for key in ["type", "name"] {
        let was = by_name(old.iter().map(|node| node.get(key)?.scalar()));
        let becomes = by_name(new.iter().map(|value| value.get(key)?.as_str()));
        if let (Some(was), Some(becomes)) = (was, becomes) {
            let mut pairs: Vec<(usize, usize)> =
                was.iter().filter_map(|(name, i)| becomes.get(name).map(|j| (*i, *j))).collect();
            pairs.sort_unstable();
            if pairs.is_sorted_by_key(|(_, to)| *to) {
                return pairs;
            }
        }
    }
    let head = old.iter().zip(new).take_while(|(node, value)| node.says(value)).count();
    let shorter = old.len().min(new.len());
    let backwards = old.iter().rev().zip(new.iter().rev()).take(shorter - head);
    let tail = backwards.take_while(|(node, value)| node.says(value)).count();
    let mut pairs: Vec<(usize, usize)> = (0..shorter - tail).map(|i| (i, i)).collect();
    pairs.extend((0..tail).rev().map(|i| (old.len() - 1 - i, new.len() - 1 - i)));
    pairs
}

/// The place of each name, where every element has one of its own.
fn by_name<'v>(names: impl Iterator<Item = Option<&'v str>>) -> Option<HashMap<&'v str, usize>> {
    let mut places = HashMap::new();
    for (i, name) in names.enumerate() {
        if places.insert(name?, i).is_some() {
            return None;
        }
    }
    Some(places)
}

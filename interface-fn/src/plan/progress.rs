//! What the Kptfile's conditions say about Interfaces and their children.
//!
//! Nephio's controllers and functions read types, statuses, reasons and messages literally. A reason that stands is
//! kept; an entry that already says what it should is not touched, so that passes which come to the same end leave the
//! same bytes.

use std::collections::{HashMap, HashSet};

use api::conditions::{
    CLUSTER_MISSING, CLUSTER_MULTIPLE, CREATE_CONDITION, CREATE_INITIAL_RESOURCE, UPDATE_DONE, UPDATE_FOR_CONDITION,
    UPDATE_RESOURCE, cannot_populate,
};
use api::{Gvkn, kinds};
use krm::kptfile::{Condition, Conditions, Status};
use krm::qualified;

use super::Asker;
use super::child::{Answer, Diff, News};
use super::kin::{Kin, owner_interface};

/// The conditions of a package while its Interfaces are worked through.
pub(crate) struct Progress<'c> {
    conditions: &'c mut Conditions,
    /// How many Interfaces have a name. A condition has no namespace in its type, so that namesakes share one.
    namesakes: HashMap<String, usize>,
    /// Types of conditions that several children share.
    shared: HashSet<String>,
    /// Names of Interfaces of which one is pending.
    failed: HashSet<String>,
    /// Names of Interfaces of which one is not ready.
    waiting: HashSet<String>,
}

impl<'c> Progress<'c> {
    pub(crate) fn of(askers: &[Asker<'_>], kin: &Kin<'_>, conditions: &'c mut Conditions) -> Self {
        let mut namesakes = HashMap::new();
        let mut wanted = HashSet::new();
        let mut shared = HashSet::new();
        for asker in askers {
            *namesakes.entry(asker.name().to_owned()).or_insert(0) += 1;
            for want in asker.wants() {
                let gvkn = want.gvkn();
                if kin.is_shared(want) || wanted.contains(&gvkn) {
                    shared.insert(gvkn);
                } else {
                    wanted.insert(gvkn);
                }
            }
        }
        Self { conditions, namesakes, shared, failed: HashSet::new(), waiting: HashSet::new() }
    }

    /// The Interfaces that wait for an input: nothing else of theirs is touched.
    pub(crate) fn report_pending(&mut self, askers: &[Asker<'_>]) {
        for asker in askers {
            if let Some(message) = &asker.verdict.pending {
                self.fail(asker, message);
            }
        }
    }

    /// Sets the condition of an Interface that waits for an input. Of namesakes the first one speaks.
    fn fail(&mut self, asker: &Asker<'_>, message: &str) {
        if self.failed.insert(asker.name().to_owned()) {
            let message = self.signed(asker, message);
            self.conditions.set_keeping_reason(&asker.gvkn(), Status::False, Some(&message));
        }
    }

    /// Removes the conditions of what is gone: of Interfaces, of children that none asks for, and of removed objects.
    pub(crate) fn drop_unwanted(&mut self, askers: &[Asker<'_>], kin: &Kin<'_>) {
        let wanted: HashSet<String> =
            askers.iter().flat_map(|asker| asker.wants().iter().map(|want| want.gvkn())).collect();
        let is_unwanted = |gvkn: &str, condition: &Condition| {
            let Ok(object) = gvkn.parse::<Gvkn>() else { return false };
            if object.is(kinds::INTERFACE) {
                return !self.namesakes.contains_key(&object.name);
            }
            let ours = [kinds::IP_CLAIM, kinds::VLAN_CLAIM, kinds::NAD].into_iter().any(|kind| object.is(kind));
            let Some(owner) = condition.reason.as_deref().filter(|_| ours).and_then(owner_interface) else {
                return false;
            };
            !wanted.contains(gvkn) && !self.failed.contains(&owner)
        };
        let mut unwanted: Vec<String> = (self.conditions.iter())
            .filter(|(gvkn, condition)| is_unwanted(gvkn, condition))
            .map(|(gvkn, _)| gvkn.to_owned())
            .collect();
        unwanted.extend(kin.unwanted_gvkns().filter(|gvkn| !wanted.contains(gvkn)));
        for gvkn in unwanted {
            self.conditions.remove(&gvkn);
        }
    }

    /// Sets the conditions of an Interface's children, and its own unless it is ready. Answers whether it is.
    pub(crate) fn advance(&mut self, asker: &Asker<'_>, diffs: &[Diff]) -> bool {
        let changes: Vec<Option<&str>> = diffs.iter().map(|diff| self.change(diff)).collect();
        let pairs = || diffs.iter().zip(&changes);
        let ready = pairs().all(|(diff, change)| change.is_none() && self.is_ready(diff));
        if diffs.iter().any(|diff| diff.news == News::Impossible) {
            self.fail(asker, &cannot_populate(CLUSTER_MISSING));
        } else if !ready && self.waiting.insert(asker.name().to_owned()) {
            self.wait(asker);
        }
        let owner = asker.gvkn();
        for (diff, change) in pairs() {
            self.set_child(&owner, diff, *change);
        }
        ready
    }

    /// The Interfaces whose children are all ready. Of namesakes all must be.
    pub(crate) fn report_ready(&mut self, askers: &[Asker<'_>]) {
        for asker in askers {
            if !self.failed.contains(asker.name()) && !self.waiting.contains(asker.name()) {
                self.conditions.set_keeping_reason(&asker.gvkn(), Status::True, Some(UPDATE_DONE));
            }
        }
    }

    /// The message with which a child's condition turns False, if it does.
    fn change(&self, diff: &Diff) -> Option<&'static str> {
        let current = self.conditions.get(&diff.gvkn);
        let is_false = current.is_some_and(Condition::is_false);
        match diff.news {
            News::Created => Some(CREATE_INITIAL_RESOURCE),
            News::Changed => Some(UPDATE_RESOURCE),
            News::Restored if is_false => Some(UPDATE_RESOURCE),
            News::Kept | News::Restored if current.is_none() => Some(CREATE_CONDITION),
            // A condition that is False already may say what nad-fn found.
            News::Missing if !is_false => Some(CREATE_INITIAL_RESOURCE),
            News::Kept | News::Restored | News::Missing | News::Impossible => None,
        }
    }

    /// Whether a child whose condition does not change is ready. A shared condition says nothing about one child.
    fn is_ready(&self, diff: &Diff) -> bool {
        if self.shared.contains(&diff.gvkn) {
            diff.answer != Answer::None
        } else {
            self.conditions.get(&diff.gvkn).is_some_and(|condition| !condition.is_false())
        }
    }

    fn set_child(&mut self, owner: &str, diff: &Diff, change: Option<&str>) {
        let current = self.conditions.get(&diff.gvkn);
        let stated = current.and_then(|condition| condition.reason.clone());
        let standing = stated.clone().filter(|reason| !self.is_stale(reason));
        let message = change.map(|message| match self.shared.contains(&diff.gvkn) {
            true => format!("{}: {message}", diff.qualified),
            false => message.to_owned(),
        });
        match (message, current.cloned()) {
            (Some(message), _) => {
                let reason = standing.as_deref().unwrap_or(owner);
                self.conditions.set(&diff.gvkn, Status::False, Some(reason), Some(&message));
            }
            (None, Some(current)) if standing.is_none() && diff.owned => {
                let status = match () {
                    () if current.is_true() => Status::True,
                    () if current.is_false() => Status::False,
                    () => Status::Unknown,
                };
                self.conditions.set(&diff.gvkn, status, Some(owner), current.message.as_deref());
            }
            (None, _) => {}
        }
    }

    /// Whether a reason names an Interface that is not there.
    fn is_stale(&self, reason: &str) -> bool {
        owner_interface(reason).is_some_and(|name| !self.namesakes.contains_key(&name))
    }

    /// An Interface whose children are not all ready: False. What says so already stays, unless it names a failure that is
    /// over, or may name another one of several namesakes.
    fn wait(&mut self, asker: &Asker<'_>) {
        let gvkn = asker.gvkn();
        let says_so = self.conditions.get(&gvkn).is_some_and(|condition| {
            let message = condition.message.as_deref().unwrap_or_default();
            condition.is_false() && !is_failure(message) && self.is_alone(asker)
        });
        if !says_so && !self.failed.contains(asker.name()) {
            let message = self.signed(asker, UPDATE_FOR_CONDITION);
            self.conditions.set_keeping_reason(&gvkn, Status::False, Some(&message));
        }
    }

    /// Whether no other Interface shares the condition.
    fn is_alone(&self, asker: &Asker<'_>) -> bool {
        self.namesakes.get(asker.name()).is_none_or(|count| *count <= 1)
    }

    /// The message, with the Interface's own name where namesakes share the condition.
    fn signed(&self, asker: &Asker<'_>, message: &str) -> String {
        match self.is_alone(asker) {
            true => message.to_owned(),
            false => format!("{}: {message}", qualified(asker.metadata().namespace(), asker.name())),
        }
    }
}

/// Whether a condition's message says that an input was missing, in Nephio's words.
fn is_failure(message: &str) -> bool {
    ["stage1: ", "spec invalid: mandatory field ", CLUSTER_MULTIPLE].iter().any(|text| message.contains(text))
}

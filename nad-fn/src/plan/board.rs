//! Which of a Kptfile's conditions are about which attachment, and what they say in the end.
//!
//! A condition whose reason names an Interface is that Interface's, whatever NetworkAttachmentDefinition its type
//! names; one whose type names the Interface's own is too. A type has no namespace, so that namesakes share one: it is
//! True only if all of them are.

use std::collections::{BTreeSet, HashMap};

use api::conditions::{CREATE_INITIAL_RESOURCE, UPDATE_DONE};
use api::{Gvkn, kinds};
use krm::Finding;
use krm::kptfile::{Condition, Conditions, Status};

use super::asker::Asker;
use super::interface_in;
use crate::codes;

/// What an attachment has to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Word {
    /// The NetworkAttachmentDefinition is there and up to date.
    Done,
    /// It is not, for this reason.
    Failed(String),
    /// It has been removed.
    Removed,
    /// Nothing: the condition stays as it is.
    Silent,
}

/// A condition about a NetworkAttachmentDefinition of an Interface that is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Orphan {
    /// The condition's type.
    pub(super) gvkn: String,
    /// The NetworkAttachmentDefinition that it names.
    pub(super) nad: String,
    /// The Interface that its reason names.
    pub(super) interface: String,
}

impl Orphan {
    /// What a user can do; `no_cluster` where a WorkloadCluster is not there either.
    pub(super) fn finding(&self, no_cluster: bool) -> Finding {
        let Self { gvkn, interface, .. } = self;
        let absent = match no_cluster {
            true => format!("a WorkloadCluster and for Interface {interface}, which are"),
            false => format!("Interface {interface}, which is"),
        };
        let message = format!(
            "the condition {gvkn} waits for {absent} not in the package: add the Interface, or run interface-fn, which \
             removes what belonged to it"
        );
        Finding::warning(codes::INTERFACE_MISSING, message).field("status.conditions")
    }
}

/// The conditions about NetworkAttachmentDefinitions.
#[derive(Debug)]
pub(super) struct Board {
    /// By the position of the Interface: the types of its conditions.
    types: Vec<Vec<String>>,
    orphans: Vec<Orphan>,
    /// What was said about a type, and by which Interface; types in the order of the first word.
    words: Vec<(String, Vec<(usize, Word)>)>,
    position: HashMap<String, usize>,
}

impl Board {
    pub(super) fn of(askers: &[Asker<'_>], conditions: &Conditions) -> Self {
        let mut by_name: HashMap<&str, Vec<usize>> = HashMap::new();
        let mut by_type: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, asker) in askers.iter().enumerate() {
            by_name.entry(asker.name()).or_default().push(at);
            if asker.asks() {
                by_type.entry(asker.nad.condition_type()).or_default().push(at);
            }
        }
        let mut board = Self {
            types: vec![Vec::new(); askers.len()],
            orphans: Vec::new(),
            words: Vec::new(),
            position: HashMap::new(),
        };
        for (gvkn, condition) in conditions.iter() {
            let Some(nad) = gvkn.parse::<Gvkn>().ok().filter(|gvkn| gvkn.is(kinds::NAD)) else { continue };
            let interface = condition.reason.as_deref().and_then(interface_in);
            let named = interface.as_deref().and_then(|name| by_name.get(name));
            let owners = by_type.get(gvkn).or(named);
            for at in owners.into_iter().flatten() {
                if let Some(types) = board.types.get_mut(*at) {
                    types.push(gvkn.to_owned());
                }
            }
            if let (None, Some(interface)) = (owners, interface) {
                board.orphans.push(Orphan { gvkn: gvkn.to_owned(), nad: nad.name, interface });
            }
        }
        board
    }

    /// Whether there is a condition for the attachment of the Interface at this position.
    pub(super) fn has(&self, at: usize) -> bool {
        self.types.get(at).is_some_and(|types| !types.is_empty())
    }

    /// The conditions of Interfaces that are not there.
    pub(super) fn orphans(&self) -> &[Orphan] {
        &self.orphans
    }

    /// Notes what the attachment of the Interface at this position has to say.
    pub(super) fn say(&mut self, at: usize, asker: &Asker<'_>, word: Word) {
        let mut types = self.types.get(at).cloned().unwrap_or_default();
        if types.is_empty() && asker.asks() {
            types.push(asker.nad.condition_type());
        }
        for gvkn in types {
            let position = *self.position.entry(gvkn.clone()).or_insert(self.words.len());
            match self.words.get_mut(position) {
                Some((_, words)) => words.push((at, word.clone())),
                None => self.words.push((gvkn, vec![(at, word.clone())])),
            }
        }
    }

    /// Writes what was said into the conditions.
    pub(super) fn settle(self, askers: &[Asker<'_>], conditions: &mut Conditions) {
        let present: BTreeSet<&str> = askers.iter().map(Asker::name).collect();
        for (gvkn, words) in self.words {
            let current = conditions.get(&gvkn);
            // Only an attachment that is done makes a condition where there is none: interface-fn makes the others.
            if current.is_none() && words.iter().all(|(_, word)| *word != Word::Done) {
                continue;
            }
            let is_false = current.is_some_and(Condition::is_false);
            let Some((status, speaker, message)) = verdict(&words, is_false) else { continue };
            let Some(asker) = askers.get(speaker) else { continue };
            let message = match words.len() {
                1 => message,
                _ if status == Status::True => message,
                _ => format!("{}: {message}", asker.nad.shown()),
            };
            let stale = |reason: &str| interface_in(reason).is_some_and(|name| !present.contains(name.as_str()));
            let stated = current.and_then(|condition| condition.reason.clone()).filter(|reason| !stale(reason));
            let reason = stated.unwrap_or_else(|| asker.gvkn());
            conditions.set(&gvkn, status, Some(&reason), Some(&message));
        }
    }
}

/// What a condition says after all words about it: who speaks, and what; `None` leaves it as it is.
fn verdict(words: &[(usize, Word)], is_false: bool) -> Option<(Status, usize, String)> {
    let failed = words.iter().find_map(|(at, word)| match word {
        Word::Failed(message) => Some((*at, message.as_str())),
        Word::Done | Word::Removed | Word::Silent => None,
    });
    // What is False already may say why.
    let removed = words.iter().find(|(_, word)| *word == Word::Removed && !is_false);
    if let Some((at, message)) = failed.or(removed.map(|(at, _)| (*at, CREATE_INITIAL_RESOURCE))) {
        return Some((Status::False, at, message.to_owned()));
    }
    let all_done = words.iter().all(|(_, word)| *word == Word::Done);
    let (at, _) = words.first().filter(|_| all_done)?;
    Some((Status::True, *at, UPDATE_DONE.to_owned()))
}

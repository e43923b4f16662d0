#![doc = include_str!("../README.md")]

mod ask;
mod block;
mod catalog;
mod codes;
mod domain;
mod explain;
mod explaining;
mod failure;
mod finding;
mod input;
mod key;
mod labels;
mod matching;
mod merge;
mod near;
mod nesting;
mod outcome;
mod planner;
mod range;
mod request;
mod selector;
mod space;
mod supply;
mod world;

pub use codes::CODES;
pub use explain::{Explanation, Mismatch, PoolMiss, Suggestion, Usage};
pub use failure::{Exhausted, Failure, FamilyField, FormError, NoPlace, Reserved};
pub use finding::{Disagreement, Finding};
pub use input::{Claim, Family, Input, Instance, Kind, Order, Pool, PoolSource, Settings, Status, UnknownWord};
pub use key::Key;
pub use outcome::{
    ExistingGateway, Holder, Outcome, Owner, Pending, PendingCause, Plan, PoolRef, Role, Severity, Verdict, Warning,
};
pub use range::{AddrRange, RangeError};
pub use selector::{Operator, Requirement, Selector};

/// Decides what becomes of every claim of `input`.
///
/// A pure function of its argument: the order of pools and claims does not matter, and a tree that carries the
/// plan's statuses gives a plan that changes nothing.
pub fn plan(input: &Input) -> Plan {
    planner::plan(input)
}

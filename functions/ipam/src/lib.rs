//! The allocation core: pools and claims in, a plan with reasons out.

mod codes;
mod explain;
mod failure;
mod finding;
mod input;
mod key;
mod outcome;
mod range;
mod selector;

pub use codes::CODES;
pub use explain::{Explanation, Mismatch, PoolMiss, Suggestion, Usage};
pub use failure::{Exhausted, Failure, FamilyField, FormError, NoPlace, Reserved};
pub use finding::{Disagreement, Finding};
pub use input::{
    Claim, Family, Input, Instance, Kind, Order, Pool, PoolSource, Settings, Status, UnknownWord,
};
pub use key::Key;
pub use outcome::{
    ExistingGateway, Holder, Outcome, Owner, Pending, PendingCause, Plan, PoolRef, Role, Severity,
    Verdict, Warning,
};
pub use range::{AddrRange, RangeError};
pub use selector::{Operator, Requirement, Selector};

/// Decides what becomes of every claim of `input`.
///
/// A pure function of its argument: the order of pools and claims does not matter, and a tree that carries the
/// plan's statuses gives a plan that changes nothing.
pub fn plan(input: &Input) -> Plan {
    Plan {
        outcomes: input
            .claims
            .iter()
            .map(|_| Outcome {
                verdict: Verdict::Deleting,
                warnings: Vec::new(),
            })
            .collect(),
        findings: Vec::new(),
    }
}

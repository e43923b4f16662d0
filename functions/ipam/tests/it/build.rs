//! Builders and short words, so that a case reads as a sentence.

use ipam::*;

pub(crate) fn net(text: &str) -> ipnet::IpNet {
    text.parse().unwrap()
}

pub(crate) fn vpc() -> Instance {
    Instance::new("default", "vpc")
}

/// A tree under construction.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tree(pub(crate) Input);

/// An IPPrefix of the network instance `vpc`.
pub(crate) fn prefix(kind: Kind, prefix: &str) -> Pool {
    let name = prefix.replace(['/', ':', '.'], "-");
    Pool::new(Key::new("", "ns", name), vpc(), kind, net(prefix))
}

pub(crate) fn network(text: &str) -> Pool {
    prefix(Kind::Network, text)
}

pub(crate) fn loopback(text: &str) -> Pool {
    prefix(Kind::Loopback, text)
}

pub(crate) fn pool(text: &str) -> Pool {
    prefix(Kind::Pool, text)
}

pub(crate) fn aggregate(text: &str) -> Pool {
    prefix(Kind::Aggregate, text)
}

pub(crate) trait PoolExt: Sized {
    fn label(self, key: &str, value: &str) -> Self;
    fn named(self, name: &str) -> Self;
    fn by(self, source: PoolSource) -> Self;
    fn of(self, instance: Instance) -> Self;
    fn exclude(self, ranges: &str) -> Self;
    fn range(self, range: &str) -> Self;
}

impl PoolExt for Pool {
    fn label(mut self, key: &str, value: &str) -> Self {
        self.labels.insert(key.into(), value.into());
        self
    }

    fn named(mut self, name: &str) -> Self {
        self.key.name = name.into();
        self
    }

    fn by(mut self, source: PoolSource) -> Self {
        self.source = source;
        self
    }

    fn of(mut self, instance: Instance) -> Self {
        self.instance = instance;
        self
    }

    fn exclude(mut self, ranges: &str) -> Self {
        self.exclude = ranges.split(',').map(|range| range.parse().unwrap()).collect();
        self
    }

    fn range(mut self, range: &str) -> Self {
        self.range = Some(range.parse().unwrap());
        self
    }
}

/// A claim for an address of kind network in the network instance `vpc`.
pub(crate) fn claim(name: &str) -> Claim {
    Claim::new(Key::new("", "ns", name), vpc(), Kind::Network)
}

pub(crate) trait ClaimExt: Sized {
    fn kind(self, kind: Kind) -> Self;
    fn at(self, prefix: &str) -> Self;
    fn index(self, index: u32) -> Self;
    fn family(self, family: Family) -> Self;
    fn select(self, key: &str, value: &str) -> Self;
    fn require(self, key: &str, operator: Operator, values: &[&str]) -> Self;
    fn label(self, key: &str, value: &str) -> Self;
    fn gateway(self) -> Self;
    fn has(self, prefix: &str) -> Self;
    fn has_via(self, prefix: &str, gateway: &str) -> Self;
    fn deleting(self) -> Self;
    fn get(self) -> Self;
    fn of(self, instance: Instance) -> Self;
    fn create_prefix(self) -> Self;
    fn length(self, length: u8) -> Self;
}

impl ClaimExt for Claim {
    fn kind(mut self, kind: Kind) -> Self {
        self.kind = kind;
        self
    }

    fn at(mut self, prefix: &str) -> Self {
        self.prefix = Some(net(prefix));
        self
    }

    fn index(mut self, index: u32) -> Self {
        self.index = Some(index);
        self
    }

    fn family(mut self, family: Family) -> Self {
        self.family = Some(family);
        self
    }

    fn select(mut self, key: &str, value: &str) -> Self {
        self.selector.match_labels.insert(key.into(), value.into());
        self
    }

    fn require(mut self, key: &str, operator: Operator, values: &[&str]) -> Self {
        self.selector.match_expressions.push(Requirement {
            key: key.into(),
            operator,
            values: values.iter().map(|value| (*value).into()).collect(),
        });
        self
    }

    fn label(mut self, key: &str, value: &str) -> Self {
        self.labels.insert(key.into(), value.into());
        self
    }

    fn gateway(self) -> Self {
        self.label("nephio.org/gateway", "true")
    }

    fn has(mut self, prefix: &str) -> Self {
        self.status = Some(Status { prefix: net(prefix), gateway: None });
        self
    }

    fn has_via(mut self, prefix: &str, gateway: &str) -> Self {
        self.status = Some(Status { prefix: net(prefix), gateway: Some(gateway.parse().unwrap()) });
        self
    }

    fn deleting(mut self) -> Self {
        self.delete = true;
        self
    }

    fn get(mut self) -> Self {
        self.get = true;
        self
    }

    fn of(mut self, instance: Instance) -> Self {
        self.instance = instance;
        self
    }

    fn create_prefix(mut self) -> Self {
        self.create_prefix = true;
        self
    }

    fn length(mut self, length: u8) -> Self {
        self.prefix_length = Some(length);
        self
    }
}

impl Tree {
    pub(crate) fn with(mut self, pool: Pool) -> Self {
        self.0.pools.push(pool);
        self
    }

    pub(crate) fn and(mut self, claim: Claim) -> Self {
        self.0.claims.push(claim);
        self
    }

    pub(crate) fn set(mut self, set: impl FnOnce(&mut Settings)) -> Self {
        set(&mut self.0.settings);
        self
    }

    pub(crate) fn reallocate(self) -> Self {
        self.set(|settings| settings.reallocate = true)
    }

    pub(crate) fn best_fit(self) -> Self {
        self.set(|settings| settings.order = Order::BestFit)
    }

    pub(crate) fn giving_from_aggregates(self) -> Self {
        self.set(|settings| settings.from_aggregate = true)
    }

    pub(crate) fn strict_selectors(self) -> Self {
        self.set(|settings| settings.strict_selectors = true)
    }

    pub(crate) fn plan(&self) -> Plan {
        plan(&self.0)
    }

    /// One line for each claim, in the order of the tree.
    pub(crate) fn says(&self) -> Vec<String> {
        self.plan().outcomes.iter().map(said).collect()
    }

    /// The line of the only claim, or of the last.
    pub(crate) fn last(&self) -> String {
        self.says().pop().unwrap()
    }

    /// The codes of the findings on pools.
    pub(crate) fn finds(&self) -> Vec<&'static str> {
        self.plan().findings.iter().map(Finding::code).collect()
    }

    /// The failure of the last claim.
    pub(crate) fn failure(&self) -> Failure {
        match self.plan().outcomes.pop().unwrap().verdict {
            Verdict::Failed(failure) => failure,
            other => panic!("not a failure: {other:?}"),
        }
    }

    /// The tree with all statuses of its plan written.
    pub(crate) fn rendered(&self) -> Self {
        let mut next = self.clone();
        for (claim, outcome) in next.0.claims.iter_mut().zip(self.plan().outcomes) {
            if let Some(status) = outcome.verdict.status() {
                claim.status = Some(*status);
            }
        }
        next
    }
}

fn shown(status: &Status) -> String {
    match status.gateway {
        Some(gateway) => format!("{} via {gateway}", status.prefix),
        None => status.prefix.to_string(),
    }
}

/// An outcome in a few words; warnings follow in brackets.
pub(crate) fn said(outcome: &Outcome) -> String {
    let mut text = match &outcome.verdict {
        Verdict::Allocated { status, .. } => format!("new {}", shown(status)),
        Verdict::Kept { .. } => "kept".into(),
        Verdict::KeptUnserved { pools_in_sight: false } => "kept without pool".into(),
        Verdict::KeptUnserved { pools_in_sight: true } => "not in a pool".into(),
        Verdict::Mended { status, .. } => format!("mended {}", shown(status)),
        Verdict::Rewritten { from, status, .. } => format!("rewritten {} to {}", from.prefix, shown(status)),
        Verdict::Moved { from, status, why, .. } => {
            format!("moved {} to {}: {}", from.prefix, shown(status), why.code())
        }
        Verdict::Got { status, .. } => format!("got {}", shown(status)),
        Verdict::Deleting => "deleting".into(),
        Verdict::Pending(pending) => format!("pending {}", pending.cause.code()),
        Verdict::Failed(failure) => format!("error {}", failure.code()),
    };
    for warning in &outcome.warnings {
        text += &format!(" [{}]", warning.code());
    }
    text
}

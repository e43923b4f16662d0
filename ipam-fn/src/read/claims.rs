//! IPClaim: what is asked for, and what an earlier run gave.

use api::ipam::{IpClaimSpec, IpClaimStatus};
use api::meta::{LabelSelectorOperator, LabelSelectorRequirement};
use api::{AddressFamily, IpClaim, LabelSelector, annotations};
use ipam::{Claim, Family, Operator, Requirement, Selector, Status};
use krm::{Finding, ItemError, ItemId};

use super::Reader;
use super::pools::kind;
use crate::codes;

impl Reader<'_> {
    pub(super) fn ip_claims(&mut self, ids: &[ItemId]) {
        let (list, packages) = (self.list, self.packages);
        // On all cores: each claim has a reader of its own.
        let read = list.read_each(ids, |id, object| {
            let mut reader = Reader::new(list, packages);
            (id, reader.ip_claim(id, object), reader.findings)
        });
        for (id, claim, findings) in read {
            self.findings.extend(findings);
            if let Some(claim) = claim {
                self.input.claims.push(claim);
                self.claims.push(id);
            }
        }
    }

    /// The claims by package, namespace and name. Two that have all in common are refused: nothing could tell which of
    /// them comes first.
    pub(super) fn claims_in_order(&mut self) -> Vec<usize> {
        let claims = &self.input.claims;
        let key = |at: &usize| claims.get(*at).map(|claim| &claim.key);
        let mut order: Vec<usize> = (0..claims.len()).collect();
        order.sort_by(|a, b| key(a).cmp(&key(b)));
        let twice: Vec<(usize, usize)> = order
            .iter()
            .zip(order.iter().skip(1))
            .filter(|(first, second)| key(first) == key(second))
            .map(|(first, second)| (*first, *second))
            .collect();
        for (first, second) in twice {
            if let (Some(&first), Some(&second)) = (self.claims.get(first), self.claims.get(second)) {
                self.findings.push(self.packages.stands_twice(self.list, first, second, codes::CLAIM_DOUBLED));
            }
        }
        order
    }

    fn ip_claim(&mut self, id: ItemId, object: Result<IpClaim, ItemError>) -> Option<Claim> {
        let IpClaim { metadata, spec, status } = self.fitting(id, object)?;
        if metadata.name.is_empty() {
            let message = "the name is empty: a claim needs one";
            self.refuse(id, Finding::error(codes::FIELD_MALFORMED, message).field("metadata.name"));
        }
        let instance = self.instance(id, spec.network_instance.as_ref());
        self.gateway_label(id, "spec.labels", &spec.labels);
        let prefix = spec.prefix.as_deref().map(|text| self.prefix(id, "spec.prefix", text));
        let status = status.map_or(Some(None), |status| self.status(id, &status));
        let (Some(instance), Some(status), false) = (instance, status, prefix == Some(None)) else { return None };
        let IpClaimSpec { address_family, prefix_length, index, create_prefix, labels, selector, .. } = spec;
        Some(Claim {
            create_prefix: create_prefix == Some(true),
            prefix: prefix.flatten(),
            prefix_length,
            index,
            family: address_family.map(family),
            selector: selector.map(self::selector).unwrap_or_default(),
            labels,
            status,
            delete: metadata.annotations.contains_key(annotations::DELETE),
            get: metadata.annotations.contains_key(annotations::ACTION),
            ..Claim::new(self.key(id), instance, kind(spec.kind))
        })
    }

    /// What the status states; the inner `None` where it states no prefix, the outer one where it is malformed.
    fn status(&mut self, id: ItemId, status: &IpClaimStatus) -> Option<Option<Status>> {
        let prefix = status.prefix().map(|text| self.prefix(id, "status.prefix", text));
        let gateway = status.gateway().map(|text| self.gateway(id, "status.gateway", text));
        match (prefix, gateway) {
            (Some(None), _) | (_, Some(None)) => None,
            (Some(Some(prefix)), gateway) => Some(Some(Status { prefix, gateway: gateway.flatten() })),
            (None, _) => Some(None),
        }
    }
}

fn family(family: AddressFamily) -> Family {
    match family {
        AddressFamily::Ipv4 => Family::V4,
        AddressFamily::Ipv6 => Family::V6,
    }
}

fn selector(selector: LabelSelector) -> Selector {
    Selector {
        match_labels: selector.match_labels,
        match_expressions: selector.match_expressions.into_iter().map(requirement).collect(),
    }
}

fn requirement(requirement: LabelSelectorRequirement) -> Requirement {
    let LabelSelectorRequirement { key, operator, values } = requirement;
    let operator = match operator {
        LabelSelectorOperator::In => Operator::In,
        LabelSelectorOperator::NotIn => Operator::NotIn,
        LabelSelectorOperator::Exists => Operator::Exists,
        LabelSelectorOperator::DoesNotExist => Operator::DoesNotExist,
    };
    Requirement { key, operator, values }
}

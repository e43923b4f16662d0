//! What is wrong with a claim by itself.

use ipam::{Claim, FamilyField, FormError};
use krm::{Field, Finding};

/// The finding, with the field at fault.
pub(super) fn finding(claim: &Claim, error: &FormError) -> Finding {
    let (field, message) = words(claim, error);
    Finding::error(error.code(), message).field(field)
}

fn words(claim: &Claim, error: &FormError) -> (Field, String) {
    let length =
        || Field::new("spec.prefixLength").current(claim.prefix_length.map(|n| n.to_string()).unwrap_or_default());
    let prefix = || Field::new("spec.prefix").current(claim.prefix.map(|p| p.to_string()).unwrap_or_default());
    match error {
        FormError::MappedIpv4(found) => {
            (prefix(), format!("{found} is an IPv4-mapped IPv6 prefix: write it as IPv4"))
        }
        FormError::AggregateWithoutPrefix => (
            Field::new("spec.prefix"),
            "a claim of kind aggregate says itself which one: state spec.prefix, or ask for kind network, loopback or pool"
                .to_owned(),
        ),
        FormError::PoolWithoutCreatePrefix => (
            Field::new("spec.createPrefix").proposed("true"),
            "kind pool gives blocks, not single addresses: set spec.createPrefix: true and state spec.prefixLength (or \
             spec.prefix for a certain block)"
                .to_owned(),
        ),
        FormError::CreatePrefixWithoutLength => (
            Field::new("spec.prefixLength"),
            "spec.createPrefix asks for a block, but not of which length: state spec.prefixLength (or spec.prefix for a \
             certain block)"
                .to_owned(),
        ),
        FormError::LengthWithoutCreatePrefix(found) => (
            length(),
            format!(
                "spec.prefixLength {found} says how long a block should be, but without spec.createPrefix: true the claim \
                 asks for a single address: set that, or remove spec.prefixLength"
            ),
        ),
        FormError::LengthDisagrees { prefix, length: found } => (
            length().proposed(prefix.prefix_len().to_string()),
            format!("spec.prefix {prefix} and spec.prefixLength {found} disagree: remove spec.prefixLength, or correct one"),
        ),
        FormError::LengthOutOfRange { length: found, max } => {
            (length(), format!("spec.prefixLength {found} is longer than an address: it is at most {max} here"))
        }
        FormError::PrefixAndIndex { prefix, index } => (
            Field::new("spec.index").current(index.to_string()),
            format!("spec.prefix {prefix} and spec.index {index} both say which one: remove one of them"),
        ),
        FormError::HostBits(found) => {
            let trunc = found.trunc();
            let field = prefix().proposed(trunc.to_string());
            (field, format!("{found} has host bits: a block starts at its first address, write {trunc}"))
        }
        FormError::LoopbackLength(found) => {
            let alone = format!("{}/{}", found.addr(), found.max_prefix_len());
            let field = prefix().proposed(alone.as_str());
            let message = format!(
                "{found} is no loopback address, which stands alone: write {alone}, or set spec.createPrefix: true for a \
                 block"
            );
            (field, message)
        }
        FormError::FamilyConflict { first, second } => (
            Field::new(family_field(second.0)),
            format!(
                "{} asks for {}, {} for {}: a claim has one family, remove or correct one of the two",
                family_field(first.0),
                first.1,
                family_field(second.0),
                second.1
            ),
        ),
        FormError::UnknownFamily(found) => (
            Field::new(family_field(FamilyField::Selector)).current(found.as_str()),
            format!("`{found}` is no family: write ipv4 or ipv6"),
        ),
        FormError::Requirement { key, operator } => {
            let needs = match operator {
                ipam::Operator::In | ipam::Operator::NotIn => "needs at least one value",
                ipam::Operator::Exists | ipam::Operator::DoesNotExist => "takes no values",
            };
            let message = format!("the expression {} on {key} {needs}", operator.as_str());
            (Field::new("spec.selector.matchExpressions"), message)
        }
    }
}

fn family_field(field: FamilyField) -> &'static str {
    match field {
        FamilyField::AddressFamily => "spec.addressFamily",
        FamilyField::Selector => "spec.selector.matchLabels.nephio.org/address-family",
        FamilyField::Prefix => "spec.prefix",
        FamilyField::PrefixLength => "spec.prefixLength",
    }
}

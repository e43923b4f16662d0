//! IPPrefix, NetworkInstance and Network: where addresses come from.

use std::borrow::Cow;
use std::collections::BTreeMap;

use api::ipam::LabelledPrefix;
use api::{IpPrefix, Network, NetworkInstance, ObjectMeta, PrefixKind, annotations, labels};
use ipam::{AddrRange, Instance, Kind, Pool, PoolSource};
use krm::{Field, Finding, ItemId};

use super::text::{self, TextError};
use super::{DEFAULT_NAMESPACE, Reader, Statement};
use crate::codes;

impl Reader<'_> {
    pub(super) fn ip_prefixes(&mut self, ids: &[ItemId]) {
        for &id in ids {
            let Some(object) = self.object::<IpPrefix>(id) else { continue };
            let IpPrefix { metadata, spec, .. } = object;
            let instance = self.instance(id, spec.network_instance.as_ref());
            let prefix = self.prefix(id, "spec.prefix", &spec.prefix);
            self.gateway_label(id, "metadata.labels", &metadata.labels);
            self.gateway_label(id, "spec.labels", &spec.labels);
            let exclude = self.ranges(id, &metadata, annotations::EXCLUDE);
            let range = self.ranges(id, &metadata, annotations::RANGE);
            let range = range.and_then(|ranges| self.at_most_one(id, ranges));
            let (Some(instance), Some(prefix), Some(exclude), Some(range)) = (instance, prefix, exclude, range) else {
                continue;
            };
            let pool = Pool {
                exclude,
                range,
                labels: overlaid(&metadata, &spec.labels),
                ..Pool::new(self.key(id), instance, kind(spec.kind), prefix)
            };
            self.pool(pool, id, Cow::Borrowed("spec.prefix"));
        }
    }

    pub(super) fn network_instances(&mut self, ids: &[ItemId]) {
        for &id in ids {
            let Some(object) = self.object::<NetworkInstance>(id) else { continue };
            self.only_on_ip_prefixes(id, &object.metadata);
            let instance = Instance::new(own_namespace(&object.metadata), object.metadata.name.as_str());
            for (number, entry) in object.spec.prefixes.iter().enumerate() {
                let field = format!("spec.prefixes[{number}]");
                self.entry(id, &object.metadata, PoolSource::NetworkInstance, &instance, entry, &field);
            }
        }
    }

    pub(super) fn networks(&mut self, ids: &[ItemId]) {
        for &id in ids {
            let Some(object) = self.object::<Network>(id) else { continue };
            self.only_on_ip_prefixes(id, &object.metadata);
            for (number, table) in object.spec.routing_tables.iter().enumerate() {
                let table_field = format!("spec.routingTables[{number}]");
                if table.name.is_empty() {
                    let message =
                        "the name is empty: state the network instance (VRF) that the routing table belongs to";
                    let finding =
                        Finding::error(codes::NO_NETWORK_INSTANCE, message).field(format!("{table_field}.name"));
                    self.refuse(id, finding);
                    continue;
                }
                let instance = Instance::new(own_namespace(&object.metadata), table.name.as_str());
                for (number, entry) in table.prefixes.iter().enumerate() {
                    let field = format!("{table_field}.prefixes[{number}]");
                    self.entry(id, &object.metadata, PoolSource::Network, &instance, entry, &field);
                }
            }
        }
    }

    /// An entry of a list of prefixes with labels.
    fn entry(
        &mut self,
        id: ItemId,
        metadata: &ObjectMeta,
        source: PoolSource,
        instance: &Instance,
        entry: &LabelledPrefix,
        field: &str,
    ) {
        let kind = self.entry_kind(id, &entry.labels, field);
        let field = format!("{field}.prefix");
        let prefix = self.prefix(id, &field, &entry.prefix);
        let (Some(kind), Some(prefix)) = (kind, prefix) else { return };
        let labels = overlaid(metadata, &entry.labels);
        let pool = Pool { source, labels, ..Pool::new(self.key(id), instance.clone(), kind, prefix) };
        self.pool(pool, id, Cow::Owned(field));
    }

    fn pool(&mut self, pool: Pool, item: ItemId, field: Cow<'static, str>) {
        self.input.pools.push(pool);
        self.pools.push(Statement { item, field });
    }

    /// The kind of an entry is a label of it.
    fn entry_kind(&mut self, id: ItemId, entry: &BTreeMap<String, String>, field: &str) -> Option<Kind> {
        let Some(word) = entry.get(labels::PREFIX_KIND).filter(|word| !word.is_empty()) else {
            return Some(Kind::Aggregate);
        };
        match word.parse() {
            Ok(kind) => Some(kind),
            Err(error) => {
                let field = format!("{field}.labels.{}", labels::PREFIX_KIND);
                let finding =
                    Finding::error(codes::FIELD_MALFORMED, error.to_string()).field(Field::new(field).current(word));
                self.refuse(id, finding);
                None
            }
        }
    }

    /// The comma-separated ranges of an annotation; `None` if one of them is malformed.
    fn ranges(&mut self, id: ItemId, metadata: &ObjectMeta, key: &str) -> Option<Vec<AddrRange>> {
        let Some(list) = metadata.annotation(key).filter(|list| !list.trim().is_empty()) else {
            return Some(Vec::new());
        };
        let parsed: Vec<(&str, Result<AddrRange, TextError>)> =
            list.split(',').map(|part| (part.trim(), text::range(part))).collect();
        let mut ranges = Vec::with_capacity(parsed.len());
        let mut whole = true;
        for (part, parsed) in parsed {
            match parsed {
                Ok(range) => ranges.push(range),
                Err(error) => {
                    whole = false;
                    self.refuse(id, malformed_range(key, list, part, &error));
                }
            }
        }
        whole.then_some(ranges)
    }

    fn at_most_one(&mut self, id: ItemId, ranges: Vec<AddrRange>) -> Option<Option<AddrRange>> {
        match ranges.as_slice() {
            [] => Some(None),
            [range] => Some(Some(*range)),
            _ => {
                let field = annotation_field(annotations::RANGE);
                let message = format!(
                    "{} ranges are stated, a pool has one: keep the outermost and take the rest out with {}",
                    ranges.len(),
                    annotations::EXCLUDE
                );
                self.refuse(id, Finding::error(codes::RANGE_MALFORMED, message).field(field));
                None
            }
        }
    }

    /// Whoever writes these elsewhere believes that addresses are kept out which are not.
    fn only_on_ip_prefixes(&mut self, id: ItemId, metadata: &ObjectMeta) {
        for key in [annotations::EXCLUDE, annotations::RANGE] {
            if metadata.annotation(key).is_some() {
                let message =
                    format!("{key} has no effect on this kind: state the prefix as an IPPrefix, and annotate that one");
                let finding = Finding::warning(codes::ANNOTATION_WITHOUT_EFFECT, message).field(annotation_field(key));
                self.refuse(id, finding);
            }
        }
    }
}

fn malformed_range(key: &str, list: &str, part: &str, error: &TextError) -> Finding {
    let message = format!(
        "`{part}` {error}; valid are an address, a prefix (10.1.3.200/29) and a range \
         (10.1.3.100-10.1.3.120)"
    );
    Finding::error(error.code(codes::RANGE_MALFORMED), message).field(Field::new(annotation_field(key)).current(list))
}

fn annotation_field(key: &str) -> String {
    format!("metadata.annotations.{key}")
}

/// metadata.labels, overlaid by those of the spec or the entry.
fn overlaid(metadata: &ObjectMeta, over: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let mut labels = metadata.labels.clone();
    labels.extend(over.clone());
    labels
}

fn own_namespace(metadata: &ObjectMeta) -> &str {
    metadata.namespace().unwrap_or(DEFAULT_NAMESPACE)
}

pub(super) fn kind(kind: PrefixKind) -> Kind {
    match kind {
        PrefixKind::Network => Kind::Network,
        PrefixKind::Loopback => Kind::Loopback,
        PrefixKind::Pool => Kind::Pool,
        PrefixKind::Aggregate => Kind::Aggregate,
    }
}

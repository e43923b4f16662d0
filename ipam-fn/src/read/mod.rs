//! From the items of a list to what the allocation core plans on.
//!
//! Every value is read here, and each malformed one is an error that names object, file and field: the core sees only
//! addresses, lengths and words.

mod claims;
mod pools;
pub(crate) mod text;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::net::IpAddr;

use api::{Gvk, ObjectReference, kinds, labels};
use ipam::{Input, Instance, Key};
use ipnet::IpNet;
use krm::{Field, Finding, ItemError, ItemId, Packages, ResourceList};
use serde::de::DeserializeOwned;

use crate::codes;
use text::TextError;

/// What a reference without a namespace means: as in Nephio, not the namespace of the object that refers.
const DEFAULT_NAMESPACE: &str = "default";

/// What a list holds for ipam-fn.
#[derive(Debug)]
pub(crate) struct Tree {
    /// What the plan is made from.
    pub(crate) input: Input,
    /// Beside `input.pools`: where each is stated.
    pub(crate) pools: Vec<Statement>,
    /// Beside `input.claims`: the item.
    pub(crate) claims: Vec<ItemId>,
    /// The claims, as numbers of `input.claims`, by package, namespace and name: in which they are reported, and their
    /// conditions appended.
    pub(crate) order: Vec<usize>,
    /// The packages of all these.
    pub(crate) packages: Packages,
}

/// Where a pool is stated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Statement {
    /// In which item.
    pub(crate) item: ItemId,
    /// In which of its fields: `spec.prefix`, or an entry of a list.
    pub(crate) field: Cow<'static, str>,
}

/// Reads the claims and pools of a list. `None` where one cannot be read, which is reported then: a plan without it could
/// give its addresses away.
pub(crate) fn read(list: &mut ResourceList, settings: ipam::Settings) -> Option<Tree> {
    let claims = select(list, kinds::IP_CLAIM);
    let prefixes = select(list, kinds::IP_PREFIX);
    let instances = select(list, kinds::NETWORK_INSTANCE);
    let networks = select(list, kinds::NETWORK);
    let packages = list.packages(&[&claims[..], &prefixes, &instances, &networks].concat());

    let mut reader = Reader::new(list, &packages);
    reader.ip_prefixes(&prefixes);
    reader.network_instances(&instances);
    reader.networks(&networks);
    for objects in [&prefixes, &instances, &networks] {
        reader.findings.extend(packages.doubled(list, objects, codes::OBJECT_DOUBLED));
    }
    reader.ip_claims(&claims);
    let order = reader.claims_in_order();
    let Reader { mut input, pools, claims, findings, .. } = reader;
    input.settings = settings;
    for finding in findings {
        list.report(finding);
    }
    (!list.has_errors()).then_some(Tree { input, pools, claims, order, packages })
}

fn select(list: &mut ResourceList, gvk: Gvk) -> Vec<ItemId> {
    list.select(gvk.api_version, gvk.kind)
}

/// Reads items one by one and remembers what is wrong with them.
struct Reader<'l> {
    list: &'l ResourceList,
    packages: &'l Packages,
    input: Input,
    pools: Vec<Statement>,
    claims: Vec<ItemId>,
    findings: Vec<Finding>,
}

impl<'l> Reader<'l> {
    fn new(list: &'l ResourceList, packages: &'l Packages) -> Self {
        Self { list, packages, input: Input::default(), pools: Vec::new(), claims: Vec::new(), findings: Vec::new() }
    }

    fn refuse(&mut self, id: ItemId, finding: Finding) {
        self.findings.push(self.list.about(finding, id));
    }

    /// An item as a type of its kind.
    fn object<T: DeserializeOwned>(&mut self, id: ItemId) -> Option<T> {
        let object = self.list.get(id)?.read();
        self.fitting(id, object)
    }

    /// An item that fits its kind.
    fn fitting<T>(&mut self, id: ItemId, object: Result<T, ItemError>) -> Option<T> {
        object.map_err(|error| self.refuse(id, error.to_finding())).ok()
    }

    fn key(&self, id: ItemId) -> Key {
        let Some(item) = self.list.get(id) else { return Key::default() };
        let package = self.packages.directory(self.packages.of_item(item));
        Key::new(package, item.namespace(), item.name())
    }

    /// Labels are texts: of those that mean yes or no to somebody, only `"true"` and `"false"` do here.
    fn gateway_label(&mut self, id: ItemId, field: &str, labels: &BTreeMap<String, String>) {
        let Some(value) = labels.get(labels::GATEWAY).filter(|value| !["true", "false"].contains(&value.as_str()))
        else {
            return;
        };
        let message =
            format!("`{value}` is neither \"true\" nor \"false\": write one of them, in quotes, or remove the label");
        let field = Field::new(format!("{field}.{}", labels::GATEWAY)).current(value);
        self.refuse(id, Finding::error(codes::FIELD_MALFORMED, message).field(field));
    }

    /// An address with a length.
    fn prefix(&mut self, id: ItemId, field: &str, text: &str) -> Option<IpNet> {
        self.parsed(id, field, text, text::prefix(text), codes::PREFIX_MALFORMED)
    }

    /// An address alone.
    fn gateway(&mut self, id: ItemId, field: &str, text: &str) -> Option<IpAddr> {
        self.parsed(id, field, text, text::address(text), codes::GATEWAY_MALFORMED)
    }

    fn parsed<T>(
        &mut self,
        id: ItemId,
        field: &str,
        text: &str,
        parsed: Result<T, TextError>,
        malformed: &'static str,
    ) -> Option<T> {
        match parsed {
            Ok(value) => Some(value),
            Err(error) => {
                let text_or_field = if text.is_empty() { "the field".to_owned() } else { format!("`{text}`") };
                let message = format!("{text_or_field} {error}");
                self.refuse(id, Finding::error(error.code(malformed), message).field(Field::new(field).current(text)));
                None
            }
        }
    }

    /// spec.networkInstance.
    fn instance(&mut self, id: ItemId, reference: Option<&ObjectReference>) -> Option<Instance> {
        let name = reference.and_then(ObjectReference::name);
        let Some(name) = name else {
            let message = "no network instance is named: state the one (VRF) whose addresses these are";
            self.refuse(id, Finding::error(codes::NO_NETWORK_INSTANCE, message).field("spec.networkInstance.name"));
            return None;
        };
        let namespace = reference.and_then(ObjectReference::namespace).unwrap_or(DEFAULT_NAMESPACE);
        Some(Instance::new(namespace, name))
    }
}

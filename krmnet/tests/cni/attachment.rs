//! NetworkAttachmentDefinitions as Multus reads them, and what their static IPAM sections say.

use std::collections::BTreeSet;
use std::net::IpAddr;

use anyhow::{Context, bail, ensure};
use libtest_mimic::Trial;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::support::trial;

/// One NetworkAttachmentDefinition.
#[derive(Clone, Debug)]
pub(crate) struct Attachment {
    /// `namespace/name`.
    pub(crate) name: String,
    network: String,
    config: String,
}

impl Attachment {
    /// Those among the documents of `yaml`, and among the items of a list.
    pub(crate) fn all(yaml: &[u8]) -> anyhow::Result<Vec<Self>> {
        let mut found = Vec::new();
        for document in serde_yaml::Deserializer::from_slice(yaml) {
            let value = serde_yaml::Value::deserialize(document)?;
            let items = value.get("items").and_then(serde_yaml::Value::as_sequence);
            match items {
                Some(items) => found.extend(items.iter().filter_map(Self::from_resource)),
                None => found.extend(Self::from_resource(&value)),
            }
        }
        Ok(found)
    }

    fn from_resource(resource: &serde_yaml::Value) -> Option<Self> {
        let text = |value: &serde_yaml::Value, key: &str| value.get(key)?.as_str().map(str::to_owned);
        if text(resource, "kind")? != "NetworkAttachmentDefinition" {
            return None;
        }
        let metadata = resource.get("metadata")?;
        let network = text(metadata, "name")?;
        let namespace = text(metadata, "namespace").unwrap_or_else(|| "default".to_owned());
        let config = resource.get("spec").and_then(|spec| text(spec, "config")).unwrap_or_default();
        Some(Self { name: format!("{namespace}/{network}"), network, config })
    }

    /// The configuration of each plugin in order, as Multus and libcni hand it over: a list's name and version stand in each
    /// of its plugins, a missing name is the object's, and capabilities that the pod does not use are taken out.
    pub(crate) fn plugins(&self) -> anyhow::Result<Vec<Value>> {
        let config: Value = serde_json::from_str(&self.config)
            .with_context(|| format!("{}: spec.config is no JSON: {:?}", self.name, self.config))?;
        let plugins = match config.get("plugins").and_then(Value::as_array) {
            Some(plugins) => plugins.clone(),
            None => vec![config.clone()],
        };
        ensure!(!plugins.is_empty(), "{}: spec.config lists no plugin", self.name);
        let name = config.get("name").and_then(Value::as_str).filter(|name| !name.is_empty());
        plugins
            .into_iter()
            .map(|mut plugin| {
                let fields = plugin.as_object_mut().context("a plugin is no object")?;
                ensure!(fields.get("type").is_some_and(Value::is_string), "a plugin without type");
                fields.remove("capabilities");
                fields.insert("name".to_owned(), json!(name.unwrap_or(&self.network)));
                if let Some(version) = config.get("cniVersion") {
                    fields.insert("cniVersion".to_owned(), version.clone());
                }
                Ok(plugin)
            })
            .collect()
    }
}

/// An address with its prefix length.
pub(crate) type Prefix = (IpAddr, u8);

/// A route: where to, and by which gateway.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Route {
    pub(crate) to: Prefix,
    pub(crate) gateway: Option<IpAddr>,
}

/// The addresses and routes of one attachment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Static {
    /// Each address with its gateway.
    pub(crate) addresses: BTreeSet<(Prefix, Option<IpAddr>)>,
    pub(crate) routes: BTreeSet<Route>,
}

impl Static {
    /// What the static IPAM section of a plugin's configuration says; `None` where there is no such section.
    pub(crate) fn of(config: &Value) -> anyhow::Result<Option<Self>> {
        match config.get("ipam") {
            Some(ipam) if ipam.get("type") == Some(&json!("static")) => {
                Self::read(ipam, "addresses").with_context(|| format!("reading {config}")).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// What the result of an IPAM plugin says.
    pub(crate) fn of_result(result: &Value) -> anyhow::Result<Self> {
        Self::read(result, "ips").with_context(|| format!("reading {result}"))
    }

    fn read(value: &Value, addresses: &str) -> anyhow::Result<Self> {
        let list = |key: &str| value.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
        let mut found = Self::default();
        for address in list(addresses) {
            let prefix = prefix(text(&address, "address").context("an entry without address")?)?;
            let gateway = gateway(&address, "gateway")?;
            ensure!(found.addresses.insert((prefix, gateway)), "{address} stands there twice");
        }
        for route in list("routes") {
            let to = prefix(text(&route, "dst").context("a route without dst")?)?;
            let route = Route { to, gateway: gateway(&route, "gw")? };
            ensure!(found.routes.insert(route.clone()), "{route:?} stands there twice");
        }
        Ok(found)
    }

    /// Adds what another plugin of the chain says.
    pub(crate) fn extend(&mut self, other: Self) {
        self.addresses.extend(other.addresses);
        self.routes.extend(other.routes);
    }

    /// The addresses without their gateways.
    pub(crate) fn prefixes(&self) -> BTreeSet<Prefix> {
        self.addresses.iter().map(|(prefix, _)| *prefix).collect()
    }
}

fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key)?.as_str()
}

fn gateway(value: &Value, key: &str) -> anyhow::Result<Option<IpAddr>> {
    text(value, key).map(|gateway| gateway.parse().with_context(|| format!("{key} {gateway}"))).transpose()
}

/// Reads `10.1.3.2/24`; `default` is not a prefix.
pub(crate) fn prefix(text: &str) -> anyhow::Result<Prefix> {
    let Some((address, length)) = text.split_once('/') else {
        bail!("{text} has no prefix length");
    };
    let context = || format!("reading {text}");
    Ok((address.parse().with_context(context)?, length.parse().with_context(context)?))
}

/// Tests of this module.
pub(crate) fn harness_trials() -> Vec<Trial> {
    const LIST: &str = r#"
kind: ResourceList
items:
- {kind: IPClaim, metadata: {name: n3}}
- kind: NetworkAttachmentDefinition
  metadata: {name: n3, namespace: upf}
  spec:
    config: '{"cniVersion":"0.3.1","plugins":[{"type":"macvlan","capabilities":{"ips":true},
      "ipam":{"type":"static","addresses":[{"address":"10.1.3.2/24","gateway":"10.1.3.1"}]}}]}'
"#;
    vec![
        trial("harness: attachments are found in lists", || {
            let found = Attachment::all(LIST.as_bytes())?;
            let [attachment] = found.as_slice() else { bail!("found {found:?}") };
            let plugins = attachment.plugins()?;
            let [plugin] = plugins.as_slice() else { bail!("found {plugins:?}") };
            ensure!(attachment.name == "upf/n3", "found {}", attachment.name);
            ensure!(plugin["name"] == "n3" && plugin["cniVersion"] == "0.3.1", "found {plugin}");
            ensure!(plugin.get("capabilities").is_none(), "capabilities were handed over");
            let address = (prefix("10.1.3.2/24")?, Some("10.1.3.1".parse()?));
            let section = Static::of(plugin)?.unwrap_or_default();
            ensure!(section.addresses == BTreeSet::from([address]), "found {section:?}");
            Ok(())
        }),
        trial("harness: an empty configuration fails", || {
            let empty = Attachment { name: "upf/n3".into(), network: "n3".into(), config: String::new() };
            ensure!(empty.plugins().is_err(), "an empty configuration passed");
            Ok(())
        }),
        trial("harness: an address without a prefix length fails", || {
            let config = json!({"ipam": {"type": "static", "addresses": [{"address": "10.1.3.2"}]}});
            ensure!(Static::of(&config).is_err(), "the address passed");
            Ok(())
        }),
    ]
}

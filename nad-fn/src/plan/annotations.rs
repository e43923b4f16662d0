//! What an Interface says in its annotations about its attachment.

use std::net::IpAddr;

use api::{Interface, annotations};
use ipnet::IpNet;
use krm::{Field, Finding, Placed};
use thiserror::Error;

use super::prefix;
use crate::codes;

/// The annotations, as far as they are there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Annotations {
    /// The hosts' interface that the attachment sits on; for type bridge the bridge.
    pub(super) master: Option<String>,
    pub(super) mode: Option<String>,
    pub(super) mtu: Option<u32>,
    pub(super) routes: Vec<ExtraRoute>,
    /// The device plugin's resource.
    pub(super) resource_name: Option<String>,
}

/// A route that the Interface asks for beside those of its Networks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ExtraRoute {
    pub(super) dst: IpNet,
    /// The next hop; the gateway of the Interface's claim where absent.
    pub(super) via: Option<IpAddr>,
}

/// Why a list of routes cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
enum RouteError {
    #[error("an entry is empty")]
    Empty,
    #[error("`default` is of no family: write 0.0.0.0/0 or ::/0")]
    Default,
    #[error("`{0}` is not a prefix with a length")]
    Destination(String),
    #[error("`{0}` is not the address of a gateway")]
    Gateway(String),
    #[error("`{0}` is not of the form `PREFIX` or `PREFIX via GATEWAY`")]
    Form(String),
}

/// Reads the annotations; each that cannot be read is a finding.
pub(super) fn read(interface: &Placed<Interface>) -> Result<Annotations, Vec<Finding>> {
    let metadata = &interface.object.metadata;
    let text = |key: &str| metadata.annotation(key).map(str::to_owned);
    let mut findings = Vec::new();
    let mut read = Annotations {
        master: text(annotations::MASTER),
        mode: text(annotations::MODE),
        resource_name: text(annotations::RESOURCE_NAME),
        ..Annotations::default()
    };
    if let Some(mtu) = text(annotations::MTU) {
        read.mtu = mtu.parse().ok().filter(|_| mtu.bytes().all(|b| b.is_ascii_digit()));
        if read.mtu.is_none() {
            let message = format!("`{mtu}` is not an MTU; write a number of bytes, such as 9000");
            findings.push(malformed(interface, codes::MTU_MALFORMED, message, annotations::MTU, &mtu));
        }
    }
    if let Some(list) = text(annotations::ROUTES) {
        match routes(&list) {
            Ok(routes) => read.routes = routes,
            Err(error) => {
                let message = format!(
                    "{error}; write prefixes separated by commas, each with its gateway where that is not \
                     the claim's: `10.9.0.0/16, 10.8.0.0/16 via 10.1.3.1`"
                );
                findings.push(malformed(interface, codes::ROUTES_MALFORMED, message, annotations::ROUTES, &list));
            }
        }
    }
    if findings.is_empty() { Ok(read) } else { Err(findings) }
}

/// The path of an annotation, for findings.
pub(super) fn field(key: &str) -> String {
    format!("metadata.annotations.{key}")
}

fn malformed(interface: &Placed<Interface>, code: &'static str, message: String, key: &str, found: &str) -> Finding {
    interface.source.on(Finding::error(code, message).field(Field::new(field(key)).current(found)))
}

fn routes(list: &str) -> Result<Vec<ExtraRoute>, RouteError> {
    list.split(',').map(|entry| route(entry.trim())).collect()
}

fn route(entry: &str) -> Result<ExtraRoute, RouteError> {
    let words: Vec<&str> = entry.split_whitespace().collect();
    let (dst, via) = match words.as_slice() {
        [] => return Err(RouteError::Empty),
        [dst] => (*dst, None),
        [dst, "via", gateway] => {
            let via = gateway.parse().map_err(|_| RouteError::Gateway((*gateway).to_owned()))?;
            (*dst, Some(via))
        }
        _ => return Err(RouteError::Form(entry.to_owned())),
    };
    match prefix::parse(dst) {
        Some(dst) => Ok(ExtraRoute { dst, via }),
        None if dst == "default" => Err(RouteError::Default),
        None => Err(RouteError::Destination(dst.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn error(list: &str) -> String {
        routes(list).unwrap_err().to_string()
    }

    #[test]
    fn routes_with_and_without_a_gateway() {
        let read = routes("10.9.0.0/16,10.8.0.0/16  via 10.1.3.1 , ::/0 via fe80::1").unwrap();
        let shown: Vec<(String, Option<String>)> =
            read.iter().map(|route| (route.dst.to_string(), route.via.map(|via| via.to_string()))).collect();
        let expected = [("10.9.0.0/16", None), ("10.8.0.0/16", Some("10.1.3.1")), ("::/0", Some("fe80::1"))];
        assert_eq!(shown, expected.map(|(dst, via)| (dst.to_owned(), via.map(str::to_owned))));
    }

    #[test]
    fn what_is_wrong_is_said() {
        assert_eq!(error("10.9.0.0/16,"), "an entry is empty");
        assert_eq!(error("default"), "`default` is of no family: write 0.0.0.0/0 or ::/0");
        assert_eq!(error("10.9.0.0"), "`10.9.0.0` is not a prefix with a length");
        assert_eq!(error("10.9.0.0/16 via 10.1.3.1/24"), "`10.1.3.1/24` is not the address of a gateway");
        assert_eq!(
            error("10.9.0.0/16 10.1.3.1"),
            "`10.9.0.0/16 10.1.3.1` is not of the form `PREFIX` or `PREFIX via GATEWAY`"
        );
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in any::<String>()) {
            let _ = routes(&text);
        }
    }
}

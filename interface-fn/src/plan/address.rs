//! Addresses that an Interface pins in its annotation `krmnet.dev/address`.

use std::net::IpAddr;

use api::AddressFamily;
use thiserror::Error;

/// An address with its subnet's length, as the user wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pinned {
    pub(crate) family: AddressFamily,
    pub(crate) text: String,
}

/// Why an annotation does not pin addresses.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum AddressError {
    #[error("`{0}` is not an address with a length")]
    Malformed(String),
    #[error("`{0}` has no length: write it with that of its subnet, such as {0}/{1}")]
    NoLength(String, u8),
    #[error("the length of `{0}` is not 0 to {1}")]
    Length(String, u8),
    #[error("`{0}` is an IPv4 address in IPv6 form: write it as IPv4")]
    Mapped(String),
    #[error("two {0} addresses: an Interface has one of a family")]
    Twice(AddressFamily),
}

/// Reads `10.1.3.50/24` or `10.1.3.50/24, 2001:db8:3::50/64`, in any order.
pub(crate) fn parse(annotation: &str) -> Result<Vec<Pinned>, AddressError> {
    let mut pinned: Vec<Pinned> = Vec::with_capacity(2);
    for text in annotation.split(',') {
        let address = one(text.trim())?;
        if pinned.iter().any(|other| other.family == address.family) {
            return Err(AddressError::Twice(address.family));
        }
        pinned.push(address);
    }
    Ok(pinned)
}

fn one(text: &str) -> Result<Pinned, AddressError> {
    let (address, length) = match text.split_once('/') {
        Some((address, length)) => (address, Some(length)),
        None => (text, None),
    };
    let address: IpAddr = address.parse().map_err(|_| AddressError::Malformed(text.to_owned()))?;
    let (family, longest, usual) = match address {
        IpAddr::V4(_) => (AddressFamily::Ipv4, 32, 24),
        IpAddr::V6(v6) if v6.to_ipv4_mapped().is_some() => return Err(AddressError::Mapped(text.to_owned())),
        IpAddr::V6(_) => (AddressFamily::Ipv6, 128, 64),
    };
    match length {
        None => Err(AddressError::NoLength(text.to_owned(), usual)),
        Some(length) if is_length(length, longest) => Ok(Pinned { family, text: text.to_owned() }),
        Some(_) => Err(AddressError::Length(text.to_owned(), longest)),
    }
}

/// Digits without a leading zero or sign, up to the longest length.
fn is_length(text: &str, longest: u8) -> bool {
    text.parse::<u8>().is_ok_and(|length| length <= longest && length.to_string() == text)
}

/// Whether two texts say the same address and length; IPv6 has many spellings.
pub(crate) fn same(one: &str, other: &str) -> bool {
    let read = |text: &str| {
        let (address, length) = text.split_once('/')?;
        Some((address.parse::<IpAddr>().ok()?, length.parse::<u8>().ok()?))
    };
    one == other || read(one).is_some_and(|value| read(other) == Some(value))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn texts(annotation: &str) -> Vec<(AddressFamily, String)> {
        parse(annotation).unwrap().into_iter().map(|pinned| (pinned.family, pinned.text)).collect()
    }

    #[test]
    fn one_or_two_in_any_order() {
        let v4 = (AddressFamily::Ipv4, "10.1.3.50/24".to_owned());
        let v6 = (AddressFamily::Ipv6, "2001:DB8::50/64".to_owned());
        assert_eq!(texts("10.1.3.50/24"), std::slice::from_ref(&v4));
        assert_eq!(texts(" 2001:DB8::50/64 ,10.1.3.50/24"), [v6, v4]);
    }

    #[test]
    fn what_is_wrong_is_said() {
        let error = |annotation: &str| parse(annotation).unwrap_err().to_string();
        assert_eq!(
            error("10.1.3.50"),
            "`10.1.3.50` has no length: write it with that of its subnet, such as 10.1.3.50/24"
        );
        assert_eq!(error("10.1.3.50/24,"), "`` is not an address with a length");
        assert_eq!(error("10.1.3.050/24"), "`10.1.3.050/24` is not an address with a length");
        assert_eq!(error("10.1.3.50/33"), "the length of `10.1.3.50/33` is not 0 to 32");
        assert_eq!(error("10.1.3.50/024"), "the length of `10.1.3.50/024` is not 0 to 32");
        assert_eq!(error("10.1.3.50/+4"), "the length of `10.1.3.50/+4` is not 0 to 32");
        assert_eq!(error("2001:db8::1/129"), "the length of `2001:db8::1/129` is not 0 to 128");
        assert_eq!(
            error("::ffff:10.0.0.1/96"),
            "`::ffff:10.0.0.1/96` is an IPv4 address in IPv6 form: write it as IPv4"
        );
        assert_eq!(error("10.0.0.1/8, 10.0.0.2/8"), "two ipv4 addresses: an Interface has one of a family");
    }

    #[test]
    fn spellings_of_one_address_are_the_same() {
        assert!(same("2001:db8::1/64", "2001:DB8:0::1/64"));
        assert!(!same("2001:db8::1/64", "2001:db8::1/65"));
        assert!(!same("x", "y"));
        assert!(same("x", "x"));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in any::<String>()) {
            let _ = parse(&text);
            let _ = same(&text, "10.0.0.1/8");
        }
    }
}

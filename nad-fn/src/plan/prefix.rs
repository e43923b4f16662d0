//! Addresses and prefixes as text, read as strictly as the `static` plugin reads them.

use std::net::IpAddr;

use ipnet::IpNet;

/// Reads `address/length`; host bits stay.
pub(super) fn parse(text: &str) -> Option<IpNet> {
    let (address, length) = text.split_once('/')?;
    let length: u8 = length.parse().ok().filter(|_| length.bytes().all(|b| b.is_ascii_digit()))?;
    IpNet::new(address.parse().ok()?, length).ok()
}

/// Whether both are IPv4 or both are IPv6.
pub(super) fn same_family(one: IpAddr, other: IpAddr) -> bool {
    one.is_ipv4() == other.is_ipv4()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_static_takes_is_read() {
        for text in ["10.1.3.2/24", "10.1.3.0/0", "2001:db8::2/64", "::/0"] {
            assert_eq!(parse(text).map(|net| net.to_string()).as_deref(), Some(text));
        }
        for text in ["", "10.1.3.2", "10.1.3.2/33", "10.1.3.02/24", "10.1.3.2/+4", "10.1.3.2/24/1", "fe80::1%eth0/64"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}

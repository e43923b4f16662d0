//! A closed range of addresses, as exclusions and ranges are written.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use ipnet::IpNet;
use thiserror::Error;

/// A closed range of addresses of one family: `10.1.3.100-10.1.3.120`, `10.1.3.200/29` or `10.1.3.7`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AddrRange {
    first: IpAddr,
    last: IpAddr,
}

/// Why a text or a pair of addresses is no range.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RangeError {
    /// Neither an address, nor a prefix, nor two addresses with `-` between them.
    #[error("`{0}` is neither an address, a prefix (10.1.3.200/29) nor a range (10.1.3.100-10.1.3.120)")]
    Syntax(String),
    /// One end is IPv4, the other IPv6.
    #[error("{first}-{last} mixes IPv4 and IPv6")]
    MixedFamilies {
        /// The lower end as written.
        first: IpAddr,
        /// The upper end as written.
        last: IpAddr,
    },
    /// The range ends before it starts.
    #[error("{first}-{last} ends before it starts")]
    Reversed {
        /// The lower end as written.
        first: IpAddr,
        /// The upper end as written.
        last: IpAddr,
    },
}

impl AddrRange {
    /// The range from `first` to `last`, both included.
    ///
    /// # Errors
    /// When the two are of different families or `last` is lower than `first`.
    pub fn new(first: IpAddr, last: IpAddr) -> Result<Self, RangeError> {
        match (first, last) {
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => {
                Err(RangeError::MixedFamilies { first, last })
            }
            _ if last < first => Err(RangeError::Reversed { first, last }),
            _ => Ok(Self { first, last }),
        }
    }

    /// The lowest address.
    pub fn first(&self) -> IpAddr {
        self.first
    }

    /// The highest address.
    pub fn last(&self) -> IpAddr {
        self.last
    }
}

impl From<IpNet> for AddrRange {
    fn from(prefix: IpNet) -> Self {
        Self { first: prefix.network(), last: prefix.broadcast() }
    }
}

impl From<IpAddr> for AddrRange {
    fn from(addr: IpAddr) -> Self {
        Self { first: addr, last: addr }
    }
}

impl FromStr for AddrRange {
    type Err = RangeError;

    fn from_str(text: &str) -> Result<Self, RangeError> {
        let syntax = || RangeError::Syntax(text.to_owned());
        let text = text.trim();
        if let Some((first, last)) = text.split_once('-') {
            let first = first.trim().parse().map_err(|_| syntax())?;
            let last = last.trim().parse().map_err(|_| syntax())?;
            return Self::new(first, last);
        }
        if let Ok(prefix) = text.parse::<IpNet>() {
            return Ok(prefix.into());
        }
        text.parse::<IpAddr>().map(Self::from).map_err(|_| syntax())
    }
}

impl fmt::Display for AddrRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first == self.last { write!(f, "{}", self.first) } else { write!(f, "{}-{}", self.first, self.last) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_an_address_a_prefix_or_two_addresses() {
        let shown = |text: &str| text.parse::<AddrRange>().map(|r| r.to_string());
        assert_eq!(shown("10.1.3.7"), Ok("10.1.3.7".into()));
        assert_eq!(shown(" 10.1.3.100 - 10.1.3.120 "), Ok("10.1.3.100-10.1.3.120".into()));
        assert_eq!(shown("10.1.3.203/29"), Ok("10.1.3.200-10.1.3.207".into()));
        assert_eq!(shown("fd00::/127"), Ok("fd00::-fd00::1".into()));
        for bad in ["", "-", "10.1.3", "10.1.3.0/33", "a-b", "10.1.3.1-"] {
            assert!(matches!(bad.parse::<AddrRange>(), Err(RangeError::Syntax(_))));
        }
        assert!(matches!("10.0.0.1-fd00::".parse::<AddrRange>(), Err(RangeError::MixedFamilies { .. })));
        assert!(matches!("10.0.0.2-10.0.0.1".parse::<AddrRange>(), Err(RangeError::Reversed { .. })));
    }
}

//! The forms of texts. Each pattern is anchored at both ends and stands beside its longest text: a server reckons what a
//! rule on a text may cost, and refuses one on a text without a bound.

/// An address or prefix with its length, IPv4 or IPv6, nothing before it and nothing behind it.
pub(crate) const PREFIX: &str = concat!(
    r"^((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\.(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3}",
    r"/(3[0-2]|[12]?[0-9])",
    r"|[0-9A-Fa-f]{0,4}(:[0-9A-Fa-f]{0,4}){1,8}(:[0-9]{1,3}(\.[0-9]{1,3}){3})?",
    r"/(12[0-8]|1[01][0-9]|[1-9]?[0-9]))$",
);

/// The longest text that [`PREFIX`] is to take: eight groups, the last two in dots, and a length.
pub(crate) const PREFIX_LENGTH: usize = "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255/128".len();

/// The VLAN IDs 2 to 4094.
macro_rules! vlan_id {
    () => {
        "([2-9]|[1-9][0-9]{1,2}|[1-3][0-9]{3}|40[0-8][0-9]|409[0-4])"
    };
}

/// What a VLANClaim asks for: nothing, so many IDs in a row (1 to 4093), or one of `start:end`.
pub(crate) const VLAN_RANGE: &str =
    concat!("^([1-9][0-9]{0,2}|[1-3][0-9]{3}|40[0-8][0-9]|409[0-3]|", vlan_id!(), ":", vlan_id!(), ")?$");

/// What a VLAN registers: `start:end`. A number alone names no ID, whichever it is.
pub(crate) const VLAN_IDS: &str = concat!("^(0|[1-9][0-9]{0,4}|", vlan_id!(), ":", vlan_id!(), ")?$");

/// The longest range.
pub(crate) const VLAN_RANGE_LENGTH: usize = "4094:4094".len();

//! The vlan function.

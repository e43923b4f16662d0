//! CNI network configuration: typed, per plugin, validated.

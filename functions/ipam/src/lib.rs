//! The allocation core: pools and claims in, a plan with reasons out.

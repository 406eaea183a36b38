//! What tests and benches measure by: the oracle and the machine's own limit. No network needs them.

pub mod peak;
pub mod reference;

//! The standards of tests and benches: an oracle in f64, and the machine's own limit. No network needs them.

pub mod peak;
pub mod reference;

//! Numbers and files that the tests of several crates are made of. Only tests depend on this crate.

#![forbid(unsafe_code)]

mod idx;
mod network;
mod random;

pub use idx::{idx, write_examples};
pub use network::write_zeros;
pub use random::Random;

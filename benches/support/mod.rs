//! Parts that the benches share.
#![allow(dead_code, reason = "each bench compiles it as a module of its own and uses a part")]

pub(crate) mod arguments;
pub(crate) mod check;
pub(crate) mod crew;
pub(crate) mod measure;
pub(crate) mod pictures;
pub(crate) mod random;
pub(crate) mod table;
pub(crate) mod training;

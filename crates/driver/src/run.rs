//! A training, and what it leaves in its folder.
//!
//! `plan` says how long it is, `progress` watches it and `signals` ends it before its time. `folder` keeps the files of the run, in
//! which the `settings` and the other records of the crate `record` are written, and `saved_network` reads the network again.

pub(crate) mod folder;
pub(crate) mod plan;
pub(crate) mod progress;
pub(crate) mod saved_network;
pub(crate) mod settings;
pub(crate) mod signals;

//! A training, and what it leaves in its folder.
//!
//! `progress` watches the training and `signals` ends it before its time. `folder` keeps the files of the run, in which the
//! records of the crate `record` are written, and `saved_network` reads the network again.

pub(crate) mod folder;
pub(crate) mod progress;
pub(crate) mod saved_network;
pub(crate) mod signals;

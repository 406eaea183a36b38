//! A training, and what it leaves in its folder.
//!
//! `progress` watches the training and `signals` ends it before its time. `folder` keeps the files of the run, in which the
//! records of the crate `record` are written, `saved_network` reads the network again, and `recorded_training` how it was trained.

pub(crate) mod folder;
pub(crate) mod progress;
pub(crate) mod recorded_training;
pub(crate) mod saved_network;
pub(crate) mod signals;

//! A training, and what it leaves in its folder.
//!
//! `progress` watches the training and `signals` ends it before its time; `test_result` is how the network does. `folder`
//! keeps the files of the run, `record` is what is written in them, and `saved_network` reads the network again.

pub(crate) mod folder;
pub(crate) mod progress;
pub(crate) mod record;
pub(crate) mod saved_network;
pub(crate) mod signals;
pub(crate) mod test_result;

//! The examples that a command works on: pictures, or rows of features.
//!
//! `training_set` and `test_set` hold those of either kind, the latter with the saved network that it is for. `source` chooses
//! pictures, finds or fetches them (`download`) and reads them; `features` reads files of features; `epochs` distorts pictures, `watched` holds
//! examples out. `reading` asks a network for probabilities. `identity` tells which published data set they are, `classes` which classes have no image to
//! learn from, `chance` how many images are read right without having learned anything.

pub(crate) mod chance;
pub(crate) mod classes;
mod download;
pub(crate) mod epochs;
pub(crate) mod features;
pub(crate) mod identity;
pub(crate) mod reading;
pub(crate) mod source;
pub(crate) mod test_set;
pub(crate) mod training_set;
pub(crate) mod watched;

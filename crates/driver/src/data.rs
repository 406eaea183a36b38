//! The examples that a command works on: pictures, or rows of features.
//!
//! `training_set` and `test_set` hold those of either kind, the latter with the saved network that it is for; `compared` says
//! where these are not those of the network's run. `source` chooses pictures, finds or fetches them (`download`) and has them
//! read, `class_names` knows what their classes are called; `features` has features read. Both tell `files` what they are from,
//! and a `bar` how far they are. `own_pictures` reads files that belong to no data set. `epochs` distorts pictures, `watched`
//! holds examples out. `reading` asks a network for probabilities. `identity` tells which published data set they are, `classes` which classes have no image to
//! learn from, `chance` how many images are read right without having learned anything.

mod bar;
pub(crate) mod chance;
mod class_names;
pub(crate) mod classes;
mod compared;
mod download;
pub(crate) mod epochs;
pub(crate) mod features;
pub(crate) mod files;
pub(crate) mod identity;
pub(crate) mod own_pictures;
pub(crate) mod reading;
pub(crate) mod source;
pub(crate) mod test_set;
pub(crate) mod training_set;
pub(crate) mod watched;

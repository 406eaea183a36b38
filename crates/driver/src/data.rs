//! The images that a command works on.
//!
//! `source` chooses them, finds or fetches them (`download`) and reads them; `test_set` pairs a saved network with the
//! images it is tested on. `identity` tells which published data set they are, `classes` which classes have no image to
//! learn from, `chance` how many images are read right without having learned anything.

pub(crate) mod chance;
pub(crate) mod classes;
mod download;
pub(crate) mod identity;
pub(crate) mod source;
pub(crate) mod test_set;

//! The formats that pictures with labels come in, a file each.
//!
//! A reader finds pictures and labels; which classes these are is up to [`PictureSet`](crate::PictureSet).

use std::path::Path;

use crate::{DatasetError, Watch, labelled::Labelled};

pub(crate) mod class_folders;
pub(crate) mod csv;
pub(crate) mod idx_files;
pub(crate) mod npz;

/// A format.
pub(crate) trait Reader {
    /// All pictures in `path`: those to train on and, where the format has them apart, those to be tested on.
    fn read(
        &self,
        path: &Path,
        watch: Watch<'_>,
    ) -> Result<(Labelled, Option<Labelled>), DatasetError>;

    /// The pictures in `path` that are to be tested on; where the format does not have them apart, all.
    fn read_test(&self, path: &Path, watch: Watch<'_>) -> Result<Labelled, DatasetError>;
}

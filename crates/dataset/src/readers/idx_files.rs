//! Four IDX files in a folder, as MNIST has them: pictures and labels to train on, pictures and labels to be tested on.
//!
//! Their names are MNIST's, or have `train-images`, `train-labels`, `test-images` (or `t10k-images`) and `test-labels` in
//! them, as EMNIST's do; each is plain or gzipped. A folder with several data sets is an error that names them: one is chosen
//! by the path of one of its files.
//!
//! Pictures are taken as they are stored. Those of EMNIST are stored with rows and columns exchanged, and stay so: a network
//! that is trained on them reads pictures of that kind.

use std::path::Path;

use super::Reader;
use crate::{
    DatasetError, Progress, Unit, Watch,
    files::{Files, Pair},
    idx,
    labelled::{LabelList, Labelled},
};

/// Four files in a folder, or beside the file that is named.
#[derive(Clone, Copy, Debug)]
pub(crate) struct IdxFiles;

impl Reader for IdxFiles {
    fn read(
        &self,
        path: &Path,
        watch: Watch<'_>,
    ) -> Result<(Labelled, Option<Labelled>), DatasetError> {
        let Files { train, test } = Files::find(path)?;
        watch(Progress { path, done: 0, of: 4, unit: Unit::Files });
        let (train, test) = rayon::join(|| labelled(train), || labelled(test));
        let (train, test) = (train?, test?);
        watch(Progress { path, done: 4, of: 4, unit: Unit::Files });
        Ok((train, Some(test)))
    }

    fn read_test(&self, path: &Path, watch: Watch<'_>) -> Result<Labelled, DatasetError> {
        let pair = Pair::find_test(path)?;
        watch(Progress { path, done: 0, of: 2, unit: Unit::Files });
        let test = labelled(pair)?;
        watch(Progress { path, done: 2, of: 2, unit: Unit::Files });
        Ok(test)
    }
}

fn labelled(pair: Pair) -> Result<Labelled, DatasetError> {
    let images = idx::read_images(&pair.images)?;
    let labels = LabelList::Indices(idx::read_labels(&pair.labels)?);
    Ok(Labelled { images, labels, images_path: pair.images, labels_path: pair.labels })
}

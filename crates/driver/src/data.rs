//! Which images a command works on.

use std::path::PathBuf;

use dataset::Mnist;

use crate::arguments::CommonArguments;
use crate::error::Error;

/// Images and labels, with the place they came from.
#[derive(Debug)]
pub(crate) struct Data {
    /// Their folder.
    pub(crate) folder: PathBuf,
    /// Training and test set.
    pub(crate) mnist: Mnist,
}

impl Data {
    /// Finds and reads the data asked for.
    pub(crate) fn load(arguments: &CommonArguments) -> Result<Self, Error> {
        let folder = dataset::locate(arguments.data.as_deref())?;
        let mnist = Mnist::load(&folder)?;
        Ok(Self { folder, mnist })
    }

    /// Pixels of an image: what a network has to take.
    pub(crate) fn pixels(&self) -> usize {
        self.mnist.train.image_rows() * self.mnist.train.image_columns()
    }
}

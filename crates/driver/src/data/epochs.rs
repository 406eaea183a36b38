//! The rows of each epoch: the examples as they are, or their pictures distorted anew.

use dataset::{Augmented, Set};
use model::{Epochs, Rows};

use crate::arguments::TrainArguments;
use crate::data::training_set::TrainingSet;
use crate::error::Error;

/// The rows of a training, epoch by epoch.
pub(crate) enum Source<'a> {
    /// As they are.
    Same(Rows<'a>),
    /// Distorted.
    Augmented(Augmented<'a>),
}

impl<'a> Source<'a> {
    /// The training rows of `data`, distorted as was asked for.
    pub(crate) fn of(data: &'a TrainingSet, arguments: &TrainArguments) -> Result<Self, Error> {
        let augmentation = arguments.augment.augmentation();
        match data.train() {
            train if augmentation.is_none() => Ok(Self::Same(train.rows())),
            Set::Images(examples) => {
                let augmented = Augmented::new(examples, augmentation, arguments.seed);
                augmented.map(Self::Augmented).map_err(Error::Augmentation)
            }
            Set::Features(_) => Err(Error::OfImages),
        }
    }
}

impl Epochs for Source<'_> {
    fn rows(&mut self, epoch: usize) -> Rows<'_> {
        match self {
            Self::Same(rows) => *rows,
            Self::Augmented(augmented) => augmented.epoch(epoch),
        }
    }
}

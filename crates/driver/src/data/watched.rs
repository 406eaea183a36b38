//! The examples that a training is judged by after each epoch.

use dataset::{Set, Validation};
use model::{ModelError, Network};
use record::TestResult;

use crate::arguments::TrainArguments;
use crate::data::training_set::TrainingSet;
use crate::error::Error;

/// The training examples that `--validation` holds out, by the seed and before anything is shuffled; `None` without it.
pub(crate) fn held_out(
    data: &TrainingSet,
    arguments: &TrainArguments,
) -> Result<Option<Validation>, Error> {
    let Some(portion) = arguments.validation else { return Ok(None) };
    let train = data.train();
    let count = portion.of(train.len());
    match Validation::new(train, count, arguments.seed) {
        Some(validation) => Ok(Some(validation)),
        None => Err(Error::Validation { count, examples: train.len(), plural: train.plural() }),
    }
}

/// The examples that each epoch's network is tried on: those held out for validation or, where none are, the test set.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Watched<'a> {
    set: Set<'a>,
    /// Which of them, if not all.
    chosen: Option<&'a [u32]>,
}

impl<'a> Watched<'a> {
    /// Of `data`, of which `validation` may hold some out.
    pub(crate) fn of(data: &'a TrainingSet, validation: Option<&'a Validation>) -> Self {
        match validation {
            Some(Validation { held_out, .. }) => Self { set: data.train(), chosen: Some(held_out) },
            None => Self { set: data.test(), chosen: None },
        }
    }

    /// Whether they are held out of the training set.
    pub(crate) fn is_validation(&self) -> bool {
        self.chosen.is_some()
    }

    /// How many.
    pub(crate) fn len(&self) -> usize {
        self.chosen.map_or(self.set.len(), <[u32]>::len)
    }

    /// Their name in a sentence.
    pub(crate) fn name(&self) -> &'static str {
        if self.is_validation() { "the validation set" } else { "the test set" }
    }

    /// How a network does on them.
    pub(crate) fn evaluate(&self, network: &Network) -> Result<TestResult, ModelError> {
        match self.chosen {
            Some(chosen) => TestResult::of_chosen(network, self.set, chosen),
            None => TestResult::of(network, self.set),
        }
    }
}

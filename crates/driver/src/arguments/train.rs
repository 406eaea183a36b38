//! The options of `driver train`, and the settings that they make.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use model::{Adam, Curve, FitConfig, MOST_CLASSES, Optimizer, Rmsprop, Schedule, Sgd};

use super::augment::AugmentArguments;
use super::common::CommonArguments;
use super::help::{FEATURES, HABITS, INTERRUPTIONS, TRAINING_IMAGES};
use super::names::{OptimizerName, Recipe, RmspropForm, ScheduleName};
use super::values::{
    Portion, at_least_one, factor, features, learning_rate, portion, share, time, units,
};

/// The hidden layer of the example.
const HIDDEN: &[usize] = &[512];

/// The options of `driver train`.
#[derive(Debug, Args)]
#[command(after_help = format!("{TRAINING_IMAGES}\n\n{FEATURES}\n\n{HABITS}\n\n{INTERRUPTIONS}"))]
pub(crate) struct TrainArguments {
    /// Data and threads.
    #[command(flatten)]
    pub(crate) common: CommonArguments,
    /// Examples to test on, where --data has none apart: a .csv, a file of features, a folder of classes
    #[arg(long, value_name = "FILE", requires = "data")]
    pub(crate) test: Option<PathBuf>,
    /// Number of features, even if the training rows leave the last ones out [default: as many as the greatest index says]
    #[arg(long, value_name = "N", allow_negative_numbers = true, requires = "data", value_parser = features)]
    pub(crate) features: Option<usize>,
    /// File with the name of each feature, one a line in the order of the indices
    #[arg(long, value_name = "FILE", requires = "data")]
    pub(crate) feature_names: Option<PathBuf>,
    /// Settings that were chosen together: a second, a minute or ten on two cores. Options that are given count instead of them
    #[arg(long, value_name = "NAME", value_enum)]
    pub(crate) recipe: Option<Recipe>,
    /// Units of the hidden layers, separated by commas [default: 512]
    #[arg(long, value_name = "UNITS", allow_negative_numbers = true, value_delimiter = ',', value_parser = units)]
    pub(crate) hidden: Option<Vec<usize>>,
    /// Number of classes, even if the training images leave most of them out [default: the greatest training label and one]
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = clap::value_parser!(u32).range(2..=MOST_CLASSES as i64))]
    pub(crate) classes: Option<u32>,
    /// Passes over the training set
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 5, default_value_ifs = [("recipe", "fast", "3"), ("recipe", "good", "40"), ("recipe", "best", "400")], value_parser = at_least_one)]
    pub(crate) epochs: usize,
    /// End so long after the start of the program, as in 90s or 10m: a trial finds out how many epochs that is
    #[arg(long, value_name = "TIME", allow_negative_numbers = true, conflicts_with = "epochs", value_parser = time)]
    pub(crate) time_limit: Option<Duration>,
    /// Images a step
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 128, default_value_ifs = [("recipe", "good", "256"), ("recipe", "best", "256")], value_parser = at_least_one)]
    pub(crate) batch_size: usize,
    /// RMSprop, Adam with Keras 3's settings, or gradient descent with Nesterov's momentum of 0.9
    #[arg(long, value_name = "NAME", value_enum, default_value_t, default_value_ifs = [("recipe", "good", "adam"), ("recipe", "best", "adam")])]
    pub(crate) optimizer: OptimizerName,
    /// Step size of the optimizer
    #[arg(long, value_name = "RATE", allow_negative_numbers = true, default_value_t = 0.001, default_value_ifs = [("recipe", "fast", "0.006"), ("recipe", "good", "0.002"), ("recipe", "best", "0.002")], value_parser = learning_rate)]
    pub(crate) learning_rate: f64,
    /// The learning rate's way through the training, step by step
    #[arg(long, value_name = "CURVE", value_enum, default_value_t, default_value_ifs = [("recipe", "fast", "linear"), ("recipe", "good", "cosine"), ("recipe", "best", "cosine")])]
    pub(crate) schedule: ScheduleName,
    /// Epochs after which the rate falls, again and again, with --schedule step [default: a third of all]
    #[arg(long, value_name = "EPOCHS", allow_negative_numbers = true, value_parser = at_least_one)]
    pub(crate) step_every: Option<usize>,
    /// Factor that the rate is multiplied by each time, with --schedule step [default: 0.1]
    #[arg(long, value_name = "FACTOR", allow_negative_numbers = true, value_parser = factor)]
    pub(crate) step_factor: Option<f64>,
    /// Share of the steps over which the learning rate rises first, in [0, 1)
    #[arg(long, value_name = "SHARE", allow_negative_numbers = true, default_value_t = 0.0, default_value_ifs = [("recipe", "fast", "0.1"), ("recipe", "good", "0.02"), ("recipe", "best", "0.02")], value_parser = share)]
    pub(crate) warmup: f64,
    /// Distortions.
    #[command(flatten)]
    pub(crate) augment: AugmentArguments,
    /// Training examples to hold out and to try each epoch on, as a count or a share like 0.1
    #[arg(long, value_name = "COUNT|SHARE", allow_negative_numbers = true, value_parser = portion)]
    pub(crate) validation: Option<Portion>,
    /// End after so many epochs without a lower validation loss, with the network of the best epoch
    #[arg(long, value_name = "EPOCHS", allow_negative_numbers = true, requires = "validation", value_parser = at_least_one)]
    pub(crate) early_stopping: Option<usize>,
    /// RMSprop as in Keras up to 2.10, or as in Keras 3
    #[arg(long, value_name = "FORM", value_enum, default_value_t)]
    pub(crate) rmsprop: RmspropForm,
    /// Seed of all that is random: initial weights, order, distortions, what is held out. The same seed gives the same model, bit for bit
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 0)]
    pub(crate) seed: u64,
    /// Take the images in their order, in every epoch
    #[arg(long)]
    pub(crate) no_shuffle: bool,
    /// Start from the weights of this safetensors file, or of the run in this folder; they also decide the sizes
    #[arg(long, value_name = "FILE")]
    pub(crate) init: Option<PathBuf>,
    /// Folder for model, settings, metrics and report [default: runs/DATE-TIME, which runs/latest then names]
    #[arg(long, value_name = "DIR")]
    pub(crate) output: Option<PathBuf>,
    /// Write a page on which you draw and the trained network reads it, draw.html beside the report
    #[arg(long)]
    pub(crate) draw: bool,
    /// Fail, after all is saved, if the trained network reads a smaller share of the test set right
    #[arg(long, value_name = "SHARE", allow_negative_numbers = true, value_parser = share)]
    pub(crate) require_accuracy: Option<f64>,
    /// Record the loss of every step in metrics.jsonl
    #[arg(long)]
    pub(crate) log_steps: bool,
    /// Print the test result only
    #[arg(long)]
    pub(crate) quiet: bool,
}

impl TrainArguments {
    /// Units of the hidden layers: those asked for, or the recipe's.
    pub(crate) fn layers(&self) -> &[usize] {
        match (&self.hidden, self.recipe) {
            (Some(hidden), _) => hidden,
            (None, None) => HIDDEN,
            (None, Some(Recipe::Fast)) => &[256],
            (None, Some(Recipe::Good | Recipe::Best)) => &[1024, 512],
        }
    }

    /// RMSprop, in the form asked for.
    pub(crate) fn rmsprop(&self) -> Rmsprop {
        let form = match self.rmsprop {
            RmspropForm::Keras2 => Rmsprop::keras2(),
            RmspropForm::Keras3 => Rmsprop::keras3(),
        };
        Rmsprop { learning_rate: self.learning_rate, ..form }
    }

    /// The optimizer asked for.
    pub(crate) fn optimizer(&self) -> Optimizer {
        let learning_rate = self.learning_rate;
        match self.optimizer {
            OptimizerName::Rmsprop => self.rmsprop().into(),
            OptimizerName::Adam => Adam { learning_rate, ..Adam::default() }.into(),
            OptimizerName::Sgd => Sgd { learning_rate, momentum: 0.9, nesterov: true }.into(),
        }
    }

    /// The learning rate's way through a training of so many epochs.
    pub(crate) fn schedule(&self, epochs: usize) -> Schedule {
        let curve = match self.schedule {
            ScheduleName::Constant => Curve::Constant,
            ScheduleName::Cosine => Curve::Cosine,
            ScheduleName::Linear => Curve::Linear,
            ScheduleName::Step => Curve::Step {
                every: self.step_every.unwrap_or(epochs.div_ceil(3)),
                factor: self.step_factor.unwrap_or(0.1),
            },
        };
        Schedule { warmup: self.warmup, curve }
    }

    /// An option that only means something to a schedule in steps, where another was asked for.
    pub(super) fn stray_step(&self) -> Option<&'static str> {
        let given = [
            ("--step-every", self.step_every.is_some()),
            ("--step-factor", self.step_factor.is_some()),
        ];
        let stray = given.into_iter().find(|&(_, is_given)| is_given)?.0;
        (self.schedule != ScheduleName::Step).then_some(stray)
    }

    /// The settings of a fit of so many epochs.
    pub(crate) fn fit(&self, epochs: usize) -> FitConfig {
        FitConfig {
            epochs,
            batch_size: self.batch_size,
            shuffle: !self.no_shuffle,
            seed: self.seed,
            schedule: self.schedule(epochs),
        }
    }
}

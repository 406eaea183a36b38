//! The settings of a training as its record has them.

use std::path::PathBuf;

use model::{Curve, Network};
use record::{Config, Optimizer, StepSettings, TrainingSettings};

use crate::arguments::{Named, TrainArguments};
use crate::data::files::absolute;
use crate::data::watched::Watched;
use crate::run::plan::Plan;
use crate::terminal::opening::Machine;

/// The facts before the training.
pub(crate) struct Start {
    /// The machine.
    pub(crate) machine: Machine,
    /// The time, UTC.
    pub(crate) started: String,
    /// The file that the weights are from, if any.
    pub(crate) init: Option<PathBuf>,
}

/// The settings of a run that trains `network` on `data`.
pub(crate) fn settings(
    arguments: &TrainArguments,
    plan: Plan,
    watched: Watched<'_>,
    start: Start,
    data: record::Data,
    network: &Network,
) -> Config {
    let Start { machine, started, init } = start;
    let (rmsprop, augmentation) = (arguments.rmsprop(), arguments.augment.augmentation());
    let step = match arguments.schedule(plan.epochs).curve {
        Curve::Step { every, factor } => Some(StepSettings { every, factor }),
        _ => None,
    };
    Config {
        version: env!("CARGO_PKG_VERSION"),
        release_build: !cfg!(debug_assertions),
        isa: machine.isa.name(),
        threads: machine.threads,
        started,
        data,
        sizes: network.sizes(),
        parameters: network.parameter_count(),
        init: init.map(|file| absolute(&file).display().to_string()),
        rmsprop: Optimizer {
            form: arguments.rmsprop.name(),
            learning_rate: rmsprop.learning_rate,
            rho: rmsprop.rho,
            epsilon: rmsprop.epsilon,
        },
        training: TrainingSettings {
            recipe: arguments.recipe.map(|recipe| recipe.name()),
            optimizer: arguments.optimizer.name(),
            learning_rate: arguments.learning_rate,
            schedule: arguments.schedule.name(),
            step,
            warmup: arguments.warmup,
            augment: arguments.augment.strength.clone(),
            distortion: (!augmentation.is_none()).then(|| augmentation.into()),
            validation: watched.is_validation().then(|| watched.len()),
            early_stopping: arguments.early_stopping,
            time_limit_seconds: arguments.time_limit.map(|limit| limit.as_secs_f64()),
        },
        epochs: plan.epochs,
        batch_size: arguments.batch_size,
        shuffle: !arguments.no_shuffle,
        seed: arguments.seed,
    }
}

//! The choices of options, by name. The variants go without documentation, which clap would print in a layout of its own.

use clap::ValueEnum;

/// A choice by its name.
pub(crate) trait Named {
    /// As the command line spells it.
    fn name(&self) -> String;
}

impl<T: ValueEnum> Named for T {
    fn name(&self) -> String {
        let value = self.to_possible_value().expect("no choice is hidden");
        value.get_name().to_owned()
    }
}

/// The images that the program knows how to come by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DatasetName {
    Mnist,
    FashionMnist,
    Digits,
}

/// Where RMSprop has its epsilon.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum RmspropForm {
    #[default]
    Keras2,
    Keras3,
}

/// Settings that were chosen together: [`TrainArguments::layers`](super::TrainArguments::layers) has their layers, the options' defaults the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Recipe {
    Fast,
    Good,
    Best,
}

/// The optimizers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum OptimizerName {
    #[default]
    Rmsprop,
    Adam,
    Sgd,
}

/// The curves of a schedule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ScheduleName {
    #[default]
    Constant,
    Cosine,
    Linear,
    Step,
}

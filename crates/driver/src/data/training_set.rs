//! The examples to train on and to test on, of whatever kind.

use std::io::{self, Write};

use dataset::{Mnist, Set};
use model::{Description, Input};
use record::Names;

use crate::arguments::{Named, TrainArguments};
use crate::data::classes;
use crate::data::features::{self, TrainingFeatures};
use crate::data::identity::identify;
use crate::data::source::Data;
use crate::error::Error;
use crate::run::saved_network::SavedNetwork;
use crate::terminal::opening;

/// Training and test set.
#[derive(Debug)]
pub(crate) enum TrainingSet {
    /// Of pictures.
    Images(Box<Data<Mnist>>, Names),
    /// Of features.
    Features(Box<TrainingFeatures>),
}

impl TrainingSet {
    /// The data asked for, with as many classes as `--classes` or the network to start from says.
    pub(crate) fn load(
        arguments: &TrainArguments,
        init: Option<&SavedNetwork>,
    ) -> Result<Self, Error> {
        let asked = arguments.classes.map(|classes| classes as usize);
        if let Some(SavedNetwork { file, network, .. }) = init
            && let Some(asked) = asked.filter(|&asked| asked != network.classes())
        {
            return Err(Error::Classes { model: file.clone(), found: network.classes(), asked });
        }
        if let Some(file) =
            arguments.common.data.as_deref().filter(|data| features::are_named(data))
        {
            return Ok(Self::Features(Box::new(TrainingFeatures::load(arguments, file, init)?)));
        }
        let of_features = [
            ("--test", arguments.test.is_some()),
            ("--features", arguments.features.is_some()),
            ("--feature-names", arguments.feature_names.is_some()),
        ];
        if let Some((option, _)) = of_features.into_iter().find(|(_, is_given)| *is_given) {
            return Err(Error::OfFeatures { option });
        }
        let data = match init {
            None => Data::to_train_on(&arguments.common, asked, arguments.quiet)?,
            Some(SavedNetwork { file, network, .. }) => {
                let classes = network.classes();
                Data::to_train_on(&arguments.common, Some(classes), arguments.quiet)
                    .map_err(|error| error.of_network(file, classes))?
            }
        };
        let names = match init {
            None => Names::numbers(data.examples.classes),
            Some(init) => init.names(),
        };
        Ok(Self::Images(Box::new(data), names))
    }

    /// The lines that say where the data is from and what it is like.
    pub(crate) fn open(&self, out: &mut dyn Write) -> io::Result<()> {
        match self {
            Self::Images(data, _) => {
                opening::data(out, data)?;
                writeln!(out)?;
                opening::labels(out, &data.examples.train, data.examples.classes)
            }
            Self::Features(features) => opening::features(out, features),
        }
    }

    /// Says on stderr what is odd about the classes.
    pub(crate) fn check_classes(&self, asked_for: bool) -> Result<(), Error> {
        match self {
            Self::Images(data, _) => classes::check(&data.examples, asked_for),
            // Its classes are those that its rows have.
            Self::Features(_) => Ok(()),
        }
    }

    /// The examples to train on.
    pub(crate) fn train(&self) -> Set<'_> {
        match self {
            Self::Images(data, _) => Set::Images(&data.examples.train),
            Self::Features(features) => Set::Features(&features.set.train),
        }
    }

    /// The examples to test on.
    pub(crate) fn test(&self) -> Set<'_> {
        match self {
            Self::Images(data, _) => Set::Images(&data.examples.test),
            Self::Features(features) => Set::Features(&features.set.test.features),
        }
    }

    /// Numbers of an example: what a network has to take.
    pub(crate) fn inputs(&self) -> usize {
        match self {
            Self::Images(data, _) => data.pixels(),
            Self::Features(features) => features.set.meaning.columns,
        }
    }

    /// The names of classes and features.
    pub(crate) fn names(&self) -> &Names {
        match self {
            Self::Images(_, names) => names,
            Self::Features(features) => &features.names,
        }
    }

    /// What the file of a network says that learned from them.
    pub(crate) fn description(&self) -> Description {
        let (input, index_base) = match self {
            Self::Images(data, _) => {
                let train = &data.examples.train;
                let (rows, columns) = (train.image_rows(), train.image_columns());
                (Input::Pictures { rows, columns }, None)
            }
            Self::Features(features) => (Input::Features, Some(features.names.base)),
        };
        let classes = Some(self.names().classes.clone());
        Description { input: Some(input), classes, index_base }
    }

    /// The record of the data in `config.json`, with a notice if it is not what it should be.
    pub(crate) fn record(&self) -> record::Data {
        match self {
            Self::Images(data, _) => {
                let (sha256, dataset) = identify(&data.examples, data.origin.0.as_deref());
                data.check_expected(dataset);
                let Mnist { train, test, classes } = &data.examples;
                record::Data::Images(record::Images {
                    dataset: dataset.map(|dataset| dataset.name()),
                    folder: data.origin.absolute().0.map(|folder| folder.display().to_string()),
                    train: train.len(),
                    test: test.len(),
                    image: [train.image_rows(), train.image_columns()],
                    classes: *classes,
                    sha256,
                })
            }
            Self::Features(features) => record::Data::Features(features.record()),
        }
    }

    /// Why a first layer of so many units has too many weights.
    pub(crate) fn too_large(&self, units: usize) -> Error {
        match self {
            Self::Images(data, _) => Error::FirstLayer { pixels: data.pixels(), units },
            Self::Features(features) => Error::FirstFeatureLayer {
                columns: features.set.meaning.columns,
                units,
                file: features.origin.file.clone(),
                line: features.set.largest.map_or(0, |(_, line)| line),
            },
        }
    }
}

//! The examples to train on and to test on, of whatever kind.

use std::io::{self, Write};

use dataset::{Format, PictureSet, Set};
use model::{Description, Input};
use record::{ImageFiles, Names};

use crate::arguments::{Named, TrainArguments};
use crate::data::classes;
use crate::data::features::TrainingFeatures;
use crate::data::files::Files;
use crate::data::identity::identify;
use crate::data::source::Data;
use crate::error::Error;
use crate::run::saved_network::SavedNetwork;
use crate::terminal::opening;

/// Training and test set.
#[derive(Debug)]
pub(crate) enum TrainingSet {
    /// Of pictures.
    Images(Box<Data<PictureSet>>, Names),
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
            arguments.common.data.as_deref().filter(|data| Format::of(data) == Format::Svmlight)
        {
            return Ok(Self::Features(Box::new(TrainingFeatures::load(arguments, file, init)?)));
        }
        let of_features = [
            ("--features", arguments.features.is_some()),
            ("--feature-names", arguments.feature_names.is_some()),
        ];
        if let Some((option, _)) = of_features.into_iter().find(|(_, is_given)| *is_given) {
            return Err(Error::OfFeatures { option });
        }
        let data = match (init, asked) {
            (None, None) => Data::to_train_on(arguments, None)?,
            (None, Some(asked)) => {
                Data::to_train_on(arguments, Some(&Names::numbers(asked).classes))?
            }
            (Some(SavedNetwork { file, network, classes, .. }), _) => {
                Data::to_train_on(arguments, Some(classes))
                    .map_err(|error| error.of_network(file, network.classes()))?
            }
        };
        let names = Names { classes: data.examples.classes.clone(), features: None, base: 0 };
        Ok(Self::Images(Box::new(data), names))
    }

    /// The lines that say where the data is from and what it is like.
    pub(crate) fn open(&self, out: &mut dyn Write) -> io::Result<()> {
        match self {
            Self::Images(data, _) => {
                opening::data(out, data)?;
                writeln!(out)?;
                opening::labels(out, &data.examples.train, &data.examples.classes)
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

    /// The description in the file of a network that learned from them.
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
                let (sha256, dataset) = identify(&data.examples, data.origin.0.as_ref());
                data.check_expected(dataset);
                let PictureSet { train, test, .. } = &data.examples;
                let names = self.names();
                record::Data::Images(record::Images {
                    dataset: dataset.map(|dataset| dataset.name()),
                    files: data.origin.0.as_ref().map(image_files).unwrap_or_default(),
                    train: train.len(),
                    test: test.len(),
                    image: [train.image_rows(), train.image_columns()],
                    classes: names.classes.len(),
                    class_names: (!names.are_numbers()).then(|| names.classes.clone()),
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
                file: features.origin.path.clone(),
                line: features.set.largest.map_or(0, |(_, line)| line),
            },
        }
    }
}

/// The record of the files of images.
fn image_files(files: &Files) -> ImageFiles {
    let format = Format::of(&files.path);
    let Files { path, test, held_out, label_column } = files.absolute();
    let (is_folder, place) = (path.is_dir(), path.display().to_string());
    ImageFiles {
        format: Some(format.name().to_owned()),
        folder: is_folder.then(|| place.clone()),
        file: (!is_folder).then_some(place),
        test_file: test.map(|test| test.display().to_string()),
        held_out_seed: held_out,
        label_column,
    }
}

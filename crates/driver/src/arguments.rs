//! The command line: commands and their options.

use std::ffi::OsString;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::thread;

use clap::error::ErrorKind;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use indicatif::HumanCount;
use model::{Adam, Curve, MOST_CLASSES, MOST_WEIGHTS, Optimizer, Rmsprop, Schedule, Sgd};

/// The hidden layer of the example.
pub(crate) const HIDDEN: &[usize] = &[512];
/// More threads than this is a slip of the keyboard.
const MOST_THREADS: i64 = 1024;
/// More units in a layer than this is a slip of the keyboard.
const MOST_UNITS: usize = 1 << 16;

/// Where `driver train` takes images from, for those who ask for help.
const TRAINING_IMAGES: &str = "\
Images come from the folder that --data names. Without it they are MNIST's, from
the folder that MNIST_DIR names or from the user's cache folder, to which what is
missing is downloaded. Where that fails, they are digits that the program draws
itself, and it says so; but what --dataset names is never replaced.
MNIST_MIRROR=URL has that folder asked for MNIST instead of the known ones.
Proxies are taken from HTTPS_PROXY, ALL_PROXY and NO_PROXY.";

/// Where `driver evaluate` and `driver predict` take images from, for those who ask for help.
const TEST_IMAGES: &str = "\
Images come from the folder that --data names, or are those that --dataset names.
Without either they are those of the run that saved the network, as config.json
beside it records them; of a network without such a record, MNIST's: from the
folder that MNIST_DIR names or from the user's cache folder, to which what is
missing is downloaded. Where they cannot be had, no others take their place.
A notice says when the test set is not the one of the network's run.
MNIST_MIRROR=URL has that folder asked for MNIST instead of the known ones.
Proxies are taken from HTTPS_PROXY, ALL_PROXY and NO_PROXY.";

/// The form of a file of features, for those who ask for help.
const FEATURES: &str = "\
Where --data names a file, it has rows of sparse features in the text format of
svmlight and LIBSVM, plain or gzipped: a line a row, as in '3 17:0.5 40:1', label
first. Labels are numbers or names. Indices begin with 0 if any index is 0, and
else with 1. Without --test, a fifth of the rows of each class is held out to test
on, chosen by --seed.";

/// As [`FEATURES`], for a network that is saved.
const TEST_FEATURES: &str = "\
Where --data names a file, it has rows of sparse features in the text format of
svmlight and LIBSVM, plain or gzipped, with the labels of the network's classes;
all of its rows are taken.";

/// The end of a training that is interrupted, for those who ask for help.
const INTERRUPTIONS: &str = "\
Ctrl-C (SIGINT) and SIGTERM end a training after its current step; what was
reached is saved like any other result, and the exit status is 128 + the signal.
A second one ends the program at once. The folder of a run that left no model may
be named again with --output.";

/// A dense network that learns to read handwritten digits (MNIST), on this CPU.
#[derive(Debug, Parser)]
#[command(name = "driver", version)]
#[command(
    after_help = "`driver` alone means `driver train`. Each command explains itself: `driver train --help`."
)]
pub(crate) struct Arguments {
    /// The command to carry out.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The commands of the program.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Train a network, evaluate it, read the first ten test digits and save it
    Train(TrainArguments),
    /// Loss and accuracy of a saved network on the test set
    Evaluate(EvaluateArguments),
    /// Show test images as a saved network reads them
    Predict(PredictArguments),
    /// Draw a data set of digits and write it in MNIST's format
    Digits(DigitsArguments),
    /// Draw features like those of texts and write them in svmlight's format
    TextLike(TextLikeArguments),
}

/// The options of every command that reads images.
///
/// Here and below, numbers may look negative so that the complaint about them names the option.
#[derive(Debug, Args)]
pub(crate) struct CommonArguments {
    /// Folder with four IDX files named as MNIST's are, or file of features in svmlight's format; plain or gzipped
    #[arg(long, value_name = "PATH")]
    pub(crate) data: Option<PathBuf>,
    /// Images to work on, and no others [default: see below]
    #[arg(long, value_name = "NAME", value_enum, conflicts_with = "data")]
    pub(crate) dataset: Option<DatasetName>,
    /// Download nothing: work on what is on this machine
    #[arg(long)]
    pub(crate) offline: bool,
    /// Threads to compute with; the results do not depend on it [default: all cores]
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = clap::value_parser!(u16).range(1..=MOST_THREADS))]
    pub(crate) threads: Option<u16>,
}

/// The options of `driver train`.
#[derive(Debug, Args)]
#[command(after_help = format!("{TRAINING_IMAGES}\n\n{FEATURES}\n\n{INTERRUPTIONS}"))]
pub(crate) struct TrainArguments {
    /// Data and threads.
    #[command(flatten)]
    pub(crate) common: CommonArguments,
    /// Features to test on, where --data names a file of features
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
    /// Images a step
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 128, default_value_ifs = [("recipe", "good", "256"), ("recipe", "best", "256")], value_parser = at_least_one)]
    pub(crate) batch_size: usize,
    /// The optimizer, as Keras 3 has it: RMSprop, Adam, or gradient descent with Nesterov's momentum of 0.9
    #[arg(long, value_name = "NAME", value_enum, default_value_t, default_value_ifs = [("recipe", "good", "adam"), ("recipe", "best", "adam")])]
    pub(crate) optimizer: OptimizerName,
    /// Step size of the optimizer
    #[arg(long, value_name = "RATE", allow_negative_numbers = true, default_value_t = 0.001, default_value_ifs = [("recipe", "fast", "0.006"), ("recipe", "good", "0.002"), ("recipe", "best", "0.002")], value_parser = learning_rate)]
    pub(crate) learning_rate: f64,
    /// The learning rate's way through the training, step by step
    #[arg(long, value_name = "CURVE", value_enum, default_value_t, default_value_ifs = [("recipe", "fast", "linear"), ("recipe", "good", "cosine"), ("recipe", "best", "cosine")])]
    pub(crate) schedule: ScheduleName,
    /// Share of the steps over which the learning rate rises first, in [0, 1)
    #[arg(long, value_name = "SHARE", allow_negative_numbers = true, default_value_t = 0.0, default_value_ifs = [("recipe", "fast", "0.1"), ("recipe", "good", "0.02"), ("recipe", "best", "0.02")], value_parser = share)]
    pub(crate) warmup: f64,
    /// How strongly training images are distorted, anew in each epoch
    #[arg(long, value_name = "STRENGTH", value_enum, default_value_t, default_value_ifs = [("recipe", "good", "mid"), ("recipe", "best", "mid")])]
    pub(crate) augment: Strength,
    /// RMSprop as in Keras up to 2.10, or as in Keras 3
    #[arg(long, value_name = "FORM", value_enum, default_value_t)]
    pub(crate) rmsprop: RmspropForm,
    /// Seed of the initial weights and of the shuffling: the same seed gives the same model, bit for bit
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

/// The options of `driver evaluate`.
#[derive(Debug, Args)]
#[command(after_help = format!("{TEST_IMAGES}\n\n{TEST_FEATURES}"))]
pub(crate) struct EvaluateArguments {
    /// Saved network, or the folder of the run that saved it
    #[arg(long, value_name = "FILE")]
    pub(crate) model: PathBuf,
    /// Data and threads.
    #[command(flatten)]
    pub(crate) common: CommonArguments,
}

/// The options of `driver predict`.
#[derive(Debug, Args)]
#[command(after_help = format!("{TEST_IMAGES}\n\n{TEST_FEATURES}"))]
pub(crate) struct PredictArguments {
    /// Saved network, or the folder of the run that saved it
    #[arg(long, value_name = "FILE")]
    pub(crate) model: PathBuf,
    /// Data and threads.
    #[command(flatten)]
    pub(crate) common: CommonArguments,
    /// Test images or rows to show, counted from 0, and ranges of them, as in 0-99 [default: the first ten; with --json, all]
    #[arg(long, value_name = "N", allow_negative_numbers = true, num_args = 1.., value_delimiter = ',', value_parser = indices)]
    pub(crate) index: Vec<RangeInclusive<usize>>,
    /// Print a line of JSON for each, and nothing else
    #[arg(long)]
    pub(crate) json: bool,
    /// File with the name of each feature, one a line in the order of the indices [default: that of the run]
    #[arg(long, value_name = "FILE")]
    pub(crate) feature_names: Option<PathBuf>,
}

/// The options of `driver digits`.
#[derive(Debug, Args)]
pub(crate) struct DigitsArguments {
    /// Folder for the four files; files of their names are replaced, but none is written beside a gzipped one
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// Seed of the drawing: the same seed gives the same files, bit for bit
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 0)]
    pub(crate) seed: u64,
}

/// The options of `driver text-like`.
#[derive(Debug, Args)]
pub(crate) struct TextLikeArguments {
    /// Folder for train.svm, test.svm and features.txt; files of these names are replaced
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// Rows to train on
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 20_000, value_parser = at_least_one)]
    pub(crate) rows: usize,
    /// Rows to test on
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 4_000, value_parser = at_least_one)]
    pub(crate) test_rows: usize,
    /// Features, the words that there are
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 50_000, value_parser = features)]
    pub(crate) features: usize,
    /// Different words in a row, on average
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 47, value_parser = at_least_one)]
    pub(crate) non_zeros: usize,
    /// Number of classes
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 20, value_parser = clap::value_parser!(u32).range(2..=MOST_CLASSES as i64))]
    pub(crate) classes: u32,
    /// Seed of the drawing: the same seed gives the same files, bit for bit
    #[arg(long, value_name = "N", allow_negative_numbers = true, default_value_t = 0)]
    pub(crate) seed: u64,
}

/// The images that the program knows how to come by. Without documentation, which clap would print in a layout of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DatasetName {
    Mnist,
    FashionMnist,
    Digits,
}

/// Where RMSprop has its epsilon. The variants go without documentation, which clap would print in a layout of its own.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum RmspropForm {
    #[default]
    Keras2,
    Keras3,
}

/// Settings that were chosen together: [`TrainArguments::layers`] has their layers, the options' defaults the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Recipe {
    Fast,
    Good,
    Best,
}

/// The optimizers. The variants go without documentation, which clap would print in a layout of its own.
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
}

/// The strengths of an augmentation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Strength {
    #[default]
    None,
    Weak,
    Mid,
    Strong,
}

impl Strength {
    /// As the command line spells it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Weak => "weak",
            Self::Mid => "mid",
            Self::Strong => "strong",
        }
    }
}

impl OptimizerName {
    /// As the command line spells it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Rmsprop => "rmsprop",
            Self::Adam => "adam",
            Self::Sgd => "sgd",
        }
    }
}

impl ScheduleName {
    /// As the command line spells it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Constant => "constant",
            Self::Cosine => "cosine",
            Self::Linear => "linear",
        }
    }
}

impl Recipe {
    /// As the command line spells it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Fast => "fast",
            Self::Good => "good",
            Self::Best => "best",
        }
    }
}

impl Arguments {
    /// How many threads to compute with.
    pub(crate) fn threads(&self) -> usize {
        let asked = match &self.command {
            Command::Train(arguments) => arguments.common.threads,
            Command::Evaluate(arguments) => arguments.common.threads,
            Command::Predict(arguments) => arguments.common.threads,
            Command::Digits(_) | Command::TextLike(_) => None,
        };
        match asked {
            Some(threads) => threads.into(),
            None => thread::available_parallelism().map_or(1, usize::from),
        }
    }
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

    /// The learning rate's way through the training.
    pub(crate) fn schedule(&self) -> Schedule {
        let curve = match self.schedule {
            ScheduleName::Constant => Curve::Constant,
            ScheduleName::Cosine => Curve::Cosine,
            ScheduleName::Linear => Curve::Linear,
        };
        Schedule { warmup: self.warmup, curve }
    }
}

impl DatasetName {
    /// As the command line spells it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Mnist => "mnist",
            Self::FashionMnist => "fashion-mnist",
            Self::Digits => "digits",
        }
    }
}

impl RmspropForm {
    /// As the command line spells it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Keras2 => "keras2",
            Self::Keras3 => "keras3",
        }
    }
}

/// Reads a command line, the program's name first. Without a command it means `train`, with that command's options.
pub(crate) fn parse(line: impl Iterator<Item = OsString>) -> Result<Arguments, clap::Error> {
    let mut line: Vec<OsString> = line.collect();
    if line.is_empty() {
        line.push("driver".into());
    }
    let own = ["-h", "--help", "-V", "--version"];
    let names_command = |first: &OsString| {
        !first.as_encoded_bytes().starts_with(b"-") || own.iter().any(|option| first == option)
    };
    if !line.get(1).is_some_and(names_command) {
        line.insert(1, "train".into());
    }
    let arguments = Arguments::try_parse_from(line)?;
    match &arguments.command {
        Command::Train(train) => check_weights(train.layers())?,
        Command::Evaluate(_) | Command::Predict(_) | Command::Digits(_) | Command::TextLike(_) => {}
    }
    Ok(arguments)
}

/// Whether layers of these sizes in a row have no more than [`MOST_WEIGHTS`] between any two.
fn check_weights(sizes: &[usize]) -> Result<(), clap::Error> {
    let Some(&[inputs, units]) =
        sizes.windows(2).find(|pair| pair[0].saturating_mul(pair[1]) > MOST_WEIGHTS)
    else {
        return Ok(());
    };
    let [asked, most] =
        [inputs.saturating_mul(units), MOST_WEIGHTS].map(|count| HumanCount(count as u64));
    let fault = format!(
        "--hidden {inputs},{units} asks for a layer of {asked} weights, and the most that one can have is {most}"
    );
    Err(Arguments::command().error(ErrorKind::ValueValidation, fault))
}

/// The message of clap in one line, without the usage text that it adds.
pub(crate) fn one_line(error: &clap::Error) -> String {
    let text = error.render().to_string();
    let mut line = String::new();
    for part in text.lines().map(str::trim).filter(|part| !part.is_empty()) {
        if part.starts_with("Usage:") || part.starts_with("For more information") {
            break;
        }
        if !line.is_empty() {
            line += if line.ends_with(':') || part.starts_with('[') { " " } else { "; " };
        }
        line += part;
    }
    let cause = line.strip_prefix("error: ").unwrap_or(&line);
    format!("{cause} (see --help)")
}

fn at_least_one(text: &str) -> Result<usize, &'static str> {
    match text.parse() {
        Ok(number) if number >= 1 => Ok(number),
        _ => Err("not a whole number of at least 1"),
    }
}

/// Indices have 32 bits.
fn features(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(number) if (1..u32::MAX as usize).contains(&number) => Ok(number),
        _ => Err(format!("not a whole number from 1 to {}", u32::MAX - 1)),
    }
}

/// An index, or a range of them: `3`, `0-99`.
fn indices(text: &str) -> Result<RangeInclusive<usize>, &'static str> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    match (first.parse(), last.parse()) {
        (Ok(first), Ok(last)) if first <= last => Ok(first..=last),
        _ => Err("not a whole number, or a range of them as in 0-99"),
    }
}

fn units(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(number) if (1..=MOST_UNITS).contains(&number) => Ok(number),
        _ => Err(format!("not a whole number from 1 to {MOST_UNITS}")),
    }
}

/// A share of something, in [0, 1).
fn share(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(share) if (0.0..1.0).contains(&share) => Ok(share),
        _ => Err("it must be a number from 0 to 1, and not 1".into()),
    }
}

/// The kernels compute in `f32`: there, too, the rate must be neither zero nor infinite.
fn learning_rate(text: &str) -> Result<f64, &'static str> {
    match text.parse::<f64>() {
        Ok(number) if number as f32 > 0.0 && (number as f32).is_finite() => Ok(number),
        _ => Err("not a finite number above 0"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    fn parse_line(line: &str) -> Result<Arguments, clap::Error> {
        parse(line.split(' ').map(OsString::from))
    }

    #[test]
    fn definitions_are_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn nothing_means_train_with_the_settings_of_the_example() {
        let alone = parse_line("driver").unwrap();
        let Command::Train(train) = &alone.command else { panic!("{alone:?}") };
        assert_eq!((train.epochs, train.batch_size, train.seed), (5, 128, 0));
        assert_eq!(train.optimizer(), Rmsprop::keras2().into());
        assert!(train.hidden.is_none() && !train.no_shuffle && !train.quiet);
        assert_eq!(format!("{alone:?}"), format!("{:?}", parse_line("driver train").unwrap()));
        let options = parse_line("driver --epochs 3 --quiet").unwrap();
        let spelled_out = parse_line("driver train --epochs 3 --quiet").unwrap();
        assert_eq!(format!("{options:?}"), format!("{spelled_out:?}"));
    }

    #[test]
    fn lists_are_separated_by_commas() {
        let Command::Train(train) = parse_line("driver train --hidden 512,256").unwrap().command
        else {
            panic!()
        };
        assert_eq!(train.hidden.unwrap(), [512, 256]);
        let line = "driver predict --model m --index 3 1,4";
        let Command::Predict(predict) = parse_line(line).unwrap().command else { panic!() };
        assert_eq!(predict.index, [3..=3, 1..=1, 4..=4]);
    }

    #[test]
    fn what_is_wrong_fits_one_line() {
        for (line, cause) in [
            ("driver train --epochs 0", "at least 1"),
            ("driver train --batch-size -1", "--batch-size"),
            ("driver train --batch-size 1.5", "at least 1"),
            ("driver train --hidden 512,0", "from 1 to 65536"),
            ("driver train --hidden 512,", "from 1 to 65536"),
            ("driver train --hidden 65537", "from 1 to 65536"),
            (
                "driver train --hidden 4,65536,65536",
                "--hidden 65536,65536 asks for a layer of 4,294,967,296",
            ),
            ("driver train --hidden 65536,32769", "can have is 2,147,483,648"),
            ("driver train --classes 1", "2..=65536"),
            ("driver train --classes 65537", "2..=65536"),
            ("driver train --learning-rate 0", "above 0"),
            ("driver train --learning-rate NaN", "above 0"),
            ("driver train --learning-rate inf", "above 0"),
            ("driver train --learning-rate 1e-60", "above 0"),
            ("driver train --learning-rate 1e60", "above 0"),
            ("driver train --threads 0", "1..=1024"),
            ("driver train --threads 1025", "1..=1024"),
            ("driver train --rmsprop keras4", "[possible values: keras2, keras3]"),
            ("driver train --epoch 3", "; tip: a similar argument exists: '--epochs'"),
            ("driver train --data d --dataset mnist", "'--data <PATH>' cannot be used with"),
            ("driver train --dataset cifar", "[possible values: mnist, fashion-mnist, digits]"),
            ("driver evaluate", "were not provided: --model <FILE>"),
            ("driver predict --model m --index x", "'x'"),
            ("driver paint", "unrecognized subcommand 'paint'"),
        ] {
            let message = one_line(&parse_line(line).expect_err(line));
            assert!(message.contains(cause) && !message.contains('\n'), "{line}: {message}");
            assert!(
                !message.starts_with("error") && !message.contains("Usage"),
                "{line}: {message}"
            );
        }
    }
}

//! The settings of a run, as `config.json` has them.

use dataset::{Augmentation, Examples};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The settings of a run: enough to repeat it.
#[derive(Debug, Serialize)]
pub struct Config {
    /// Version of this program.
    pub version: &'static str,
    /// True if the program was compiled with optimization.
    pub release_build: bool,
    /// The instruction set the kernels used.
    pub isa: &'static str,
    /// Threads computed with.
    pub threads: usize,
    /// Start of the run, UTC.
    pub started: String,
    /// Where the examples came from, and what they are.
    pub data: Data,
    /// The network: `[inputs, hidden…, classes]`.
    pub sizes: Vec<usize>,
    /// How many numbers are trained.
    pub parameters: usize,
    /// The file the weights started from, if any.
    pub init: Option<String>,
    /// RMSprop's settings, which count if it is the optimizer.
    pub rmsprop: Optimizer,
    /// How the network was trained.
    pub training: TrainingSettings,
    /// Passes over the training set.
    pub epochs: usize,
    /// Images a step.
    pub batch_size: usize,
    /// Whether each epoch had its own order.
    pub shuffle: bool,
    /// Seed of weights and shuffling.
    pub seed: u64,
}

impl Config {
    /// Whether `text` may be the settings of a run, of this version or another.
    pub fn is_in(text: &str) -> bool {
        let keys = ["version", "started", "seed"];
        serde_json::from_str::<Value>(text)
            .is_ok_and(|found| keys.iter().all(|&key| found.get(key).is_some()))
    }
}

/// Which examples a run used.
#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Data {
    /// Pictures.
    Images(Images),
    /// Rows of sparse features.
    Features(FeatureFiles),
}

impl Data {
    /// Number of classes.
    pub fn classes(&self) -> usize {
        match self {
            Self::Images(images) => images.classes,
            Self::Features(files) => files.classes,
        }
    }

    /// Examples to train on, and to test on.
    pub fn counts(&self) -> [usize; 2] {
        match self {
            Self::Images(images) => [images.train, images.test],
            Self::Features(files) => [files.train, files.test],
        }
    }
}

/// Which features a run used.
#[derive(Debug, Serialize)]
pub struct FeatureFiles {
    /// The file of the rows to train on.
    pub file: String,
    /// The file of the rows to test on; null if they were held out.
    pub test_file: Option<String>,
    /// The seed that chose a fifth of the first file's rows of each class to test on; null if there is a file of them.
    pub held_out_seed: Option<u64>,
    /// The file of the features' names, if there is one.
    pub feature_names: Option<String>,
    /// Rows to train on.
    pub train: usize,
    /// Rows to test on.
    pub test: usize,
    /// Numbers in a row, zeros counted.
    pub columns: usize,
    /// The index that the files have for the first of them: 0 or 1.
    pub index_base: u32,
    /// Number of classes.
    pub classes: usize,
    /// The labels that the files have for them; null if these are 0, 1 and so on.
    pub class_names: Option<Vec<String>>,
    /// Of the plain files. Of one whose rows are held out, it is there twice.
    pub sha256: Checksums,
}

/// Which images a run used.
#[derive(Debug, Serialize)]
pub struct Images {
    /// The data set, as `--dataset` names it; null for those that are no such data set by their checksums.
    pub dataset: Option<String>,
    /// Where they came from.
    #[serde(flatten)]
    pub files: ImageFiles,
    /// Images to train on.
    pub train: usize,
    /// Images to test on.
    pub test: usize,
    /// Height and width of an image.
    pub image: [usize; 2],
    /// Number of classes.
    pub classes: usize,
    /// The names of the classes; null if that is 0, 1 and so on.
    pub class_names: Option<Vec<String>>,
    /// Their checksums.
    pub sha256: Checksums,
}

/// The files that images came from. All is null for the built-in digits.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ImageFiles {
    /// `idx`, `npz`, `folders` or `csv`.
    pub format: Option<String>,
    /// Their folder; null if they are in one file.
    pub folder: Option<String>,
    /// Their file, or one of those in a folder that has several data sets; null if they are all that a folder has.
    pub file: Option<String>,
    /// The file or folder of the images to test on; null if these were held out, or come with the others.
    pub test_file: Option<String>,
    /// The seed that chose a fifth of the images of each class to test on; null if there are others to test on.
    pub held_out_seed: Option<u64>,
    /// The name or number of the column of labels that was asked for.
    pub label_column: Option<String>,
}

impl ImageFiles {
    /// The file or folder of all images, or of those to train on.
    pub fn place(&self) -> Option<&str> {
        self.file.as_deref().or(self.folder.as_deref())
    }
}

/// How a network was trained. The default is the example's way.
#[derive(Clone, Debug, Serialize)]
pub struct TrainingSettings {
    /// `fast`, `good` or `best`; null where the settings were not chosen together.
    pub recipe: Option<String>,
    /// `rmsprop`, `adam`, or `sgd`, which is gradient descent with Nesterov's momentum of 0.9.
    pub optimizer: String,
    /// Step size.
    pub learning_rate: f64,
    /// `constant`, `cosine`, `linear` or `step`: the learning rate's way after the warm-up, over all of the run's epochs.
    pub schedule: String,
    /// The steps of the schedule `step`; null for another one.
    pub step: Option<StepSettings>,
    /// The share of the steps in which the learning rate rises.
    pub warmup: f64,
    /// `none`, `weak`, `mid` or `strong`: how pictures were distorted, anew in each epoch, unless single settings say otherwise.
    pub augment: String,
    /// How they were distorted in numbers, single settings included; null if they were not.
    pub distortion: Option<Distortion>,
    /// How many training examples were held out for validation, chosen by the seed; null if none were.
    pub validation: Option<usize>,
    /// After how many epochs without a lower validation loss the training was to end, its best network kept; null: never.
    pub early_stopping: Option<usize>,
    /// The time from the start of the program in which the training was to end, from which the epochs were found; null if they
    /// were given. With as many epochs and the other settings, a run without a limit trains the same network.
    pub time_limit_seconds: Option<f64>,
}

impl Default for TrainingSettings {
    fn default() -> Self {
        Self {
            recipe: None,
            optimizer: "rmsprop".into(),
            learning_rate: 0.001,
            schedule: "constant".into(),
            step: None,
            warmup: 0.0,
            augment: "none".into(),
            distortion: None,
            validation: None,
            early_stopping: None,
            time_limit_seconds: None,
        }
    }
}

/// The steps of a learning rate that falls in steps.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct StepSettings {
    /// Epochs between two of them.
    pub every: usize,
    /// Of the rate before, after each.
    pub factor: f64,
}

/// The limits within which pictures were distorted, as [`Augmentation`] has them.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Distortion {
    /// Degrees.
    pub rotation: f64,
    /// Change of scale along each axis.
    pub scale: f64,
    /// Columns for each row.
    pub shear: f64,
    /// Pixels.
    pub shift: f64,
    /// Pixels.
    pub elastic: f64,
    /// Pixels.
    pub smoothness: f64,
}

impl From<Augmentation> for Distortion {
    fn from(augmentation: Augmentation) -> Self {
        let Augmentation { rotation, scale, shear, shift, elastic, smoothness } = augmentation;
        Self { rotation, scale, shear, shift, elastic, smoothness }
    }
}

impl From<Distortion> for Augmentation {
    fn from(distortion: Distortion) -> Self {
        let Distortion { rotation, scale, shear, shift, elastic, smoothness } = distortion;
        Self { rotation, scale, shear, shift, elastic, smoothness }
    }
}

/// RMSprop's settings in a run.
#[derive(Debug, Serialize)]
pub struct Optimizer {
    /// `keras2` or `keras3`: where epsilon stands.
    pub form: String,
    /// Step size.
    pub learning_rate: f64,
    /// Decay of the mean of squares.
    pub rho: f64,
    /// Guard against a division by zero.
    pub epsilon: f64,
}

/// For each part of a data set, the SHA-256 of its plain file. Of images, whatever format they have, that is the IDX file of
/// the images followed by that of the labels, as [`Examples::sha256`](dataset::Examples::sha256) has it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Checksums {
    /// Of the examples to train on.
    pub train: String,
    /// Of the examples to test on.
    pub test: String,
}

impl Checksums {
    /// Computes both at a time.
    pub fn of(train: &Examples, test: &Examples) -> Self {
        let (train, test) = rayon::join(|| train.sha256(), || test.sha256());
        Self { train, test }
    }
}

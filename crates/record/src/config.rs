//! The settings of a run, as `config.json` has them.

use dataset::Mnist;
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
    pub training: Training,
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
    /// Their folder; null for the built-in digits.
    pub folder: Option<String>,
    /// Images to train on.
    pub train: usize,
    /// Images to test on.
    pub test: usize,
    /// Height and width of an image.
    pub image: [usize; 2],
    /// Number of classes.
    pub classes: usize,
    /// Their checksums.
    pub sha256: Checksums,
}

/// How a network was trained.
#[derive(Debug, Serialize)]
pub struct Training {
    /// `fast`, `good` or `best`; null where the settings were not chosen together.
    pub recipe: Option<String>,
    /// `rmsprop`, `adam`, or `sgd`, which is gradient descent with Nesterov's momentum of 0.9.
    pub optimizer: String,
    /// Step size.
    pub learning_rate: f64,
    /// `constant`, `cosine` or `linear`: the learning rate's way after the warm-up.
    pub schedule: String,
    /// The share of the steps in which the learning rate rises.
    pub warmup: f64,
    /// `none`, `weak`, `mid` or `strong`: how pictures were distorted, anew in each epoch.
    pub augment: String,
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

/// For each part of a data set, the SHA-256 of its plain file. Of images, that is the IDX file of the images followed by that
/// of the labels, as [`Examples::sha256`](dataset::Examples::sha256) has it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Checksums {
    /// Of the examples to train on.
    pub train: String,
    /// Of the examples to test on.
    pub test: String,
}

impl Checksums {
    /// Computes both at a time.
    pub fn of(mnist: &Mnist) -> Self {
        let (train, test) = rayon::join(|| mnist.train.sha256(), || mnist.test.sha256());
        Self { train, test }
    }
}

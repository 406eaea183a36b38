//! MNIST, or something like it.

use crate::support::pictures::{self, MNIST_PIXELS, Pictures};
use dataset::{DatasetError, Examples, Mnist, Source};
use std::env;
use std::path::{Path, PathBuf};

/// Pictures to learn from and pictures to be tested on.
pub(crate) struct Data {
    /// A line that says where they come from.
    pub(crate) origin: String,
    train: Owned,
    test: Owned,
    /// `train` on paper that is not quite white: no pixel is zero.
    grey: Owned,
}

struct Owned {
    pixels: Vec<u8>,
    labels: Vec<u8>,
}

impl Owned {
    fn lend(&self) -> Pictures<'_> {
        Pictures { pixels: &self.pixels, labels: &self.labels }
    }
}

impl Data {
    /// # Errors
    /// If there is a data set that cannot be read, or is not of MNIST's sizes.
    pub(crate) fn load() -> Result<Self, String> {
        let (source, train, test) = match find() {
            Some(folder) => {
                let mnist =
                    folder.and_then(|folder| Mnist::load(&folder)).map_err(|e| e.to_string())?;
                if mnist.classes > 10 {
                    return Err(format!("{} classes are not MNIST's", mnist.classes));
                }
                ("MNIST", owned(&mnist.train)?, owned(&mnist.test)?)
            }
            None => {
                let made_up = |count| Owned {
                    pixels: pictures::like_digits(count),
                    labels: pictures::labels(count),
                };
                ("Made-up pictures, for want of MNIST", made_up(60_000), made_up(10_000))
            }
        };
        let origin = format!(
            "{source}: {} pictures to train on, {:.1} % of their pixels not zero",
            train.labels.len(),
            100.0 * pictures::density(&train.pixels)
        );
        let grey = train.pixels.iter().map(|&pixel| pixel.max(1)).collect();
        let grey = Owned { pixels: grey, labels: train.labels.clone() };
        Ok(Self { origin, train, test, grey })
    }

    pub(crate) fn train(&self) -> Pictures<'_> {
        self.train.lend()
    }

    pub(crate) fn test(&self) -> Pictures<'_> {
        self.test.lend()
    }

    pub(crate) fn grey(&self) -> Pictures<'_> {
        self.grey.lend()
    }
}

/// The folder with MNIST; an error if `MNIST_DIR` names one that does not do.
fn find() -> Option<Result<PathBuf, DatasetError>> {
    if env::var_os("MNIST_DIR").is_some() {
        return Some(dataset::locate(&Source::MNIST));
    }
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/mnist");
    let found = if beside.is_dir() { Some(beside) } else { dataset::locate(&Source::MNIST).ok() };
    found.map(Ok)
}

fn owned(examples: &Examples) -> Result<Owned, String> {
    match examples.rows().columns() {
        MNIST_PIXELS => {
            Ok(Owned { pixels: examples.pixels().to_vec(), labels: examples.labels().to_vec() })
        }
        pixels => Err(format!("pictures of {pixels} pixels are not MNIST's")),
    }
}

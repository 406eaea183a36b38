//! Which images a command works on, and where they come from.

use std::env;
use std::fmt::{self, Display, Formatter};
use std::io::{self, Write};
use std::path::PathBuf;

use dataset::{DatasetError, Mnist, Source};

use crate::arguments::{CommonArguments, DatasetName};
use crate::download::download;
use crate::error::Error;

/// The seed of the built-in digits: they are the same in every run.
const DIGITS_SEED: u64 = 0;
/// The environment variable that names another mirror of MNIST.
const MIRROR_VARIABLE: &str = "MNIST_MIRROR";

/// Images and labels, with the place they came from.
#[derive(Debug)]
pub(crate) struct Data {
    /// Where they came from.
    pub(crate) origin: Origin,
    /// Training and test set.
    pub(crate) mnist: Mnist,
}

/// Where images came from. Displayed, it follows "Data from".
#[derive(Debug)]
pub(crate) struct Origin {
    /// What they are, as `--dataset` names it; `None` for a folder that `--data` names, whatever is in it.
    pub(crate) dataset: Option<DatasetName>,
    /// Their folder; `None` if they are built in.
    pub(crate) folder: Option<PathBuf>,
}

impl Display for Origin {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.folder {
            Some(folder) => write!(f, "{}", folder.display()),
            None => write!(f, "the built-in digits"),
        }
    }
}

impl Data {
    /// Finds or fetches the data asked for, and reads it. `quiet` hides how far a download is.
    ///
    /// What was not asked for by name gives way to the built-in digits when it is not to be had, with a notice on stderr.
    pub(crate) fn load(arguments: &CommonArguments, quiet: bool) -> Result<Self, Error> {
        if let Some(folder) = &arguments.data {
            return Ok(Self::read(None, folder.clone())?);
        }
        let dataset = arguments.dataset.unwrap_or(DatasetName::Mnist);
        let named = if dataset == DatasetName::Mnist { mirror()? } else { None };
        let named = named.as_deref();
        let source = match (dataset, named.as_slice()) {
            (DatasetName::Mnist, []) => Source::MNIST,
            (DatasetName::Mnist, mirrors) => Source { mirrors, ..Source::MNIST },
            (DatasetName::FashionMnist, _) => Source::FASHION_MNIST,
            (DatasetName::Digits, _) => return Ok(Self::digits()),
        };
        match obtain(&source, arguments.offline, quiet) {
            Ok(folder) => {
                let cached = source.cache().as_ref() == Some(&folder);
                let broken = if cached { Error::Cached } else { Error::Data };
                Self::read(Some(dataset), folder).map_err(broken)
            }
            Err(error @ Error::NoData { .. }) if arguments.dataset.is_none() => {
                // A stderr that is closed is no reason to stop: the story tells, too.
                let _ =
                    writeln!(io::stderr(), "notice: using the built-in digits, because {error}");
                Ok(Self::digits())
            }
            Err(error) => Err(error),
        }
    }

    fn read(dataset: Option<DatasetName>, folder: PathBuf) -> Result<Self, DatasetError> {
        let mnist = Mnist::load(&folder)?;
        Ok(Self { origin: Origin { dataset, folder: Some(folder) }, mnist })
    }

    fn digits() -> Self {
        let origin = Origin { dataset: Some(DatasetName::Digits), folder: None };
        Self { origin, mnist: Mnist::digits(DIGITS_SEED) }
    }

    /// Pixels of an image: what a network has to take.
    pub(crate) fn pixels(&self) -> usize {
        self.mnist.train.image_rows() * self.mnist.train.image_columns()
    }
}

/// The mirror that the environment names. Set to nothing, it is not set.
fn mirror() -> Result<Option<String>, Error> {
    let Some(value) = env::var_os(MIRROR_VARIABLE).filter(|value| !value.is_empty()) else {
        return Ok(None);
    };
    let is_url = |text: &&str| {
        let host = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
        let blank = |letter: char| letter.is_whitespace() || letter.is_control();
        host.is_some_and(|host| !host.is_empty() && !host.starts_with('/') && !host.contains(blank))
    };
    match value.to_str().filter(is_url) {
        Some(url) => Ok(Some(url.to_owned())),
        None => Err(Error::Mirror { variable: MIRROR_VARIABLE, value }),
    }
}

/// The folder with the files of `source`, which are downloaded if they are not on this machine.
fn obtain(source: &Source<'_>, offline: bool, quiet: bool) -> Result<PathBuf, Error> {
    let (not_found, cache) = match dataset::locate(source) {
        Err(error @ DatasetError::NotFound { .. }) => (error.into(), source.cache()),
        outcome => return Ok(outcome?),
    };
    let outcome = match cache {
        _ if offline => Err("--offline forbids to download".into()),
        None => Err("there is no cache folder to download to".into()),
        Some(cache) => download(source, &cache, quiet).map(|()| cache),
    };
    outcome.map_err(|why| Error::NoData { why, not_found })
}

#[cfg(all(test, feature = "download"))]
mod tests;

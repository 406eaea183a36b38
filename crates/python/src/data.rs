//! Data sets as arrays: found, downloaded and checked by the rules of the crate `dataset`.

use std::path::{Path, PathBuf};

use dataset::{DatasetError, Examples, Mnist, Source};
use numpy::{PyArray1, PyArray3, PyArrayMethods};
use pyo3::exceptions::{PyFileNotFoundError, PyValueError};
use pyo3::prelude::*;

use crate::errors::{message_of, of_cached, of_dataset};
use crate::threads;

/// The seed of the built-in digits: they are the same in every run.
const DIGITS_SEED: u64 = 0;

/// Images (count × rows × columns) and labels (count), all bytes.
type Arrays<'py> = (Bound<'py, PyArray3<u8>>, Bound<'py, PyArray1<u8>>);

/// `((x_train, y_train), (x_test, y_test))` of the digits that the program draws.
#[pyfunction]
pub(crate) fn load_digits(py: Python<'_>) -> PyResult<(Arrays<'_>, Arrays<'_>)> {
    let digits = threads::run(py, || Mnist::digits(DIGITS_SEED))?;
    arrays(py, digits)
}

/// `((x_train, y_train), (x_test, y_test))` of `"mnist"` or `"fashion_mnist"`, and a remark if the files are others than were
/// published. From `folder`, or the folder that the environment names, or the user's cache, where they are downloaded to if
/// they are nowhere and `offline` is false. `progress(file, bytes, of)` is told of a download.
#[pyfunction]
#[pyo3(signature = (name, folder=None, offline=false, progress=None))]
pub(crate) fn load_published<'py>(
    py: Python<'py>,
    name: &str,
    folder: Option<PathBuf>,
    offline: bool,
    progress: Option<Py<PyAny>>,
) -> PyResult<(Arrays<'py>, Arrays<'py>, Option<String>)> {
    let source = match name {
        "mnist" => Source::MNIST,
        "fashion_mnist" => Source::FASHION_MNIST,
        _ => {
            return Err(PyValueError::new_err(format!(
                "data set {name:?}: there is mnist, fashion_mnist"
            )));
        }
    };
    let mirror = match name {
        "mnist" => dataset::named_mirror().map_err(of_dataset)?,
        _ => None,
    };
    let named: Vec<&str> = mirror.iter().map(String::as_str).collect();
    let mirrors = if named.is_empty() { source.mirrors } else { &named };
    let folder = match folder {
        Some(folder) => folder,
        None => obtain(py, source, mirrors, offline, progress)?,
    };
    let is_cached = source.cache().as_ref() == Some(&folder);
    let (mnist, published) = threads::run(py, || {
        let mnist = Mnist::load(&folder)?;
        let published = is_published(&source, &mnist, &folder);
        Ok::<_, DatasetError>((mnist, published))
    })?
    .map_err(|error| if is_cached { of_cached(&error) } else { of_dataset(error) })?;
    let remark = (!published).then(|| {
        format!("what lies in {} is not {} as it was published", folder.display(), source.name)
    });
    let (train, test) = arrays(py, mnist)?;
    Ok((train, test, remark))
}

/// The folder with the files of `source`, which are downloaded if they are not on this machine.
fn obtain(
    py: Python<'_>,
    source: Source<'static>,
    mirrors: &[&str],
    offline: bool,
    progress: Option<Py<PyAny>>,
) -> PyResult<PathBuf> {
    let error = match dataset::locate(&Source { mirrors, ..source }) {
        Ok(folder) => return Ok(folder),
        Err(error @ DatasetError::NotFound { .. }) => error,
        Err(error) => return Err(of_dataset(error)),
    };
    let outcome = match source.cache() {
        _ if offline => Err("offline=True forbids to download".into()),
        None => Err("there is no cache folder to download to".into()),
        Some(cache) => match download(py, source, mirrors, &cache, progress)? {
            Ok(()) => Ok(cache),
            Err(why) => Err(why),
        },
    };
    outcome.map_err(|why: String| {
        PyFileNotFoundError::new_err(format!("{why}; {}", message_of(&error)))
    })
}

/// Downloads what `folder` lacks of `source`, on a thread of its own: Ctrl-C does not wait for it. The inner error is a
/// clause that says why it did not work.
#[cfg(feature = "download")]
fn download(
    py: Python<'_>,
    source: Source<'static>,
    mirrors: &[&str],
    folder: &Path,
    progress: Option<Py<PyAny>>,
) -> PyResult<Result<(), String>> {
    use std::sync::mpsc::{self, RecvTimeoutError};
    use std::time::Duration;

    use dataset::download::{Patience, Received};

    let (sender, received) = mpsc::channel();
    let folder = folder.to_owned();
    // The thread may outlive this call.
    let mirrors: Vec<String> = mirrors.iter().map(|&mirror| mirror.to_owned()).collect();
    let worker = std::thread::spawn(move || {
        let mirrors: Vec<&str> = mirrors.iter().map(String::as_str).collect();
        let source = Source { mirrors: &mirrors, ..source };
        let mut tell = |Received { file, bytes, of, .. }: Received<'_>| {
            // Nobody listens any more after a Ctrl-C.
            let _ = sender.send((file.to_owned(), bytes, of));
        };
        dataset::download(&source, &folder, &Patience::default(), &mut tell)
            .map_err(|error| error.to_string())
    });
    py.detach(move || -> PyResult<()> {
        loop {
            match received.recv_timeout(Duration::from_millis(50)) {
                Ok(news) => {
                    // Of many pieces that came meanwhile, the last.
                    let news = received.try_iter().last().unwrap_or(news);
                    Python::attach(|py| {
                        py.check_signals()?;
                        progress.as_ref().map_or(Ok(()), |call| call.call1(py, news).map(drop))
                    })?;
                }
                Err(RecvTimeoutError::Timeout) => Python::attach(|py| py.check_signals())?,
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
        }
    })?;
    Ok(py.detach(|| worker.join()).unwrap_or_else(|_| Err("the download failed".into())))
}

/// Without the feature, this says so.
#[cfg(not(feature = "download"))]
fn download(
    _: Python<'_>,
    _: Source<'static>,
    _: &[&str],
    _: &Path,
    _: Option<Py<PyAny>>,
) -> PyResult<Result<(), String>> {
    Ok(Err("this package was built without the feature `download`".into()))
}

/// Whether these are the images that were published, as far as that is known.
fn is_published(source: &Source<'_>, mnist: &Mnist, folder: &Path) -> bool {
    match source.examples {
        Some([train, test]) => {
            let (a, b) = rayon::join(|| mnist.train.sha256(), || mnist.test.sha256());
            a == train && b == test
        }
        None => source.lies_packed_in(folder),
    }
}

fn arrays(py: Python<'_>, mnist: Mnist) -> PyResult<(Arrays<'_>, Arrays<'_>)> {
    let Mnist { train, test, .. } = mnist;
    Ok((array(py, train)?, array(py, test)?))
}

/// The memory of the examples, lent to NumPy for good.
fn array(py: Python<'_>, examples: Examples) -> PyResult<Arrays<'_>> {
    let (images, labels) = examples.into_parts();
    let shape = [images.len(), images.rows(), images.columns()];
    let pixels = PyArray1::from_vec(py, images.into_pixels()).reshape(shape)?;
    Ok((pixels, PyArray1::from_vec(py, labels)))
}

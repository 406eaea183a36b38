//! Which folder a data set is read from.

use std::{env, io, path::PathBuf};

use crate::{
    DatasetError, Source,
    files::find_all,
    names::{NAMES, TEST_NAMES},
};

/// The folder with the data set's four files on this machine: the first of
///
/// 1. the folder that its environment variable names (`MNIST_DIR` for [`Source::MNIST`]), if set, even to nothing;
/// 2. its [cache folder](Source::cache).
///
/// A place that the user named is taken or refused, never passed over. That the files exist is checked here, what is in
/// them by [`Mnist::load`](crate::Mnist::load).
///
/// # Errors
/// If the folder that was named lacks a file or cannot be read, or if none was named and the cache folder has no data set.
pub fn locate(source: &Source<'_>) -> Result<PathBuf, DatasetError> {
    let (named, cache) = places(source);
    first_of(source, NAMES, named, cache)
}

/// As [`locate`], the folder with the two files of the test set, whether or not the training set is there.
///
/// # Errors
/// As [`locate`].
pub fn locate_test(source: &Source<'_>) -> Result<PathBuf, DatasetError> {
    let (named, cache) = places(source);
    first_of(source, TEST_NAMES, named, cache)
}

/// A variable, and the folder that it names.
type Named = (&'static str, PathBuf);

/// The places that the environment tells: the folder that a variable names, and the cache folder.
fn places(source: &Source<'_>) -> (Option<Named>, Option<PathBuf>) {
    let named = |variable| Some((variable, env::var_os(variable)?.into()));
    (source.variable.and_then(named), source.cache())
}

/// The first of the places, if it has the files `names`.
fn first_of<const N: usize>(
    source: &Source<'_>,
    names: [&'static str; N],
    named: Option<Named>,
    cache: Option<PathBuf>,
) -> Result<PathBuf, DatasetError> {
    if let Some((variable, folder)) = named {
        return match find_all(&folder, names) {
            Ok(_) => Ok(folder),
            Err(cause) => Err(DatasetError::Environment { variable, cause: Box::new(cause) }),
        };
    }

    let not_found = |missing, obstacles, cache| DatasetError::NotFound {
        name: source.name,
        variable: source.variable,
        mirror: source.mirrors.first().copied().unwrap_or_default().into(),
        missing,
        obstacles,
        cache,
    };
    let Some(folder) = cache else {
        return Err(not_found(names.to_vec(), [].into(), None));
    };
    match find_all(&folder, names) {
        Ok(_) => Ok(folder),
        Err(DatasetError::Missing { missing, obstacles, .. }) => {
            Err(not_found(missing, obstacles, Some(folder)))
        }
        Err(DatasetError::Folder { cause, .. }) if cause.kind() == io::ErrorKind::NotFound => {
            Err(not_found(names.to_vec(), [].into(), Some(folder)))
        }
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;
    use crate::source::MIRROR;

    /// A folder with two data sets, `named` and `cache`, and an empty folder `empty`.
    fn places() -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for place in ["named", "cache"] {
            let folder = root.path().join(place);
            fs::create_dir(&folder).unwrap();
            for name in NAMES {
                fs::write(folder.join(name), []).unwrap();
            }
        }
        fs::create_dir(root.path().join("empty")).unwrap();
        root
    }

    /// [`first_of`] for MNIST.
    fn first(named: Option<&Path>, cache: Option<&Path>) -> Result<PathBuf, DatasetError> {
        let named = named.map(|folder| ("MNIST_DIR", folder.to_owned()));
        first_of(&Source::MNIST, NAMES, named, cache.map(Path::to_owned))
    }

    #[test]
    fn the_variable_comes_first_then_the_cache() {
        let root = places();
        let [named, cache] = ["named", "cache"].map(|name| root.path().join(name));
        assert_eq!(first(Some(&named), Some(&cache)).unwrap(), named);
        assert_eq!(first(None, Some(&cache)).unwrap(), cache);
    }

    #[test]
    fn a_bad_variable_is_not_passed_over() {
        let root = places();
        let [empty, absent, cache] =
            ["empty", "absent", "cache"].map(|name| root.path().join(name));
        for folder in [&*empty, &*absent, Path::new("")] {
            let error = first(Some(folder), Some(&cache)).unwrap_err();
            assert!(matches!(error, DatasetError::Environment { .. }), "{error}");
            let message = error.to_string();
            assert!(message.starts_with("MNIST_DIR"), "{message}");
            assert!(message.contains(folder.to_str().unwrap()), "{message}");
        }
    }

    #[test]
    fn finding_nothing_says_what_to_do() {
        let root = places();
        let cache = root.path().join("empty");
        let error = first(None, Some(&cache)).unwrap_err();
        assert!(matches!(error, DatasetError::NotFound { .. }), "{error}");
        let message = error.to_string();
        for part in ["MNIST is not", "--data DIR", "MNIST_DIR", MIRROR, cache.to_str().unwrap()]
            .iter()
            .chain(&NAMES)
        {
            assert!(message.contains(part), "no {part} in: {message}");
        }
        assert!(!message.contains('\n'));
        let message = error.message_with("load_data(folder=...)");
        assert!(
            message.starts_with(
                "MNIST is not on this machine: pass load_data(folder=...), set MNIST_DIR"
            ),
            "{message}"
        );

        let message = first(None, None).unwrap_err().to_string();
        for part in ["--data DIR", "MNIST_DIR", MIRROR].iter().chain(&NAMES) {
            assert!(message.contains(part), "no {part} in: {message}");
        }
    }

    #[test]
    fn a_cache_with_some_of_the_files_names_the_rest() {
        let root = places();
        let cache = root.path().join("cache");
        fs::remove_file(cache.join("t10k-images-idx3-ubyte")).unwrap();
        let error = first(None, Some(&cache)).unwrap_err();
        assert!(
            matches!(&error, DatasetError::NotFound { missing, .. } if *missing == ["t10k-images-idx3-ubyte"]),
            "{error}"
        );
    }

    #[test]
    fn what_is_in_the_way_is_named() {
        let root = places();
        let [named, cache] = ["named", "cache"].map(|name| root.path().join(name));
        for folder in [&named, &cache] {
            fs::remove_file(folder.join("t10k-images-idx3-ubyte")).unwrap();
            fs::create_dir(folder.join("t10k-images-idx3-ubyte.gz")).unwrap();
        }
        for error in [first(None, Some(&cache)), first(Some(&named), Some(&cache))] {
            let message = error.unwrap_err().to_string();
            assert!(message.contains("(t10k-images-idx3-ubyte.gz is a folder)"), "{message}");
        }
    }

    #[test]
    fn each_source_has_its_own_places() {
        let [mnist, fashion] = [Source::MNIST, Source::FASHION_MNIST];
        assert_ne!(mnist.cache(), fashion.cache());
        let error = first_of(&fashion, NAMES, None, None).unwrap_err().to_string();
        assert!(error.contains("Fashion-MNIST") && !error.contains("MNIST_DIR"), "{error}");
        assert!(error.contains(fashion.mirrors[0]), "{error}");
    }
}

//! Which folder the data set is read from.

use std::{
    env, io,
    path::{Path, PathBuf},
};

use crate::{DatasetError, files::Files};

/// The folder with the data set's four files: the first of
///
/// 1. `explicit`, if given;
/// 2. the environment variable `MNIST_DIR`, if set, even to nothing;
/// 3. `mnist` in the user's cache folder (on Linux `$XDG_CACHE_HOME` or `~/.cache`, on macOS `~/Library/Caches`).
///
/// A place that the user named is taken or refused, never passed over. That the files exist is checked here, what is in
/// them by [`Mnist::load`](crate::Mnist::load).
///
/// # Errors
/// If the folder that was named lacks a file or cannot be read, or if none was named and the cache folder has no data set.
pub fn locate(explicit: Option<&Path>) -> Result<PathBuf, DatasetError> {
    let named = env::var_os("MNIST_DIR").map(PathBuf::from);
    first_of(explicit, named.as_deref(), dirs::cache_dir())
}

/// [`locate`], with what it asks the environment for as arguments.
fn first_of(
    explicit: Option<&Path>,
    named: Option<&Path>,
    user_cache: Option<PathBuf>,
) -> Result<PathBuf, DatasetError> {
    if let Some(folder) = explicit {
        Files::find(folder)?;
        return Ok(folder.to_owned());
    }
    if let Some(folder) = named {
        Files::find(folder)
            .map_err(|cause| DatasetError::Environment { cause: Box::new(cause) })?;
        return Ok(folder.to_owned());
    }

    let Some(cache) = user_cache.map(|folder| folder.join("mnist")) else {
        return Err(DatasetError::NotFound { missing: Files::NAMES.to_vec(), cache: None });
    };
    let missing = match Files::find(&cache) {
        Ok(_) => return Ok(cache),
        Err(DatasetError::Missing { missing, .. }) => missing,
        Err(DatasetError::Folder { cause, .. }) if cause.kind() == io::ErrorKind::NotFound => {
            Files::NAMES.to_vec()
        }
        Err(error) => return Err(error),
    };
    Err(DatasetError::NotFound { missing, cache: Some(cache) })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::files::MIRROR;

    /// A folder with three data sets, `given`, `named` and `user/mnist`, and an empty folder `empty`.
    fn places() -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for place in ["given", "named", "user/mnist"] {
            let folder = root.path().join(place);
            fs::create_dir_all(&folder).unwrap();
            for name in Files::NAMES {
                fs::write(folder.join(name), []).unwrap();
            }
        }
        fs::create_dir(root.path().join("empty")).unwrap();
        root
    }

    #[test]
    fn the_argument_comes_first_then_the_variable_then_the_cache() {
        let root = places();
        let [given, named, user] = ["given", "named", "user"].map(|name| root.path().join(name));
        let first = |explicit, named| first_of(explicit, named, Some(user.clone())).unwrap();
        assert_eq!(first(Some(&given), Some(&named)), given);
        assert_eq!(first(None, Some(&named)), named);
        assert_eq!(first(None, None), user.join("mnist"));
        assert_eq!(locate(Some(&given)).unwrap(), given);
    }

    #[test]
    fn a_bad_argument_is_not_passed_over() {
        let root = places();
        let [empty, absent, named, user] =
            ["empty", "absent", "named", "user"].map(|name| root.path().join(name));
        let refused = |folder: &Path| first_of(Some(folder), Some(&named), Some(user.clone()));
        assert!(matches!(refused(&empty), Err(DatasetError::Missing { .. })));
        assert!(matches!(refused(&absent), Err(DatasetError::Folder { .. })));
    }

    #[test]
    fn a_bad_variable_is_not_passed_over() {
        let root = places();
        let [empty, user] = ["empty", "user"].map(|name| root.path().join(name));
        for folder in [&*empty, Path::new("")] {
            let error = first_of(None, Some(folder), Some(user.clone())).unwrap_err();
            assert!(matches!(error, DatasetError::Environment { .. }), "{error}");
            let message = error.to_string();
            assert!(message.starts_with("MNIST_DIR"), "{message}");
            assert!(message.contains(folder.to_str().unwrap()), "{message}");
        }
    }

    #[test]
    fn finding_nothing_says_what_to_do() {
        let root = places();
        let user = root.path().join("empty");
        let error = first_of(None, None, Some(user.clone())).unwrap_err();
        assert!(matches!(error, DatasetError::NotFound { .. }), "{error}");
        let message = error.to_string();
        for part in ["--data DIR", "MNIST_DIR", MIRROR, user.join("mnist").to_str().unwrap()]
            .iter()
            .chain(&Files::NAMES)
        {
            assert!(message.contains(part), "no {part} in: {message}");
        }
        assert!(!message.contains('\n'));

        let message = first_of(None, None, None).unwrap_err().to_string();
        for part in ["--data DIR", "MNIST_DIR", MIRROR].iter().chain(&Files::NAMES) {
            assert!(message.contains(part), "no {part} in: {message}");
        }
    }

    #[test]
    fn a_cache_with_some_of_the_files_names_the_rest() {
        let root = places();
        let user = root.path().join("user");
        fs::remove_file(user.join("mnist/t10k-images-idx3-ubyte")).unwrap();
        let error = first_of(None, None, Some(user)).unwrap_err();
        assert!(
            matches!(&error, DatasetError::NotFound { missing, .. } if *missing == ["t10k-images-idx3-ubyte"]),
            "{error}"
        );
    }
}

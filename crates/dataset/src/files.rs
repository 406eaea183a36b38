//! The four files of a data set in a folder, under any of the names they are known by.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use crate::{
    DatasetError, Kind, Obstacle,
    idx::IdxFault,
    names::{NAMES, Role, TEST_NAMES, role, spellings},
};

/// A file of images and the file of their labels.
#[derive(Debug)]
pub(crate) struct Pair {
    pub(crate) images: PathBuf,
    pub(crate) labels: PathBuf,
}

/// The four files of a data set.
#[derive(Debug)]
pub(crate) struct Files {
    pub(crate) train: Pair,
    pub(crate) test: Pair,
}

impl Files {
    /// The four files in a folder or, where a path names one of several data sets in a folder by a file, of that one. They are
    /// not opened.
    pub(crate) fn find(path: &Path) -> Result<Self, DatasetError> {
        let [train_images, train_labels, test_images, test_labels] =
            find_set(path, NAMES, Role::ALL)?;
        Ok(Self {
            train: Pair { images: train_images, labels: train_labels },
            test: Pair { images: test_images, labels: test_labels },
        })
    }
}

impl Pair {
    /// As [`Files::find`], the two files of the test set, whether or not the others are there.
    pub(crate) fn find_test(path: &Path) -> Result<Self, DatasetError> {
        let [images, labels] = find_set(path, TEST_NAMES, [Role::TestImages, Role::TestLabels])?;
        Ok(Self { images, labels })
    }
}

/// Whether a folder has files with names of a data set in MNIST's form.
pub(crate) fn are_in(folder: &Path) -> bool {
    sets(folder).is_ok_and(|sets| !sets.is_empty())
}

/// The files of these roles: under MNIST's `names`, or else of the only data set in the folder that has them all.
fn find_set<const N: usize>(
    path: &Path,
    names: [&'static str; N],
    roles: [Role; N],
) -> Result<[PathBuf; N], DatasetError> {
    let named = path.file_name().and_then(|name| role(name.to_str()?));
    let (folder, asked) = match named {
        Some((set, _)) if !path.is_dir() => {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
            (folder.unwrap_or(Path::new(".")), Some(set))
        }
        _ => (path, None),
    };
    let Ok(mut sets) = sets(folder) else { return find_all(folder, names) };
    let complete = |files: &SetFiles| {
        roles.iter().all(|role| files.get(role).is_some_and(|file| folder.join(file).is_file()))
    };
    let paths = |files: &SetFiles| roles.map(|role| folder.join(&files[&role]));
    let asked = asked.or_else(|| sets.contains_key("").then_some(""));
    if asked == Some("") || sets.is_empty() && asked.is_none() {
        // MNIST's names come first, and where files are missing, they are the ones to ask for.
        let own = find_all(folder, names);
        let other = sets.get("").filter(|files| own.is_err() && complete(files));
        return other.map_or(own, |files| Ok(paths(files)));
    }
    sets.retain(|set, _| asked.is_none_or(|asked| asked == set));
    let whole: Vec<&SetFiles> = sets.values().filter(|files| complete(files)).collect();
    match &whole[..] {
        [files] => Ok(paths(files)),
        [] => {
            let first = sets.first_key_value();
            let (set, files) = first.map(|(set, files)| (set.as_str(), files)).unzip();
            let set = set.or(asked).unwrap_or_default();
            let is_missing = |role: &&Role| files.is_none_or(|files| !files.contains_key(role));
            let missing =
                roles.iter().filter(is_missing).map(|role| format!("{set}-{}", role.word()));
            Err(DatasetError::PartOfSet { folder: folder.to_owned(), missing: missing.collect() })
        }
        several => {
            let files = several.iter().map(|files| files[&roles[0]].clone()).collect();
            Err(DatasetError::SeveralSets { folder: folder.to_owned(), files })
        }
    }
}

/// The files of a data set, by their roles.
type SetFiles = BTreeMap<Role, String>;

/// The data sets whose files lie in a folder, by what their names begin with: for each, the file of each role. A plain file
/// comes before one that is gzipped. MNIST's own names begin with nothing.
fn sets(folder: &Path) -> io::Result<BTreeMap<String, SetFiles>> {
    let mut sets: BTreeMap<String, SetFiles> = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        let Some((set, role)) = name.to_str().and_then(role) else { continue };
        let name = name.to_str().unwrap_or_default();
        // MNIST's own may have something else in their place, which is an error of its own.
        if !set.is_empty() && !folder.join(name).is_file() {
            continue;
        }
        let order = |name: &str| (name.ends_with(".gz"), name.len(), name.to_owned());
        let file = sets.entry(set.to_owned()).or_default().entry(role);
        file.and_modify(|found| {
            if order(name) < order(found) {
                *found = name.to_owned();
            }
        })
        .or_insert_with(|| name.to_owned());
    }
    Ok(sets)
}

/// The files `names` in `folder`. They are not opened.
pub(crate) fn find_all<const N: usize>(
    folder: &Path,
    names: [&'static str; N],
) -> Result<[PathBuf; N], DatasetError> {
    let unusable = |cause| DatasetError::Folder { path: folder.to_owned(), cause };
    if !fs::metadata(folder).map_err(unusable)?.is_dir() {
        return Err(unusable(io::ErrorKind::NotADirectory.into()));
    }
    let (mut paths, mut missing, mut obstacles) = (Vec::new(), Vec::new(), Vec::new());
    for name in names {
        match find_file(folder, name)? {
            Found::File(path) => paths.push(path),
            Found::Nothing => missing.push(name),
            Found::Obstacle(obstacle) => {
                missing.push(name);
                obstacles.push(obstacle);
            }
        }
    }
    paths.try_into().map_err(|_| {
        let obstacles = obstacles.into();
        DatasetError::Missing { folder: folder.to_owned(), missing, obstacles }
    })
}

/// A file that was looked for under all of its names.
pub(crate) enum Found {
    /// The file.
    File(PathBuf),
    /// No file, but something else under one of its names.
    Obstacle(Obstacle),
    /// None of its names.
    Nothing,
}

/// The first file among the [`spellings`] of `name`; or what else is there under the first of these names that is taken.
///
/// # Errors
/// If the folder may not be looked into, or a link in it cannot be followed.
pub(crate) fn find_file(folder: &Path, name: &str) -> Result<Found, DatasetError> {
    let mut found = Found::Nothing;
    for spelling in spellings(name) {
        let path = folder.join(&spelling);
        match Kind::of(&path) {
            Ok(None) => return Ok(Found::File(path)),
            // Some archives unpack each file into a folder of the same name: a file under another one will do.
            Ok(Some(kind)) => {
                if matches!(found, Found::Nothing) {
                    found = Found::Obstacle(Obstacle { name: spelling, kind });
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(cause) if path.is_symlink() => {
                return Err(DatasetError::File { path, fault: IdxFault::Io(cause) });
            }
            Err(cause) => return Err(DatasetError::Folder { path: folder.to_owned(), cause }),
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::MIRROR;

    fn folder_with(names: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for name in names {
            fs::write(folder.path().join(name), []).unwrap();
        }
        folder
    }

    fn found(folder: &Path) -> [String; 4] {
        let Files { train, test } = Files::find(folder).unwrap();
        [train.images, train.labels, test.images, test.labels].map(|path| {
            assert_eq!(path.parent(), Some(folder));
            path.file_name().unwrap().to_str().unwrap().to_owned()
        })
    }

    #[test]
    fn plain_gzipped_and_old_names_may_be_mixed() {
        let names = [
            "train-images-idx3-ubyte.gz",
            "train-labels.idx1-ubyte",
            "t10k-images.idx3-ubyte.gz",
            "t10k-labels-idx1-ubyte",
        ];
        assert_eq!(found(folder_with(&names).path()), names);
    }

    #[test]
    fn plain_comes_before_gzipped() {
        let gzipped = NAMES.map(|name| format!("{name}.gz"));
        let both = [NAMES, gzipped.each_ref().map(String::as_str)].concat();
        assert_eq!(found(folder_with(&both).path()), NAMES);

        // Also when only the gzipped file has the usual spelling.
        let folder = folder_with(&both);
        fs::rename(
            folder.path().join("train-images-idx3-ubyte"),
            folder.path().join("train-images.idx3-ubyte"),
        )
        .unwrap();
        assert_eq!(found(folder.path())[0], "train-images.idx3-ubyte");
    }

    #[test]
    fn missing_files_are_all_named() {
        let folder = folder_with(&["train-images-idx3-ubyte", "t10k-labels-idx1-ubyte.gz"]);
        let error = Files::find(folder.path()).unwrap_err();
        let message = error.to_string();
        assert!(
            matches!(&error, DatasetError::Missing { missing, .. }
                if *missing == ["train-labels-idx1-ubyte", "t10k-images-idx3-ubyte"]),
            "{message}"
        );
        assert!(message.contains(folder.path().to_str().unwrap()), "{message}");
        assert!(message.contains("train-labels-idx1-ubyte, t10k-images-idx3-ubyte"));
        assert!(message.contains(MIRROR) && !message.contains('\n'), "{message}");
    }

    #[test]
    fn what_is_no_file_is_called_what_it_is() {
        let folder = folder_with(&["train-labels-idx1-ubyte", "t10k-labels-idx1-ubyte"]);
        fs::create_dir(folder.path().join("train-images-idx3-ubyte")).unwrap();
        fs::create_dir(folder.path().join("t10k-images.idx3-ubyte.gz")).unwrap();
        let message = Files::find(folder.path()).unwrap_err().to_string();
        for part in [
            "lacks train-images-idx3-ubyte, t10k-images-idx3-ubyte (",
            "(train-images-idx3-ubyte is a folder, t10k-images.idx3-ubyte.gz is a folder)",
        ] {
            assert!(message.contains(part) && !message.contains('\n'), "no {part} in: {message}");
        }
        // Beside a file under another of its names, a folder does no harm.
        for name in ["train-images.idx3-ubyte", "t10k-images-idx3-ubyte.gz"] {
            fs::write(folder.path().join(name), []).unwrap();
        }
        assert_eq!(found(folder.path())[0], "train-images.idx3-ubyte");
        assert_eq!(found(folder.path())[2], "t10k-images-idx3-ubyte.gz");
    }

    #[cfg(unix)]
    #[test]
    fn links_lead_to_files_or_are_called_dangling() {
        use std::os::unix::fs::symlink;

        let files = folder_with(&NAMES);
        let folder = tempfile::tempdir().unwrap();
        let link = |name: &str| folder.path().join(name);
        for name in NAMES {
            symlink(files.path().join(name), link(name)).unwrap();
        }
        assert_eq!(found(folder.path()), NAMES);

        fs::remove_file(files.path().join("t10k-labels-idx1-ubyte")).unwrap();
        let error = Files::find(folder.path()).unwrap_err();
        assert!(
            matches!(&error, DatasetError::Missing { missing, obstacles, .. }
                if *missing == ["t10k-labels-idx1-ubyte"] && obstacles[0].kind == Kind::DanglingLink),
            "{error}"
        );
        assert!(
            error.to_string().contains("(t10k-labels-idx1-ubyte is a link to nothing)"),
            "{error}"
        );

        // A link in a circle is no missing file.
        fs::remove_file(link("t10k-labels-idx1-ubyte")).unwrap();
        symlink(link("t10k-labels-idx1-ubyte"), link("t10k-labels-idx1-ubyte")).unwrap();
        let error = Files::find(folder.path()).unwrap_err();
        assert!(
            matches!(&error, DatasetError::File { path, .. } if *path == link("t10k-labels-idx1-ubyte")),
            "{error}"
        );
    }

    #[test]
    fn a_folder_must_be_a_folder() {
        let folder = folder_with(&["file"]);
        for (name, kind) in
            [("absent", io::ErrorKind::NotFound), ("file", io::ErrorKind::NotADirectory)]
        {
            let path = folder.path().join(name);
            let error = Files::find(&path).unwrap_err();
            assert!(error.to_string().contains(path.to_str().unwrap()), "{error}");
            assert!(
                matches!(&error, DatasetError::Folder { cause, .. } if cause.kind() == kind),
                "{error}"
            );
        }
    }
}

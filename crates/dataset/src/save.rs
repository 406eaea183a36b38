//! Writing a data set: four plain IDX files in a folder.

use std::{fs, io, path::Path};

use tempfile::NamedTempFile;

use crate::{
    DatasetError, Mnist,
    files::{Files, spellings},
    idx, whole_file,
};

impl Mnist {
    /// Writes the four files that [`load`](Self::load) reads, plain, into `folder`, which is created if need be. What was
    /// loaded or drawn is loaded again unchanged.
    ///
    /// Files of the same names are replaced, and not before all four new ones are on disk: each is the old one or the new
    /// one at any time. All four are replaced or none is.
    ///
    /// # Errors
    /// If the folder or a file cannot be written, or the folder has a file in another spelling of its name (gzipped, or
    /// with a dot): there would be two versions of it.
    pub fn save(&self, folder: &Path) -> Result<(), DatasetError> {
        fs::create_dir_all(folder).map_err(failed(folder))?;
        check_room(folder)?;
        whole_file::sweep(folder, &Files::NAMES).map_err(failed(folder))?;

        let [train_images, train_labels, test_images, test_labels] = Files::NAMES;
        let mut complete = Vec::new();
        for (set, images, labels) in
            [(&self.train, train_images, train_labels), (&self.test, test_images, test_labels)]
        {
            let sizes = [set.len(), set.image_rows(), set.image_columns()];
            for (name, dimensions, elements) in
                [(images, &sizes[..], set.pixels()), (labels, &sizes[..1], set.labels())]
            {
                let file = write(folder, name, dimensions, elements);
                complete.push((name, file.map_err(failed(&folder.join(name)))?));
            }
        }
        move_all(folder, complete)?;
        whole_file::sync(folder).map_err(failed(folder))
    }
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> DatasetError {
    let path = path.to_owned();
    |cause| DatasetError::Write { path, cause }
}

/// Refuses a folder where something is in the way of a file, or would be taken for another version of it.
fn check_room(folder: &Path) -> Result<(), DatasetError> {
    for name in Files::NAMES {
        for spelling in spellings(name) {
            let path = folder.join(&spelling);
            let is_own = spelling == name;
            match path.metadata() {
                Ok(found) if found.is_file() && !is_own => {
                    return Err(DatasetError::Version { path, name });
                }
                Ok(found) if found.is_dir() && is_own => {
                    return Err(failed(&path)(io::ErrorKind::IsADirectory.into()));
                }
                // What cannot be looked at is not read either.
                _ => {}
            }
        }
    }
    Ok(())
}

/// A file under way to `name`, with everything in it.
fn write(
    folder: &Path,
    name: &str,
    dimensions: &[usize],
    elements: &[u8],
) -> io::Result<NamedTempFile> {
    let dimensions: Result<Vec<u32>, _> = dimensions.iter().map(|&d| u32::try_from(d)).collect();
    let dimensions = dimensions.map_err(|_| io::Error::other("too large for the IDX format"))?;
    whole_file::under_way(folder, name, &[&idx::header(&dimensions), elements])
}

/// Moves the files to their names in `folder`. When one cannot be moved, those before it are put back as they were.
fn move_all(folder: &Path, files: Vec<(&str, NamedTempFile)>) -> Result<(), DatasetError> {
    let mut moved = Vec::new();
    for (name, file) in files {
        let path = folder.join(name);
        let outcome = whole_file::second_name(folder, name)
            .and_then(|old| file.persist(&path).map(|_| old).map_err(|error| error.error));
        match outcome {
            Ok(old) => moved.push((path, old)),
            Err(cause) => {
                for (path, old) in moved {
                    // A failure here would be the second: the first is told.
                    let _ = match old {
                        Some(old) => old.persist(path).map_err(|error| error.error),
                        None => fs::remove_file(path),
                    };
                }
                return Err(failed(&path)(cause));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn when_one_file_cannot_be_moved_all_are_as_before() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        fs::write(folder.join("replaced"), "old").unwrap();
        let write = |name| whole_file::under_way(folder, name, &[b"new"]).unwrap();
        let files = || vec![("replaced", write("replaced")), ("added", write("added"))];
        // There is no folder to move the third file to.
        let mut too_many = files();
        too_many.push(("absent/file", write("file")));
        let message = move_all(folder, too_many).unwrap_err().to_string();
        assert!(message.contains("absent"), "{message}");
        let names = || fs::read_dir(folder).unwrap().count();
        assert_eq!(fs::read_to_string(folder.join("replaced")).unwrap(), "old");
        assert_eq!(names(), 1, "something was left behind");

        move_all(folder, files()).unwrap();
        for name in ["replaced", "added"] {
            assert_eq!(fs::read_to_string(folder.join(name)).unwrap(), "new");
        }
        assert_eq!(names(), 2, "something was left behind");
    }
}

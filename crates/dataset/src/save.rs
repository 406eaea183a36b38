//! Writing a data set: four plain IDX files in a folder.

use std::{fs, io, path::Path};

use whole_file::Prepared;

use crate::{
    DatasetError, Mnist, idx,
    names::{NAMES, spellings},
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
        whole_file::sweep_abandoned(folder, &NAMES).map_err(failed(folder))?;

        let [train_images, train_labels, test_images, test_labels] = NAMES;
        let mut complete = Vec::new();
        for (set, images, labels) in
            [(&self.train, train_images, train_labels), (&self.test, test_images, test_labels)]
        {
            let sizes = [set.len(), set.image_rows(), set.image_columns()];
            for (name, dimensions, elements) in
                [(images, &sizes[..], set.pixels()), (labels, &sizes[..1], set.labels())]
            {
                let file = write(folder, name, dimensions, elements);
                complete.push(file.map_err(failed(&folder.join(name)))?);
            }
        }
        whole_file::replace_all(folder, complete).map_err(|(path, cause)| failed(&path)(cause))
    }
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> DatasetError {
    let path = path.to_owned();
    |cause| DatasetError::Write { path, cause }
}

/// Refuses a folder where something is in the way of a file, or would be taken for another version of it.
fn check_room(folder: &Path) -> Result<(), DatasetError> {
    for name in NAMES {
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
                // A name that cannot be looked at is not read either.
                _ => {}
            }
        }
    }
    Ok(())
}

/// A file under way to `name`, with everything in it.
fn write(folder: &Path, name: &str, dimensions: &[usize], elements: &[u8]) -> io::Result<Prepared> {
    let dimensions: Result<Vec<u32>, _> = dimensions.iter().map(|&d| u32::try_from(d)).collect();
    let dimensions = dimensions.map_err(|_| io::Error::other("too large for the IDX format"))?;
    whole_file::prepare(&folder.join(name), |file| {
        file.write_all(&idx::header(&dimensions))?;
        file.write_all(elements)
    })
}

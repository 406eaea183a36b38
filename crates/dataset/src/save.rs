//! Writing a data set: four plain IDX files in a folder.

use std::{fs, io, path::Path};

use tempfile::NamedTempFile;

use crate::{DatasetError, Mnist, files::Files, idx, whole_file};

impl Mnist {
    /// Writes the four files that [`load`](Self::load) reads, plain, into `folder`, which is created if need be. What was
    /// loaded or drawn is loaded again unchanged.
    ///
    /// Files of the same names are replaced, and not before all four new ones are on disk: each is the old one or the new
    /// one at any time.
    ///
    /// # Errors
    /// If the folder or a file cannot be written.
    pub fn save(&self, folder: &Path) -> Result<(), DatasetError> {
        let failed = |path: &Path| {
            let path = path.to_owned();
            |cause| DatasetError::Write { path, cause }
        };
        fs::create_dir_all(folder).map_err(failed(folder))?;

        let [train_images, train_labels, test_images, test_labels] = Files::NAMES;
        let mut complete = Vec::new();
        for (set, images, labels) in
            [(&self.train, train_images, train_labels), (&self.test, test_images, test_labels)]
        {
            let sizes = [set.len(), set.image_rows(), set.image_columns()];
            for (name, dimensions, elements) in
                [(images, &sizes[..], set.pixels()), (labels, &sizes[..1], set.labels())]
            {
                let path = folder.join(name);
                let file = write(folder, name, dimensions, elements).map_err(failed(&path))?;
                complete.push((path, file));
            }
        }
        for (path, file) in complete {
            file.persist(&path).map_err(|error| failed(&path)(error.error))?;
        }
        whole_file::sync(folder).map_err(failed(folder))
    }
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

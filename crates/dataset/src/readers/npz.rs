//! Arrays of NumPy in a zip archive, as Keras and MedMNIST ship data sets, stored or deflated.
//!
//! | array | shape | elements |
//! |---|---|---|
//! | `x_train`, `x_test` (or `train_images`, `test_images`) | N×rows×columns, N×rows×columns×1 or N×pixels | uint8 |
//! | `y_train`, `y_test` (or `train_labels`, `test_labels`) | N or N×1 | integers of any size, the indices of classes |
//!
//! Arrays may be in the order of C or of Fortran. Pictures of N×pixels are square if their number of pixels is, and else have
//! one row. Other arrays of the archive are not looked at.

use std::{fs::File, io::BufReader, path::Path};

use zip::{CompressionMethod, ZipArchive};

use super::Reader;
use crate::{
    DatasetError, Images, Kind, Progress, Unit, Watch,
    labelled::{LabelList, Labelled, sides},
};

mod array;
mod fault;

use array::Array;
pub use fault::{ArrayFault, NpzFault};

/// The names of pictures and labels to train on, and of those to be tested on, as Keras has them and as MedMNIST has them.
const NAMES: [[[&str; 2]; 2]; 2] = [
    [["x_train", "y_train"], ["x_test", "y_test"]],
    [["train_images", "train_labels"], ["test_images", "test_labels"]],
];
/// Deflate's shortest code, 2 bits, stands for at most 258 bytes.
const LARGEST_EXPANSION: u64 = 4 * 258;

/// An archive of arrays.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Npz;

impl Reader for Npz {
    fn read(
        &self,
        path: &Path,
        watch: Watch<'_>,
    ) -> Result<(Labelled, Option<Labelled>), DatasetError> {
        let of = watched(path, 0, watch);
        let (train, test) = rayon::join(|| labelled(path, 0), || labelled(path, 1));
        let (train, test) = (train?, test?);
        watched(path, of, watch);
        Ok((train, Some(test)))
    }

    fn read_test(&self, path: &Path, watch: Watch<'_>) -> Result<Labelled, DatasetError> {
        let of = watched(path, 0, watch);
        let test = labelled(path, 1)?;
        watched(path, of, watch);
        Ok(test)
    }
}

/// Tells how much of a file is read, and says how long it is.
fn watched(path: &Path, done: u64, watch: Watch<'_>) -> u64 {
    let of = path.metadata().map_or(0, |metadata| metadata.len());
    watch(Progress { path, done, of, unit: Unit::Bytes });
    of
}

/// The pictures to train on (0) or to be tested on (1).
fn labelled(path: &Path, part: usize) -> Result<Labelled, DatasetError> {
    let failed = |fault| DatasetError::Npz { path: path.to_owned(), fault: Box::new(fault) };
    let mut archive = Archive::open(path).map_err(failed)?;
    let [images_name, labels_name] = archive.names(part).map_err(failed)?;
    let images = archive.array(&images_name, images).map_err(failed)?;
    let labels = archive.array(&labels_name, labels).map_err(failed)?;
    let [images_path, labels_path] = [images_name, labels_name].map(|name| path.join(name));
    Ok(Labelled { images, labels: LabelList::Indices(labels), images_path, labels_path })
}

/// An archive that was opened.
struct Archive {
    zip: ZipArchive<BufReader<File>>,
    /// Bytes of the file.
    length: u64,
}

impl Archive {
    fn open(path: &Path) -> Result<Self, NpzFault> {
        if let Some(kind) = Kind::of(path).map_err(NpzFault::Io)? {
            return Err(NpzFault::NoFile(kind));
        }
        let file = File::open(path).map_err(NpzFault::Io)?;
        let length = file.metadata().map_err(NpzFault::Io)?.len();
        Ok(Self { zip: ZipArchive::new(BufReader::new(file))?, length })
    }

    /// The names that the pictures and labels of a part have in this archive.
    fn names(&self, part: usize) -> Result<[String; 2], NpzFault> {
        let held: Vec<String> = self
            .zip
            .file_names()
            .filter_map(|name| name.ok()?.strip_suffix(".npy").map(str::to_owned))
            .collect();
        let find = |name: &str| held.iter().find(|held| held.eq_ignore_ascii_case(name)).cloned();
        let is_there =
            |names: &&[[&str; 2]; 2]| names.iter().flatten().any(|name| find(name).is_some());
        let names = NAMES.iter().find(is_there).unwrap_or(&NAMES[0])[part];
        match names.map(find) {
            [Some(images), Some(labels)] => Ok([images, labels]),
            found => {
                let missing = names.iter().zip(found).filter(|(_, found)| found.is_none());
                Err(NpzFault::Missing { missing: missing.map(|(name, _)| *name).collect(), held })
            }
        }
    }

    /// Reads the array of a name with `read`.
    fn array<T>(
        &mut self,
        name: &str,
        read: fn(Array) -> Result<T, ArrayFault>,
    ) -> Result<T, NpzFault> {
        let mut entry = self.zip.by_name(&format!("{name}.npy"))?;
        // What the archive says of its sizes is not believed: no more can come out of it than this.
        let packed = entry.compressed_size().min(self.length);
        let most = match entry.compression() {
            CompressionMethod::Stored => packed,
            _ => packed.saturating_mul(LARGEST_EXPANSION),
        };
        Array::read(&mut entry, most)
            .and_then(read)
            .map_err(|fault| NpzFault::Array { name: name.to_owned(), fault })
    }
}

/// Grey pictures.
fn images(array: Array) -> Result<Images, ArrayFault> {
    if array.kind != ('u', 1) {
        return Err(ArrayFault::Pixels { dtype: array.dtype });
    }
    let (rows, columns) = match array.shape[..] {
        [_, rows, columns] | [_, rows, columns, 1] => (rows, columns),
        [_, pixels] => sides(pixels),
        [_, _, _, 3 | 4] | [_, 3 | 4, _, _] => {
            return Err(ArrayFault::Colour { shape: array.shape });
        }
        _ => return Err(ArrayFault::PictureShape { shape: array.shape }),
    };
    Ok(Images::new(array.in_c_order(), rows, columns).expect("as many as the shape says"))
}

/// The indices of classes.
fn labels(array: Array) -> Result<Vec<u8>, ArrayFault> {
    if !matches!(array.kind, ('i' | 'u', 1 | 2 | 4 | 8)) {
        return Err(ArrayFault::Labels { dtype: array.dtype });
    }
    if !matches!(array.shape[..], [_] | [_, 1]) {
        return Err(ArrayFault::LabelShape { shape: array.shape });
    }
    let label = |(index, label): (usize, i128)| {
        u8::try_from(label).map_err(|_| ArrayFault::Label { index, label })
    };
    array.integers().enumerate().map(label).collect()
}

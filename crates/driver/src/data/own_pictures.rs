//! Pictures of the user's own: found in the files and folders that the command line names, and read as a network wants them.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use dataset::natural_order;
use rayon::prelude::*;
use thiserror::Error;

/// A file that may hold a picture.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Candidate {
    /// The file.
    pub(crate) path: PathBuf,
    /// Whether it was found in a folder, where other files may be, too.
    pub(crate) is_from_folder: bool,
}

/// The size and form of the pictures of a network.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    /// `[rows, columns]` of the network's pictures.
    pub(crate) size: [usize; 2],
    /// Whether pictures have that size and form already. If not, the ink is found, scaled and moved to the middle.
    #[cfg_attr(not(feature = "pictures"), expect(dead_code, reason = "no picture is read"))]
    pub(crate) as_is: bool,
}

/// Why there is no input for a network in a file.
#[derive(Debug, Error)]
pub(crate) enum Unusable {
    /// The folder cannot be looked into.
    #[error("cannot look into the folder: {0}")]
    Folder(io::Error),

    /// The program cannot read pictures.
    #[cfg(not(feature = "pictures"))]
    #[error("this program was built without picture files; build it with the feature pictures")]
    NotBuilt,

    /// It is no picture.
    #[cfg(feature = "pictures")]
    #[error(transparent)]
    Picture(#[from] dataset::PictureFault),

    /// Nothing is in the picture.
    #[cfg(feature = "pictures")]
    #[error(transparent)]
    Centre(#[from] dataset::CentreFault),

    /// The picture has another size than the network's.
    #[cfg(feature = "pictures")]
    #[error(
        "it has {} × {} pixels, and the network takes {} × {}; without --as-is its digit is found and scaled",
        found[0], found[1], wanted[0], wanted[1]
    )]
    Size {
        /// `[rows, columns]` of the picture.
        found: [usize; 2],
        /// Those that the network takes.
        wanted: [usize; 2],
    },
}

impl Unusable {
    /// Whether the file is something else than a picture: no fault in a folder.
    pub(crate) fn is_no_picture(&self) -> bool {
        #[cfg(feature = "pictures")]
        return matches!(self, Self::Picture(dataset::PictureFault::Format));
        #[cfg(not(feature = "pictures"))]
        return false;
    }
}

/// The files that `paths` name, and those in the folders that they name: in the order of their names, without hidden ones and
/// without those in folders further down. Behind them, the folders that cannot be looked into.
pub(crate) fn find(paths: &[PathBuf]) -> (Vec<Candidate>, Vec<(PathBuf, Unusable)>) {
    let (mut candidates, mut unusable) = (Vec::new(), Vec::new());
    for path in paths {
        if !path.is_dir() {
            candidates.push(Candidate { path: path.clone(), is_from_folder: false });
            continue;
        }
        match files_in(path) {
            Ok(files) => candidates
                .extend(files.into_iter().map(|path| Candidate { path, is_from_folder: true })),
            Err(cause) => unusable.push((path.clone(), Unusable::Folder(cause))),
        }
    }
    (candidates, unusable)
}

/// The files in a folder in the order in which people count: `2.png` before `10.png`.
fn files_in(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        if !entry.file_name().as_encoded_bytes().starts_with(b".") && !path.is_dir() {
            files.push(path);
        }
    }
    files.sort_by(|a, b| natural_order(&a.to_string_lossy(), &b.to_string_lossy()));
    Ok(files)
}

/// The inputs of a network in files, `rows × columns` bytes each. They are read in parallel.
pub(crate) fn read_all(candidates: &[Candidate], shape: Shape) -> Vec<Result<Vec<u8>, Unusable>> {
    candidates.par_iter().map(|candidate| read(&candidate.path, shape)).collect()
}

#[cfg(feature = "pictures")]
fn read(path: &Path, Shape { size, as_is }: Shape) -> Result<Vec<u8>, Unusable> {
    let picture = dataset::Picture::open(path)?;
    if !as_is {
        return Ok(dataset::centred(&picture, size[0], size[1])?);
    }
    match [picture.rows(), picture.columns()] {
        found if found == size => Ok(picture.into_pixels()),
        found => Err(Unusable::Size { found, wanted: size }),
    }
}

#[cfg(not(feature = "pictures"))]
fn read(_: &Path, _: Shape) -> Result<Vec<u8>, Unusable> {
    Err(Unusable::NotBuilt)
}

//! A folder with a folder of pictures for each class, whose name is that of the class.
//!
//! ```text
//! data/train/cat/1.png      data/cat/1.png
//! data/train/dog/2.png      data/dog/2.png
//! data/test/cat/3.png
//! ```
//!
//! Pictures to train on and to be tested on may be apart: `train` (or `training`) and `test` (or `testing`, or, where there is
//! none, `val`, `valid` or `validation`), in capitals or not. Pictures are PNG, JPEG, WebP or PGM files, become grey (0 is black, 255
//! is white) and keep the size that they have, which must be one for all. They come in the order of their names, as people count them, whatever their class.
//!
//! Hidden entries (their names begin with a dot) are passed over, and so are files beside the folders of classes, unless they look
//! like pictures. Links are followed.

use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::Reader;
#[cfg(feature = "pictures")]
use crate::Picture;
use crate::{
    DatasetError, Images, Progress, Unit, Watch,
    labelled::{LabelList, Labelled, MOST_PICTURE_CLASSES, Places},
    labels::{Label, Labels},
};

mod fault;
mod tree;

pub use fault::FolderFault;
pub(crate) use tree::has_folders_or_pictures;
use tree::{Part, Tree};

/// Pictures that are decoded before they are put together: at most so many, of so many bytes.
const AT_A_TIME: usize = 1024;
const BYTES_AT_A_TIME: usize = 1 << 26;

/// A folder of folders of pictures.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ClassFolders;

impl Reader for ClassFolders {
    fn read(
        &self,
        path: &Path,
        watch: Watch<'_>,
    ) -> Result<(Labelled, Option<Labelled>), DatasetError> {
        let tree = Tree::of(path)?;
        let train = tree.train()?;
        let test = tree.test()?;
        let of = train.files.len() + test.as_ref().map_or(0, |test| test.files.len());
        let mut done = 0;
        let mut bar = |more| {
            done += more;
            watch(Progress { path, done, of: of as u64, unit: Unit::Files });
        };
        let train = labelled(train, &mut bar)?;
        Ok((train, test.map(|test| labelled(test, &mut bar)).transpose()?))
    }

    fn read_test(&self, path: &Path, watch: Watch<'_>) -> Result<Labelled, DatasetError> {
        let tree = Tree::of(path)?;
        let part = match tree.test()? {
            Some(test) => test,
            None => tree.all()?,
        };
        let of = part.files.len() as u64;
        let mut done = 0;
        labelled(part, &mut |more| {
            done += more;
            watch(Progress { path, done, of, unit: Unit::Files });
        })
    }
}

/// Reads the pictures of a part, in rayon's current pool, and tells `bar` of more and more files.
fn labelled(part: Part, bar: &mut dyn FnMut(u64)) -> Result<Labelled, DatasetError> {
    let mut seen = Labels::default();
    for (number, (name, folder)) in part.classes.iter().enumerate() {
        let most = MOST_PICTURE_CLASSES;
        if seen.number(Label::exactly(name), number, most).is_none() {
            let classes = part.classes.len();
            return Err(FolderFault::Classes { classes, most }.at(folder));
        }
    }
    let path = |i: usize| -> PathBuf {
        let (name, class) = &part.files[i];
        part.classes[usize::from(*class)].1.join(name)
    };
    // The first tells the size; nothing is asked for before.
    let first = grey(&path(0))?;
    let (rows, columns) = (first.rows(), first.columns());
    let size = rows * columns;
    let mut pixels = Vec::new();
    let count = part.files.len();
    let room = count.checked_mul(size).filter(|&bytes| pixels.try_reserve_exact(bytes).is_ok());
    if room.is_none() {
        return Err(FolderFault::Memory { count, rows, columns }.at(&part.folder));
    }
    let read = |i: usize| {
        let picture = grey(&path(i))?;
        let found = (picture.rows(), picture.columns());
        if found != (rows, columns) {
            let (first, size) = (path(0), (rows, columns));
            return Err(FolderFault::Size { found, first, size }.at(&path(i)));
        }
        Ok(picture)
    };
    let at_a_time = (BYTES_AT_A_TIME / size).clamp(1, AT_A_TIME);
    for start in (0..count).step_by(at_a_time) {
        let numbers = start..count.min(start + at_a_time);
        let pictures: Vec<_> = numbers.clone().into_par_iter().map(read).collect();
        for picture in pictures {
            pixels.extend_from_slice(picture?.pixels());
        }
        bar(numbers.len() as u64);
    }
    let (numbers, folders) = (
        part.files.into_iter().map(|(_, class)| class).collect(),
        part.classes.into_iter().map(|(_, folder)| folder).collect(),
    );
    Ok(Labelled {
        images: Images::new(pixels, rows, columns).expect("pictures of one size"),
        labels: LabelList::Names { numbers, seen, places: Places::Folders(folders) },
        images_path: part.folder.clone(),
        labels_path: part.folder,
    })
}

/// The picture in a file.
#[cfg(feature = "pictures")]
fn grey(path: &Path) -> Result<Images, DatasetError> {
    let picture = Picture::open(path).map_err(|fault| FolderFault::Picture(fault).at(path))?;
    let (rows, columns) = (picture.rows(), picture.columns());
    Ok(Images::new(picture.into_pixels(), rows, columns).expect("a picture has pixels"))
}

/// Without the feature, this says so.
#[cfg(not(feature = "pictures"))]
fn grey(path: &Path) -> Result<Images, DatasetError> {
    Err(FolderFault::NoDecoder.at(path))
}

//! Which folders and files a folder of classes has.

use std::{
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
};

use super::fault::FolderFault;
use crate::{DatasetError, Kind, natural_order};

/// Names of the folder of pictures to train on, and of those to be tested on, the first to be looked for first.
const TRAIN: [&str; 2] = ["train", "training"];
const TEST: [&str; 5] = ["test", "testing", "val", "valid", "validation"];
/// Endings of pictures.
const PICTURES: [&str; 5] = ["png", "jpg", "jpeg", "webp", "pgm"];
/// Files that other systems leave in folders of pictures.
const LEFT_BEHIND: [&str; 2] = ["thumbs.db", "desktop.ini"];

/// Where the folders of classes are.
#[derive(Debug)]
pub(super) struct Tree {
    root: PathBuf,
    /// The folders of those to train on and to be tested on, where they are apart.
    train: Option<PathBuf>,
    test: Option<PathBuf>,
}

/// The classes and pictures of a part.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) folder: PathBuf,
    /// The names of classes and their folders, in the order of the names.
    pub(super) classes: Vec<(String, PathBuf)>,
    /// The pictures, each with the place of its class in `classes`; at least one.
    pub(super) files: Vec<(OsString, u8)>,
}

/// Whether a folder has folders or pictures in it that are not hidden.
pub(crate) fn has_folders_or_pictures(folder: &Path) -> bool {
    let is_either = |entry: &Entry| match entry.kind {
        None => looks_like_picture(Path::new(&entry.raw)),
        Some(kind) => kind == Kind::Folder,
    };
    entries(folder).is_ok_and(|entries| entries.iter().any(is_either))
}

/// Whether a folder has folders in it that are not hidden.
fn has_folders(folder: &Path) -> bool {
    entries(folder)
        .is_ok_and(|entries| entries.iter().any(|entry| entry.kind == Some(Kind::Folder)))
}

impl Tree {
    pub(super) fn of(root: &Path) -> Result<Self, DatasetError> {
        let entries = entries(root)?;
        let find = |names: &[&str]| {
            let folder = |name: &&str| {
                let mut folders = entries.iter().filter(|entry| entry.kind == Some(Kind::Folder));
                folders
                    .find(|entry| entry.name.eq_ignore_ascii_case(name))
                    .map(|e| root.join(&e.name))
            };
            // A class of that name has pictures in it, not folders.
            names.iter().filter_map(folder).find(|folder| has_folders(folder))
        };
        Ok(Self { root: root.to_owned(), train: find(&TRAIN), test: find(&TEST) })
    }

    /// The pictures to train on.
    pub(super) fn train(&self) -> Result<Part, DatasetError> {
        match (&self.train, &self.test) {
            (Some(train), _) => Part::of(train, true),
            (None, Some(_)) => Err(FolderFault::NoTraining.at(&self.root)),
            (None, None) => Part::of(&self.root, true),
        }
    }

    /// The pictures to be tested on, where they are apart.
    pub(super) fn test(&self) -> Result<Option<Part>, DatasetError> {
        self.test.as_deref().map(|test| Part::of(test, false)).transpose()
    }

    /// The pictures of a tree in which none are apart.
    pub(super) fn all(&self) -> Result<Part, DatasetError> {
        Part::of(self.train.as_ref().unwrap_or(&self.root), false)
    }
}

impl Part {
    /// The classes in `folder`. To train on, each must have a picture.
    fn of(folder: &Path, is_training: bool) -> Result<Self, DatasetError> {
        let (mut classes, mut files) = (Vec::new(), Vec::new());
        let mut entries = entries(folder)?;
        entries.sort_by(|a, b| natural_order(&a.name, &b.name));
        for entry in entries {
            let path = folder.join(&entry.raw);
            match entry.kind {
                Some(Kind::Folder) => {}
                Some(kind) => return Err(FolderFault::NoFile(kind).at(&path)),
                None if looks_like_picture(&path) => return Err(FolderFault::NoClass.at(&path)),
                None => continue,
            }
            if entry.raw.to_str().is_none() {
                return Err(FolderFault::Name.at(&path));
            }
            let of_class = pictures(&path)?;
            if of_class.is_empty() && is_training {
                return Err(FolderFault::Empty.at(&path));
            }
            if !of_class.is_empty() {
                // More classes are an error of whoever numbers them.
                let class = classes.len() as u8;
                classes.push((entry.name, path));
                files.extend(of_class.into_iter().map(|picture| (picture, class)));
            }
        }
        if files.is_empty() {
            return Err(FolderFault::NoPictures.at(folder));
        }
        files.sort_by_cached_key(|(picture, class)| (Natural(picture.name.clone()), *class));
        let files = files.into_iter().map(|(picture, class)| (picture.raw, class)).collect();
        Ok(Self { folder: folder.to_owned(), classes, files })
    }
}

/// A name, in the order in which people count.
#[derive(PartialEq, Eq)]
struct Natural(String);

impl Ord for Natural {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        natural_order(&self.0, &other.0)
    }
}

impl PartialOrd for Natural {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl FolderFault {
    /// The error that this is, of a file or folder.
    pub(super) fn at(self, path: &Path) -> DatasetError {
        DatasetError::Folders { path: path.to_owned(), fault: self }
    }
}

/// Something in a folder that is not hidden.
struct Entry {
    raw: OsString,
    /// The name, as far as it is text.
    name: String,
    /// The kind of thing that it is, or that it leads to; `None` if that is a file.
    kind: Option<Kind>,
}

/// The pictures in the folder of a class.
fn pictures(folder: &Path) -> Result<Vec<Entry>, DatasetError> {
    let mut pictures = entries(folder)?;
    pictures.retain(|entry| !LEFT_BEHIND.iter().any(|name| entry.name.eq_ignore_ascii_case(name)));
    match pictures.iter().find_map(|entry| Some((entry, entry.kind?))) {
        None => Ok(pictures),
        Some((entry, Kind::Folder)) => Err(FolderFault::InnerFolder.at(&folder.join(&entry.raw))),
        Some((entry, kind)) => Err(FolderFault::NoFile(kind).at(&folder.join(&entry.raw))),
    }
}

/// The entries of a folder that are not hidden.
fn entries(folder: &Path) -> Result<Vec<Entry>, DatasetError> {
    let failed = |cause: io::Error| FolderFault::Io(cause).at(folder);
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let raw = entry.file_name();
        let name = raw.to_string_lossy().into_owned();
        if name.starts_with('.') {
            continue;
        }
        // What the folder itself says spares a look at each file.
        let kind = match entry.file_type().map_err(failed)? {
            kind if kind.is_file() => None,
            kind if kind.is_dir() => Some(Kind::Folder),
            _ => {
                Kind::of(&entry.path()).map_err(|cause| FolderFault::Io(cause).at(&entry.path()))?
            }
        };
        entries.push(Entry { raw, name, kind });
    }
    Ok(entries)
}

fn looks_like_picture(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    PICTURES.iter().any(|picture| ending.eq_ignore_ascii_case(picture))
}

//! Which format examples come in, by what is there.

use std::{
    fs::File,
    io::{self, BufReader, Read},
    path::Path,
};

use flate2::bufread::MultiGzDecoder;

use crate::{
    DatasetError, Examples, PictureSet, TestSource, Watch, files, names,
    picture_set::seed,
    readers::{
        Reader,
        class_folders::{self, ClassFolders},
        csv::Csv,
        idx_files::IdxFiles,
        npz::Npz,
    },
};

/// Endings of files of features, before that of gzip.
const FEATURES: [&str; 3] = ["svm", "svmlight", "libsvm"];
/// The ending of a text of any kind, which is one of features where there is no file.
const TEXT: &str = "txt";
/// Endings of tables of pixels, before that of gzip.
const TABLES: [&str; 2] = ["csv", "tsv"];
/// Bytes of a file that tell what it is.
const HEAD: u64 = 1 << 12;

/// A format of examples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Four IDX files in a folder, as MNIST has them. A path may also name one of the files.
    Idx,
    /// Arrays of NumPy in a zip archive, as Keras ships data sets.
    Npz,
    /// A folder with a folder of pictures for each class.
    Folders,
    /// A table of pixels, text with a picture a line.
    Csv,
    /// Rows of sparse features, text: see [`svmlight`](crate::svmlight).
    Svmlight,
}

/// The facts that a reader of pictures is told.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked<'a> {
    /// The names of the classes. Unknown, they are what the training labels say.
    pub classes: Option<&'a [String]>,
    /// In a table, the name or the number (from 1) of the column of labels. Unknown, it is the one that the header calls `label`
    /// or `class`, or else the first.
    pub label_column: Option<&'a str>,
}

impl Format {
    /// The format of what `path` names: of a folder by what is in it, of a file by its name's ending or, where that says
    /// nothing, by its first bytes.
    ///
    /// Where nothing is there, or nothing that is known, it is the format whose reader has the error to tell.
    pub fn of(path: &Path) -> Self {
        if path.is_dir() {
            let is_idx = files::are_in(path) || !class_folders::has_folders_or_pictures(path);
            return if is_idx { Self::Idx } else { Self::Folders };
        }
        let unpacked =
            path.extension().filter(|ending| *ending == "gz").map(|_| path.with_extension(""));
        let name = unpacked.as_deref().unwrap_or(path);
        let ending = name.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        let is = |endings: &[&str]| endings.iter().any(|other| ending.eq_ignore_ascii_case(other));
        let is_idx = || name.file_name().and_then(|name| names::role(name.to_str()?)).is_some();
        if is(&["npz"]) {
            Self::Npz
        } else if is(&TABLES) {
            Self::Csv
        } else if is(&FEATURES) || is(&[TEXT]) && !path.exists() {
            Self::Svmlight
        } else if is_idx() || !path.exists() {
            Self::Idx
        } else {
            Self::of_bytes(&head(path).unwrap_or_default())
        }
    }

    /// The format of a file that begins with these bytes, unpacked.
    fn of_bytes(head: &[u8]) -> Self {
        if head.starts_with(b"PK\x03\x04") {
            return Self::Npz;
        }
        let line = head.split(|&b| b == b'\n').find(|line| !line.trim_ascii().is_empty());
        let line = line.unwrap_or_default();
        if line.contains(&b',') && !line.contains(&b':') { Self::Csv } else { Self::Svmlight }
    }

    /// Its name, in lower-case letters.
    pub fn name(self) -> &'static str {
        match self {
            Self::Idx => "idx",
            Self::Npz => "npz",
            Self::Folders => "folders",
            Self::Csv => "csv",
            Self::Svmlight => "svmlight",
        }
    }

    /// The format of a [name](Self::name).
    pub fn named(name: &str) -> Option<Self> {
        let all = [Self::Idx, Self::Npz, Self::Folders, Self::Csv, Self::Svmlight];
        all.into_iter().find(|format| format.name() == name)
    }

    /// Whether it has pictures to be tested on apart from the others: always, or never; `None` if that depends.
    fn has_test_set(self) -> Option<bool> {
        match self {
            Self::Idx | Self::Npz => Some(true),
            Self::Csv | Self::Svmlight => Some(false),
            Self::Folders => None,
        }
    }

    /// Hands over its reader of pictures, if it has one.
    fn with_reader<T>(
        self,
        path: &Path,
        asked: &Asked<'_>,
        read: impl FnOnce(&dyn Reader) -> Result<T, DatasetError>,
    ) -> Result<T, DatasetError> {
        match self {
            Self::Idx => read(&IdxFiles),
            Self::Npz => read(&Npz),
            Self::Folders => read(&ClassFolders),
            Self::Csv => read(&Csv { label_column: asked.label_column }),
            Self::Svmlight => Err(DatasetError::NoPictures { path: path.to_owned() }),
        }
    }
}

/// The first bytes of a file, unpacked.
fn head(path: &Path) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    // A pipe may have nobody who writes to it.
    if !path.metadata()?.is_file() {
        return Ok(head);
    }
    File::open(path)?.take(HEAD).read_to_end(&mut head)?;
    if head.starts_with(&[0x1f, 0x8b]) {
        head.clear();
        MultiGzDecoder::new(BufReader::new(File::open(path)?)).take(HEAD).read_to_end(&mut head)?;
    }
    Ok(head)
}

impl PictureSet {
    /// Reads pictures of any [`Format`] in `path`, in rayon's current pool. Where they come with a test set of their own, that
    /// is it, and else it is what `test` says. `watch` is told how far it is.
    ///
    /// # Errors
    /// If a file or folder cannot be read or is not what its format says, if pictures have different sizes, if training
    /// pictures have fewer than two classes, if a picture is of a class that is not `asked` for or none of the training set's,
    /// if no class has enough pictures to hold some out, or if a test file is named where there is a test set already.
    pub fn load(
        path: &Path,
        test: TestSource<'_>,
        asked: &Asked<'_>,
        watch: Watch<'_>,
    ) -> Result<Self, DatasetError> {
        let format = Format::of(path);
        let own = DatasetError::OwnTestSet { path: path.to_owned() };
        if matches!(test, TestSource::File(_)) && format.has_test_set() == Some(true) {
            return Err(own);
        }
        let (train, mut own_test) =
            format.with_reader(path, asked, |reader| reader.read(path, watch))?;
        if let TestSource::File(file) = test {
            if own_test.is_some() {
                return Err(own);
            }
            let read = |reader: &dyn Reader| reader.read_test(file, watch);
            own_test = Some(Format::of(file).with_reader(file, asked, read)?);
        }
        Self::of(train, own_test, seed(test), asked.classes)
    }

    /// Reads the test set in `path` alone: the pictures that a format has apart or, of one that has not, all or, with the seed
    /// of a [training](TestSource::HeldOut), those that were held out of it.
    ///
    /// # Errors
    /// As [`load`](Self::load), of these pictures and the `classes`.
    pub fn load_test(
        path: &Path,
        held_out: Option<u64>,
        asked: &Asked<'_>,
        classes: &[String],
        watch: Watch<'_>,
    ) -> Result<Examples, DatasetError> {
        let pictures =
            Format::of(path).with_reader(path, asked, |reader| reader.read_test(path, watch))?;
        Self::test_of(pictures, held_out, classes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_and_first_bytes_tell_the_format_of_a_file() {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes, expected) in [
            ("a.npz", &b""[..], Format::Npz),
            ("a.csv", b"", Format::Csv),
            ("a.CSV.gz", b"", Format::Csv),
            ("a.tsv", b"1 2:3", Format::Csv),
            ("a.svm", b"1,2,3", Format::Svmlight),
            ("a.txt.gz", b"", Format::Svmlight),
            ("a.txt", b"7,0,255", Format::Csv),
            ("x-train-images-idx3-ubyte.gz", b"", Format::Idx),
            ("keras", b"PK\x03\x04", Format::Npz),
            ("table", b"\n7,0,255\n", Format::Csv),
            ("a.data", b"+1 3:0.5,1", Format::Svmlight),
            ("picture.png", b"\x89PNG", Format::Svmlight),
        ] {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            assert_eq!(Format::of(&path), expected, "{name}");
        }
        assert_eq!(Format::of(&folder.path().join("nowhere")), Format::Idx);
        assert_eq!(Format::of(&folder.path().join("nowhere.csv")), Format::Csv);
        assert_eq!(Format::of(&folder.path().join("nowhere.txt")), Format::Svmlight);
    }
}

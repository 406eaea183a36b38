//! Downloads from mirrors on this machine, good and bad. No test asks another one.

mod mirrors;
mod refusals;
mod server;

use std::{
    fs,
    iter::repeat_n,
    path::Path,
    sync::{Arc, Barrier},
    thread,
    time::{Duration, SystemTime},
};

use dataset::{
    Checked, Mnist, Source, SourceFile, download,
    download::{DownloadError, Patience, Received},
};
use sha2::{Digest, Sha256};
use testing::Random;

use crate::writers::{DataSet, gzip};
use server::{Answer, Server};

/// The small data set, as if it were published.
struct Published {
    plain: [Vec<u8>; 4],
    packed: [Vec<u8>; 4],
    sha256: [String; 4],
    checked: Checked,
}

impl Published {
    /// With the checksums of the packed files or of what they unpack to.
    fn new(checked: Checked) -> Self {
        let DataSet { train_images, train_labels, test_images, test_labels } = DataSet::small();
        let plain = [train_images, train_labels, test_images, test_labels];
        let packed = plain.each_ref().map(|bytes| gzip(bytes));
        let sha256 = if checked == Checked::Packed { &packed } else { &plain }.each_ref().map(sum);
        Self { plain, packed, sha256, checked }
    }

    fn at<'a>(&'a self, mirrors: &'a [&'a str]) -> Source<'a> {
        let files = std::array::from_fn(|i| SourceFile {
            name: NAMES[i],
            length: self.plain[i].len() as u64,
            sha256: &self.sha256[i],
        });
        Source { name: "Small", mirrors, checked: self.checked, files, ..Source::MNIST }
    }

    /// The right answers of a mirror.
    fn answer(&self, path: &str) -> Answer {
        match NAMES.iter().position(|name| path == format!("/small/{name}.gz")) {
            Some(i) => Answer::File(self.packed[i].clone()),
            None => Answer::Status(404),
        }
    }

    /// A mirror as it should be.
    fn mirror() -> Server {
        let published = Self::new(Checked::Unpacked);
        Server::start("small/", move |path| published.answer(path))
    }
}

const NAMES: [&str; 4] = [
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
];

fn sum(bytes: &Vec<u8>) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Downloads with the usual patience; whatever comes of it, no file that is not in its place is left in `folder`.
fn fetch(source: &Source<'_>, folder: &Path) -> Result<(), DownloadError> {
    let outcome = download(source, folder, &Patience::default(), &mut |_| ());
    for name in names_in(folder) {
        assert!(!name.ends_with(".partial"), "{name}");
    }
    outcome
}

fn names_in(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn files_are_kept_as_they_were_sent() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("cache/small");
    for checked in [Checked::Unpacked, Checked::Packed] {
        let (published, mirror) = (Published::new(checked), Published::mirror());
        fetch(&published.at(&[mirror.url()]), &folder).unwrap();
        assert_eq!(names_in(&folder).len(), 4);
        for (name, packed) in NAMES.iter().zip(&published.packed) {
            let path = folder.join(format!("{name}.gz"));
            assert!(fs::read(&path).unwrap() == *packed, "{name}");
            assert_usual_permissions(&path);
        }
        let Mnist { train, test, classes } = Mnist::load(&folder).unwrap();
        assert_eq!((train.len(), test.len(), classes), (5, 3, 4));
        fs::remove_dir_all(&folder).unwrap();
    }
}

/// That a file may be read by whoever may read any other file written here.
fn assert_usual_permissions(path: &Path) {
    let usual = tempfile::tempdir().unwrap();
    let usual = usual.path().join("usual");
    fs::write(&usual, "").unwrap();
    let permissions = |path: &Path| fs::metadata(path).unwrap().permissions();
    assert_eq!(permissions(path), permissions(&usual));
}

#[test]
fn progress_is_told_from_the_request_to_the_last_byte() {
    let folder = tempfile::tempdir().unwrap();
    // More bytes, packed, than are sent in one piece, and more than an HTTP client takes unasked, 10 MiB.
    let pixels = Random(1).bytes(11_000_000);
    let mut published = Published::new(Checked::Unpacked);
    published.plain[0] = pixels.into_iter().chain(repeat_n(0, 100_000)).collect();
    published.packed[0] = gzip(&published.plain[0]);
    assert!(published.packed[0].len() > 10 << 20);
    published.sha256[0] = sum(&published.plain[0]);
    let lengths = published.packed.each_ref().map(|bytes| bytes.len() as u64);

    let packed = published.packed.clone();
    let mirror = Server::start("", move |path| {
        let i = NAMES.iter().position(|name| path.contains(name)).unwrap();
        Answer::File(packed[i].clone())
    });
    let mut told = Vec::new();
    let progress = &mut |received: Received<'_>| {
        assert_eq!(received.mirror, mirror.url());
        told.push((received.file.to_owned(), received.bytes, received.of));
    };
    let mirrors = [mirror.url()];
    download(&published.at(&mirrors), folder.path(), &Patience::default(), progress).unwrap();

    for (name, length) in NAMES.iter().zip(lengths) {
        let of_file: Vec<_> = told.iter().filter(|(file, ..)| file == name).collect();
        assert_eq!((of_file[0].1, of_file[0].2), (0, None), "{told:?}");
        assert_eq!((of_file.last().unwrap().1, of_file[1].2), (length, Some(length)), "{told:?}");
        assert!(of_file.is_sorted_by(|a, b| a.1 < b.1), "{told:?}");
    }
    assert_eq!(
        told.iter().filter(|(file, ..)| file == NAMES[0]).count() as u64,
        1 + lengths[0].div_ceil(64 << 10)
    );
}

#[test]
fn two_at_once_do_not_disturb_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let published = Published::new(Checked::Unpacked);
    // Nobody gets the last file before both have asked for it: both write all four.
    let both = Arc::new(Barrier::new(2));
    let mirror = Server::start("small/", move |path| {
        if path.contains(NAMES[0]) || path.contains(NAMES[3]) {
            both.wait();
        }
        Published::new(Checked::Unpacked).answer(path)
    });
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let mirrors = [mirror.url()];
                let source = published.at(&mirrors);
                download(&source, folder.path(), &Patience::default(), &mut |_| ()).unwrap();
                Mnist::load(folder.path()).unwrap();
            });
        }
    });
    assert_eq!(names_in(folder.path()).len(), 4);
}

#[test]
fn what_an_interrupted_one_left_is_removed_when_it_is_old() {
    let folder = tempfile::tempdir().unwrap();
    let partial = |name: &str, age: u64| {
        let path = folder.path().join(name);
        fs::write(&path, "half a file").unwrap();
        let time = SystemTime::now() - Duration::from_secs(age);
        fs::File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
        path
    };
    let old = partial("train-images-idx3-ubyteA1b2C3.partial", 3700);
    let fresh = partial("train-images-idx3-ubyteD4e5F6.partial", 60);
    let (published, mirror) = (Published::new(Checked::Unpacked), Published::mirror());
    let mirrors = [mirror.url()];
    download(&published.at(&mirrors), folder.path(), &Patience::default(), &mut |_| ()).unwrap();
    Mnist::load(folder.path()).unwrap();
    assert!(!old.exists(), "an old one is still there");
    // Another process may be about to move it to its place.
    assert!(fresh.exists(), "somebody's work is gone");
}

#[test]
fn a_folder_that_cannot_be_written_is_an_error_before_anything_is_asked_for() {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("file"), "").unwrap();
    let folder = root.path().join("file/small");
    let (published, mirror) = (Published::new(Checked::Unpacked), Published::mirror());
    let error = fetch(&published.at(&[mirror.url()]), &folder).unwrap_err();
    assert!(matches!(&error, DownloadError::Write { folder: f, .. } if *f == folder), "{error}");
    let message = error.to_string();
    assert!(message.contains(folder.to_str().unwrap()) && !message.contains('\n'), "{message}");
    assert!(mirror.asked().is_empty());
}

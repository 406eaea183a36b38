//! The data sets that are published: where they are kept, where they can be had, and what their files must be.

use std::path::PathBuf;

use crate::names::NAMES;

/// The folder on the net where MNIST's files can be had, gzipped.
pub(crate) const MIRROR: &str = Source::MNIST.mirrors[0];

/// A published data set in MNIST's form.
///
/// Another mirror is a source of its own:
///
/// ```
/// use dataset::Source;
///
/// let nearby = Source { mirrors: &["http://files.example.org/mnist/"], ..Source::MNIST };
/// # assert_eq!(nearby.files.len(), 4);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// Its name, for messages.
    pub name: &'static str,
    /// The environment variable that may name its folder.
    pub variable: Option<&'static str>,
    /// Its folder in the user's cache folder.
    pub folder: &'static str,
    /// Where its files lie, gzipped, under their names with `.gz`: URLs of folders, the first to be asked first.
    pub mirrors: &'a [&'a str],
    /// Which bytes the checksums are of.
    pub checked: Checked,
    /// Training images and labels, test images and labels.
    pub files: [SourceFile<'a>; 4],
    /// [`Examples::sha256`](crate::Examples::sha256) of the training and of the test examples; `None` if it is not known.
    pub examples: Option<[&'a str; 2]>,
}

/// A file of a [`Source`].
#[derive(Clone, Copy, Debug)]
pub struct SourceFile<'a> {
    /// Its name, without `.gz`.
    pub name: &'static str,
    /// Its length in bytes, unpacked.
    pub length: u64,
    /// Its SHA-256 in lower-case hexadecimal digits.
    pub sha256: &'a str,
}

/// Which bytes a checksum is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checked {
    /// Those that a mirror sends: every mirror must have packed them alike.
    Packed,
    /// Those that they unpack to.
    Unpacked,
}

impl Source<'static> {
    /// Handwritten digits (LeCun, Cortes, Burges). The site they were published on is gone; the mirrors are those of
    /// TensorFlow and of PyTorch.
    pub const MNIST: Self = Self {
        name: "MNIST",
        variable: Some("MNIST_DIR"),
        folder: "mnist",
        mirrors: &[
            "https://storage.googleapis.com/cvdf-datasets/mnist/",
            "https://ossci-datasets.s3.amazonaws.com/mnist/",
        ],
        checked: Checked::Unpacked,
        files: files([
            "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
            "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        ]),
        examples: Some([
            "c5097fdd51cfdbe7695fd9df3612695696864b5c424f58d843ffdc5d335e9914",
            "18489308deedfe2f7bd3a11e599a597126f161d991b1ffcffb71642aa76f7f62",
        ]),
    };

    /// Articles of clothing in MNIST's form (Zalando Research). The mirrors are Keras's and the authors' own; that one has no
    /// HTTPS, for which the checksums make up. In common use are only those of the files as they are sent.
    pub const FASHION_MNIST: Self = Self {
        name: "Fashion-MNIST",
        variable: None,
        folder: "fashion-mnist",
        mirrors: &[
            "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
            "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
        ],
        checked: Checked::Packed,
        files: files([
            "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
            "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
            "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
            "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
        ]),
        examples: None,
    };
}

/// Fashion-MNIST's classes, in the order of their labels.
const FASHION_CLASSES: [&str; 10] = [
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
];

impl Source<'_> {
    /// The names of its classes, in the order of their labels; `None` if the labels are all the names they have.
    pub fn class_names(&self) -> Option<&'static [&'static str]> {
        (self.name == Source::FASHION_MNIST.name).then_some(&FASHION_CLASSES)
    }

    /// Where its files are kept for this user (on Linux in `$XDG_CACHE_HOME` or `~/.cache`, on macOS in `~/Library/Caches`);
    /// `None` if the user has no such folder.
    pub fn cache(&self) -> Option<PathBuf> {
        dirs::cache_dir().map(|folder| folder.join(self.folder))
    }
}

/// 60,000 images of 28×28 pixels, their labels, and 10,000 of both: each with its header.
const fn files(sha256: [&'static str; 4]) -> [SourceFile<'static>; 4] {
    let [train_images, train_labels, test_images, test_labels] = NAMES;
    [
        SourceFile { name: train_images, length: 47_040_016, sha256: sha256[0] },
        SourceFile { name: train_labels, length: 60_008, sha256: sha256[1] },
        SourceFile { name: test_images, length: 7_840_016, sha256: sha256[2] },
        SourceFile { name: test_labels, length: 10_008, sha256: sha256[3] },
    ]
}

//! The names of the four files of a data set.

/// Training images and labels, test images and labels.
pub(crate) const NAMES: [&str; 4] = [
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
];
/// Test images and labels.
pub(crate) const TEST_NAMES: [&str; 2] = [NAMES[2], NAMES[3]];

/// The names that the file `name` is known by: its own, its old spelling with a dot (`train-images.idx3-ubyte`), and the
/// same two gzipped.
pub(crate) fn spellings(name: &str) -> [String; 4] {
    let dotted = name.replace("-idx", ".idx");
    let gzipped = |name: &str| format!("{name}.gz");
    let [plain_gz, dotted_gz] = [gzipped(name), gzipped(&dotted)];
    [name.to_owned(), dotted, plain_gz, dotted_gz]
}

/// The part that a file has in a data set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    TrainImages,
    TrainLabels,
    TestImages,
    TestLabels,
}

impl Role {
    pub(crate) const ALL: [Self; 4] =
        [Self::TrainImages, Self::TrainLabels, Self::TestImages, Self::TestLabels];

    /// The part of a file's name that tells its role.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::TrainImages => "train-images",
            Self::TrainLabels => "train-labels",
            Self::TestImages => "test-images",
            Self::TestLabels => "test-labels",
        }
    }
}

/// The name of the data set and the role that the name of a file tells: `emnist-letters` and the test images, for
/// `emnist-letters-test-images-idx3-ubyte.gz`; nothing and the same, for MNIST's `t10k-images-idx3-ubyte`.
pub(crate) fn role(name: &str) -> Option<(&str, Role)> {
    let of_mnist = [("t10k-images", Role::TestImages), ("t10k-labels", Role::TestLabels)];
    let words = Role::ALL.iter().map(|&role| (role.word(), role)).chain(of_mnist);
    let found = |(word, role)| name.split_once(word).map(|(set, _)| (set, role));
    let (set, role) = words.filter_map(found).next()?;
    let is_hidden = name.starts_with('.');
    (!is_hidden).then(|| (set.trim_end_matches(['-', '_', '.']), role))
}

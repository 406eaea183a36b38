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

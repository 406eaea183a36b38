//! Four IDX files under other names than MNIST's, alone and among others.

use std::{fs, path::Path};

use dataset::{Asked, DatasetError, Format, Mnist, PictureSet, TestSource};

use crate::{
    pictures::{load, load_test, message},
    writers::{DataSet, gzip},
};

const EMNIST: [&str; 4] = [
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "test-images-idx3-ubyte",
    "test-labels-idx1-ubyte",
];

/// The small data set, its names led by `set` and followed by `.gz` where asked for. Its first training label is `label`.
fn write(folder: &Path, set: &str, label: u8, packed: bool) {
    let mut small = DataSet::small();
    small.train_labels[8] = label;
    let files = [&small.train_images, &small.train_labels, &small.test_images, &small.test_labels];
    for (name, bytes) in EMNIST.iter().zip(files) {
        if packed {
            fs::write(folder.join(format!("{set}{name}.gz")), gzip(bytes)).unwrap();
        } else {
            fs::write(folder.join(format!("{set}{name}")), bytes).unwrap();
        }
    }
}

#[test]
fn the_only_data_set_of_a_folder_is_found() {
    for set in ["emnist-letters-", "x_", ""] {
        for packed in [false, true] {
            let folder = tempfile::tempdir().unwrap();
            write(folder.path(), set, 3, packed);
            fs::write(folder.path().join("emnist-letters-mapping.txt"), "0 48").unwrap();
            assert_eq!(Format::of(folder.path()), Format::Idx);
            let set = load(folder.path()).unwrap();
            assert_eq!(
                (set.train.labels(), set.test.labels()),
                (&[3, 0, 2, 1, 3][..], &[1, 3, 0][..])
            );
            assert_eq!(set.classes, ["0", "1", "2", "3"]);
            assert_eq!(Mnist::load(folder.path()).unwrap().train, set.train);
            assert_eq!(load_test(folder.path(), &["a", "b", "c", "d"]).unwrap(), set.test);
        }
    }
}

#[test]
fn one_of_several_is_chosen_by_a_file() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "emnist-letters-", 0, true);
    write(folder.path(), "emnist-digits-", 1, false);
    write(folder.path(), "emnist-digits-", 9, true);
    let error = load(folder.path()).unwrap_err();
    assert!(matches!(error, DatasetError::SeveralSets { .. }), "{error}");
    let digits = format!("emnist-digits-{}", EMNIST[0]);
    let letters = format!("emnist-letters-{}.gz", EMNIST[0]);
    message(&error, &["several data sets", &format!("{digits}, {letters}")]);
    let error = load_test(folder.path(), &["a"]).unwrap_err();
    message(&error, &["several data sets", &format!("emnist-digits-{}", EMNIST[2])]);

    // A plain file comes before one that is gzipped.
    for (file, label) in [(&digits, 1), (&letters, 0), (&format!("emnist-digits-{}", EMNIST[3]), 1)]
    {
        let path = folder.path().join(file);
        assert_eq!(Format::of(&path), Format::Idx);
        assert_eq!(load(&path).unwrap().train.label(0), label, "{file}");
    }
    // The file that chooses need not be there, if it is not read.
    fs::remove_file(folder.path().join(&letters)).unwrap();
    let chosen = folder.path().join(&letters);
    assert_eq!(load_test(&chosen, &["a", "b", "c", "d"]).unwrap().labels(), [1, 3, 0]);
    message(&load(&chosen).unwrap_err(), &["lacks emnist-letters-train-images"]);
    message(
        &load(&folder.path().join("other-train-images")).unwrap_err(),
        &["lacks other-train-images, other-train-labels, other-test"],
    );
    // What is left is one whole data set.
    assert_eq!(load(folder.path()).unwrap().train.label(0), 1);
    // MNIST's own names come before all others.
    DataSet::small().write_to(folder.path());
    write(folder.path(), "emnist-letters-", 0, true);
    assert_eq!(load(folder.path()).unwrap().train.label(0), 3);
}

#[test]
fn a_folder_of_neither_lacks_files() {
    let folder = tempfile::tempdir().unwrap();
    message(&load(folder.path()).unwrap_err(), &["lacks train-images-idx3-ubyte", "t10k-labels"]);
    fs::write(folder.path().join("x-train-images-idx3-ubyte"), []).unwrap();
    message(
        &load(folder.path()).unwrap_err(),
        &["lacks x-train-labels, x-test-images, x-test-labels"],
    );
    let known = ["a".to_owned(), "b".to_owned()];
    let asked = Asked { classes: Some(&known), ..Asked::default() };
    write(folder.path(), "x-", 0, false);
    let error =
        PictureSet::load(folder.path(), TestSource::HeldOut(0), &asked, &mut |_| ()).unwrap_err();
    message(&error, &["x-train-labels", "image 2 has label 2", "2 classes asked for"]);
}

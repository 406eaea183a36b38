//! The four files of a data set together.

use std::{fs, path::Path};

use dataset::{DatasetError, ExamplesError, Mnist, Source, idx::IdxFault};
use kernels::Targets;
use testing::idx;

use crate::writers::{DataSet, gzip};

fn load(files: &DataSet) -> Result<Mnist, DatasetError> {
    let folder = tempfile::tempdir().unwrap();
    files.write_to(folder.path());
    Mnist::load(folder.path())
}

/// Loads the small data set with one change, which is an error whose message is one line and names the files concerned.
fn refused(change: impl FnOnce(&mut DataSet), concerned: &[&str]) -> DatasetError {
    let mut files = DataSet::small();
    change(&mut files);
    let error = load(&files).expect_err("bad files");
    let message = error.to_string();
    assert!(!message.contains('\n'), "{message}");
    for name in concerned {
        assert!(message.contains(name), "no {name} in: {message}");
    }
    error
}

fn assert_is_the_small_one(mnist: &Mnist) {
    assert_eq!(mnist.classes, 4);
    assert_eq!(mnist.train.labels(), [3, 0, 2, 1, 3]);
    assert_eq!(mnist.train.image(1), [6, 7, 8, 9, 10, 11]);
    assert_eq!(mnist.test.labels(), [1, 3, 0]);
    assert_eq!(mnist.test.image(2), [112, 113, 114, 115, 116, 117]);
    for examples in [&mnist.train, &mnist.test] {
        assert_eq!((examples.image_rows(), examples.image_columns()), (2, 3));
    }
}

#[test]
fn four_files_make_a_data_set() {
    assert_is_the_small_one(&load(&DataSet::small()).unwrap());
}

#[test]
fn each_file_may_be_gzipped_under_either_name() {
    let small = DataSet::small();
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
    write("train-images-idx3-ubyte.gz", &gzip(&small.train_images));
    write("train-labels.idx1-ubyte", &small.train_labels);
    // The bytes tell, whatever the name says.
    write("t10k-images-idx3-ubyte", &gzip(&small.test_images));
    write("t10k-labels-idx1-ubyte.gz", &small.test_labels);
    assert_is_the_small_one(&Mnist::load(folder.path()).unwrap());
}

#[test]
fn a_plain_file_is_read_rather_than_its_gzipped_twin() {
    let folder = tempfile::tempdir().unwrap();
    DataSet::small().write_to(folder.path());
    fs::write(folder.path().join("train-labels-idx1-ubyte.gz"), b"not looked at").unwrap();
    assert_is_the_small_one(&Mnist::load(folder.path()).unwrap());
}

#[test]
fn a_missing_file_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    DataSet::small().write_to(folder.path());
    fs::remove_file(folder.path().join("t10k-labels-idx1-ubyte")).unwrap();
    let error = Mnist::load(folder.path()).unwrap_err();
    assert!(
        matches!(&error, DatasetError::Missing { missing, .. } if *missing == ["t10k-labels-idx1-ubyte"]),
        "{error}"
    );
    let error = Mnist::load(Path::new("no such folder")).unwrap_err();
    assert!(matches!(error, DatasetError::Folder { .. }), "{error}");
}

#[test]
fn the_damaged_one_of_four_files_is_named() {
    type Choose = fn(&mut DataSet) -> &mut Vec<u8>;
    let files: [(Choose, &str); 4] = [
        (|set| &mut set.train_images, "train-images-idx3-ubyte"),
        (|set| &mut set.train_labels, "train-labels-idx1-ubyte"),
        (|set| &mut set.test_images, "t10k-images-idx3-ubyte"),
        (|set| &mut set.test_labels, "t10k-labels-idx1-ubyte"),
    ];
    for (choose, name) in files {
        let error = refused(|set| _ = choose(set).pop(), &[name]);
        assert!(
            matches!(&error, DatasetError::File { path, fault: IdxFault::Truncated { .. } } if path.ends_with(name)),
            "{name}: {error}"
        );
        let error = refused(|set| choose(set).push(0), &[name]);
        assert!(
            matches!(&error, DatasetError::File { path, fault: IdxFault::TrailingBytes { .. } } if path.ends_with(name)),
            "{name}: {error}"
        );
    }
}

#[test]
fn images_and_labels_must_be_as_many() {
    let train = ["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "5", "4"];
    let error = refused(|set| set.train_labels = idx(&[4], &[3, 0, 2, 1]), &train);
    assert!(
        matches!(&error, DatasetError::Pair { fault, .. } if *fault == ExamplesError::Counts { images: 5, labels: 4 }),
        "{error}"
    );
    let test = ["t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte", "3", "4"];
    let error = refused(|set| set.test_labels = idx(&[4], &[3, 0, 2, 1]), &test);
    assert!(matches!(error, DatasetError::Pair { .. }), "{error}");
}

#[test]
fn test_images_must_have_the_training_images_size() {
    // 3×2 has as many pixels as 2×3, and still another shape.
    for (rows, columns) in [(3, 2), (2, 4), (1, 3)] {
        let pixels = vec![0; 3 * rows * columns];
        let file = idx(&[3, rows as u32, columns as u32], &pixels);
        let error = refused(|set| set.test_images = file, &["t10k-images-idx3-ubyte"]);
        assert!(
            matches!(error, DatasetError::ImageSize { test, train: (2, 3), .. } if test == (rows, columns)),
            "{error}"
        );
    }
}

#[test]
fn a_test_label_must_be_a_class_of_the_training_labels() {
    let error = refused(
        |set| set.test_labels = idx(&[3], &[1, 3, 4]),
        &["t10k-labels-idx1-ubyte", "label 4", "index 2", "4 classes"],
    );
    assert!(matches!(error, DatasetError::Label { index: 2, label: 4, classes: 4, .. }), "{error}");
}

#[test]
fn the_largest_training_label_gives_the_number_of_classes() {
    for (largest, classes) in [(0, 2), (1, 2), (2, 3), (9, 10), (255, 256)] {
        let mut files = DataSet::small();
        files.train_labels = idx(&[5], &[0, 0, largest, 0, 0]);
        files.test_labels = idx(&[3], &[0, largest, 1]);
        let mnist = load(&files).unwrap();
        assert_eq!(mnist.classes, classes, "largest label {largest}");
    }
    // However late it comes.
    let mut files = DataSet::small();
    let mut labels = vec![0; 70_000];
    labels[69_999] = 7;
    files.train_images = idx(&[70_000, 1, 1], &labels);
    files.train_labels = idx(&[70_000], &labels);
    files.test_images = idx(&[3, 1, 1], &[0; 3]);
    assert_eq!(load(&files).unwrap().classes, 8);
}

#[test]
fn the_number_of_classes_may_be_given() {
    let folder = tempfile::tempdir().unwrap();
    DataSet::small().write_to(folder.path());
    for classes in [4, 5, 256] {
        let mnist = Mnist::load_with_classes(folder.path(), classes).unwrap();
        assert_eq!(mnist.classes, classes);
        assert_eq!(mnist.train.labels(), [3, 0, 2, 1, 3]);
    }
    let refused = |classes, name: &str| {
        let error = Mnist::load_with_classes(folder.path(), classes).unwrap_err();
        let message = error.to_string();
        assert!(message.contains(name) && !message.contains('\n'), "{message}");
        error
    };
    let error = refused(3, "train-labels-idx1-ubyte: image 0 has label 3");
    assert!(
        matches!(error, DatasetError::NoClass { index: 0, label: 3, classes: 3, .. }),
        "{error}"
    );
    assert!(error.to_string().contains("at least 4 classes"), "{error}");
    refused(0, "train-labels-idx1-ubyte: image 0 has label 3");

    // A test label may be one that no training label names, as long as it is a class.
    let mut files = DataSet::small();
    files.test_labels = idx(&[3], &[1, 3, 6]);
    files.write_to(folder.path());
    assert_eq!(Mnist::load_with_classes(folder.path(), 7).unwrap().test.label(2), 6);
    let error = refused(6, "t10k-labels-idx1-ubyte: image 2 has label 6");
    assert!(
        matches!(error, DatasetError::NoClass { index: 2, label: 6, classes: 6, .. }),
        "{error}"
    );
}

// MNIST itself is not here. Drawn digits of its number and size take its place: what is lost in files of many megabytes, or
// behind the first so many images, is missed.
#[test]
fn a_data_set_as_large_as_mnist_is_read_whole() {
    let drawn = Mnist::digits(1);
    let folder = tempfile::tempdir().unwrap();
    let count = |set: &dataset::Examples| set.len() as u32;
    let files = [
        idx(&[count(&drawn.train), 28, 28], drawn.train.pixels()),
        idx(&[count(&drawn.train)], drawn.train.labels()),
        idx(&[count(&drawn.test), 28, 28], drawn.test.pixels()),
        idx(&[count(&drawn.test)], drawn.test.labels()),
    ];
    for (published, bytes) in Source::MNIST.files.iter().zip(&files) {
        assert_eq!(published.length, bytes.len() as u64, "{}", published.name);
        fs::write(folder.path().join(published.name), bytes).unwrap();
    }
    let assert_is_whole = || {
        let Mnist { train, test, classes } = Mnist::load(folder.path()).unwrap();
        assert_eq!(classes, 10);
        assert!(train == drawn.train && test == drawn.test, "it is not what was written");
        for (set, drawn) in [(&train, &drawn.train), (&test, &drawn.test)] {
            assert!(set.rows().as_bytes() == Some(drawn.pixels()) && set.rows().columns() == 784);
            let Targets::Classes(labels) = set.targets() else { panic!("not classes") };
            assert_eq!(labels, drawn.labels());
            for i in [0, 1, set.len() / 2, set.len() - 1] {
                assert_eq!(set.image(i), &drawn.pixels()[i * 784..][..784], "image {i}");
            }
        }
    };
    assert_is_whole();
    for (published, bytes) in Source::MNIST.files.iter().zip(&files) {
        fs::remove_file(folder.path().join(published.name)).unwrap();
        let packed = gzip(bytes);
        // As many bytes as MNIST has: a limit between both would be missed otherwise.
        let least = if bytes.len() > 1 << 20 { 1 << 20 } else { 1 };
        assert!(packed.len() > least, "{}: {} bytes", published.name, packed.len());
        fs::write(folder.path().join(format!("{}.gz", published.name)), packed).unwrap();
    }
    assert_is_whole();
}

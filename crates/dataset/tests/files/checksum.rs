//! Checksums tell one data set from another.

use std::fs;

use dataset::{Checked, Mnist, Source, SourceFile};
use sha2::{Digest, Sha256};
use testing::idx;

use crate::writers::{DataSet, gzip};

fn sum(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn load(files: &DataSet) -> Mnist {
    let folder = tempfile::tempdir().unwrap();
    files.write_to(folder.path());
    Mnist::load(folder.path()).unwrap()
}

#[test]
fn the_checksum_is_that_of_the_plain_files_one_after_the_other() {
    let small = DataSet::small();
    let mnist = load(&small);
    let expected = |images: &[u8], labels: &[u8]| sum(&[images, labels].concat());
    assert_eq!(mnist.train.sha256(), expected(&small.train_images, &small.train_labels));
    assert_eq!(mnist.test.sha256(), expected(&small.test_images, &small.test_labels));

    // Packed, they are the same examples.
    let packed = DataSet {
        train_images: gzip(&small.train_images),
        test_labels: gzip(&small.test_labels),
        ..DataSet::small()
    };
    let again = load(&packed);
    assert_eq!(again.train.sha256(), mnist.train.sha256());
    assert_eq!(again.test.sha256(), mnist.test.sha256());
}

#[test]
fn the_shape_counts() {
    let pixels: Vec<u8> = (0..30).collect();
    let [wide, high] = [[5, 2, 3], [5, 3, 2]].map(|shape| {
        let mut files = DataSet::small();
        files.train_images = idx(&shape, &pixels);
        files.test_images = idx(&[3, shape[1], shape[2]], &pixels[..18]);
        load(&files).train.sha256()
    });
    assert_ne!(wide, high);
}

#[test]
fn files_as_they_are_sent_are_known() {
    let small = DataSet::small();
    let plain = [small.train_images, small.train_labels, small.test_images, small.test_labels];
    let packed = plain.each_ref().map(|bytes| gzip(bytes));
    let sums = packed.each_ref().map(|bytes| sum(bytes));
    let names = Source::FASHION_MNIST.files.map(|file| file.name);
    let files = std::array::from_fn(|i| SourceFile { name: names[i], length: 0, sha256: &sums[i] });
    let source = Source { files, ..Source::FASHION_MNIST };

    let folder = tempfile::tempdir().unwrap();
    assert!(!source.lies_packed_in(folder.path()), "an empty folder");
    let write = |i: usize, bytes: &[u8]| {
        fs::write(folder.path().join(format!("{}.gz", names[i])), bytes).unwrap();
    };
    packed.iter().enumerate().for_each(|(i, bytes)| write(i, bytes));
    assert!(source.lies_packed_in(folder.path()));
    assert!(!Source::FASHION_MNIST.lies_packed_in(folder.path()), "another source");
    let unpacked = Source { checked: Checked::Unpacked, ..source };
    assert!(!unpacked.lies_packed_in(folder.path()), "checksums of other bytes");
    for i in 0..4 {
        write(i, &gzip(&plain[(i + 1) % 4]));
        assert!(!source.lies_packed_in(folder.path()), "another file {i}");
        write(i, &packed[i]);
    }
    assert!(source.lies_packed_in(folder.path()));
    fs::write(folder.path().join(names[2]), &plain[2]).unwrap();
    assert!(!source.lies_packed_in(folder.path()), "the plain file comes before the packed one");
}

//! A data set on its way from a mirror on this machine into a cache folder. MNIST itself cannot take this way in a test that
//! needs no files: its mirrors' files must be the published ones.

#[path = "../../../tests/data_source/server.rs"]
mod server;

use std::{fs, path::Path};

use dataset::{Checked, SourceFile};

use super::*;
use server::{Server, ok};

const NAMES: [&str; 4] = [
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
];
/// Two images of 1×2 pixels and their labels.
const IMAGES: &[u8] = &[0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 10, 20, 30, 40];
const LABELS: &[u8] = &[0, 0, 8, 1, 0, 0, 0, 2, 0, 1];
const IMAGES_SHA256: &str = "89b57fb201dcbed3e99769cf5242c6b78e7ed0e97585fe0cfd86b748063b4ae7";
const LABELS_SHA256: &str = "8c50639ad7f90a8211edb1bbdfb25436fd8e2a10794b6d5e3d479d1b22c7e318";

/// A source with `cache` as its folder, where a mirror sends files as they are.
fn source<'a>(cache: &Path, mirrors: &'a [&'a str]) -> Source<'a> {
    let file = |name, bytes: &[u8], sha256| SourceFile { name, length: bytes.len() as u64, sha256 };
    let [train_images, train_labels, test_images, test_labels] = NAMES;
    Source {
        name: "Small",
        variable: None,
        // An absolute one takes the place of the user's.
        folder: cache.to_str().unwrap().to_owned().leak(),
        mirrors,
        checked: Checked::Packed,
        files: [
            file(train_images, IMAGES, IMAGES_SHA256),
            file(train_labels, LABELS, LABELS_SHA256),
            file(test_images, IMAGES, IMAGES_SHA256),
            file(test_labels, LABELS, LABELS_SHA256),
        ],
        examples: None,
    }
}

fn mirror() -> Server {
    Server::start(|path| ok(if path.contains("images") { IMAGES } else { LABELS }))
}

#[test]
fn what_was_downloaded_is_read_and_not_asked_for_again() {
    let root = tempfile::tempdir().unwrap();
    let cache = root.path().join("small");
    let mirror = mirror();
    let mirrors = [&*mirror.url];
    let source = source(&cache, &mirrors);
    for _ in 0..2 {
        let folder = obtain::<PictureSet>(&source, false, true).unwrap();
        assert_eq!(folder, cache);
        let data = Data::<PictureSet>::read(Files::all_of(folder), None, true).unwrap();
        assert_eq!((data.examples.train.pixels(), data.pixels()), (&[10, 20, 30, 40][..], 2));
        assert_eq!(data.examples.test.labels(), [0, 1]);
        let asked = NAMES.map(|name| format!("GET /{name}.gz HTTP/1.1"));
        assert_eq!(mirror.asked(), asked);
    }
    // Nothing is missing that would have to be downloaded.
    assert_eq!(obtain::<PictureSet>(&source, true, true).unwrap(), cache);
}

#[test]
fn what_is_not_there_and_does_not_come_is_an_error() {
    let root = tempfile::tempdir().unwrap();
    let cache = root.path().join("small");
    let mirror = mirror();
    let refused = |mirrors: &[&str], offline| {
        let error = obtain::<PictureSet>(&source(&cache, mirrors), offline, true).unwrap_err();
        assert!(matches!(error, Error::NoData { .. }), "{error}");
        error.to_string()
    };
    let message = refused(&[&mirror.url], true);
    assert!(message.contains("--offline") && mirror.asked().is_empty(), "{message}");
    assert!(!cache.exists(), "--offline made a folder");

    // The mirror has one file, and damaged others.
    let damaged =
        Server::start(|path| ok(if path.contains("train-images") { IMAGES } else { b"" }));
    let message = refused(&[&damaged.url], false);
    assert!(
        message.contains("no mirror delivers Small") && message.contains(NAMES[1]),
        "{message}"
    );
    assert_eq!(fs::read_dir(&cache).unwrap().count(), 1, "what came is kept");
}

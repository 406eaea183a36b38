//! Folders of pictures, whole and broken.

use std::{fs, path::Path};

use dataset::{Asked, DatasetError, Examples, FolderFault, PictureSet, TestSource, Unit};
use image::GrayImage;
use testing::Random;

fn write(root: &Path, name: &str, [rows, columns]: [u32; 2], pixels: &[u8]) {
    let path = root.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    GrayImage::from_raw(columns, rows, pixels.to_vec()).unwrap().save(path).unwrap();
}

/// A picture of 1×2 pixels.
fn picture(root: &Path, name: &str, pixels: [u8; 2]) {
    write(root, name, [1, 2], &pixels);
}

fn load(path: &Path) -> Result<PictureSet, DatasetError> {
    PictureSet::load(path, TestSource::HeldOut(1), &Asked::default(), &mut |_| ())
}

fn load_test(path: &Path, classes: &[&str]) -> Result<Examples, DatasetError> {
    let classes: Vec<String> = classes.iter().map(|&class| class.to_owned()).collect();
    PictureSet::load_test(path, None, &Asked::default(), &classes, &mut |_| ())
}

#[track_caller]
fn assert_error(error: &DatasetError, parts: &[&str]) {
    let message = error.to_string();
    assert!(!message.contains('\n'), "{message}");
    for part in parts {
        assert!(message.contains(part), "no {part:?} in: {message}");
    }
}

/// Two classes apart, one of them without a test picture.
fn small() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for (i, name) in ["train/dog/2.png", "train/cat/10.pgm", "train/dog/x1.webp", "test/dog/7.png"]
        .into_iter()
        .enumerate()
    {
        picture(root.path(), name, [i as u8, 200]);
    }
    root
}

#[test]
fn pictures_come_in_the_order_of_their_names() {
    let root = small();
    let set = load(root.path()).unwrap();
    assert_eq!(set.classes, ["cat", "dog"]);
    assert_eq!(
        (set.train.pixels(), set.train.labels()),
        (&[0, 200, 1, 200, 2, 200][..], &[1, 0, 1][..])
    );
    assert_eq!((set.test.pixels(), set.test.labels()), (&[3, 200][..], &[1][..]));
    assert_eq!((set.train.image_rows(), set.train.image_columns(), set.is_held_out), (1, 2, false));
    // Whoever tests reads nothing else.
    fs::remove_dir_all(root.path().join("train")).unwrap();
    assert_eq!(load_test(root.path(), &["ant", "cat", "dog"]).unwrap().labels(), [2]);
    assert_error(&load(root.path()).unwrap_err(), &["none to train on"]);
}

#[test]
fn classes_are_in_the_order_in_which_people_count() {
    for (names, sorted) in [
        (["10", "9", "-1"], ["-1", "9", "10"]),
        (["c10", "c9", "b"], ["b", "c9", "c10"]),
        (["007", "10", "8"], ["007", "8", "10"]),
        (["ä", "z", "a b"], ["a b", "z", "ä"]),
    ] {
        let root = tempfile::tempdir().unwrap();
        for name in names {
            for i in 0..3 {
                picture(root.path(), &format!("{name}/{i}.png"), [i, i]);
            }
        }
        let set = load(root.path()).unwrap();
        assert_eq!(set.classes, sorted);
        assert!(set.is_held_out && set.train.len() == 6 && set.test.len() == 3);
        let found = PictureSet::load_test(
            root.path(),
            Some(1),
            &Asked::default(),
            &set.classes,
            &mut |_| (),
        );
        assert_eq!(found.unwrap(), set.test);
        assert_eq!(load_test(root.path(), &sorted).unwrap().len(), 9);
    }
}

#[test]
fn parts_have_several_names() {
    for (train, test) in [("training", "testing"), ("Train", "VAL"), ("train", "validation")] {
        let root = small();
        let rename = |from: &str, to: &str| {
            fs::rename(root.path().join(from), root.path().join("x")).unwrap();
            fs::rename(root.path().join("x"), root.path().join(to)).unwrap();
        };
        rename("train", train);
        rename("test", test);
        let set = load(root.path()).unwrap();
        assert_eq!((set.train.len(), set.test.len(), set.is_held_out), (3, 1, false), "{train}");
    }
    // The pictures of a class may lie in a folder of that name.
    let root = tempfile::tempdir().unwrap();
    for name in ["train/1.png", "bus/1.png", "train/2.png", "bus/2.png", "train/3.png", "bus/3.png"]
    {
        picture(root.path(), name, [1, 2]);
    }
    assert_eq!(load(root.path()).unwrap().classes, ["bus", "train"]);
}

#[test]
fn what_is_hidden_is_passed_over() {
    let root = small();
    for name in [
        ".git/x",
        "train/.DS_Store",
        "train/cat/.hidden",
        "README.md",
        "train/labels.csv",
        "train/dog/Thumbs.db",
    ] {
        let path = root.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "x").unwrap();
    }
    fs::create_dir(root.path().join("test/cat")).unwrap();
    assert_eq!(load(root.path()).unwrap().train.len(), 3);
}

#[test]
fn broken_folders_are_named() {
    type Break = fn(&Path);
    let tests: [(Break, &[&str]); 13] = [
        (
            |root| fs::create_dir(root.join("train/eel")).unwrap(),
            &["train/eel: ", "no picture in it"],
        ),
        (
            |root| fs::write(root.join("train/cat/a.txt"), "text").unwrap(),
            &["train/cat/a.txt: ", "no PNG"],
        ),
        (
            |root| fs::write(root.join("train/cat/a.png"), "").unwrap(),
            &["train/cat/a.png: ", "empty"],
        ),
        (
            |root| {
                let whole = fs::read(root.join("train/dog/2.png")).unwrap();
                fs::write(root.join("train/dog/3.png"), &whole[..whole.len() / 2]).unwrap();
            },
            &["train/dog/3.png: ", "damaged"],
        ),
        (|root| picture(root, "train/a.png", [1, 2]), &["train/a.png: ", "folder of its class"]),
        (
            |root| picture(root, "train/cat/more/a.png", [1, 2]),
            &["train/cat/more: ", "a folder within"],
        ),
        (
            |root| write(root, "train/dog/y.png", [2, 1], &[1, 2]),
            &["train/dog/y.png: ", "2×1", "train/dog/2.png has 1×2", "one size"],
        ),
        (
            |root| write(root, "test/dog/8.png", [2, 1], &[1, 2]),
            &["test/dog/8.png: ", "2×1", "test/dog/7.png has 1×2"],
        ),
        (
            |root| write(root, "test/dog/7.png", [2, 1], &[1, 2]),
            &["test: ", "test images of 2×1", "1×2"],
        ),
        (
            |root| picture(root, "test/eel/a.png", [1, 2]),
            &["test/eel: its label eel", "of the training set"],
        ),
        (
            |root| fs::remove_dir_all(root.join("train/cat")).unwrap(),
            &["train", "label dog", "one class"],
        ),
        (
            |root| {
                fs::remove_dir_all(root.join("test/dog")).unwrap();
                fs::create_dir(root.join("test/dog")).unwrap();
            },
            &["test: ", "no folder of pictures"],
        ),
        // A header of 60,000 × 60,000 pixels.
        (
            |root| {
                fs::write(root.join("train/dog/3.pgm"), "P5 60000 60000 255\n0123456789").unwrap();
            },
            &["train/dog/3.pgm: ", "60000"],
        ),
    ];
    for (i, (breaks, parts)) in tests.iter().enumerate() {
        let root = small();
        breaks(root.path());
        let error = load(root.path()).expect_err(&format!("case {i}"));
        assert_error(&error, parts);
    }
    let root = small();
    let error = load(&root.path().join("train/dog")).unwrap_err();
    assert_error(&error, &["train/dog/2.png: ", "folder of its class"]);
    let root = tempfile::tempdir().unwrap();
    assert_error(
        &load(root.path()).unwrap_err(),
        &["lacks", "a folder of pictures for each class"],
    );
    fs::create_dir(root.path().join("train")).unwrap();
    let error = load(root.path()).unwrap_err();
    assert_error(&error, &["train", "no picture"]);
    let error = load_test(small().path(), &["cat", "eel"]).unwrap_err();
    assert_error(&error, &["test/dog: its label dog", "cat, eel", "known to the network"]);
}

#[cfg(unix)]
#[test]
fn links_are_followed() {
    use std::os::unix::fs::symlink;

    let [root, other] = [small(), small()];
    let [cat, dog] = ["train/cat", "train/dog"].map(|name| root.path().join(name));
    fs::remove_dir_all(&dog).unwrap();
    symlink(other.path().join("train/dog"), &dog).unwrap();
    symlink(other.path().join("train/dog/2.png"), cat.join("11.png")).unwrap();
    assert_eq!(load(root.path()).unwrap().train.labels(), [1, 0, 0, 1]);
    symlink("nowhere", cat.join("12.png")).unwrap();
    assert_error(&load(root.path()).unwrap_err(), &["train/cat/12.png: ", "a link to nothing"]);
    fs::remove_file(cat.join("12.png")).unwrap();
    // A folder that has itself in it is not gone round in.
    symlink(&cat, cat.join("self")).unwrap();
    assert_error(&load(root.path()).unwrap_err(), &["train/cat/self: ", "a folder within"]);
    fs::remove_file(cat.join("self")).unwrap();
    let made = std::process::Command::new("mkfifo").arg(cat.join("pipe.png")).status().unwrap();
    assert!(made.success());
    assert_error(&load(root.path()).unwrap_err(), &["train/cat/pipe.png: ", "a named pipe"]);
}

#[test]
fn more_classes_than_a_byte_has_are_refused() {
    let root = tempfile::tempdir().unwrap();
    for class in 0..257 {
        let folder = root.path().join(class.to_string());
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("1.pgm"), b"P5 1 1 255\n0").unwrap();
    }
    assert_error(&load(root.path()).unwrap_err(), &["one of 257 folders", "256 classes at most"]);
}

#[test]
fn what_is_written_is_read() {
    let mut random = Random(11);
    for case in 0..8 {
        let root = tempfile::tempdir().unwrap();
        let (rows, columns) = (1 + random.below(12), 1 + random.below(12));
        let classes = 2 + random.below(5);
        let count = classes + random.below(60);
        let mut parts = Vec::new();
        for part in ["train", "test"] {
            let (mut pixels, mut labels) = (Vec::new(), Vec::new());
            for i in 0..count {
                let class = if i < classes { i } else { random.below(classes) };
                let image = random.bytes(rows * columns);
                let ending = random.pick(&["png", "pgm", "webp"]);
                let name = format!("{part}/c{class}/picture {i}.{ending}");
                write(root.path(), &name, [rows as u32, columns as u32], &image);
                pixels.extend(image);
                labels.push(class as u8);
            }
            parts.push((pixels, labels));
        }
        let mut seen = Vec::new();
        let mut watch = |progress: dataset::Progress<'_>| {
            assert!(progress.of == 2 * count as u64 && progress.unit == Unit::Files);
            seen.push(progress.done);
        };
        let test = TestSource::HeldOut(0);
        let set = PictureSet::load(root.path(), test, &Asked::default(), &mut watch).unwrap();
        for (found, (pixels, labels)) in [&set.train, &set.test].into_iter().zip(&parts) {
            assert!(found.pixels() == pixels && found.labels() == labels, "case {case}");
            assert_eq!((found.image_rows(), found.image_columns()), (rows, columns));
        }
        assert!(seen.is_sorted() && seen.last() == Some(&(2 * count as u64)), "{seen:?}");
    }
}

#[test]
fn the_fault_is_a_type() {
    let root = small();
    write(root.path(), "train/dog/y.png", [2, 1], &[1, 2]);
    match load(root.path()).unwrap_err() {
        DatasetError::Folders { fault: FolderFault::Size { found, size, .. }, .. } => {
            assert_eq!((found, size), ((2, 1), (1, 2)));
        }
        other => panic!("{other:?}"),
    }
}

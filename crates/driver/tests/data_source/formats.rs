//! Pictures in all the forms that `--data` takes.

use std::fs;
use std::io::{Cursor, Write};

use serde_json::Value;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::place::{Place, assert_contains};
use crate::{NAMES, NOBODY, TRAIN, write_small};

/// A training that learns what is easy.
const LEARN: &str = "train --hidden 8 --epochs 30 --batch-size 4 --learning-rate 0.01 --output out";
/// The notice when too few epochs teach nothing.
const HINT: &str = "than chance would";

impl Place {
    /// Trains on `options`; what was said on stdout, and the account of the images.
    fn learn(&self, options: &str) -> (String, Value) {
        let (story, notices) = self.succeed(&format!("{LEARN} {options}"), NOBODY);
        assert_eq!(notices, "");
        let config = fs::read_to_string(self.path("out/config.json")).unwrap();
        (story, serde_json::from_str::<Value>(&config).unwrap()["data"].take())
    }

    /// The notices of a command.
    fn notices_of(&self, line: &str) -> String {
        self.succeed(line, NOBODY).1
    }

    /// The lines of JSON of a prediction.
    fn readings(&self, options: &str) -> Vec<Value> {
        let (lines, _) = self.succeed(&format!("predict --model out --json {options}"), NOBODY);
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    fn absolute(&self, name: &str) -> Value {
        self.path(name).canonicalize().unwrap().to_str().unwrap().into()
    }
}

/// Rows of 2×2 pixels: dark above or below, by their names.
fn table(rows: usize) -> String {
    let row = |i: usize| match i % 2 {
        0 => format!("top,{},255,0,{}\n", 255 - i % 50, i % 9),
        _ => format!("bottom,0,{},255,255\n", i % 9),
    };
    (0..rows).map(row).collect()
}

/// An array of bytes as NumPy writes it.
fn npy(shape: &str, elements: &[u8]) -> Vec<u8> {
    let header = format!("{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}, }}\n");
    let length = (header.len() as u16).to_le_bytes();
    [b"\x93NUMPY\x01\x00", &length[..], header.as_bytes(), elements].concat()
}

#[test]
fn a_table_is_learned_and_its_held_out_rows_are_found_again() {
    let place = Place::new();
    fs::write(place.path("rows.csv"), table(50)).unwrap();
    let (story, recorded) = place.learn("--data rows.csv --seed 3");
    let origin = "Data from rows.csv, a fifth of each class held out to test on, by seed 3\n";
    assert_contains(&story, &[origin, "(40, 2, 2)", "2 classes: bottom top\n", "\n  top    0 1\n"]);
    assert_contains(&story, &["(100.00 %)", "label top", "accuracy 1.0000; 10 images"]);
    assert_eq!(
        [&recorded["format"], &recorded["file"], &recorded["held_out_seed"], &recorded["folder"]],
        [&"csv".into(), &place.absolute("rows.csv"), &3.into(), &Value::Null]
    );
    assert_eq!(recorded["class_names"], serde_json::json!(["bottom", "top"]));
    assert_eq!((&recorded["dataset"], &recorded["classes"]), (&Value::Null, &2.into()));

    // The rows that the run was tested on, not all of them.
    let (story, notices) = place.succeed("evaluate --model out", NOBODY);
    assert_contains(&story, &["by seed 3\n", "accuracy 1.0000; 10 images"]);
    assert_eq!(notices, "");
    let readings = place.readings("");
    assert_eq!(readings.len(), 10);
    for reading in &readings {
        assert_eq!(reading["label"], reading["expected"]);
        assert!(["top", "bottom"].contains(&reading["label"].as_str().unwrap()));
    }
    // The names are in the model's file, for whoever has no more than that.
    fs::rename(place.path("out/model.safetensors"), place.path("alone")).unwrap();
    let (story, notices) = place.succeed("predict --model alone --data rows.csv --index 0", NOBODY);
    assert_contains(&story, &["bottom", "label top"]);
    assert_eq!(notices, "");
    fs::rename(place.path("alone"), place.path("out/model.safetensors")).unwrap();

    // All rows were asked for: most of them were learned.
    let notice = place.notices_of("evaluate --model out --data rows.csv");
    assert_eq!(
        notice,
        "notice: out/model.safetensors was trained on images of rows.csv: they are no test\n"
    );
    fs::write(place.path("one.csv"), "top,255,255,0,0\n").unwrap();
    let notice = place.notices_of("evaluate --model out --data one.csv");
    assert_contains(&notice, &["whose test set is not this one, from one.csv\n"]);
    let text = table(50).replace(",255,0,", ",250,0,");
    fs::write(place.path("rows.csv"), text).unwrap();
    assert_contains(&place.notices_of("evaluate --model out"), &["has changed since"]);
    fs::write(place.path("one.csv"), "middle,255,255,0,0\n").unwrap();
    let error = place.fail("evaluate --model out --data one.csv", NOBODY);
    assert_contains(&error, &["one.csv: line 1: its label middle", "bottom, top"]);
    fs::write(place.path("one.csv"), "top,255,255,0\n").unwrap();
    let error = place.fail("evaluate --model out --data one.csv", NOBODY);
    assert_contains(&error, &["takes 4 numbers, but the images have 3 pixels"]);
    fs::remove_file(place.path("rows.csv")).unwrap();
    let error = place.fail("evaluate --model out", NOBODY);
    assert_contains(&error, &["rows.csv: cannot be read", "--data PATH"]);
}

#[test]
fn a_table_may_have_its_labels_anywhere_and_a_file_to_test_on() {
    let place = Place::new();
    let rows = |rows: usize| {
        let columns = |line: &str| {
            let cells: Vec<&str> = line.split(',').collect();
            format!("{},{},{},{},{}\n", cells[1], cells[2], cells[0], cells[3], cells[4])
        };
        table(rows).lines().map(columns).collect::<String>()
    };
    fs::write(place.path("train.csv"), format!("a,b,kind,c,d\n{}", rows(40))).unwrap();
    fs::write(place.path("test.csv"), format!("a,b,kind,c,d\n{}", rows(10))).unwrap();
    let (story, recorded) = place.learn("--data train.csv --test test.csv --label-column kind");
    assert_contains(&story, &["Data from train.csv and test.csv\n", "10 images"]);
    assert_eq!(
        [&recorded["label_column"], &recorded["test_file"], &recorded["held_out_seed"]],
        [&"kind".into(), &place.absolute("test.csv"), &Value::Null]
    );
    let (story, notices) = place.succeed("evaluate --model out", NOBODY);
    assert_contains(&story, &["/test.csv\n", "; 10 images"]);
    assert_eq!(notices, "");
    let line = "evaluate --model out --data test.csv --label-column 3";
    assert_eq!(place.notices_of(line), "");
    for (line, parts) in [
        ("evaluate --model out --data test.csv", ["test.csv: line 2, column 3", "'top'"]),
        ("evaluate --model out --data test.csv --label-column x", ["no column 'x'", "a, b, kind"]),
        ("train --data train.csv --test none.csv --label-column 3", ["none.csv", "cannot be read"]),
    ] {
        assert_contains(&place.fail(line, NOBODY), &parts);
    }
    write_small(&place.path("data"));
    let error = place.fail("train --data data --label-column 3", NOBODY);
    assert_contains(&error, &["--label-column", ".csv"]);
    let error = place.fail("train --data data --test train.csv", NOBODY);
    assert_contains(&error, &["data: its test set is in it", "--test"]);
}

#[cfg(feature = "pictures")]
#[test]
fn a_folder_of_classes_is_learned() {
    let place = Place::new();
    let picture = |name: String, pixels: [u8; 4]| {
        let path = place.path(&name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, [b"P5 2 2 255\n", &pixels[..]].concat()).unwrap();
    };
    for (part, count) in [("train", 20), ("test", 4)] {
        for i in 0..count {
            picture(format!("data/{part}/hot dog/{i}.pgm"), [255, 255, 0, i]);
            picture(format!("data/{part}/ant/{i}.pgm"), [i, 0, 255, 255]);
        }
    }
    let (story, recorded) = place.learn("--data data");
    assert_contains(&story, &["Data from data\n", "(40, 2, 2)", "2 classes: ant hot dog\n"]);
    assert_eq!(
        [&recorded["format"], &recorded["folder"], &recorded["file"]],
        [&"folders".into(), &place.absolute("data"), &Value::Null]
    );
    // Only what it is tested on is read, and it need not have all classes.
    fs::remove_dir_all(place.path("data/train")).unwrap();
    assert_eq!(place.notices_of("evaluate --model out"), "");
    fs::remove_dir_all(place.path("data/test/hot dog")).unwrap();
    let notices = place.notices_of("evaluate --model out");
    assert_eq!(notices.lines().count(), 2, "{notices}");
    assert_contains(&notices, &["has changed since", "no test image has a label above ant"]);
    if cfg!(feature = "report") {
        let page = fs::read_to_string(place.path("out/report.html")).unwrap();
        assert_contains(&page, &["hot dog", "ant"]);
    }

    for i in 0..10 {
        picture(format!("whole/b/{i}.pgm"), [255, 255, 0, i]);
        picture(format!("whole/a/{i}.pgm"), [i, 0, 255, 255]);
    }
    fs::remove_dir_all(place.path("out")).unwrap();
    let (story, recorded) = place.learn("--data whole --seed 2");
    assert_contains(&story, &["Data from whole, a fifth of each class held out to test on"]);
    assert_eq!(recorded["held_out_seed"], 2);
    let (story, notices) = place.succeed("evaluate --model out", NOBODY);
    assert_contains(&story, &["by seed 2\n", "; 4 images"]);
    assert_eq!(notices, "");
    fs::remove_dir_all(place.path("out")).unwrap();
    let (_, recorded) = place.learn("--data whole --test whole");
    assert_eq!(recorded["test_file"], place.absolute("whole"));
    fs::create_dir(place.path("whole/c")).unwrap();
    let error = place.fail(&format!("{TRAIN} --data whole"), NOBODY);
    assert_contains(&error, &["whole/c: ", "no picture in it"]);
}

#[test]
fn an_archive_of_arrays_is_learned() {
    let place = Place::new();
    let pixels = [[0, 0, 255, 255], [255, 255, 0, 0]].concat().repeat(10);
    let labels = [0, 1].repeat(10);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, array) in [
        ("x_train", npy("(20, 2, 2)", &pixels)),
        ("y_train", npy("(20,)", &labels)),
        ("x_test", npy("(2, 2, 2, 1)", &pixels[..8])),
        ("y_test", npy("(2, 1)", &labels[..2])),
    ] {
        zip.start_file(format!("{name}.npy"), SimpleFileOptions::default()).unwrap();
        zip.write_all(&array).unwrap();
    }
    fs::write(place.path("keras.npz"), zip.finish().unwrap().into_inner()).unwrap();
    let (story, recorded) = place.learn("--data keras.npz");
    assert_contains(&story, &["Data from keras.npz\n", "(20, 2, 2)", "(2, 2, 2)", "\n  1   0 1\n"]);
    assert_eq!(
        [&recorded["format"], &recorded["file"], &recorded["class_names"]],
        [&"npz".into(), &place.absolute("keras.npz"), &Value::Null]
    );
    let from_archive = fs::read(place.path("out/model.safetensors")).unwrap();
    assert_eq!(place.notices_of("evaluate --model out"), "");
    let error = place.fail(&format!("{TRAIN} --data keras.npz --test keras.npz"), NOBODY);
    assert_contains(&error, &["keras.npz: its test set is in it"]);

    // The same data is the same, whatever it lies in.
    fs::remove_dir_all(place.path("out")).unwrap();
    write_small(&place.path("data"));
    let (_, from_files) = place.learn("--data data");
    assert_eq!(from_files["sha256"]["train"], recorded["sha256"]["train"]);
    assert_eq!(fs::read(place.path("out/model.safetensors")).unwrap(), from_archive);
}

#[test]
fn one_of_several_data_sets_in_a_folder_is_named_by_a_file() {
    let place = Place::new();
    for (set, folder) in [("emnist-digits", "a"), ("emnist-letters", "b")] {
        write_small(&place.path(folder));
        fs::create_dir_all(place.path("all")).unwrap();
        for name in NAMES {
            let to = place.path("all").join(format!("{set}-{}", name.replace("t10k", "test")));
            fs::rename(place.path(folder).join(name), to).unwrap();
        }
    }
    let letters = "all/emnist-letters-train-images-idx3-ubyte";
    let error = place.fail(&format!("{TRAIN} --data all"), NOBODY);
    assert_contains(
        &error,
        &["all: several data sets", "emnist-digits-train-images", &letters[4..]],
    );
    let (story, recorded) = place.learn(&format!("--data {letters}"));
    assert_contains(&story, &[&format!("Data from {letters}\n")]);
    assert_eq!((&recorded["file"], &recorded["folder"]), (&place.absolute(letters), &Value::Null));
    // Only the test set is read, whatever the file that names it is.
    fs::remove_file(place.path(letters)).unwrap();
    assert_eq!(place.notices_of("evaluate --model out"), "");
}

#[test]
fn fashion_mnist_has_its_names() {
    let place = Place::new();
    let labels: Vec<u8> = (0..10).collect();
    crate::write_labelled(&place.path("fashion-mnist"), &labels, &labels);
    fs::rename(place.path("fashion-mnist"), place.path("Fashion_MNIST")).unwrap();
    let (story, notices) = place.succeed(&format!("{TRAIN} --data Fashion_MNIST"), NOBODY);
    assert!(notices.lines().all(|notice| notice.contains(HINT)), "{notices}");
    let first = "\n  T-shirt/top 1 0 0 0 0 0 0 0 0 0\n";
    assert_contains(&story, &["10 classes: T-shirt/top Trouser", first, "label Ankle boot"]);
    let readings = place.readings("--index 9");
    assert_eq!(readings[0]["expected"], "Ankle boot");
    assert_eq!(place.recorded()["class_names"][8], "Bag");

    // A data set of another number of classes is another one.
    crate::write_labelled(&place.path("Fashion_MNIST"), &labels[..5], &labels[..5]);
    let (story, _) = place.succeed(&format!("{TRAIN} --data Fashion_MNIST"), NOBODY);
    assert!(!story.contains("Trouser"), "{story}");
}

#[test]
fn data_of_another_kind_is_noticed() {
    let place = Place::new();
    fs::write(place.path("rows.csv"), table(50)).unwrap();
    place.learn("--data rows.csv");
    fs::write(place.path("rows.svm"), "top 1:1\nbottom 2:1\n").unwrap();
    let notices = place.notices_of("evaluate --model out --data rows.svm");
    let notice = "was trained on images of 2×2 pixels, and these are rows of features\n";
    assert_contains(&notices, &[notice]);
    fs::remove_dir_all(place.path("out")).unwrap();
    let train = "train --hidden 4 --epochs 1 --learning-rate 0.1 --output out";
    let line = format!("{train} --data rows.svm --test rows.svm --features 4");
    place.succeed(&line, NOBODY);
    let notices = place.notices_of("evaluate --model out --data rows.csv");
    let notice = "was trained on rows of features, and these are images of 2×2 pixels\n";
    assert_contains(&notices, &[notice]);
    // A row of four pixels is no picture of two rows.
    fs::write(place.path("long.npz"), {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, array) in [("x_test", npy("(1, 1, 4)", &[9; 4])), ("y_test", npy("(1,)", &[0]))]
        {
            zip.start_file(format!("{name}.npy"), SimpleFileOptions::default()).unwrap();
            zip.write_all(&array).unwrap();
        }
        zip.finish().unwrap().into_inner()
    })
    .unwrap();
    fs::remove_dir_all(place.path("out")).unwrap();
    place.learn("--data rows.csv");
    let notices = place.notices_of("evaluate --model out --data long.npz");
    assert_contains(&notices, &["images of 2×2 pixels, and these are images of 1×4 pixels\n"]);
}
